package dev.adpipe.local.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.adpipe.local.CommandException;
import dev.adpipe.schemas.definition.DruidSettings;
import dev.adpipe.schemas.definition.DruidSettings.Credentials;
import dev.adpipe.schemas.definition.DruidSettings.Store;
import dev.adpipe.schemas.definition.DruidSettings.Tls;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP client against a real server: its ways in, and what it says when it is refused. */
class OverlordTest {
    private static final String API = "/druid/indexer/v1/supervisor";
    private static final String PASSWORD = "changeit";

    @TempDir
    private Path folder;

    private static Overlord at(URI address, Optional<Credentials> credentials, Optional<Tls> tls) {
        return new Overlord(
                new DruidSettings.Overlord(address, credentials, tls), text -> text.replace("tops3cret", "(hidden)"));
    }

    private static Overlord at(URI address) {
        return at(address, Optional.empty(), Optional.empty());
    }

    @Test
    void basicAuthentication() {
        try (FakeOverlord druid = FakeOverlord.start(Optional.of("u:p:q"))) {
            assertThat(at(druid.address(), Optional.of(new Credentials("u", "p:q")), Optional.empty())
                            .spec("none"))
                    .isEmpty();
            assertThatThrownBy(() -> at(druid.address(), Optional.of(new Credentials("u", "wrong")), Optional.empty())
                            .spec("none"))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContainingAll("HTTP 401", "output.sink.credentials")
                    .hasMessageNotContaining("wrong");
            assertThatThrownBy(() -> at(druid.address()).spec("none")).hasMessageContaining("no credentials were sent");
        }
    }

    @Test
    void anOverlordThatIsNotTheLeaderSendsOnToTheLeader() {
        try (FakeOverlord leader = FakeOverlord.start(Optional.of("u:p"));
                FakeOverlord other = FakeOverlord.start(Optional.of("u:p"))) {
            other.answer("POST " + API + "/x/suspend", "307 " + leader.address() + API + "/x/suspend");
            leader.answer("POST " + API + "/x/suspend", "200 {}");

            at(other.address(), Optional.of(new Credentials("u", "p")), Optional.empty())
                    .suspend("x");
            assertThat(leader.requests()).containsExactly("POST " + API + "/x/suspend");
        }
    }

    @Test
    void aRefusalIsShownAsDruidGaveItWithoutSecrets() {
        try (FakeOverlord druid = FakeOverlord.start()) {
            druid.answer("POST " + API, "400 {\"error\":\"Cannot construct instance, sasl tops3cret\"}");
            JsonNode spec = JsonNodeFactory.instance.objectNode();
            assertThatThrownBy(() -> at(druid.address()).submit(spec))
                    .isInstanceOf(CommandException.class)
                    .hasMessage("POST " + druid.address() + API + ": Druid answered HTTP 400:"
                            + " {\"error\":\"Cannot construct instance, sasl (hidden)\"}");
        }
    }

    @Test
    void aWrongAddressIsNotTakenForAMissingSupervisor() {
        try (FakeOverlord druid = FakeOverlord.start()) {
            druid.answer("GET " + API + "/x", "404 <html>Not Found</html>");
            assertThatThrownBy(() -> at(druid.address()).spec("x"))
                    .hasMessageContainingAll("HTTP 404", "is output.sink.overlord the address of an overlord");
        }
    }

    @Test
    void anAbsentDruidIsSaid() {
        FakeOverlord druid = FakeOverlord.start();
        URI address = druid.address();
        druid.close();
        assertThatThrownBy(() -> at(address).spec("x"))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("no Druid answers at output.sink.overlord = " + address);
    }

    @Test
    void namesAreEncoded() {
        try (FakeOverlord druid = FakeOverlord.start()) {
            assertThat(at(druid.address()).status("a%b+ü")).isEmpty();
            assertThat(druid.requests()).containsExactly("GET " + API + "/a%b+ü/status");
        }
    }

    @Test
    void tlsWithOwnTrustAndCertificatesOfBothSides() throws Exception {
        Store server = keystore("server", "localhost");
        Store client = keystore("client", "adpipe");
        Store trustServer = truststore("trust-server", "server");
        Store trustClient = truststore("trust-client", "client");
        try (FakeOverlord druid = FakeOverlord.startTls(
                Certificates.context(new Tls(Optional.of(trustClient), Optional.of(server))), true)) {
            Tls both = new Tls(Optional.of(trustServer), Optional.of(client));
            assertThat(at(druid.address(), Optional.empty(), Optional.of(both)).spec("none"))
                    .isEmpty();
            assertThatThrownBy(() -> at(druid.address()).spec("none"))
                    .hasMessageContainingAll("no Druid answers", "certification path");
            Tls withoutOwn = new Tls(Optional.of(trustServer), Optional.empty());
            assertThatThrownBy(() -> at(druid.address(), Optional.empty(), Optional.of(withoutOwn))
                            .spec("none"))
                    .isInstanceOf(CommandException.class);
        }
        Tls wrong = new Tls(Optional.of(new Store(trustServer.file(), "wrong")), Optional.empty());
        assertThatThrownBy(() -> at(URI.create("https://localhost:1"), Optional.empty(), Optional.of(wrong)))
                .isInstanceOf(CommandException.class)
                .hasMessageContainingAll("output.sink.tls.truststore = " + trustServer.file(), "truststore-password");
    }

    private Store keystore(String alias, String name) throws Exception {
        Path file = folder.resolve(alias + ".p12");
        keytool(
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:" + name,
                "-validity",
                "1",
                "-keystore",
                file.toString());
        keytool(
                "-exportcert",
                "-alias",
                alias,
                "-file",
                folder.resolve(alias + ".cer").toString(),
                "-keystore",
                file.toString());
        return new Store(file, PASSWORD);
    }

    private Store truststore(String name, String alias) throws Exception {
        Path file = folder.resolve(name + ".p12");
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                alias,
                "-file",
                folder.resolve(alias + ".cer").toString(),
                "-keystore",
                file.toString());
        return new Store(file, PASSWORD);
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }
}
