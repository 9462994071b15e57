package dev.adpipe.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.runtime.Books;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ViewTest {
    private static final List<StageLine> STAGES = List.of(
            new StageLine("shuffle", 2013.4, 120, 0.31, Books.parse("in:9,emitted:12000,d.malformed:18")),
            new StageLine("join", 1990, 0, 0, Books.parse("in:9,emitted:11800,duplicate:60,held:7,u.late:12")));
    private static final Map<String, Sums> CAMPAIGNS =
            Map.of("City bikes", sums(4_000, 24, 12_345_678), "Spring shoes", sums(7_700, 76, 1_004_322));

    @Test
    void showsStagesAndCampaigns() {
        assertThat(String.join(
                        "\n",
                        View.screen(
                                "adpipe demo",
                                6,
                                12_345,
                                STAGES,
                                Optional.of(View.caption(true, CAMPAIGNS, 11_900)),
                                CAMPAIGNS,
                                Scenario.CLICKS.columns())))
                .isEqualTo("""
                    adpipe demo   6 s, 12,345 events made

                      stage    per s  backlog  seconds  emitted  duplicate  unmatched  dead  held
                      shuffle  2,013      120      0.3   12,000          0          0    18     0
                      join     1,990        0      0.0   11,800         60         12     0     7

                    From Druid, by SQL; it has 11,800 of 11,900 rows:
                      campaign      impressions  clicks     CTR  spend
                      City bikes          4,000      24  0.60 %  12.35
                      Spring shoes        7,700      76  0.99 %   1.00
                      all                11,700     100  0.85 %  13.35\
                    """);
    }

    @Test
    void hasALineForLogs() {
        assertThat(View.line(6, 12_345, STAGES, CAMPAIGNS, Scenario.CLICKS.columns()))
                .isEqualTo("   6 s  made 12,345  shuffle 2,013/s behind 120 (0.3 s)  join 1,990/s behind 0 (0.0 s)"
                        + "  rows: 11,700 impressions, 100 clicks, CTR 0.85 %");
    }

    @Test
    void isEmptyButWholeBeforeTheFirstRow() {
        assertThat(View.campaigns(Map.of(), Scenario.CLICKS.columns()))
                .containsExactly(
                        "  campaign  impressions  clicks  CTR  spend", "  all                 0       0    -   0.00");
    }

    /** Until Druid has rows, their topic tells. */
    @Test
    void saysWhereTheTableIsFrom() {
        assertThat(View.caption(false, Map.of(), 5)).contains("Druid is starting", "the topic");
        assertThat(View.caption(true, Map.of(), 5)).contains("waits for its first row", "their topic");
    }

    @Test
    void showsAFunnel() {
        Sums bikes = new Sums(Map.of(
                Metric.BIDS,
                400L,
                Metric.IMPRESSIONS,
                100L,
                Metric.CLICKS,
                2L,
                Metric.CONVERSIONS,
                1L,
                Metric.SPEND_CPM,
                250_000_000L,
                Metric.REVENUE,
                49_900_000L));
        Map<String, Sums> campaigns = Map.of("no bid", Sums.of(Metric.OFFERED, 1_000), "City bikes", bikes);
        assertThat(View.campaigns(campaigns, Scenario.FUNNEL.columns()))
                .last()
                .isEqualTo("  all           1,000   400   40.00 %          100   25.00 %       2  2.00 %            1  "
                        + " 0.25    49.90");
    }

    @Test
    void theScreenIsDrawnOver() {
        StringWriter text = new StringWriter();
        Screen screen = new Screen(new PrintWriter(text));
        screen.draw(List.of("a"));
        screen.draw(List.of("b"));
        assertThat(text.toString())
                .isEqualTo(
                        "\u001b[?7l\u001b[2J\u001b[Ha\u001b[K\n\u001b[J\u001b[?7h\u001b[?7l\u001b[Hb\u001b[K\n\u001b[J\u001b[?7h");
    }

    private static Sums sums(long impressions, long clicks, long spend) {
        return new Sums(Map.of(Metric.IMPRESSIONS, impressions, Metric.CLICKS, clicks, Metric.SPEND, spend));
    }
}
