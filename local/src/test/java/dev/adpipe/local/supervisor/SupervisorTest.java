package dev.adpipe.local.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.local.CommandException;
import dev.adpipe.local.supervisor.Supervisor.Applied;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One pipeline's supervisor, from first to changed definition. */
class SupervisorTest {
    private static final String STATUS = """
            {"id": "acme_ads", "payload": {
              "dataSource": "acme_ads", "stream": "acme.ads.rows", "partitions": 2, "replicas": 1,
              "activeTasks": [{"id": "t1", "startingOffsets": {"0": 100, "1": 50}, "remainingSeconds": 60,
                "type": "ACTIVE", "currentOffsets": {"0": 130, "1": 70}, "lag": {"0": 1, "1": 0}}],
              "publishingTasks": [{"id": "t0", "startingOffsets": {"0": 0, "1": 0}, "remainingSeconds": 5,
                "type": "PUBLISHING", "currentOffsets": {"0": 100, "1": 50}}],
              "latestOffsets": {"0": 131, "1": 70}, "minimumLag": {"0": 1, "1": 0}, "aggregateLag": 1,
              "suspended": false, "healthy": true, "state": "RUNNING", "detailedState": "RUNNING",
              "recentErrors": [{"timestamp": "2026-11-25T10:00:00.000Z", "exceptionClass": "a.B", "message": "m",
                "streamException": true}]}}
            """;

    @TempDir
    private Path folder;

    private FakeOverlord druid;

    @BeforeEach
    void start() {
        druid = FakeOverlord.start();
    }

    @AfterEach
    void stop() {
        druid.close();
    }

    private Supervisor supervisor(String sink) {
        return Supervisor.of(Definitions.load(folder, "", "overlord = \"" + druid.address() + "\"\n" + sink));
    }

    @Test
    void isCreatedThenLeftThenUpdated() {
        assertThat(supervisor("").apply()).isEqualTo(Applied.CREATED);
        assertThat(supervisor("").apply()).isEqualTo(Applied.UNCHANGED);
        assertThat(supervisor("rollup = false").apply()).isEqualTo(Applied.UPDATED);
        assertThat(supervisor("rollup = false").apply()).isEqualTo(Applied.UNCHANGED);
    }

    @Test
    void aSuspendedOneIsUpdatedAndStaysSuspended() {
        supervisor("").apply();
        supervisor("").overlord().suspend("acme_ads");

        assertThat(supervisor("").apply()).isEqualTo(Applied.UNCHANGED);
        assertThat(supervisor("rollup = false").apply()).isEqualTo(Applied.UPDATED);
        assertThat(druid.spec("acme_ads").path("suspended").asBoolean()).isTrue();
    }

    @Test
    void statusIsReadAsDruidGivesIt() {
        druid.answer("GET /druid/indexer/v1/supervisor/acme_ads/status", "200 " + STATUS);
        SupervisorStatus status = supervisor("").status();

        assertThat(status.state()).isEqualTo("RUNNING");
        assertThat(status.published()).isEqualTo(Map.of(0, 100L, 1, 50L));
        assertThat(status.read()).isEqualTo(Map.of(0, 130L, 1, 70L));
        assertThat(status.latest()).isEqualTo(Map.of(0, 131L, 1, 70L));
        assertThat(status.totalLag()).contains(1L);
        assertThat(status.tasks()).extracting(SupervisorStatus.Task::reading).containsExactly(true, false);
        assertThat(status.errors()).containsExactly(new SupervisorStatus.Failure("2026-11-25T10:00:00.000Z", "a.B: m"));
    }

    @Test
    void rowsAreCountedOverTasksAndGroups() {
        druid.answer("GET /druid/indexer/v1/supervisor/acme_ads/stats", """
                200 {"0": {"t1": {"movingAverages": {}, "totals": {"buildSegments":
                      {"processed": 5, "processedWithError": 1, "thrownAway": 0, "unparseable": 2}}}},
                     "1": {"t2": {"totals": {"buildSegments": {"processed": 7}}}}}
                """);
        RowStats rows = supervisor("").stats();

        assertThat(rows).isEqualTo(new RowStats(12, 1, 0, 2));
        assertThat(rows.isClean()).isFalse();
    }

    @Test
    void whatIsNotThereIsSaidWithTheRemedy() {
        assertThatThrownBy(() -> supervisor("").status())
                .isInstanceOf(CommandException.class)
                .hasMessageContainingAll("no supervisor acme_ads", "adpipe druid F apply");
        assertThatThrownBy(() -> Supervisor.of(Definitions.load(folder, "", "")))
                .hasMessageContaining("names no output.sink.overlord");
    }
}
