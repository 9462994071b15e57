package dev.adpipe.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that is filled from nothing by many batches, with keys that are changed, die and are born again among them. */
class BulkRestoreTest {
    private static final int TRANSACTIONS = 100;
    private static final int KEYS = 4_000;

    @TempDir
    private Path dir;

    private StateLab lab;
    private Map<String, String> expected;
    private long lowWater;

    @BeforeEach
    void fill() {
        long seed = System.nanoTime();
        System.out.println("BulkRestoreTest seed " + seed);
        Random random = new Random(seed);
        lab = new StateLab(dir);
        for (int now = 1; now <= TRANSACTIONS; now++) {
            while (lab.firstDue(now).isPresent()) {
                KeyState dead = lab.state().firstDue(now).orElseThrow();
                lab.state().advanceCursor(dead.due(), dead.key());
                lab.state().remove(dead);
            }
            for (int n = 0; n < 120; n++) {
                int deadline = now + 1 + random.nextInt(60);
                String name = "k" + random.nextInt(KEYS);
                if (lab.state().get(StateLab.bytes(name)).isPresent()) {
                    KeyState live = lab.state().get(StateLab.bytes(name)).orElseThrow();
                    live.setEntry(StateLab.bytes("more"), noise(random));
                } else {
                    lab.key(name, deadline, deadline).setEntry(StateLab.bytes("first"), noise(random));
                }
            }
            lab.commit();
        }
        expected = shown();
        lowWater = lab.state().lowWater();
        assertThat(expected).hasSizeGreaterThan(1_000);
        assertThat(lab.log()).hasSizeGreaterThan(10_000);
    }

    private static byte[] noise(Random random) {
        byte[] noise = new byte[1_000];
        random.nextBytes(noise);
        return noise;
    }

    private Map<String, String> shown() {
        Map<String, String> all = new TreeMap<>();
        for (int n = 0; n < KEYS; n++) {
            String text = lab.show("k" + n);
            if (!text.equals("dead")) {
                all.put("k" + n, text);
            }
        }
        assertThat(lab.state().liveKeys()).isEqualTo(all.size());
        return all;
    }

    @Test
    void isTheStateThatWasWritten() {
        lab.rebuild();
        assertThat(shown()).isEqualTo(expected);
        assertThat(lab.state().lowWater()).isEqualTo(lowWater);
        // and what comes after it is not lost either
        lab.key("after", 1_000, 1_000, "a=1");
        lab.commit();
        lab.reopen();
        assertThat(lab.show("after")).contains("a=1");
        assertThat(lab.state().liveKeys()).isEqualTo(expected.size() + 1);
        lab.close();
    }

    @Test
    void killedInTheMiddleItGoesOnFromAnEarlierPoint() {
        lab.lose();
        lab.restoreAndDie(lab.log().size() - 500);
        long position = lab.state().position();
        assertThat(position).as("something was on the disk").isPositive();
        assertThat(position).isLessThan(lab.log().get(lab.log().size() - 500).offset());
        lab.restore(Integer.MAX_VALUE);
        assertThat(shown()).isEqualTo(expected);
        assertThat(lab.state().lowWater()).isEqualTo(lowWater);
        lab.close();
    }
}
