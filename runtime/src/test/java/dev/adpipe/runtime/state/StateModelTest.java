package dev.adpipe.runtime.state;

import static dev.adpipe.runtime.state.StateLab.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random work, commits, aborts, crashes and restores, compared with a plain map. */
class StateModelTest {
    private static final int KEYS = 40;

    /** What a key should be. */
    private static final class Model {
        private long due;
        private long deadline;
        private final TreeMap<String, String> entries = new TreeMap<>();

        Model copy() {
            Model copy = new Model();
            copy.due = due;
            copy.deadline = deadline;
            copy.entries.putAll(entries);
            return copy;
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("due " + due + " deadline " + deadline);
            entries.forEach(
                    (name, value) -> text.append(' ').append(name).append('=').append(value));
            return text.toString();
        }
    }

    private Random random;
    private StateLab lab;
    private Map<String, Model> committed = new TreeMap<>();
    private Map<String, Model> model = new TreeMap<>();
    private String committedTask = "";
    private String task = "";
    private long watermark;

    @ParameterizedTest
    @ValueSource(longs = {1, 0})
    void theStateIsWhatAPlainMapWouldBe(long fixedSeed, @TempDir Path dir) {
        long seed = fixedSeed != 0 ? fixedSeed : System.nanoTime();
        System.out.println("StateModelTest seed " + seed);
        random = new Random(seed);
        int carried = 0;
        try (StateLab opened = new StateLab(dir)) {
            lab = opened;
            for (int turn = 0; turn < 400; turn++) {
                work();
                expectSame("seed " + seed + ", turn " + turn + " before its end");
                if (endTransaction()) {
                    committed = copy(model);
                    committedTask = task;
                } else {
                    model = copy(committed);
                    task = committedTask;
                }
                expectSame("seed " + seed + ", turn " + turn);
                carried += (int) lab.state().lowWater() > 0 ? 1 : 0;
            }
            lab.rebuild(250);
            expectSame("seed " + seed + ", in the end");
            assertThat(carried)
                    .as("turns after low-water had moved, seed %s", seed)
                    .isPositive();
            assertThat(lab.logLength()).isLessThan(lab.end() / 2);
        }
    }

    private void work() {
        watermark += random.nextInt(3);
        decide(random.nextInt(6));
        for (int i = random.nextInt(8); i > 0; i--) {
            change("key-" + random.nextInt(KEYS));
        }
        if (random.nextInt(3) == 0) {
            task = "watermark " + watermark;
            lab.state().setTaskRecord(bytes(task));
        }
        if (random.nextInt(20) == 0) {
            lab.skip(random.nextInt(100));
        }
    }

    /** Some of what is due, in order. */
    private void decide(int most) {
        for (int i = 0; i < most; i++) {
            Optional<String> first = firstDue(watermark - 1);
            Optional<KeyState> due = lab.state().firstDue(watermark - 1);
            assertThat(due.map(key -> StateLab.text(key.key()))).isEqualTo(first);
            if (due.isEmpty()) {
                return;
            }
            KeyState key = due.get();
            Model known = model.get(first.orElseThrow());
            long decided = key.due();
            if (key.deadline() < watermark) {
                lab.state().remove(key);
                model.remove(first.get());
            } else {
                known.due = watermark + random.nextLong(known.deadline - watermark + 1);
                key.setDue(known.due);
            }
            lab.state().advanceCursor(decided, bytes(first.get()));
        }
    }

    private void change(String name) {
        Optional<KeyState> found = lab.state().get(bytes(name));
        if (found.isPresent() && (found.get().deadline() < watermark || random.nextInt(6) == 0)) {
            lab.state().remove(found.get());
            model.remove(name);
            found = Optional.empty();
        }
        KeyState key = found.orElseGet(() -> lab.state().create(bytes(name)));
        Model known = model.computeIfAbsent(name, n -> new Model());
        if (found.isEmpty() || random.nextBoolean()) {
            known.deadline = Math.max(known.deadline, watermark + random.nextInt(name.endsWith("7") ? 10_000 : 20));
            key.setDeadline(known.deadline);
            known.due = watermark + random.nextLong(known.deadline - watermark + 1);
            key.setDue(known.due);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            String entry = "e" + random.nextInt(5);
            if (random.nextInt(4) == 0) {
                key.removeEntry(bytes(entry));
                known.entries.remove(entry);
            } else {
                String value = random.nextInt(300) == 0 ? "x".repeat(300_000) : "v" + random.nextInt();
                key.setEntry(bytes(entry), bytes(value));
                known.entries.put(entry, value);
            }
        }
    }

    /** Whether the transaction has committed. */
    private boolean endTransaction() {
        switch (random.nextInt(40)) {
            case 0, 1, 2 -> {
                lab.abortBeforeWriting();
                return false;
            }
            case 3, 4, 5 -> {
                lab.abortAfterWriting();
                return false;
            }
            case 6 -> {
                lab.state().changes();
                lab.reopen();
                return false;
            }
            case 7, 8 -> lab.commitAndCrash();
            case 9 -> {
                lab.commit();
                lab.reopen();
            }
            case 10 -> {
                lab.commit();
                lab.rebuild(300 + random.nextInt(300));
            }
            case 11, 12, 13 -> {
                lab.commit();
                lab.deleteRecords();
            }
            default -> lab.commit();
        }
        return true;
    }

    private Optional<String> firstDue(long upTo) {
        return model.entrySet().stream()
                .filter(e -> e.getValue().due <= upTo)
                .min(Comparator.comparingLong((Map.Entry<String, Model> e) -> e.getValue().due)
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey);
    }

    private void expectSame(String when) {
        List<String> expected = new ArrayList<>();
        List<String> actual = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            String name = "key-" + i;
            expected.add(name + " " + (model.containsKey(name) ? model.get(name).toString() : "dead"));
            actual.add(name + " " + lab.show(name));
        }
        // Not AssertJ's own comparison: values may be large, and this is called often.
        for (int i = 0; i < KEYS; i++) {
            if (!expected.get(i).equals(actual.get(i))) {
                assertThat(actual.get(i)).as(when).isEqualTo(expected.get(i));
            }
        }
        assertThat(lab.state().liveKeys()).as(when).isEqualTo(model.size());
        assertThat(lab.firstDue(Long.MAX_VALUE)).as(when).isEqualTo(firstDue(Long.MAX_VALUE));
        assertThat(lab.state().taskRecord().map(StateLab::text).orElse(""))
                .as(when)
                .isEqualTo(task);
    }

    private static Map<String, Model> copy(Map<String, Model> from) {
        Map<String, Model> copy = new TreeMap<>();
        from.forEach((name, key) -> copy.put(name, key.copy()));
        return copy;
    }
}
