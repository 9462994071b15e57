package dev.adpipe.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any file of a local store is cut somewhere, or has one byte flipped: whatever is then opened, restored and read is the
 * right state, or the damage is noticed and the next opening gives the right state. Never a wrong one.
 */
class DamageFuzzTest {
    private static final int KEYS = 80;
    private static final int TRIALS = 60;

    @TempDir
    Path dir;

    @Test
    void aWrongStateIsNeverTakenForARightOne() throws IOException {
        long seed = System.nanoTime();
        System.out.println("DamageFuzzTest seed " + seed);
        Random random = new Random(seed);
        Path whole = dir.resolve("whole");
        try (StateLab lab = new StateLab(dir)) {
            fill(lab, new Random(7));
            Map<String, String> truth = read(lab);
            lab.state().close();
            copy(lab.dir(), whole);
            Map<String, Integer> outcomes = new TreeMap<>();
            for (int trial = 0; trial < TRIALS; trial++) {
                delete(lab.dir());
                copy(whole, lab.dir());
                String damage = damage(lab.dir(), random);
                outcomes.merge(
                        expectTruth(lab, truth, "seed " + seed + ", trial " + trial + ": " + damage), 1, Integer::sum);
                lab.state().close();
            }
            System.out.println("DamageFuzzTest outcomes " + outcomes);
            assertThat(outcomes).containsKey("found when opened");
            lab.open();
        }
    }

    private static String expectTruth(StateLab lab, Map<String, String> truth, String what) {
        lab.open();
        try {
            long from = lab.state().position();
            lab.restore(Integer.MAX_VALUE);
            assertThat(read(lab)).as(what).isEqualTo(truth);
            return from == 0 ? "found when opened" : from < lab.end() - 1 ? "an earlier point" : "harmless";
        } catch (StateDamagedException e) {
            lab.state().close();
            lab.open();
            lab.restore(Integer.MAX_VALUE);
            assertThat(read(lab)).as(what + ", healed").isEqualTo(truth);
            return "found in use";
        }
    }

    /** Keys of all sizes, changed, removed, and born again; so much that a part of it has been flushed. */
    private static void fill(StateLab lab, Random random) {
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < KEYS; i++) {
                if (round == 1 && i % 5 == 0) {
                    lab.remove("k" + i);
                } else {
                    byte[] value = new byte[random.nextInt(30_000)];
                    random.nextBytes(value);
                    lab.key("k" + i, i + round, 1_000).setEntry(StateLab.bytes("x" + round), value);
                }
                if (i % 10 == 0) {
                    lab.commit();
                }
            }
            lab.commit();
        }
    }

    /** Everything that can be read: keys by name, in both orders, and the totals. */
    private static Map<String, String> read(StateLab lab) {
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < KEYS; i++) {
            all.put("k" + i, Integer.toHexString(lab.show("k" + i).hashCode()));
        }
        all.put("first due", lab.firstDue(Long.MAX_VALUE).orElse("none"));
        all.put("low water", "" + lab.state().lowWater());
        all.put("live keys", "" + lab.state().liveKeys());
        all.put("bytes", "" + lab.state().approximateBytes());
        lab.state().rollback();
        return all;
    }

    private static String damage(Path folder, Random random) throws IOException {
        String kind = List.of("", ".sst", ".sst", ".sst", ".log", "MANIFEST").get(random.nextInt(6));
        List<Path> files = files(folder).stream()
                .filter(f -> !f.getFileName().toString().equals("LOCK"))
                .filter(f -> f.getFileName().toString().contains(kind))
                .toList();
        Path file = files.get(random.nextInt(files.size()));
        long size = Files.size(file);
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            if (size == 0 || random.nextInt(3) == 0) {
                // Most harm is done near the end, where what came last is missing.
                long cut =
                        random.nextBoolean() ? random.nextLong(size + 1) : Math.max(0, size - 1 - random.nextInt(64));
                raw.setLength(cut);
                return file.getFileName() + " of " + size + " bytes is cut to " + cut;
            }
            long at = random.nextLong(size);
            raw.seek(at);
            int octet = raw.read();
            int bit = 1 << random.nextInt(8);
            raw.seek(at);
            raw.write(octet ^ bit);
            return file.getFileName() + " of " + size + " bytes has byte " + at + " changed by " + bit;
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path file : files(from)) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    private static void delete(Path folder) throws IOException {
        for (Path file : files(folder)) {
            Files.delete(file);
        }
    }
}
