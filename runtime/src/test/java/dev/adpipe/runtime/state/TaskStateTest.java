package dev.adpipe.runtime.state;

import static dev.adpipe.runtime.state.StateLab.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One transaction after the other: what a task sees, what the changelog gets, what is left after an accident. */
class TaskStateTest {
    private StateLab lab;

    @BeforeEach
    void open(@TempDir Path dir) {
        lab = new StateLab(dir);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aChangeIsADeltaOfWhatWasChanged() {
        lab.key("a", 5, 10, "x=1", "y=2");
        assertThat(lab.commit()).hasSize(2).first().asString().startsWith("FULL a birth=1");
        KeyState a = lab.state().get(bytes("a")).orElseThrow();
        a.setEntry(bytes("x"), bytes("3"));
        a.setEntry(bytes("x"), bytes("4"));
        a.removeEntry(bytes("y"));
        assertThat(lab.commit().get(0))
                .hasToString(
                        "DELTA a birth=1 deadline=1970-01-01T00:00:00.010Z due=1970-01-01T00:00:00.005Z +x[1 bytes] -y");

        assertThat(lab.show("a")).isEqualTo("due 5 deadline 10 x=4");
        lab.rebuild();
        assertThat(lab.show("a")).isEqualTo("due 5 deadline 10 x=4");
    }

    @Test
    void theLocalStoreIsNeverAheadAndACrashCostsNothing() {
        lab.key("a", 5, 10, "x=1");
        lab.commit();
        long position = lab.state().position();
        assertThat(position).as("after the key's record and the task's").isEqualTo(2);
        lab.key("a", 6, 11, "x=2");
        lab.key("b", 1, 1);
        lab.state().changes();
        lab.state().close();
        lab.open();
        assertThat(lab.state().position()).isEqualTo(position);
        assertThat(lab.show("a")).isEqualTo("due 5 deadline 10 x=1");
        assertThat(lab.show("b")).isEqualTo("dead");

        lab.key("a", 6, 11, "x=2");
        lab.commitAndCrash();
        assertThat(lab.show("a")).isEqualTo("due 6 deadline 11 x=2");
        assertThat(lab.state().position()).isEqualTo(lab.end());
    }

    @Test
    void anAbortForgetsEverything() {
        lab.key("a", 5, 10, "x=1");
        lab.state().setTaskRecord(bytes("one"));
        lab.commit();
        for (boolean written : new boolean[] {true, false}) {
            lab.remove("a");
            lab.key("b", 1, 1);
            lab.state().advanceCursor(3, bytes("z"));
            lab.remove("b");
            assertThat(lab.state().liveKeys()).isZero();
            lab.state().setTaskRecord(bytes("two"));
            assertThat(lab.state().dirty()).isTrue();
            if (written) {
                lab.abortAfterWriting();
            } else {
                lab.abortBeforeWriting();
            }
            assertThat(lab.state().dirty()).isFalse();
            assertThat(lab.show("a")).isEqualTo("due 5 deadline 10 x=1");
            assertThat(lab.state().taskRecord()).hasValue(bytes("one"));
            assertThat(lab.state().liveKeys()).isEqualTo(1);
            assertThat(lab.firstDue(99)).hasValue("a");
        }
        lab.key("c", 1, 1);
        assertThat(lab.commit().get(0)).asString().startsWith("FULL c birth=2 ");
        lab.rebuild();
        assertThat(lab.state().taskRecord()).hasValue(bytes("one"));
        assertThat(lab.show("a")).isEqualTo("due 5 deadline 10 x=1");
    }

    @Test
    void aKeyBornAgainInTheSameTransactionReplacesItsFormerLife() {
        lab.key("a", 5, 10, "x=1");
        lab.commit();
        lab.remove("a");
        lab.key("a", 7, 8, "y=2");
        List<StateLab.Logged> records = lab.commit();
        assertThat(records).hasSize(2);
        assertThat(records.get(0)).asString().startsWith("FULL a birth=2 ");
        assertThat(lab.show("a")).isEqualTo("due 7 deadline 8 y=2");
        assertThat(lab.state().liveKeys()).isEqualTo(1);
        assertThat(lab.firstDue(6)).isEmpty();
        lab.rebuild();
        assertThat(lab.show("a")).isEqualTo("due 7 deadline 8 y=2");
        assertThat(lab.firstDue(6)).isEmpty();
        assertThat(lab.state().liveKeys()).isEqualTo(1);
    }

    @Test
    void bornAndGoneInOneTransactionLeavesOnlyTheTaskRecord() {
        lab.key("a", 5, 10);
        lab.remove("a");
        assertThat(lab.commit()).hasSize(1).first().asString().isEqualTo("TASK births=1");
        assertThat(lab.state().liveKeys()).isZero();
    }

    @Test
    void recordsOfALifeWhoseBeginningHasLeftTheLogAreIgnored() {
        lab.key("a", 5, 10, "x=1");
        lab.key("b", 50, 50, "x=1");
        lab.commit();
        lab.key("a", 6, 10, "x=2");
        lab.commit();
        lab.remove("a");
        lab.commit();
        long low = lab.state().lowWater();
        assertThat(low).as("b is complete from offset 1 on").isEqualTo(1);
        lab.key("a", 7, 12, "y=9");
        lab.commit();
        lab.deleteRecords();
        assertThat(lab.describedLog().get(0)).startsWith("FULL b");
        lab.rebuild();
        assertThat(lab.show("a")).isEqualTo("due 7 deadline 12 y=9");
        assertThat(lab.show("b")).isEqualTo("due 50 deadline 50 x=1");
    }

    @Test
    void theCursorKillsOnRestoreWithoutARecord() {
        lab.key("a", 5, 5);
        lab.key("b", 5, 5);
        lab.key("c", 5, 5);
        lab.key("late", 2, 9);
        lab.commit();
        lab.remove("a");
        lab.remove("b");
        lab.state().advanceCursor(5, bytes("b"));
        assertThat(lab.commit()).hasSize(1).first().asString().contains("cursor=(1970-01-01T00:00:00.005Z, b)");
        for (int piece = 1; piece < 5; piece++) {
            lab.rebuild(piece);
            assertThat(lab.show("a")).isEqualTo("dead");
            assertThat(lab.show("b")).isEqualTo("dead");
            assertThat(lab.show("c")).as("after the cursor by its key").isEqualTo("due 5 deadline 5");
            assertThat(lab.show("late"))
                    .as("due before the cursor, deadline after")
                    .isEqualTo("due 2 deadline 9");
            assertThat(lab.state().liveKeys()).isEqualTo(2);
        }
        assertThatThrownBy(() -> lab.state().advanceCursor(5, bytes("a"))).hasMessageContaining("cannot go back");
    }

    @Test
    void aDeathOutOfCursorOrderWritesAClosingRecord() {
        lab.key("a", 5, 5);
        lab.key("b", 4, 4);
        lab.commit();
        lab.remove("a");
        assertThat(lab.commit()).first().asString().isEqualTo("CLOSE a birth=1");
        lab.rebuild();
        assertThat(lab.show("a")).isEqualTo("dead");
        assertThat(lab.show("b")).isEqualTo("due 4 deadline 4");
    }

    @Test
    void aMovedDeadlineThatWasNeverWrittenDoesNotCountForTheClosingRecord() {
        lab.key("a", 5, 5);
        lab.commit();
        lab.key("a", 5, 9);
        lab.remove("a");
        lab.state().advanceCursor(7, bytes("z"));
        assertThat(lab.commit())
                .as("the log knows deadline 5 only, which the cursor covers")
                .hasSize(1);
        lab.rebuild();
        assertThat(lab.show("a")).isEqualTo("dead");
    }

    @Test
    void dueKeysComeInOrderCommittedOrNot() {
        lab.key("d", -7, 90);
        lab.key("b", 3, 90);
        lab.key("a", 3, 90);
        lab.key("e", 8, 90);
        lab.commit();
        lab.key("c", 2, 90);
        lab.key("e", 1, 90);
        assertThat(lab.firstDue(-8)).isEmpty();
        String order = "";
        for (var due = lab.state().firstDue(50);
                due.isPresent();
                due = lab.state().firstDue(50)) {
            order += StateLab.text(due.get().key());
            due.get().setDue(60);
        }
        assertThat(order).isEqualTo("decab");
        lab.commit();
        assertThat(lab.firstDue(59)).isEmpty();
        lab.key("e", -100, 90);
        lab.commit();
        assertThat(lab.firstDue(59)).as("earlier than all there was").hasValue("e");
        lab.remove("e");
        assertThat(lab.firstDue(59)).isEmpty();
        lab.abortBeforeWriting();
        assertThat(lab.firstDue(59))
                .as("passed over in a transaction that was aborted")
                .hasValue("e");
    }

    @Test
    void brokenRulesAreRefused() {
        KeyState a = lab.key("a", 5, 10);
        assertThatThrownBy(() -> a.setDeadline(9)).hasMessageContaining("cannot go back to 9");
        assertThatThrownBy(() -> lab.state().create(bytes("a"))).hasMessageContaining("lives");
        lab.commit();
        assertThatThrownBy(() -> a.setDue(4)).hasMessageContaining("after the end of the transaction");
        assertThatThrownBy(a::due).hasMessageContaining("after the end of the transaction");

        lab.key("a", 11, 10);
        assertThatThrownBy(() -> lab.state().changes()).hasMessageContaining("after its deadline 10");
        lab.abortBeforeWriting();
        lab.state().create(bytes("b")).setDeadline(7);
        assertThatThrownBy(() -> lab.state().changes()).hasMessageContaining("without a due time");
        lab.abortBeforeWriting();
        lab.key("b", 3, 4);
        lab.state().advanceCursor(4, bytes("b"));
        assertThatThrownBy(() -> lab.state().changes()).hasMessageContaining("covered by the cursor (4, b)");
        lab.abortBeforeWriting();
        lab.state().advanceCursor(10, bytes("a"));
        assertThatThrownBy(() -> lab.state().changes()).hasMessageContaining("covered by the cursor (10, a)");
        lab.abortBeforeWriting();
        KeyState gone = lab.state().get(bytes("a")).orElseThrow();
        lab.state().remove(gone);
        assertThatThrownBy(() -> gone.setDue(1)).hasMessageContaining("was removed before");
        lab.state().changes();
        assertThatThrownBy(() -> lab.state().create(bytes("x"))).hasMessageContaining("while its transaction");
        assertThatThrownBy(() -> lab.state().committed(new long[0])).hasMessageContaining("records were due");
    }

    @Test
    void restoringRefusesWhatIsNotAChangelog() {
        assertThatThrownBy(() -> lab.state().restore(0, bytes("a"), bytes("b")))
                .hasMessageContaining("offset 0 cannot be read");
        lab.abortBeforeWriting();
        lab.state().drop("a test wants it");
        lab.state().restoredTo(7);
        assertThatThrownBy(() -> lab.state().restore(6, bytes("a"), bytes("b")))
                .hasMessageContaining("below 7 are reflected already");
    }

    @Test
    void aHotKeyIsWrittenOnceWithItsChangesOnly() {
        byte[] event = new byte[300];
        KeyState hot = lab.key("hot", 5, 10);
        for (int i = 0; i < 1_000; i++) {
            hot.setEntry(bytes("event-" + i), event);
        }
        lab.commit();
        KeyState again = lab.state().get(bytes("hot")).orElseThrow();
        Object[] view = {again.view(key -> new Object())};
        for (int i = 0; i < 200_000; i++) {
            again.setEntry(bytes("event-" + i % 3), event);
            again.setDue(i % 5);
            assertThat(again.<Object>view(key -> new Object()) == view[0]).isTrue();
        }
        List<StateLab.Logged> records = lab.commit();
        assertThat(records).hasSize(2);
        assertThat(records.get(0).record().value().length).isLessThan(1_100);
    }

    @Test
    void aLargeKeyIsSplitAndComesBackWhole() {
        KeyState large = lab.key("large", 5, 10);
        for (int i = 0; i < 1_000; i++) {
            large.setEntry(bytes("event-" + i), new byte[1_000]);
        }
        List<StateLab.Logged> records = lab.commit();
        assertThat(records).hasSize(5);
        assertThat(records.get(0)).asString().startsWith("FULL");
        assertThat(records.subList(1, 4))
                .allSatisfy(r -> assertThat(r).asString().startsWith("DELTA"));
        assertThat(records)
                .allSatisfy(r -> assertThat(r.record().value().length).isLessThan(270_000));
        assertThat(lab.state().lowWater()).isZero();
        String before = lab.show("large");
        for (int piece : new int[] {1, 2, 100}) {
            lab.rebuild(piece);
            assertThat(lab.show("large").equals(before)).isTrue();
            assertThat(lab.state().lowWater()).isZero();
        }
    }

    @Test
    void recordsOfAnOlderLifeAreIgnored() {
        TaskState state = lab.state();
        restore(0, ChangelogCodec.encode(bytes("a"), change(true, 5, "new"), 0));
        restore(1, ChangelogCodec.encode(bytes("a"), change(true, 4, "old"), 0));
        restore(2, ChangelogCodec.encode(bytes("a"), change(false, 4, "old"), 0));
        restore(3, ChangelogCodec.encodeClose(bytes("a"), 4));
        state.restoredTo(4);
        assertThat(lab.show("a")).isEqualTo("due 5 deadline 10 x=new");
        assertThat(state.lowWater()).isZero();
    }

    @Test
    void aLongRestoreInManyBatchesCountsRight() {
        for (int offset = 0; offset < 35_000; offset++) {
            restore(offset, ChangelogCodec.encode(bytes("k" + offset % 7), change(true, offset, "v" + offset), 0));
        }
        lab.state().restoredTo(35_000);
        assertThat(lab.state().liveKeys()).isEqualTo(7);
        assertThat(lab.state().lowWater()).isEqualTo(34_993);
        assertThat(lab.state().approximateBytes()).isBetween(7 * 15L, 7 * 30L);

        TaskRecord task = new TaskRecord(40_000, Optional.of(new OrderedKey(10, bytes("k4"))), Optional.empty());
        restore(35_000, ChangelogCodec.encodeTask(task));
        lab.state().restoredTo(35_001);
        assertThat(lab.state().liveKeys()).isEqualTo(2);
        assertThat(lab.firstDue(5)).hasValue("k5");
    }

    @Test
    void aLongRestoreAddsToTheKeysOfEarlierBatches() {
        int keys = 12_000;
        lab.state().expect(2L * keys);
        for (int n = 0; n < keys; n++) {
            restore(n, ChangelogCodec.encode(bytes("k" + n), change(true, n, "x" + n), 0));
        }
        for (int n = 0; n < keys; n++) {
            restore(keys + n, ChangelogCodec.encode(bytes("k" + n), set(n, "y", "y" + n), 0));
        }
        lab.state().restoredTo(2L * keys);
        assertThat(lab.state().liveKeys()).isEqualTo(keys);
        for (int n = 0; n < keys; n += 97) {
            assertThat(lab.show("k" + n)).isEqualTo("due 5 deadline 10 x=x" + n + " y=y" + n);
        }
    }

    private void restore(long offset, ChangelogRecord record) {
        lab.state().restore(offset, record.key(), record.value());
    }

    private static EntriesChange set(long birth, String name, String value) {
        return new EntriesChange(false, birth, 10, 5, List.of(Map.entry(bytes(name), bytes(value))), List.of());
    }

    private static EntriesChange change(boolean full, long birth, String x) {
        return new EntriesChange(full, birth, 10, 5, List.of(Map.entry(bytes("x"), bytes(x))), List.of());
    }
}
