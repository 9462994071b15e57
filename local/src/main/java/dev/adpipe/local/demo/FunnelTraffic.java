package dev.adpipe.local.demo;

import dev.adpipe.local.demo.FunnelJson.Bid;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Makes auctions and what follows them, from bid request to conversion, with fates that are known when they are made. A bid
 * request offers one to four imps, a response bids for some of them.
 *
 * <p>Pure: time comes in, records go out. The same seed and the same calls give the same records. Used by one thread.
 *
 * <p>Fates are certain for the reasons that {@link Generator} gives, with the times of {@code funnel.conf}: skew 2 s,
 * lateness 4 s; windows of 5 s for bid response and impression, of 10 s for click and conversion. So a key lives for at least
 * 7 s after a bid request, 9 s after a response, 12 s after an impression, 14 s after a click. An event that is withheld, so
 * that others come before it, is a bid request or an impression, at most one of them in a chain, and comes at most 3 s after
 * the first that waits for it. What must end unmatched never has children.
 */
public final class FunnelTraffic implements Traffic {
    public static final String REQUEST = "bid-request";
    public static final String RESPONSE = "bid-response";
    public static final String IMPRESSION = "impression";
    public static final String CLICK = "click";
    public static final String CONVERSION = "conversion";

    /** The name of campaign for what no bid was made for. */
    static final String NO_BID = "no bid";

    static final long WITHIN = 10_000;
    static final long MAX_LEAD = 3_000;
    private static final long MAX_COPY_DELAY = 3_000;
    private static final long TEN_MINUTES = 600_000;

    private static final double NO_PARENT = 0.0020;
    private static final double LATE = 0.0020;
    private static final double MALFORMED = 0.0030;
    private static final double BAD_PRICE = 0.0010;
    private static final double ODD = NO_PARENT + LATE + MALFORMED + BAD_PRICE;
    private static final double COPY = 0.005;
    private static final double STALE_COPY = 0.0005;
    private static final double REQUEST_WITHHELD = 0.03;
    private static final double BID = 0.40;
    private static final double NO_BID_ANSWER = 0.50;
    private static final double WIN = 0.25;
    /** The campaigns' click rates, for large ads that are easily touched. */
    private static final double CLICK_RATES = 4;

    private static final double CLICK_FIRST = 0.10;
    private static final double SECOND_CLICK = 0.05;
    private static final double OUT_OF_WINDOW = 0.01;
    private static final double CONVERSION_OF_CLICK = 0.15;
    private static final double CONVERSION_OF_VIEW = 0.005;

    private static final List<Fate> MALFORMED_FATES = List.of(
            Fate.TRUNCATED,
            Fate.NO_KEY,
            Fate.NO_TIME,
            Fate.BAD_TIME,
            Fate.FAR_FUTURE,
            Fate.NULL_VALUE,
            Fate.TOO_LARGE,
            Fate.NO_ELEMENT_KEY,
            Fate.NO_ELEMENTS,
            Fate.SAME_ID);

    private final long start;
    private final Consumer<RawRecord> out;
    private final Random random;
    private final FunnelJson json;
    private final String idPrefix;
    private final Expected.Counter expected = new Expected.Counter();
    private final Plan plan = new Plan();
    private long numbers;

    /** An event that comes after those that wait for it; until then their rows can be lost. */
    private final class Withheld {
        private final List<Runnable> losses = new ArrayList<>();
        private boolean lost;

        void lose() {
            lost = true;
            losses.forEach(Runnable::run);
        }

        void wait(String campaign, Sums row) {
            losses.add(() -> expected.loseRow(campaign, row));
        }
    }

    /** What is known along one way from auction to conversion. */
    private record Chain(String auction, List<Withheld> withheld) {
        boolean lost() {
            return withheld.stream().anyMatch(w -> w.lost);
        }

        Chain with(Withheld more) {
            List<Withheld> all = new ArrayList<>(withheld);
            all.add(more);
            return new Chain(auction, all);
        }
    }

    /**
     * @param start when the traffic begins, milliseconds since the epoch: late events are older
     * @param out   takes each record as it is made
     */
    public FunnelTraffic(long seed, long start, Consumer<RawRecord> out) {
        this.start = start;
        this.out = out;
        this.random = new Random(seed);
        this.json = new FunnelJson(random);
        this.idPrefix = String.format(Locale.ROOT, "%08x-", random.nextInt());
    }

    @Override
    public void makeDue(long now) {
        plan.makeDue(now);
    }

    /** Makes one bid request, or something odd. */
    @Override
    public void makeNew(long now, boolean lateIsCertain) {
        double draw = random.nextDouble();
        if (draw < NO_PARENT) {
            makeOne(1 + random.nextInt(4), nextId("none-"), now, Fate.NO_PARENT);
        } else if (draw < NO_PARENT + LATE) {
            String id = nextId("old-");
            long time = start - TEN_MINUTES - random.nextInt(300_000);
            if (lateIsCertain) {
                makeOne(random.nextInt(5), id, time, Fate.LATE);
            }
        } else if (draw < NO_PARENT + LATE + MALFORMED) {
            Fate fate = MALFORMED_FATES.get(random.nextInt(MALFORMED_FATES.size()));
            emit(REQUEST, fate == Fate.NULL_VALUE ? null : json.malformed(fate, nextId("bad-"), now), fate, 1);
        } else {
            makeAuction(now - random.nextInt(100), draw < ODD);
        }
    }

    @Override
    public void finish(long now) {
        plan.finish(now);
    }

    @Override
    public Expected expected() {
        return expected.snapshot();
    }

    /** An event of one stream without the others. */
    private void makeOne(int stream, String auction, long time, Fate fate) {
        Bid bid = bid(1, Campaign.pick(random), FunnelJson.price(1_000_000));
        switch (stream) {
            case 0 -> {
                int imps = countOfImps();
                emit(REQUEST, json.request(auction, time, imps), fate, imps);
            }
            case 1 -> emit(RESPONSE, json.response(auction, time, List.of(bid)), fate, 1);
            case 2 -> emit(IMPRESSION, json.impression(auction, bid, time, bid.price()), fate, 1);
            case 3 -> emit(CLICK, json.click(nextId("clk-"), auction, 1, time), fate, 1);
            default -> emit(CONVERSION, json.conversion(nextId("cnv-"), auction, 1, time, "1.0"), fate, 1);
        }
    }

    private void makeAuction(long time, boolean badPrice) {
        Chain chain = new Chain(nextId("auc-"), List.of());
        int imps = countOfImps();
        String request = json.request(chain.auction(), time, imps);
        long answer = time + 20 + random.nextInt(100);
        if (badPrice) {
            Bid bid = bid(1, Campaign.pick(random), "\"free\"");
            emitRequest(request, time, imps);
            plan.at(
                    answer,
                    () -> emit(RESPONSE, json.response(chain.auction(), answer, List.of(bid)), Fate.BAD_PRICE, 1));
            return;
        }
        List<Long> prices = new ArrayList<>();
        List<Bid> bids = new ArrayList<>();
        for (int imp = 1; imp <= imps; imp++) {
            if (random.nextDouble() < BID) {
                long price = 200_000L + random.nextInt(5_000_000);
                prices.add(price);
                bids.add(bid(imp, Campaign.pick(random), FunnelJson.price(price)));
            }
        }
        if (bids.isEmpty()) {
            emitRequest(request, time, imps);
            if (random.nextDouble() < NO_BID_ANSWER) {
                plan.at(answer, () -> emit(RESPONSE, json.response(chain.auction(), answer, bids), Fate.NO_BID, 1));
            }
        } else if (random.nextDouble() < REQUEST_WITHHELD) {
            Withheld withheld = new Withheld();
            plan.withheldUntil(answer + lead(), () -> emitRequest(request, time, imps), withheld::lose);
            plan.at(answer, () -> makeResponse(chain.with(withheld), answer, bids, prices));
        } else {
            emitRequest(request, time, imps);
            plan.at(answer, () -> makeResponse(chain, answer, bids, prices));
        }
    }

    private void emitRequest(String text, long time, int imps) {
        for (int i = 0; i < imps; i++) {
            expected.addRow(NO_BID, Sums.of(Metric.OFFERED, 1));
        }
        write(REQUEST, text, Fate.ROW, imps);
        double draw = random.nextDouble();
        if (draw < COPY) {
            planCopy(REQUEST, text, time, imps);
        } else if (draw < COPY + STALE_COPY) {
            plan.at(time + 14_000 + random.nextInt(4_000), () -> emit(REQUEST, text, Fate.DUPLICATE_OR_LATE, imps));
        }
    }

    private void makeResponse(Chain chain, long time, List<Bid> bids, List<Long> prices) {
        if (chain.lost()) {
            return;
        }
        for (int i = 0; i < bids.size(); i++) {
            addRow(chain, bids.get(i).campaign(), Sums.one(Metric.BIDS, Metric.BID_CPM, prices.get(i)));
        }
        String text = json.response(chain.auction(), time, bids);
        write(RESPONSE, text, Fate.ROW, bids.size());
        if (random.nextDouble() < COPY) {
            planCopy(RESPONSE, text, time, bids.size());
        }
        for (int i = 0; i < bids.size(); i++) {
            if (random.nextDouble() < WIN) {
                Bid bid = bids.get(i);
                long cost = prices.get(i) * (70 + random.nextInt(31)) / 100;
                long shown = time + 200 + random.nextInt(1_800);
                plan.at(shown, () -> makeImpression(chain, bid, shown, cost));
            }
        }
    }

    private void makeImpression(Chain chain, Bid bid, long time, long cost) {
        if (chain.lost()) {
            return;
        }
        String text = json.impression(chain.auction(), bid, time, FunnelJson.price(cost));
        boolean clicked = random.nextDouble() < CLICK_RATES * bid.campaign().ctr();
        if (clicked && chain.withheld().isEmpty() && random.nextDouble() < CLICK_FIRST) {
            Withheld withheld = new Withheld();
            long clickTime = time + 200 + random.nextInt(1_300);
            plan.at(clickTime, () -> makeClick(chain.with(withheld), bid, clickTime));
            plan.withheldUntil(clickTime + lead(), () -> emitImpression(chain, bid, text, time, cost), withheld::lose);
            return;
        }
        emitImpression(chain, bid, text, time, cost);
        if (clicked) {
            long clickTime = time + Generator.clickDelay(random);
            planClick(chain, bid, clickTime);
            if (random.nextDouble() < SECOND_CLICK) {
                planClick(
                        chain, bid, Math.min(clickTime + 200 + random.nextInt(800), time + Generator.MAX_CLICK_DELAY));
            }
        } else if (random.nextDouble() < OUT_OF_WINDOW && chain.withheld().isEmpty()) {
            long clickTime = time + WITHIN + 500 + random.nextInt(1_000);
            plan.at(
                    clickTime,
                    () -> emit(
                            CLICK,
                            json.click(nextId("clk-"), chain.auction(), bid.imp(), clickTime),
                            Fate.OUT_OF_WINDOW,
                            1));
        } else if (random.nextDouble() < CONVERSION_OF_VIEW) {
            planConversion(chain, bid, time + Generator.clickDelay(random));
        }
    }

    private void emitImpression(Chain chain, Bid bid, String text, long time, long cost) {
        addRow(chain, bid.campaign(), Sums.one(Metric.IMPRESSIONS, Metric.SPEND_CPM, cost));
        write(IMPRESSION, text, Fate.ROW, 1);
        if (random.nextDouble() < COPY) {
            planCopy(IMPRESSION, text, time, 1);
        }
    }

    private void planClick(Chain chain, Bid bid, long time) {
        plan.at(time, () -> makeClick(chain, bid, time));
    }

    private void makeClick(Chain chain, Bid bid, long time) {
        if (chain.lost()) {
            return;
        }
        addRow(chain, bid.campaign(), Sums.of(Metric.CLICKS, 1));
        String text = json.click(nextId("clk-"), chain.auction(), bid.imp(), time);
        write(CLICK, text, Fate.ROW, 1);
        if (random.nextDouble() < COPY) {
            planCopy(CLICK, text, time, 1);
        }
        if (random.nextDouble() < CONVERSION_OF_CLICK) {
            planConversion(chain, bid, time + Generator.clickDelay(random));
        }
    }

    private void planConversion(Chain chain, Bid bid, long time) {
        plan.at(time, () -> {
            if (!chain.lost()) {
                long earned = 5_000_000L + random.nextInt(90_000_000);
                addRow(chain, bid.campaign(), Sums.one(Metric.CONVERSIONS, Metric.REVENUE, earned));
                String text =
                        json.conversion(nextId("cnv-"), chain.auction(), bid.imp(), time, FunnelJson.price(earned));
                write(CONVERSION, text, Fate.ROW, 1);
            }
        });
    }

    private void planCopy(String stream, String text, long time, int events) {
        plan.at(time + random.nextInt((int) MAX_COPY_DELAY), () -> emit(stream, text, Fate.DUPLICATE, events));
    }

    private void addRow(Chain chain, Campaign campaign, Sums row) {
        expected.addRow(campaign.name(), row);
        chain.withheld().forEach(w -> w.wait(campaign.name(), row));
    }

    private void emit(String stream, String text, Fate fate, int events) {
        expected.count(fate, events);
        write(stream, text, fate, events);
    }

    private void write(String stream, String text, Fate fate, int events) {
        expected.countRecord();
        int counted = fate == Fate.NO_BID ? 0 : events;
        out.accept(new RawRecord(stream, text == null ? null : EventJson.bytes(text), fate, counted));
    }

    private Bid bid(int imp, Campaign campaign, String price) {
        return new Bid(nextId("bid-"), imp, campaign, price);
    }

    private long lead() {
        return 200L + random.nextInt((int) MAX_LEAD - 200);
    }

    private int countOfImps() {
        int draw = random.nextInt(20);
        return draw < 10 ? 1 : draw < 16 ? 2 : draw < 19 ? 3 : 4;
    }

    private String nextId(String kind) {
        return kind + idPrefix + numbers++;
    }
}
