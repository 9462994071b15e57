package dev.adpipe.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.adpipe.runtime.Clock;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.FileLookup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class HotLookupTest {
    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private long modified = 1_000_000;

    @BeforeEach
    void listen() {
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void silence() {
        logger().detachAppender(log);
    }

    @Test
    void readsCsvWithQuotesCommasLineBreaksAndAMark() throws Exception {
        Path file = write("\uFEFFid,\"the name\",x\r\n1,\"a, \"\"b\"\"\nc\",\r\n\r\n2, d ,y\r\n3,,z");
        assertThat(table(file, "id", "the name")).isEqualTo(Map.of("1", "a, \"b\"\nc", "2", " d ", "3", ""));
        assertThat(warnings()).isEmpty();
    }

    @Test
    void readsJsonLines() throws Exception {
        Path file = write("""
                {"id": 1, "name": "eins", "more": [1]}

                {"id": "2", "name": 2.50}
                {"id": 3.0, "name": null}
                {"id": true, "name": "ja"}
                """);
        assertThat(table(file, "id", "name")).isEqualTo(Map.of("1", "eins", "2", "2.5", "3", "", "true", "ja"));
    }

    @Test
    void theLastOfAKeyWinsWithAWarning() throws Exception {
        assertThat(table(write("id,name\n1,a\n2,b\n1,c\n2,d\n,e\n"), "id", "name"))
                .isEqualTo(Map.of("1", "c", "2", "d"));
        new HotLookup("items", lookup(folder.resolve("lookup"), "id", "name"), Clock.SYSTEM);
        assertThat(warnings())
                .hasSize(2)
                .anySatisfy(w -> assertThat(w).contains("items", "2 lines repeat a key", "\"1\" at line 4"))
                .anySatisfy(w -> assertThat(w).contains("1 lines have an empty key", "line 6"));
    }

    @Test
    void refusesBadFilesWithFileLineAndRule() throws IOException {
        refused(write("id,name\n1,a\n2\n"), "lookup line 3: has 1 fields, the header has 2");
        refused(write("id,name\n\"1\n2\",b\n3,c,d\n"), "lookup line 4: has 3 fields, the header has 2");
        refused(write("id,label\n1,a\n"), "lookup line 1: has no column 'name'; the header has [id, label]");
        refused(write("id,name,id\n1,a,2\n"), "lookup line 1: has the column 'id' twice");
        refused(write("id,name\n1,\"a\n2,b\n"), "is no CSV (RFC 4180)");
        refused(write("id,name\n1,\"a\"b\n"), "lookup line 2: is no CSV (RFC 4180)");
        refused(write(" \n"), "is empty; a lookup needs a CSV file with a header line");
        refused(write("{\"id\": 1, \"name\": 2}\n{\"id\": 2}\n"), "lookup line 2: has no field 'name'");
        refused(write("{\"id\": 1, \"name\": 2}\n{\"id\": 2"), "lookup line 2: is no JSON");
        refused(write("{\"id\": 1, \"name\": 2} x\n"), "lookup line 1: is no JSON");
        refused(write("{\"id\": 1, \"name\": 2}\n[]\n"), "lookup line 2: is no JSON object");
        refused(write("{\"id\": {}, \"name\": 2}\n"), "lookup line 1: has a list or an object as 'id'");
        refused(folder.resolve("nowhere"), "nowhere: there is no such file");
        refused(folder, "cannot be read");
        Path latin = folder.resolve("lookup");
        Files.write(latin, "id,name\n1,a\n2,\u00e4\n".getBytes(StandardCharsets.ISO_8859_1));
        refused(latin, "lookup line 3: is not UTF-8");
    }

    @Test
    void followsTheFileOnceItStandsStill() throws Exception {
        Path file = write("id,name\n1,a\n");
        HotLookup lookup = new HotLookup("items", lookup(file, "id", "name"), Clock.SYSTEM);
        lookup.check();
        assertThat(lookup.find("1")).isEqualTo("a");

        write("id,name\n1,b");
        lookup.check();
        assertThat(lookup.find("1")).as("may still be being written").isEqualTo("a");
        write("id,name\n1,bb\n2,c\n");
        lookup.check();
        assertThat(lookup.find("1")).as("was still being written").isEqualTo("a");
        lookup.check();
        assertThat(lookup.find("1")).isEqualTo("bb");
        assertThat(lookup.find("2")).isEqualTo("c");
        assertThat(lookup.find("3")).isNull();
    }

    @Test
    void noticesAFilePutInPlaceWithTheSameSizeAndTime() throws Exception {
        Path file = write("id,name\n1,a\n");
        HotLookup lookup = new HotLookup("items", lookup(file, "id", "name"), Clock.SYSTEM);
        Path other = folder.resolve("other");
        Files.writeString(other, "id,name\n1,z\n");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        lookup.check();
        lookup.check();
        assertThat(lookup.find("1")).isEqualTo("z");
    }

    @Test
    void aBadNewVersionIsSaidOnceAndTheOldOneStays() throws Exception {
        Path file = write("id,name\n1,a\n");
        HotLookup lookup = new HotLookup("items", lookup(file, "id", "name"), Clock.SYSTEM);
        write("id,name\n1\n");
        for (int i = 0; i < 5; i++) {
            lookup.check();
        }
        assertThat(lookup.find("1")).isEqualTo("a");
        assertThat(warnings())
                .singleElement()
                .satisfies(w -> assertThat(w)
                        .contains(
                                "items",
                                "new version is not used, the old one with 1 names stays",
                                "line 2",
                                "has 1 fields"));

        Files.delete(file);
        for (int i = 0; i < 5; i++) {
            lookup.check();
        }
        assertThat(lookup.find("1")).isEqualTo("a");
        assertThat(warnings()).hasSize(2).last().satisfies(w -> assertThat(w).contains("there is no such file"));

        write("id,name\n1,back\n");
        lookup.check();
        lookup.check();
        assertThat(lookup.find("1")).isEqualTo("back");
        assertThat(warnings()).hasSize(2);
    }

    @Test
    void checksAtMostOnceASecond() throws Exception {
        Path file = write("id,name\n1,a\n");
        Lookups lookups = new Lookups(Map.of("items", lookup(file, "id", "name")), Map.of(), "", Clock.SYSTEM);
        lookups.refresh(10_000);
        write("id,name\n1,b\n");
        lookups.refresh(10_999);
        lookups.refresh(11_000);
        lookups.refresh(11_001);
        lookups.refresh(11_999);
        assertThat(lookups.get("items").find("1")).isEqualTo("a");
        lookups.refresh(12_000);
        assertThat(lookups.get("items").find("1")).isEqualTo("b");
        write("id,name\n1,c\n");
        lookups.refresh(5_000);
        lookups.refresh(6_000);
        assertThat(lookups.get("items").find("1"))
                .as("after the clock went back")
                .isEqualTo("c");
    }

    @Test
    void allBadFilesAreNamedAtOnce() throws IOException {
        Path bad = write("x\n");
        assertThatThrownBy(() -> new Lookups(
                        Map.of(
                                "items",
                                lookup(bad, "id", "name"),
                                "shops",
                                lookup(folder.resolve("shops"), "id", "name")),
                        Map.of(),
                        "",
                        Clock.SYSTEM))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lookup items: " + bad + " line 1: has no column 'id'")
                .hasMessageContaining("lookup shops: " + folder.resolve("shops") + ": there is no such file");
    }

    private void refused(Path file, String message) {
        assertThatThrownBy(() -> LookupFile.read(lookup(file, "id", "name")))
                .isInstanceOf(LookupFileException.class)
                .hasMessageContaining(message);
    }

    private static Map<String, String> table(Path file, String key, String value) throws LookupFileException {
        return LookupFile.read(lookup(file, key, value)).names();
    }

    private static FileLookup lookup(Path file, String key, String value) {
        return new FileLookup(file, key, value);
    }

    /** Each version is a second younger than the one before, as the tests themselves are faster than some clocks. */
    private Path write(String text) throws IOException {
        Path file = folder.resolve("lookup");
        Files.writeString(file, text);
        modified += 1_000;
        Files.setLastModifiedTime(file, FileTime.fromMillis(modified));
        return file;
    }

    private List<String> warnings() {
        return log.list.stream()
                .filter(e -> e.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(HotLookup.class);
    }
}
