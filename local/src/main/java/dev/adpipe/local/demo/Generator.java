package dev.adpipe.local.demo;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Makes impressions and clicks whose fate is known when they are made.
 *
 * <p>Pure: time comes in, records go out. The same seed and the same calls give the same records. Used by one thread.
 *
 * <p>Why fates are certain, with the times of {@code demo.conf}. The watermark W only follows event times that shuffle
 * has sent, over all raw partitions that it is not done with, so however slow the jobs are, when the join sees an event,
 * W is at most (clock when the event was appended to its raw partition) − lateness:
 *
 * <ul>
 *   <li>An impression lives until W passes its time + 12 s. A click comes at most 8 s after it, when W is at most at its
 *       time + 4 s; a copy comes at most 3 s after the event.
 *   <li>A click that comes before its impression is held until W passes its time + 2 s. Its impression comes at most 3 s
 *       later, when W is at most at the click's time − 1 s.
 *   <li>A click outside its window comes 10.5 to 11.5 s after its impression, when W is at most at the impression's time
 *       + 7.5 s, so the impression still lives: {@code out-of-window}, not {@code no-parent}.
 *   <li>A late event is ten minutes older than the demo. It is made only when {@code lateIsCertain}, that is when the
 *       watermark is known to have started (see {@link WatermarkStart}).
 *   <li>A copy that comes 14 to 18 s after an impression is a duplicate if the impression's key still lives, else late:
 *       {@link Fate#DUPLICATE_OR_LATE}.
 * </ul>
 *
 * So there are {@value #MARGIN} ms or more for the time between making a record and its append. An event that is due but was
 * held up for long is not made at all (see {@link Plan}), for its fate would not be certain; if it is the impression
 * that a click waits for, the click's fate becomes {@link Fate#NO_PARENT}.
 */
final class Generator implements Traffic {
    /** What is left of every margin above after the slack: a record must be appended so soon after it was made. */
    static final long MARGIN = 2_000;

    static final long WITHIN = 10_000;
    static final long MAX_CLICK_DELAY = 8_000;
    static final long MAX_LEAD = 3_000;
    private static final long MAX_COPY_DELAY = 3_000;
    private static final long TEN_MINUTES = 600_000;

    private static final String IMPRESSION = "impression";
    private static final String CLICK = "click";
    private static final Sums ONE_CLICK = Sums.of(Metric.CLICKS, 1);

    private static final double NO_PARENT = 0.0010;
    private static final double LATE = 0.0010;
    private static final double MALFORMED = 0.0015;
    private static final double BAD_PRICE = 0.0005;
    private static final double ODD = NO_PARENT + LATE + MALFORMED + BAD_PRICE;
    private static final double OUT_OF_WINDOW = 0.0010;
    private static final double COPY = 0.005;
    private static final double STALE_COPY = 0.0005;
    private static final double CLICK_FIRST = 0.10;
    private static final double SECOND_CLICK = 0.05;

    private static final List<Fate> MALFORMED_FATES = List.of(
            Fate.TRUNCATED,
            Fate.NO_KEY,
            Fate.EMPTY_KEY,
            Fate.NO_TIME,
            Fate.BAD_TIME,
            Fate.FAR_FUTURE,
            Fate.NULL_VALUE,
            Fate.TOO_LARGE);

    private final long start;
    private final Consumer<RawRecord> out;
    private final Random random;
    private final EventJson json;
    private final String idPrefix;
    private final Expected.Counter expected = new Expected.Counter();
    private final Plan plan = new Plan();
    private long numbers;

    /**
     * @param start when the demo began: late events are older
     * @param out   takes each record as it is made
     */
    Generator(long seed, long start, Consumer<RawRecord> out) {
        this.start = start;
        this.out = out;
        this.random = new Random(seed);
        this.json = new EventJson(random);
        this.idPrefix = String.format(Locale.ROOT, "%08x-", random.nextInt());
    }

    /** Makes what has become due: clicks, copies, impressions that were held back. */
    @Override
    public void makeDue(long now) {
        plan.makeDue(now);
    }

    /** Makes one new event, and plans what follows it; a late one is left out unless it is sure to be late. */
    @Override
    public void makeNew(long now, boolean lateIsCertain) {
        double draw = random.nextDouble();
        if (draw < NO_PARENT) {
            emit(CLICK, click(nextId("none-"), now), Fate.NO_PARENT);
        } else if (draw < NO_PARENT + LATE) {
            makeLate(lateIsCertain);
        } else if (draw < NO_PARENT + LATE + MALFORMED) {
            Fate fate = MALFORMED_FATES.get(random.nextInt(MALFORMED_FATES.size()));
            makeMalformed(fate, now);
        } else if (draw < ODD) {
            emit(IMPRESSION, json.impression(nextId("imp-"), now, pickCampaign(), "\"free\""), Fate.BAD_PRICE);
        } else {
            makeImpression(now - random.nextInt(100));
        }
    }

    /** Makes the impressions that clicks already made wait for, and forgets the rest of the plan. */
    @Override
    public void finish(long now) {
        plan.finish(now);
    }

    @Override
    public Expected expected() {
        return expected.snapshot();
    }

    private void makeImpression(long time) {
        Campaign campaign = pickCampaign();
        long price = 200L + random.nextInt(5_000);
        String id = nextId("imp-");
        if (random.nextDouble() < campaign.ctr()) {
            if (random.nextDouble() < CLICK_FIRST) {
                makeClickFirst(id, time, campaign, price);
                return;
            }
            planClicks(id, time, campaign);
        } else if (random.nextDouble() < OUT_OF_WINDOW) {
            long clickTime = time + WITHIN + 500 + random.nextInt(1_000);
            plan.at(clickTime, () -> emit(CLICK, click(id, clickTime), Fate.OUT_OF_WINDOW));
        }
        String text = json.impression(id, time, campaign, json.price(price));
        emitImpression(text, campaign, price);
        planCopies(text, time);
    }

    private void emitImpression(String text, Campaign campaign, long price) {
        expected.addRow(campaign.name(), Sums.one(Metric.IMPRESSIONS, Metric.SPEND, price));
        write(IMPRESSION, text, Fate.ROW);
    }

    private void emitClick(String text, Campaign campaign) {
        expected.addRow(campaign.name(), ONE_CLICK);
        write(CLICK, text, Fate.ROW);
    }

    /** The click comes at once, the impression a while after it; both carry the times at which they happened. */
    private void makeClickFirst(String id, long clickTime, Campaign campaign, long price) {
        long time = clickTime - 200 - random.nextInt(1_300);
        String impression = json.impression(id, time, campaign, json.price(price));
        emitClick(click(id, clickTime), campaign);
        long at = clickTime + 200 + random.nextInt((int) MAX_LEAD - 200);
        plan.withheldUntil(
                at,
                () -> emitImpression(impression, campaign, price),
                () -> expected.loseRow(campaign.name(), ONE_CLICK));
    }

    private void planClicks(String id, long time, Campaign campaign) {
        long clickTime = time + clickDelay(random);
        planClick(id, clickTime, campaign);
        if (random.nextDouble() < SECOND_CLICK) {
            planClick(id, Math.min(clickTime + 200 + random.nextInt(800), time + MAX_CLICK_DELAY), campaign);
        }
    }

    private void planClick(String id, long clickTime, Campaign campaign) {
        String text = click(id, clickTime);
        plan.at(clickTime, () -> {
            emitClick(text, campaign);
            if (random.nextDouble() < COPY) {
                planCopy(CLICK, text, clickTime + random.nextInt((int) MAX_COPY_DELAY), Fate.DUPLICATE);
            }
        });
    }

    private void planCopies(String text, long time) {
        double draw = random.nextDouble();
        if (draw < COPY) {
            planCopy(IMPRESSION, text, time + random.nextInt((int) MAX_COPY_DELAY), Fate.DUPLICATE);
        } else if (draw < COPY + STALE_COPY) {
            planCopy(IMPRESSION, text, time + 14_000 + random.nextInt(4_000), Fate.DUPLICATE_OR_LATE);
        }
    }

    private void planCopy(String stream, String text, long at, Fate fate) {
        plan.at(at, () -> emit(stream, text, fate));
    }

    /** Log-normal with its median at 1.5 s, and a long tail that is cut where the window's certainty ends. */
    static long clickDelay(Random random) {
        double delay;
        do {
            delay = 1_500 * Math.exp(random.nextGaussian());
        } while (delay > MAX_CLICK_DELAY);
        return (long) delay;
    }

    private void makeLate(boolean lateIsCertain) {
        boolean click = random.nextInt(3) == 0;
        long time = start - TEN_MINUTES - random.nextInt(300_000);
        String id = nextId("old-");
        String text = click ? click(id, time) : json.impression(id, time, pickCampaign(), json.price(1_000));
        if (lateIsCertain) {
            emit(click ? CLICK : IMPRESSION, text, Fate.LATE);
        }
    }

    private void makeMalformed(Fate fate, long now) {
        String text = fate == Fate.NULL_VALUE ? null : json.malformed(fate, nextId("bad-"), now, pickCampaign());
        emit(IMPRESSION, text, fate);
    }

    private void emit(String stream, String text, Fate fate) {
        expected.count(fate, 1);
        write(stream, text, fate);
    }

    private void write(String stream, String text, Fate fate) {
        expected.countRecord();
        out.accept(new RawRecord(stream, text == null ? null : EventJson.bytes(text), fate, 1));
    }

    private String click(String impressionId, long time) {
        return json.click(nextId("clk-"), impressionId, time);
    }

    private String nextId(String kind) {
        return kind + idPrefix + numbers++;
    }

    private Campaign pickCampaign() {
        return Campaign.pick(random);
    }
}
