package dev.adpipe.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.NotReadyException;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.JdbcLookup;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lookup that asks a real PostgreSQL. As root it runs in a user namespace of its own, for it refuses to be root's. */
@Tag("full")
class JdbcTableIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path dir;

    @Test
    void rowsWaitForTheFirstAnswerAndTheLastGoodOneStays() throws Exception {
        int port = freePort();
        String url = "jdbc:postgresql://localhost:" + port + "/postgres";
        JdbcLookup declared = new JdbcLookup(
                url,
                Optional.of("postgres"),
                Optional.of("s3cret"),
                "select id, name from items",
                Duration.ofSeconds(1));
        try (Lookups lookups = new Lookups(Map.of("items", declared), Map.of(), "", Clock.SYSTEM)) {
            LiveLookup items = lookups.get("items");
            await().atMost(SOON).until(() -> items.waitsFor().orElse("").contains("refused"));
            assertThatThrownBy(() -> lookups.refresh(0))
                    .isInstanceOf(NotReadyException.class)
                    .hasMessageContaining("lookup items: " + url);

            try (EmbeddedPostgres postgres = start(port)) {
                await().atMost(SOON).until(() -> items.waitsFor().orElse("").contains("items"));
                change(
                        url,
                        "create table items (id numeric(12, 2), name text)",
                        "insert into items select i, 'name ' || i from generate_series(1, 30000) i",
                        "insert into items values (0.5, null), (null, 'nobody')");
                await().atMost(SOON).until(() -> items.waitsFor().isEmpty());
                lookups.refresh(0);
                assertThat(items.entries()).isEqualTo(30_001);
                assertThat(items.find("1")).isEqualTo("name 1");
                assertThat(items.find("30000")).isEqualTo("name 30000");
                assertThat(items.find("0.5")).isEmpty();

                change(url, "update items set name = 'new' where id = 1", "delete from items where id = 2");
                await().atMost(SOON).until(() -> items.find("1").equals("new") && items.find("2") == null);

                change(url, "alter table items rename to gone");
                await().atMost(SOON).until(() -> items.ageMillis() > 3_000);
                assertThat(items.find("1")).isEqualTo("new");
                assertThat(items.waitsFor()).isEmpty();
                change(url, "alter table gone rename to items");
                await().atMost(SOON).until(() -> items.ageMillis() < 3_000);
            }
            await().atMost(SOON).until(() -> items.ageMillis() > 3_000);
            assertThat(items.find("1")).as("without a database").isEqualTo("new");
            try (EmbeddedPostgres postgres = start(port)) {
                change(url, "update items set name = 'back' where id = 1");
                await().atMost(SOON).until(() -> items.find("1").equals("back"));
            }
        }
    }

    private EmbeddedPostgres start(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(dir.resolve("data"))
                .setCleanDataDirectory(false)
                .setPGStartupWait(SOON)
                .start();
    }

    private static void change(String url, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
