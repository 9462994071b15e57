package dev.adpipe.local.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines of aligned columns: the first to the left, all others to the right. Used by one thread. */
final class Table {
    private final List<List<String>> lines = new ArrayList<>();

    Table line(Object... cells) {
        List<String> line = new ArrayList<>();
        for (Object cell : cells) {
            line.add(cell instanceof Long n ? String.format(Locale.ROOT, "%,d", n) : String.valueOf(cell));
        }
        lines.add(line);
        return this;
    }

    List<String> render() {
        List<Integer> widths = new ArrayList<>();
        for (List<String> line : lines) {
            for (int i = 0; i < line.size(); i++) {
                if (i == widths.size()) {
                    widths.add(0);
                }
                widths.set(i, Math.max(widths.get(i), line.get(i).length()));
            }
        }
        return lines.stream().map(line -> render(line, widths)).toList();
    }

    private static String render(List<String> line, List<Integer> widths) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < line.size(); i++) {
            String padding = " ".repeat(widths.get(i) - line.get(i).length());
            text.append("  ");
            text.append(i == 0 ? line.get(i) + padding : padding + line.get(i));
        }
        return text.toString().stripTrailing();
    }
}
