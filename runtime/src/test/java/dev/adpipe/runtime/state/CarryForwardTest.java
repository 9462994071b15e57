package dev.adpipe.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CarryForwardTest {
    private StateLab lab;

    @BeforeEach
    void open(@TempDir Path dir) {
        lab = new StateLab(dir);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** Makes the log so long that all keys in it are too old, which the next transaction finds. */
    private void lengthenLog() {
        lab.skip(2_100);
        lab.state().setTaskRecord(StateLab.bytes("after a while"));
        assertThat(lab.commit()).hasSize(1);
    }

    @Test
    void theLogStaysProportionalToLiveState() {
        lab.key("immortal", 1_000_000, 1_000_000, "born=first");
        int keysPerWindow = 200;
        long longest = 0;
        for (int window = 0; window < 40; window++) {
            for (int i = 0; i < keysPerWindow; i++) {
                lab.key("w" + window + "-" + i, window, window, "x=1");
                lab.key("immortal", 1_000_000, 1_000_000, "clicks=" + window + "." + i);
                if (i % 10 == 9) {
                    lab.commit();
                }
            }
            for (var due = lab.state().firstDue(window - 1);
                    due.isPresent();
                    due = lab.state().firstDue(window - 1)) {
                lab.state().remove(due.get());
                lab.state().advanceCursor(due.get().due(), due.get().key());
            }
            lab.commit();
            lab.deleteRecords();
            longest = Math.max(longest, lab.logLength());
        }
        // Live: at most 401 keys. The line is at 2 * 402 + 1000; a window of 260 offsets comes before each look at it.
        assertThat(longest).isLessThan(2 * 402 + 1_000 + 300);
        String immortal = lab.show("immortal");
        assertThat(immortal).contains("born=first").contains("clicks=39.199");
        lab.rebuild();
        assertThat(lab.show("immortal")).isEqualTo(immortal);
        assertThat(lab.state().liveKeys()).isEqualTo(201);
        assertThat(lab.show("w39-7")).isEqualTo("due 39 deadline 39 x=1");
        assertThat(lab.show("w38-7")).isEqualTo("dead");
    }

    @Test
    void aKeyThatIsChangedAnywayIsWrittenInFullAndTheOthersAsTheTaskSeesThem() {
        lab.key("quiet", 5, 10, "x=1");
        lab.key("changed", 5, 10, "x=1", "y=1");
        lab.key("removed", 5, 10, "x=1");
        lab.commit();
        lengthenLog();
        lab.key("changed", 6, 11, "x=2");
        lab.remove("removed");
        List<StateLab.Logged> records = lab.commit();
        assertThat(records)
                .extracting(r -> r.toString().replaceAll(" deadline.*due=[^ ]*", ""))
                .satisfiesExactly(
                        changed -> assertThat(changed).isEqualTo("FULL changed birth=2 +x[1 bytes] +y[1 bytes]"),
                        closed -> assertThat(closed).isEqualTo("CLOSE removed birth=3"),
                        quiet -> assertThat(quiet).isEqualTo("FULL quiet birth=1 +x[1 bytes]"),
                        task -> assertThat(task).startsWith("TASK births=3"));
        lab.deleteRecords();
        assertThat(lab.logLength()).isEqualTo(5);
        lab.rebuild();
        assertThat(lab.show("changed")).isEqualTo("due 6 deadline 11 x=2 y=1");
        assertThat(lab.show("quiet")).isEqualTo("due 5 deadline 10 x=1");
        assertThat(lab.show("removed")).isEqualTo("dead");
    }

    @Test
    void anAbortedCarryDoesNotMoveLowWater() {
        lab.key("quiet", 5, 10, "x=1");
        lab.commit();
        lengthenLog();
        for (int i = 0; i < 3; i++) {
            assertThat(lab.state().dirty()).isFalse();
            assertThat(lab.state().changes()).hasSize(2);
            lab.abortBeforeWriting();
            lab.abortAfterWriting();
            assertThat(lab.state().lowWater()).isZero();
        }
        lab.commitAndCrash();
        assertThat(lab.state().lowWater()).isEqualTo(lab.end() - 3);
        lab.deleteRecords();
        lab.rebuild();
        assertThat(lab.show("quiet")).isEqualTo("due 5 deadline 10 x=1");
    }

    @Test
    void aTaskWithoutInputProgressesByItsTransactions() {
        for (int i = 0; i < 450; i++) {
            lab.key("k" + i, 5, 10, "x=" + i);
        }
        lab.commit();
        lengthenLog();
        int transactions = 0;
        while (!lab.state().changes().isEmpty()) {
            lab.abortBeforeWriting();
            assertThat(lab.commit()).hasSizeLessThanOrEqualTo(101);
            transactions++;
        }
        assertThat(transactions).as("at least a hundred keys each").isLessThanOrEqualTo(5);
        lab.abortBeforeWriting();
        lab.deleteRecords();
        assertThat(lab.logLength()).isLessThan(2 * 451 + 1_000 + 110);
        lab.rebuild();
        assertThat(lab.show("k449")).isEqualTo("due 5 deadline 10 x=449");
        assertThat(lab.state().liveKeys()).isEqualTo(450);
    }

    @Test
    void theTaskRecordIsCarriedToo() {
        lab.state().setTaskRecord(StateLab.bytes("watermark"));
        lab.commit();
        assertThat(lab.state().lowWater()).isZero();
        lab.key("k", 5, 10);
        lab.commit();
        assertThat(lab.state().lowWater()).isEqualTo(2);
        lab.remove("k");
        lab.commit();
        assertThat(lab.state().lowWater())
                .as("nothing but the task's own record, after the closing one")
                .isEqualTo(6);
        lab.deleteRecords();
        lab.rebuild();
        assertThat(lab.state().taskRecord()).hasValue(StateLab.bytes("watermark"));
        assertThat(CarryForward.plan(1_100, 1, 0, 0).tooOld(95)).isTrue();
        assertThat(CarryForward.plan(1_100, 1, 0, 0).tooOld(96)).isFalse();
    }

    @Test
    void largeKeysAreBoundedByBytes() {
        for (int i = 0; i < 20; i++) {
            lab.key("k" + i, 5, 10).setEntry(StateLab.bytes("x"), new byte[200_000]);
        }
        lab.commit();
        lengthenLog();
        assertThat(lab.commit())
                .as("a mebibyte, rounded up to whole keys, and the task's record")
                .hasSizeBetween(6, 8);
        lab.rebuild();
        assertThat(lab.state().liveKeys()).isEqualTo(20);
    }
}
