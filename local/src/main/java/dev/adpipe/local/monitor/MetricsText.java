package dev.adpipe.local.monitor;

import dev.adpipe.local.StageStatus;
import dev.adpipe.local.StageStatus.PartitionBacklog;
import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.CommitMetadata;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last looks in Prometheus' text format; {@code docs/metrics.md} is the catalogue. All values come from Kafka, so this
 * needs no registry: a restarted monitor goes on with the same counts. Used by one thread.
 */
final class MetricsText {
    private static final List<String> STATES =
            List.of("Stable", "PreparingRebalance", "CompletingRebalance", "Empty", "Dead", "Unused");

    private final Map<String, StringBuilder> families = new LinkedHashMap<>();

    static String of(List<PipelineWatch> watches) {
        MetricsText text = new MetricsText();
        watches.forEach(text::add);
        return String.join("", text.families.values());
    }

    private void add(PipelineWatch watch) {
        Look look = watch.last();
        String labels = label("customer", watch.definition().customer())
                + ","
                + label("pipeline", watch.definition().name());
        gauge(
                "up",
                "1 if the last look at Kafka succeeded",
                labels,
                look.error().isEmpty() ? 1 : 0);
        if (look.at() == 0) {
            return;
        }
        gauge("last_look_timestamp_seconds", "last successful look, since the epoch", labels, look.at() / 1e3);
        look.endToEnd()
                .ifPresent(delay ->
                        gauge("end_to_end_delay_seconds", "how long an event takes to become a row", labels, delay));
        look.stages().forEach(stage -> add(stage, labels + "," + label("stage", stage.stage())));
        look.containers()
                .forEach((stage, n) -> sample(
                        "adpipe_recommended_containers",
                        "gauge",
                        "how many containers the stage should have",
                        labels + "," + label("stage", stage),
                        n));
    }

    private void add(StageStatus stage, String labels) {
        for (PartitionBacklog backlog : stage.partitions()) {
            String of = labels + "," + label("topic", backlog.partition().topic()) + ","
                    + label("partition", Integer.toString(backlog.partition().partition()));
            gauge("backlog_records", "visible records that the stage has not committed", of, backlog.records());
            gauge(
                    "backlog_seconds",
                    "now - append time of the next record that the stage has not committed",
                    of,
                    backlog.time().toMillis() / 1e3);
        }
        gauge(
                "group_members",
                "members of the stage's group",
                labels,
                stage.members().size());
        for (String state : STATES) {
            String of = labels + "," + label("state", state);
            gauge("group_state", "1 for the state that the group is in", of, isIn(stage, state) ? 1 : 0);
        }
        gauge("partitions_without_offset", "input partitions without an offset", labels, stage.withoutOffset());
        gauge(
                "restore_remaining_records",
                "changelog offsets still to be read",
                labels,
                stage.restoring().values().stream()
                        .mapToLong(CommitMetadata.Restore::remaining)
                        .sum());
        books(stage.books(), labels);
    }

    private static boolean isIn(StageStatus stage, String state) {
        return stage.state().equalsIgnoreCase(state);
    }

    private void books(Books books, String labels) {
        String help = "the stage's books, as committed";
        counter("records_consumed_total", help, labels, books.in());
        counter("records_emitted_total", help, labels, books.emitted());
        counter("records_duplicate_total", help, labels, books.duplicate());
        books.unmatchedByReason()
                .forEach((reason, n) ->
                        counter("records_unmatched_total", help, labels + "," + label("reason", reason), n));
        books.deadLetteredByReason()
                .forEach((reason, n) ->
                        counter("records_dead_letter_total", help, labels + "," + label("reason", reason), n));
        gauge("records_added", help, labels, books.added());
        gauge("records_held", help, labels, books.held());
        gauge("books_imbalance", "what the books are off by", labels, books.imbalance());
    }

    private void gauge(String name, String help, String labels, long value) {
        gauge(name, help, labels, (double) value);
    }

    private void gauge(String name, String help, String labels, double value) {
        sample("adpipe_monitor_" + name, "gauge", help, labels, value);
    }

    private void counter(String name, String help, String labels, long value) {
        counter(name, help, labels, (double) value);
    }

    private void counter(String name, String help, String labels, double value) {
        sample("adpipe_monitor_" + name, "counter", help, labels, value);
    }

    private void sample(String full, String type, String help, String labels, double value) {
        families.computeIfAbsent(
                        full, f -> new StringBuilder("# HELP " + f + " " + help + "\n# TYPE " + f + " " + type + "\n"))
                .append(full)
                .append('{')
                .append(labels)
                .append("} ")
                .append(value)
                .append('\n');
    }

    private static String label(String name, String value) {
        return name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
