package dev.adpipe.local.demo;

import java.util.List;
import java.util.function.Consumer;

/**
 * What a demo shows.
 *
 * @param template the definition's name among the resources
 * @param streams  that its records are of
 * @param rate     new things per second, those of {@link Traffic#makeNew}, if nobody says otherwise
 * @param maker    makes its traffic
 * @param columns  in which its rows are added up by campaign
 */
record Scenario(String template, List<String> streams, int rate, TrafficMaker maker, List<Column> columns) {
    /** Impressions and clicks. */
    static final Scenario CLICKS = new Scenario(
            "demo.conf",
            List.of("impression", "click"),
            2_000,
            Generator::new,
            List.of(
                    new Column.Count(Metric.IMPRESSIONS),
                    new Column.Count(Metric.CLICKS),
                    new Column.Rate("CTR", Metric.CLICKS, Metric.IMPRESSIONS),
                    new Column.Money("spend", Metric.SPEND, 1)));

    /** From bid request to conversion. */
    static final Scenario FUNNEL = new Scenario(
            "funnel.conf",
            List.of(
                    FunnelTraffic.REQUEST,
                    FunnelTraffic.RESPONSE,
                    FunnelTraffic.IMPRESSION,
                    FunnelTraffic.CLICK,
                    FunnelTraffic.CONVERSION),
            1_000,
            FunnelTraffic::new,
            List.of(
                    new Column.Count(Metric.OFFERED),
                    new Column.Count(Metric.BIDS),
                    new Column.Rate("bid rate", Metric.BIDS, Metric.OFFERED),
                    new Column.Count(Metric.IMPRESSIONS),
                    new Column.Rate("win rate", Metric.IMPRESSIONS, Metric.BIDS),
                    new Column.Count(Metric.CLICKS),
                    new Column.Rate("CTR", Metric.CLICKS, Metric.IMPRESSIONS),
                    new Column.Count(Metric.CONVERSIONS),
                    new Column.Money("spend", Metric.SPEND_CPM, 1_000),
                    new Column.Money("revenue", Metric.REVENUE, 1)));

    Scenario {
        streams = List.copyOf(streams);
        columns = List.copyOf(columns);
    }

    /** Makes a scenario's traffic. */
    @FunctionalInterface
    interface TrafficMaker {
        /**
         * @param start when the demo began: late events are older
         * @param out   takes each record as it is made
         */
        Traffic make(long seed, long start, Consumer<RawRecord> out);
    }
}
