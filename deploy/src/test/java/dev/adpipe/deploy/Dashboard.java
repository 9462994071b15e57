package dev.adpipe.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A Grafana dashboard as it is provisioned. */
record Dashboard(String file, JsonNode json) {
    private static final Path FOLDER = Repository.path("deploy/monitoring/grafana/dashboards");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One expression of a panel. */
    record Query(String dashboard, String panel, String expression) {
        @Override
        public String toString() {
            return dashboard + ", " + panel + ": " + expression;
        }
    }

    static List<Dashboard> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<Dashboard> all = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                all.add(new Dashboard(file.getFileName().toString(), JSON.readTree(Files.readString(file))));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rows, panels, and the panels in collapsed rows. */
    List<JsonNode> panels() {
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode panel : json.path("panels")) {
            all.add(panel);
            panel.path("panels").forEach(all::add);
        }
        return all;
    }

    /** Panels that show something. */
    List<JsonNode> charts() {
        return panels().stream()
                .filter(panel -> !panel.path("type").asText().equals("row"))
                .toList();
    }

    List<JsonNode> variables() {
        List<JsonNode> all = new ArrayList<>();
        json.path("templating").path("list").forEach(all::add);
        return all;
    }

    List<Query> queries() {
        List<Query> all = new ArrayList<>();
        for (JsonNode panel : charts()) {
            for (JsonNode target : panel.path("targets")) {
                all.add(new Query(
                        file, panel.path("title").asText(), target.path("expr").asText()));
            }
        }
        return all;
    }
}
