package dev.adpipe.local.guarantee;

import dev.adpipe.local.guarantee.ProofPipeline.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What happens to the n-th impression: its clicks, its copies, broken records beside it; all from the seed and n, but for
 * the clock. Stateless.
 *
 * <p>Everything but what is said to be <em>open</em> reaches its raw partition less than {@code lateness} out of order, so
 * the watermark, which follows what was read of that very partition, never makes it late, whatever fails: its fate does not
 * depend on the order of arrival. Open events, whose ids begin with {@value #OPEN}, are old ones with a key of their own:
 * each may end as a row or late, but as one of them.
 */
final class Traffic {
    /** First letter of the ids of events that may be late. */
    static final String OPEN = "L";
    /** First letter of join keys that have no impression. */
    static final String ORPHAN = "N";

    private static final long HOUR = 3_600_000;

    private final long seed;
    private final long within;
    private final long skew;
    private final int disorder;
    private final int ahead;
    private final int latestCopy;

    Traffic(long seed, Times times) {
        this.seed = seed;
        this.within = times.within().toMillis();
        this.skew = times.skew().toMillis();
        this.disorder = (int) times.lateness().toMillis() * 3 / 8;
        this.ahead = (int) times.lateness().toMillis() / 2;
        this.latestCopy = (int) times.within().toMillis() * 3;
    }

    /**
     * The records of the n-th impression.
     *
     * @param now      the clock
     * @param hourFast whether the fast producer's clock is an hour ahead now, else it is by seconds
     */
    List<RawEvent> of(long n, long now, boolean hourFast) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + n);
        List<RawEvent> events = new ArrayList<>();
        String id = "i" + n;
        long seen = now + (random.nextInt(3) == 0 ? random.nextInt(disorder) : 0);
        add(
                events,
                random,
                seen,
                ProofPipeline.IMPRESSIONS,
                RawEvent.impression(id, now, "c" + n % 7, random.nextInt(1_000)));
        if (random.nextInt(100) < 35) {
            click(events, random, "k" + n, id, now, hourFast);
            if (random.nextInt(6) == 0) {
                click(events, random, "m" + n, id, now, hourFast);
            }
        }
        if (random.nextInt(1_000) < 8) {
            open(events, random, n, now);
        }
        return events;
    }

    private void click(
            List<RawEvent> events, SplittableRandom random, String id, String impression, long now, boolean hourFast) {
        long time = clickTime(random, now);
        long due = Math.max(now, time) + (random.nextInt(4) == 0 ? random.nextInt(disorder) : 0);
        String on = random.nextInt(100) < 6 ? ORPHAN + id : impression;
        if (random.nextInt(10) == 0) {
            long shown = time + (hourFast ? HOUR : ahead);
            add(events, random, due, ProofPipeline.CLICKS_AHEAD, RawEvent.click(id, on, shown));
        } else {
            add(events, random, due, ProofPipeline.CLICKS, RawEvent.click(id, on, time));
        }
    }

    /** Mostly in the window; also at its edges, just outside of them, and before the impression by a slow clock. */
    private long clickTime(SplittableRandom random, long impression) {
        int dice = random.nextInt(100);
        if (dice < 45) {
            return impression + random.nextLong(1_000);
        } else if (dice < 80) {
            return impression + random.nextLong(within);
        } else if (dice < 90) {
            return impression - random.nextLong(Math.min(skew, disorder));
        } else if (dice < 92) {
            return impression + within;
        } else if (dice < 95) {
            return impression + within + 1 + random.nextLong(1_000);
        }
        return impression - skew - 1 - random.nextLong(1_000);
    }

    private void add(List<RawEvent> events, SplittableRandom random, long due, String topic, byte[] value) {
        int partition = random.nextInt(ProofPipeline.RAW_PARTITIONS);
        events.add(new RawEvent(due, topic, partition, value));
        int dice = random.nextInt(1_000);
        if (dice < 25) {
            // A copy at once, not always in the same partition.
            events.add(new RawEvent(due, topic, random.nextInt(ProofPipeline.RAW_PARTITIONS), value));
        } else if (dice < 35) {
            // Later: its key may be dead by then.
            events.add(new RawEvent(due + random.nextInt(latestCopy), topic, partition, value));
        } else if (dice == 35) {
            events.add(new RawEvent(due, topic, partition, poison(random, value)));
        }
    }

    private static byte[] poison(SplittableRandom random, byte[] value) {
        return switch (random.nextInt(6)) {
            case 0 -> java.util.Arrays.copyOf(value, value.length / 2);
            case 1 -> RawEvent.utf8("{}");
            case 2 -> RawEvent.utf8("{\"imp_id\":\"p\",\"click_id\":\"p\",\"timestamp\":\"yesterday\"}");
            case 3 -> RawEvent.utf8("{\"click_id\":\"p\",\"timestamp\":1700000000000}");
            case 4 -> new byte[] {(byte) 0xC3, 1, 0, (byte) 0xFF};
            default -> null;
        };
    }

    /** Old by minutes, or by about as much as the watermark is behind. */
    private void open(List<RawEvent> events, SplittableRandom random, long n, long now) {
        long age = random.nextBoolean() ? HOUR / 4 : random.nextLong(5 * within);
        String id = OPEN + n;
        int partition = random.nextInt(ProofPipeline.RAW_PARTITIONS);
        if (random.nextBoolean()) {
            byte[] value = RawEvent.impression(id, now - age, "late", random.nextInt(1_000));
            events.add(new RawEvent(now, ProofPipeline.IMPRESSIONS, partition, value));
        } else {
            byte[] value = RawEvent.click(id, id, now - age);
            events.add(new RawEvent(now, ProofPipeline.CLICKS, partition, value));
        }
    }
}
