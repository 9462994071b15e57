package dev.adpipe.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.schemas.definition.JoinSettings.Emit;
import dev.adpipe.testkit.ChangelogEntry;
import dev.adpipe.testkit.Mode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Hot keys and floods over the real state, counted in bytes and entries. The driver commits every hundred records. What a
 * key costs is bounded by {@code max-events-per-key}: it is one value in the store, read and written whole once in each
 * transaction that touches it, while the changelog gets only what changed.
 */
class FloodTest {
    private static final int LIMIT = 1000;
    private static final int CLICKS = 100_000;
    private static final byte[] HOT = "hot".getBytes(StandardCharsets.UTF_8);

    /** Of one event in the state, at most: kind, time, ids of its own and its parent's, and the payload if it is kept. */
    private static final int ENTRY = 110;

    @TempDir
    private Path dir;

    private JoinDriver drive(Emit emit) {
        return new JoinDriver(
                new Pipelines()
                        .stream("imp", 0).stream("click", 1_000_000)
                                .maxEventsPerKey(LIMIT)
                                .definition(emit),
                Mode.STRAIGHT,
                dir);
    }

    @ParameterizedTest
    @EnumSource
    void aBotsClicksOnOneImpression(Emit emit) {
        try (JoinDriver join = drive(emit)) {
            join.event("imp", "hot", "i", 1000);
            clicks(join, 0, 10_000);
            long early = changelogBytes(join);
            long state = join.real().state().approximateBytes();

            clicks(join, 10_000, CLICKS);

            long flood = changelogBytes(join) - early;
            assertThat(flood / (CLICKS - 10_000))
                    .as("changelog bytes for an event of the flood")
                    .isLessThan(10);
            assertThat(entries(join)).as("entries in the key").isEqualTo(LIMIT + 1);
            assertThat(join.real().state().approximateBytes())
                    .as("bytes of the key, rewritten in each transaction that touches it")
                    .isLessThan(state + 20) // its times take more digits
                    .isLessThan(LIMIT * ENTRY);
            assertThat(join.books().unmatchedByReason()).containsEntry("flood", (long) CLICKS - LIMIT);
            assertThat(join.liveKeys()).isEqualTo(1);
        }
    }

    /** One of ten events is the hot key's, the others are of as many keys. */
    @ParameterizedTest
    @EnumSource
    void aKeyWithATenthOfAllTraffic(Emit emit) {
        int events = 30_000;
        try (JoinDriver join = drive(emit)) {
            join.event("imp", "hot", "i", 1000);
            long before = changelogBytes(join);
            mixed(join, 0, events / 2);
            long half = changelogBytes(join);
            mixed(join, events / 2, events);
            long all = changelogBytes(join);

            assertThat(all - half)
                    .as("changelog bytes do not grow with the number of events in the key")
                    .isLessThan((half - before) * 11 / 10);
            assertThat(all / events).as("changelog bytes for an event").isLessThan(2 * ENTRY);
            assertThat(entries(join)).isEqualTo(LIMIT + 1);
            assertThat(join.books().unmatchedByReason()).containsEntry("flood", (long) events / 10 - LIMIT);
        }
    }

    private static void clicks(JoinDriver join, int from, int to) {
        for (int n = from; n < to; n++) {
            join.event("click", "hot", "c" + n, 2000 + n);
        }
    }

    private static void mixed(JoinDriver join, int from, int to) {
        for (int n = from; n < to; n++) {
            if (n % 10 == 0) {
                join.event("click", "hot", "c" + n, 2000 + n);
            } else {
                join.event("imp", "k" + n, "i" + n, 2000 + n);
            }
        }
    }

    private static long changelogBytes(JoinDriver join) {
        List<ChangelogEntry> log = join.real().changelog();
        return log.stream()
                .mapToLong(e -> e.key().length + (e.value() == null ? 0 : e.value().length))
                .sum();
    }

    private static int entries(JoinDriver join) {
        int entries = 0;
        for (Map.Entry<byte[], byte[]> entry :
                join.real().state().get(HOT).orElseThrow().entries()) {
            assertThat(entry.getValue().length).isLessThan(ENTRY);
            entries++;
        }
        return entries;
    }
}
