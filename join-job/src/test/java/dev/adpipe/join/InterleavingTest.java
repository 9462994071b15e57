package dev.adpipe.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.schemas.definition.JoinSettings.Emit;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Accidents between one decision and the next, in both emit modes. */
class InterleavingTest {
    @TempDir
    private Path dir;

    private JoinDriver join;

    private JoinDriver drive(Pipelines pipeline, int forcedAtOnce, Mode mode) {
        PipelineDefinition eager = pipeline.definition();
        PipelineDefinition onClose = pipeline.definition(Emit.ON_CLOSE);
        join = new JoinDriver(new JoinJob(eager, forcedAtOnce), eager, mode, dir.resolve("eager"))
                .beside(new JoinDriver(new JoinJob(onClose, forcedAtOnce), onClose, mode, dir.resolve("on-close")));
        return join;
    }

    @AfterEach
    void close() {
        join.end();
        join.close();
    }

    /** In REOPEN each transaction's decisions are followed by a crash, in ABORT each is taken back and repeated. */
    @ParameterizedTest
    @EnumSource
    void forcedDecisionsOverSeveralTransactions(Mode mode) {
        drive(new Pipelines().stream("imp", 0).stream("click", 100), 3, mode);
        List<String> expected = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            String key = "k" + n / 10 + n % 10;
            join.event("click", key, "c", 1000 + n % 4);
            if (n % 2 == 0) {
                join.event("imp", key, "i", 2000);
            }
        }
        // by due time, then by key
        for (int rest = 0; rest < 4; rest++) {
            for (int n = rest; n < 20; n += 4) {
                expected.add("unmatched k" + n / 10 + n % 10 + " click:c@" + (1000 + rest)
                        + (n % 2 == 0 ? " out-of-window" : " no-parent"));
            }
        }
        join.watermark(1500);
        assertThat(join.outputs().stream().filter(t -> t.startsWith("unmatched")))
                .containsExactlyElementsOf(expected);
        assertThat(join.books().held()).isZero();
        assertThat(join.liveKeys()).isEqualTo(10);

        join.watermark(5000);

        assertThat(join.liveKeys()).isZero();
        assertThat(join.real().changelog())
                .as("the cursor alone says that they are dead")
                .noneMatch(entry -> entry.toString().contains(" CLOSE "));
        assertThat(join.books().encode())
                .isEqualTo("in:30,added:0,emitted:10,duplicate:0,held:0,u.no-parent:10,u.out-of-window:10");
    }

    /** More than the 10,000 of one transaction, and a record of a key whose turn has not come. */
    @Test
    void moreDecisionsThanOneTransactionTakes() {
        int keys = 10_500;
        PipelineDefinition definition =
                new Pipelines().stream("imp", 0).stream("click", 100).definition();
        join = new JoinDriver(definition, Mode.STRAIGHT, dir);
        for (int n = 0; n < keys; n++) {
            join.event("click", "k" + n, "c", 1000);
        }
        join.watermark(1050);

        assertThat(join.books().unmatched()).isEqualTo(keys);
        assertThat(join.unmatched("no-parent")).hasSize(keys).doesNotHaveDuplicates();
    }

    /** A key dies in one transaction, is born again in the next, and dies again, with crashes and aborts in between. */
    @ParameterizedTest
    @EnumSource
    void bornAgainAndAgain(Mode mode) {
        drive(new Pipelines().stream("imp", 0).stream("click", 100), 1, mode);
        for (int life = 1; life <= 5; life++) {
            long time = 1000L * life;
            join.event("click", "k", "c", time + 10)
                    .event("imp", "k", "i", time)
                    .event("imp", "k", "i", time)
                    .event("imp", "other", "i" + life, time)
                    .watermark(time + 131);
            assertThat(join.liveKeys()).isZero();
        }

        assertThat(join.outputs().stream().filter(t -> t.contains(" k ")))
                .hasSize(10)
                .startsWith("joined k imp#1 imp:i@1000", "joined k click#1 imp:i@1000 click:c@1010")
                .endsWith("joined k imp#1 imp:i@5000", "joined k click#1 imp:i@5000 click:c@5010");
        assertThat(join.books().duplicate()).isEqualTo(5);
    }

    /**
     * Old keys are carried forward by the traffic of another one, in transactions that are aborted (each one in ABORT) or
     * whose owner dies right after, sometimes with its disk; then their children come.
     */
    @ParameterizedTest
    @EnumSource
    void carriedForwardAndAborted(Mode mode) {
        Pipelines pipeline = new Pipelines().stream("imp", 0).stream("click", 1_000_000).stream("conv", 1_000_000);
        drive(pipeline.maxEventsPerKey(5), 10_000, mode);
        List<String> expected = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            join.event("imp", "old" + n, "i", 1000).event("conv", "old" + n, "v", 1020);
            expected.add("joined old" + n + " imp#1 imp:i@1000");
        }
        long firstLowWater = join.real().state().lowWater();
        int records = mode == Mode.STRAIGHT ? 45_000 : 450;
        for (int n = 0; n < records; n++) {
            join.event("imp", "hot", "h" + n, 1000 + n);
        }
        assertThat(join.real().state().lowWater()).as("the log was cut").isGreaterThan(firstLowWater + 40);
        for (int n = 0; n < 20; n++) {
            join.event("click", "old" + n, "c", 1010).event("imp", "old" + n, "i", 1000);
            expected.add("joined old" + n + " click#1 imp:i@1000 click:c@1010");
            expected.add("joined old" + n + " conv#1 imp:i@1000 click:c@1010 conv:v@1020");
        }

        assertThat(join.outputs().stream().filter(t -> t.startsWith("joined old")))
                .containsExactlyElementsOf(expected);
        assertThat(join.books().duplicate()).isEqualTo(20);
    }
}
