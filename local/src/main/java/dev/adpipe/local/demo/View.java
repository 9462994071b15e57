package dev.adpipe.local.demo;

import dev.adpipe.runtime.Books;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns what the demo sees into lines of text. Pure. */
final class View {
    private View() {}

    /**
     * The whole screen.
     *
     * @param caption of the table of campaigns: where it is from; may be empty
     */
    static List<String> screen(
            String title,
            long seconds,
            long made,
            List<StageLine> stages,
            Optional<String> caption,
            Map<String, Sums> campaigns,
            List<Column> columns) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%s   %d s, %,d events made", title, seconds, made));
        lines.add("");
        lines.addAll(stages(stages));
        lines.add("");
        caption.ifPresent(lines::add);
        lines.addAll(campaigns(campaigns, columns));
        return lines;
    }

    /** One line for all, where there is no screen to redraw. */
    static String line(
            long seconds, long made, List<StageLine> stages, Map<String, Sums> campaigns, List<Column> columns) {
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
        Sums all = Sums.all(campaigns);
        text.append("  rows: ")
                .append(columns.stream()
                        .filter(column -> !(column instanceof Column.Money))
                        .map(column -> column instanceof Column.Rate
                                ? column.title() + " " + column.cell(all)
                                : column.cell(all) + " " + column.title())
                        .collect(Collectors.joining(", ")));
        return text.toString();
    }

    /** Where the table of campaigns is from, where there is a Druid. */
    static String caption(boolean ready, Map<String, Sums> druid, long rows) {
        if (!ready) {
            return "Druid is starting; meanwhile, from the topic of the rows:";
        }
        long there = Sums.all(druid).rows();
        return there == 0
                ? "Druid is up, and waits for its first row; meanwhile, from their topic:"
                : String.format(
                        Locale.ROOT, "From Druid, by SQL; it has %,d of %,d rows:", there, Math.max(there, rows));
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

    static List<String> campaigns(Map<String, Sums> campaigns, List<Column> columns) {
        Table table = new Table();
        table.line(row("campaign", columns, Column::title));
        new TreeMap<>(campaigns).forEach((name, sums) -> table.line(row(name, columns, column -> column.cell(sums))));
        Sums total = Sums.all(campaigns);
        table.line(row("all", columns, column -> column.cell(total)));
        return table.render();
    }

    private static Object[] row(String name, List<Column> columns, Function<Column, String> cell) {
        return Stream.concat(Stream.of(name), columns.stream().map(cell)).toArray();
    }
}
