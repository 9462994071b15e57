package dev.adpipe.local.demo;

import dev.adpipe.local.demo.Outcome.TopicCounts;
import dev.adpipe.runtime.Books;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns what the demo sees into lines of text. Pure. */
final class View {
    private View() {}

    /** The whole screen. */
    static List<String> screen(
            String title, long seconds, long made, List<StageLine> stages, TopicCounts topics, List<Column> columns) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%s   %d s, %,d events made", title, seconds, made));
        lines.add("");
        lines.addAll(stages(stages));
        lines.add("");
        lines.addAll(campaigns(topics, columns));
        return lines;
    }

    /** One line for all, where there is no screen to redraw. */
    static String line(long seconds, long made, List<StageLine> stages, TopicCounts topics, List<Column> columns) {
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
        Sums all = topics.campaigns().values().stream().reduce(Sums.NONE, Sums::plus);
        text.append("  rows: ")
                .append(columns.stream()
                        .filter(column -> !(column instanceof Column.Money))
                        .map(column -> column instanceof Column.Rate
                                ? column.title() + " " + column.cell(all)
                                : column.cell(all) + " " + column.title())
                        .collect(Collectors.joining(", ")));
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

    static List<String> campaigns(TopicCounts topics, List<Column> columns) {
        Table table = new Table();
        table.line(row("campaign", columns, Column::title));
        Sums all = Sums.NONE;
        for (var campaign : new TreeMap<>(topics.campaigns()).entrySet()) {
            Sums sums = campaign.getValue();
            table.line(row(campaign.getKey(), columns, column -> column.cell(sums)));
            all = all.plus(sums);
        }
        Sums total = all;
        table.line(row("all", columns, column -> column.cell(total)));
        return table.render();
    }

    private static Object[] row(String name, List<Column> columns, Function<Column, String> cell) {
        return Stream.concat(Stream.of(name), columns.stream().map(cell)).toArray();
    }
}
