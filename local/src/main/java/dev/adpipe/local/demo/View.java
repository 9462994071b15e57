package dev.adpipe.local.demo;

import dev.adpipe.local.demo.Outcome.TopicCounts;
import dev.adpipe.runtime.Books;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Turns what the demo sees into lines of text. Pure. */
final class View {
    private View() {}

    /** The whole screen. */
    static List<String> screen(String title, long seconds, long made, List<StageLine> stages, TopicCounts topics) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%s   %d s, %,d events made", title, seconds, made));
        lines.add("");
        lines.addAll(stages(stages));
        lines.add("");
        lines.addAll(campaigns(topics));
        return lines;
    }

    /** One line for all, where there is no screen to redraw. */
    static String line(long seconds, long made, List<StageLine> stages, TopicCounts topics) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%4d s  made %,d", seconds, made));
        for (StageLine s : stages) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %s %,.0f/s behind %,d (%.1f s)",
                    s.stage(),
                    s.recordsPerSecond(),
                    s.backlogRecords(),
                    s.backlogSeconds()));
        }
        CampaignTotals all = topics.campaigns().values().stream().reduce(CampaignTotals.NONE, CampaignTotals::plus);
        text.append(String.format(
                Locale.ROOT,
                "  rows: %,d impressions, %,d clicks, CTR %s",
                all.impressions(),
                all.clicks(),
                percent(all.ctr())));
        return text.toString();
    }

    static List<String> stages(List<StageLine> stages) {
        Table table = new Table()
                .line("stage", "per s", "backlog", "seconds", "emitted", "duplicate", "unmatched", "dead", "held");
        for (StageLine s : stages) {
            Books b = s.books();
            table.line(
                    s.stage(),
                    String.format(Locale.ROOT, "%,.0f", s.recordsPerSecond()),
                    s.backlogRecords(),
                    String.format(Locale.ROOT, "%.1f", s.backlogSeconds()),
                    b.emitted(),
                    b.duplicate(),
                    b.unmatched(),
                    b.deadLettered(),
                    b.held());
        }
        return table.render();
    }

    static List<String> campaigns(TopicCounts topics) {
        Table table = new Table().line("campaign", "impressions", "clicks", "CTR", "spend");
        CampaignTotals all = CampaignTotals.NONE;
        for (var campaign : new TreeMap<>(topics.campaigns()).entrySet()) {
            addCampaign(table, campaign.getKey(), campaign.getValue());
            all = all.plus(campaign.getValue());
        }
        addCampaign(table, "all", all);
        return table.render();
    }

    private static void addCampaign(Table table, String name, CampaignTotals totals) {
        table.line(
                name,
                totals.impressions(),
                totals.clicks(),
                percent(totals.ctr()),
                String.format(Locale.ROOT, "%,.2f", totals.spend()));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }
}
