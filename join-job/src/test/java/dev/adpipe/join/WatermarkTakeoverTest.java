package dev.adpipe.join;

import static dev.adpipe.join.WatermarkTest.busy;
import static dev.adpipe.join.WatermarkTest.empty;
import static dev.adpipe.join.WatermarkTest.idle;
import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.schemas.ProgressTick;
import dev.adpipe.schemas.ProgressTick.RawPartition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** DESIGN §4 where rules meet: takeovers, new partitions and restarts, beside idleness. Idle-after 30, lateness 5. */
class WatermarkTakeoverTest {
    private static final Map<String, List<String>> STREAMS =
            WatermarkTest.streams("imp", List.of("imps"), "click", List.of("clicks"));

    private Watermark w = WatermarkTest.watermark(STREAMS);

    private long tick(String container, long clock, RawPartition... partitions) {
        w.update(new ProgressTick(container, clock, List.of(partitions)));
        return w.value();
    }

    /** The new owner has seen no record, and counts from when it took over. */
    @Test
    void aTakeoverOfAnIdleStreamHoldsForAsLongAsNobodySaysIdle() {
        assertThat(tick("a", 1000, busy("imps", 0, 1, 900), idle("clicks", 0, 1, 600, 100)))
                .isEqualTo(695);
        tick("b", 1500, busy("imps", 0, 1, 1400), busy("clicks", 0, 1, 600));
        assertThat(w.value()).isEqualTo(695);

        // idle again, with a shorter time since: the maximum and that time are less than what W is already
        tick("b", 1540, busy("imps", 0, 1, 1440), idle("clicks", 0, 1, 600, 40));
        assertThat(w.value()).isEqualTo(695);
        tick("b", 1640, busy("imps", 0, 1, 1540), idle("clicks", 0, 1, 600, 140));
        assertThat(w.value()).isEqualTo(735);
    }

    /** The dead container's partition filled up in the night; the new owner tells how far it is, and W waits for it. */
    @Test
    void deadInTheNightTakenOverInTheMorning() {
        tick("a", 1000, busy("imps", 0, 1, 990), busy("clicks", 0, 2, 990));
        tick("b", 1000, idle("clicks", 1, 2, 500, 40));
        assertThat(w.value()).isEqualTo(985);
        for (long clock = 1010; clock <= 9000; clock += 10) {
            tick("a", clock, busy("imps", 0, 1, clock - 10), busy("clicks", 0, 2, clock - 10));
        }
        // b's last word counted until 1030
        assertThat(w.value()).isEqualTo(1015);

        assertThat(tick("a", 9010, busy("clicks", 1, 2, 1200))).isEqualTo(1195);
        assertThat(tick("a", 9020, busy("clicks", 1, 2, 8985))).isEqualTo(8980);
    }

    @Test
    void aNewPartitionOfAWhollyIdleStream() {
        assertThat(tick("a", 1000, busy("imps", 0, 1, 900), idle("clicks", 0, 1, 600, 40)))
                .isEqualTo(635);
        // it is counted, and nobody has said what is in it
        assertThat(tick("a", 1100, busy("imps", 0, 1, 1000), idle("clicks", 0, 2, 600, 140)))
                .isEqualTo(635);
        // nothing: but the stream has just woken, as far as anybody knows
        assertThat(tick("b", 1101, empty("clicks", 1, 2, true))).isEqualTo(635);
        tick("a", 1130, busy("imps", 0, 1, 1030), idle("clicks", 0, 2, 600, 170));
        assertThat(tick("b", 1131, empty("clicks", 1, 2, true))).isGreaterThan(635);
    }

    @Test
    void aPartitionThatIsTakenOverTwiceGoesOn() {
        tick("a", 1000, busy("imps", 0, 1, 900), busy("clicks", 0, 1, 800));
        tick("b", 1010, busy("clicks", 0, 1, 850));
        tick("a", 1005, busy("clicks", 0, 1, 820)); // late, from before
        assertThat(tick("c", 1020, empty("clicks", 0, 1, false))).isEqualTo(845);
        assertThat(tick("c", 1030, busy("clicks", 0, 1, 880))).isEqualTo(875);
    }

    /** Random ticks: whoever is made anew after each of them says the same as one that never was, and nobody goes back. */
    @RepeatedTest(20)
    void aRestartAfterEachTickChangesNothing() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Watermark restarted = WatermarkTest.watermark(STREAMS);
        long clock = 10_000;
        int counts = 1;
        long before = Long.MIN_VALUE;
        for (int n = 0; n < 300; n++) {
            clock += random.nextInt(20) - 2;
            counts += random.nextInt(60) == 0 ? 1 : 0;
            List<RawPartition> told = new ArrayList<>();
            for (int p = 0; p < counts; p++) {
                for (String topic : List.of("imps", "clicks")) {
                    boolean quiet = (n / 40 + p) % 3 == 0 && topic.equals("clicks");
                    switch (random.nextInt(4)) {
                        case 0 -> {}
                        case 1 -> told.add(empty(topic, p, counts, quiet));
                        default ->
                            told.add(
                                    quiet
                                            ? idle(topic, p, counts, clock - 500, 30 + random.nextInt(50))
                                            : busy(topic, p, counts, clock - random.nextInt(300)));
                    }
                }
            }
            ProgressTick tick = new ProgressTick("c" + random.nextInt(3), clock, told);
            w.update(tick);
            restarted.update(tick);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            restarted.write(new DataOutputStream(bytes));
            restarted = WatermarkTest.watermark(STREAMS);
            restarted.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

            assertThat(restarted.value()).as("seed %d, tick %d", seed, n).isEqualTo(w.value());
            assertThat(w.value()).as("seed %d, tick %d", seed, n).isGreaterThanOrEqualTo(before);
            before = w.value();
        }
        assertThat(before).as("seed %d", seed).isGreaterThan(Long.MIN_VALUE);
    }
}
