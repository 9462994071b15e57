package dev.adpipe.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The columns of a lookup file, by its first line: a CSV header, or the fields of the first JSON object. */
final class LookupColumns {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LookupColumns() {}

    static List<String> of(Path file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String line = reader.readLine();
            if (line == null || line.isBlank()) {
                throw new IOException("the first line is empty");
            }
            String header = line.startsWith("\uFEFF") ? line.substring(1) : line;
            return header.strip().startsWith("{") ? fields(header) : csv(header);
        }
    }

    private static List<String> fields(String line) throws IOException {
        List<String> names = new ArrayList<>();
        JsonNode node = JSON.readTree(line);
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** RFC 4180: a cell may be quoted, and a quote in it doubled. */
    private static List<String> csv(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                cell.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }
}
