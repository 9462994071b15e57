package dev.adpipe.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.schemas.definition.JoinSettings.Emit;
import dev.adpipe.testkit.ChangelogEntry;
import dev.adpipe.testkit.Mode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the changelog keeps (from low-water on, as it is trimmed) stays proportional to live state, over 200 windows, with one
 * key in it that never dies because it is touched all the time.
 */
class ChangelogSizeTest {
    private static final int WINDOWS = 200;
    private static final int WINDOW = 1_000;
    private static final int KEYS_PER_WINDOW = 500;

    @TempDir
    private Path dir;

    @ParameterizedTest
    @EnumSource
    void staysProportionalToLiveState(Emit emit) {
        Pipelines pipeline = new Pipelines()
                .stream("imp", 0).stream("click", WINDOW).maxEventsPerKey(200).maxKeyLife(Long.MAX_VALUE / 1_000_000);
        try (JoinDriver join = new JoinDriver(pipeline.definition(emit), Mode.STRAIGHT, dir)) {
            join.event("imp", "hot", "i", 0);
            long retainedFrom = 0;
            int index = 0;
            long written = 0;
            long trimmed = 0;
            double worst = 0;
            for (int window = 1; window <= WINDOWS; window++) {
                long time = (long) window * WINDOW;
                for (int n = 0; n < KEYS_PER_WINDOW; n++) {
                    String id = window + "-" + n;
                    join.event("imp", "k" + id, "impression-" + id, time + n);
                    if (n % 10 == 0) {
                        join.event("click", "k" + id, "click-" + id, time + n);
                        join.event("click", "hot", "bot-" + id, time + n);
                    }
                }
                join.watermark(time + WINDOW);

                List<ChangelogEntry> log = join.real().changelog();
                written += size(log.subList(index, log.size()));
                index = log.size();
                long lowWater = join.real().state().lowWater();
                int from = (int) retainedFrom;
                while (from < log.size() && log.get(from).offset() < lowWater) {
                    trimmed += size(log.subList(from, from + 1));
                    from++;
                }
                retainedFrom = from;
                if (window > 5) {
                    long live = join.real().state().approximateBytes();
                    worst = Math.max(worst, (double) (written - trimmed) / live);
                }
            }
            assertThat(join.liveKeys()).isLessThan(4 * KEYS_PER_WINDOW);
            assertThat(trimmed).as("most is gone").isGreaterThan(written * 9 / 10);
            assertThat(worst).as("retained bytes per live byte, at worst").isLessThan(5);
            assertThat(join.outputs()).filteredOn(t -> t.contains(" hot ")).isNotEmpty();
        }
    }

    private static long size(List<ChangelogEntry> entries) {
        return entries.stream()
                .mapToLong(e -> e.key().length + (e.value() == null ? 0 : e.value().length))
                .sum();
    }
}
