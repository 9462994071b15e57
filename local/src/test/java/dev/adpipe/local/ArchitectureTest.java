package dev.adpipe.local;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dependency rules of the modules (DESIGN §1). */
class ArchitectureTest {
    private static final List<String> JOBS = List.of("shuffle", "join", "output");

    private static JavaClasses adpipe;

    @BeforeAll
    static void read() {
        adpipe = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.adpipe");
    }

    /** A rule over no classes would always hold. */
    @Test
    void everyModuleIsLookedAt() {
        assertThat(Stream.of(
                                "schemas",
                                "runtime",
                                "runtime.state",
                                "testkit",
                                "shuffle",
                                "join",
                                "output",
                                "tranquility",
                                "local")
                        .map(module -> "dev.adpipe." + module))
                .allSatisfy(
                        name -> assertThat(adpipe.containPackage(name)).as(name).isTrue());
    }

    static Stream<ArchRule> rules() {
        Stream<ArchRule> apart = JOBS.stream()
                .flatMap(job -> JOBS.stream()
                        .filter(other -> !other.equals(job))
                        .map(other -> noClasses()
                                .that()
                                .resideInAPackage("dev.adpipe." + job + "..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage("dev.adpipe." + other + "..")
                                .because("jobs do not know each other")));
        ArchRule schemasKnowNoKafka = noClasses()
                .that()
                .resideInAPackage("dev.adpipe.schemas..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "dev.adpipe.runtime..", "org.rocksdb..")
                .because("schemas know no Kafka");
        ArchRule runtimeKnowsNoEvent = classes()
                .that()
                .resideInAPackage("dev.adpipe.runtime..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "dev.adpipe.runtime..",
                        "java..",
                        "javax.security.auth.login..",
                        "com.sun.net.httpserver..",
                        "org.apache.kafka..",
                        "org.rocksdb..",
                        "io.micrometer..",
                        "org.slf4j..",
                        ""))
                .because("runtime knows Kafka, RocksDB and metrics, and no ad event");
        ArchRule onlyStateSeesRocks = noClasses()
                .that()
                .resideOutsideOfPackage("dev.adpipe.runtime.state..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb..")
                .because("runtime.state is the only code that sees RocksDB");
        ArchRule jobsNameNoClient = noClasses()
                .that()
                .resideInAnyPackage("dev.adpipe.shuffle..", "dev.adpipe.join..", "dev.adpipe.output..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka.clients.producer..", "org.apache.kafka.clients.admin..")
                .because("jobs name no Producer and no Admin: the transaction is the runtime's");
        ArchRule pushInterfaceIsPlain = classes()
                .that()
                .resideInAPackage("dev.adpipe.output.push..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("dev.adpipe.output.push..", "java..", ""))
                .because("plugin and host share these classes and the JDK, and no library");
        ArchRule tranquilityStandsAlone = noClasses()
                .that()
                .resideInAPackage("dev.adpipe.tranquility..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.adpipe..")
                        .and(not(resideInAnyPackage("dev.adpipe.tranquility..", "dev.adpipe.output.push.."))))
                .because("it is loaded apart from all others");
        ArchRule nobodyNamesTranquility = noClasses()
                .that()
                .resideOutsideOfPackage("dev.adpipe.tranquility..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.adpipe.tranquility..",
                        "com.metamx..",
                        "io.druid..",
                        "com.twitter..",
                        "scala..",
                        "org.apache.curator..",
                        "org.joda..")
                .because("its libraries are of versions that no other code must see");
        ArchRule offsetsOnlyInTransactions = noClasses()
                .should()
                .callMethodWhere(target(nameMatching("commitSync|commitAsync")))
                .because("offsets are committed in the transaction and nowhere else: a crash between the two would lose"
                        + " or double what lies between them");
        ArchRule druidsProcessNeedsNothing = classes()
                .that()
                .resideInAPackage("dev.adpipe.local.druid.node..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.adpipe.local.druid.node..", "java..", "")
                .because("it runs in a JVM whose class path is Druid's, not ours");
        return Stream.concat(
                apart,
                Stream.of(
                        druidsProcessNeedsNothing,
                        schemasKnowNoKafka,
                        runtimeKnowsNoEvent,
                        onlyStateSeesRocks,
                        jobsNameNoClient,
                        pushInterfaceIsPlain,
                        tranquilityStandsAlone,
                        nobodyNamesTranquility,
                        offsetsOnlyInTransactions));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holds(ArchRule rule) {
        rule.check(adpipe);
    }
}
