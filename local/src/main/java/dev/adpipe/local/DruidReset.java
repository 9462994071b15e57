package dev.adpipe.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.adpipe.local.supervisor.Supervisor;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * Moves the offsets at which Druid reads the rows: says of each partition what that loses or repeats, asks, and sends them.
 * Used by one thread.
 */
final class DruidReset {
    private final PipelineDefinition definition;
    private final Supervisor supervisor;
    private final Admin admin;
    private final Consumer<String> report;
    private final BooleanSupplier confirmed;

    /**
     * @param report    gets what is found and done, line by line
     * @param confirmed asks whether to go on
     */
    DruidReset(
            PipelineDefinition definition,
            Supervisor supervisor,
            Admin admin,
            Consumer<String> report,
            BooleanSupplier confirmed) {
        this.definition = definition;
        this.supervisor = supervisor;
        this.admin = admin;
        this.report = report;
        this.confirmed = confirmed;
    }

    /** One partition's log, and up to where Druid has published it, if it says so. */
    private record Place(TopicPartition partition, long start, long end, Optional<Long> published) {
        boolean isOutside() {
            return published.filter(p -> p < start || p > end).isPresent();
        }
    }

    /**
     * @param to where every partition goes on; empty: those that Druid cannot go on with go on at their log's start
     * @throws CommandException refused, or not confirmed: nothing was changed
     */
    void run(Optional<ResetTarget> to) {
        List<Place> places = places();
        Map<Integer, Long> next = new TreeMap<>();
        for (Place place : places) {
            if (to.isPresent() || place.isOutside()) {
                long offset = to.map(t -> t.offset(admin, place.partition(), place.start(), place.end()))
                        .orElse(place.start());
                effects(place, offset).forEach(report);
                next.put(place.partition().partition(), offset);
            }
        }
        if (next.isEmpty()) {
            report.accept(nothing(places));
            return;
        }
        report.accept("Druid's tasks drop what they have read and not published yet, and read on from there.");
        if (!confirmed.getAsBoolean()) {
            throw CommandException.refused("not confirmed: nothing was changed");
        }
        supervisor.overlord().resetOffsets(supervisor.id(), metadata(next));
        report.accept("supervisor " + supervisor.id() + ": goes on at (partition:offset) "
                + String.join(
                        " ",
                        next.entrySet().stream()
                                .map(e -> e.getKey() + ":" + e.getValue())
                                .toList()));
    }

    private String nothing(List<Place> places) {
        return places.stream().allMatch(place -> place.published().isPresent())
                ? "Nothing to reset: every partition can go on where it is. (--to moves them all.)"
                : "Druid does not say where it reads, since none of its tasks does; if one cannot because its offsets are"
                        + " gone from the log, 'adpipe druid F status' shows it, and --to earliest lets it go on.";
    }

    private List<Place> places() {
        Map<Integer, Long> published = supervisor.status().published();
        String topic = definition.topics().rows();
        TopicDescription description =
                TopicProvisioner.describe(admin, List.of(topic)).get(topic);
        if (description == null) {
            throw CommandException.refused("there is no topic " + topic + ": there is nothing to go on with");
        }
        List<TopicPartition> partitions = description.partitions().stream()
                .map(p -> new TopicPartition(topic, p.partition()))
                .toList();
        Map<TopicPartition, Long> starts = RecordScan.offsets(admin, partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = RecordScan.offsets(admin, partitions, OffsetSpec.latest());
        List<Place> places = new ArrayList<>();
        for (TopicPartition p : partitions) {
            places.add(new Place(p, starts.get(p), ends.get(p), Optional.ofNullable(published.get(p.partition()))));
        }
        return places;
    }

    /** Offsets count transaction markers too, so all numbers are upper bounds. */
    private static List<String> effects(Place place, long next) {
        List<String> lines = new ArrayList<>();
        lines.add(place.partition() + ": the log holds " + place.start() + " to " + place.end() + ", published is "
                + place.published().map(p -> "up to " + p).orElse("Druid does not say what, as no task reads"));
        lines.add("  goes on at offset " + next);
        if (place.published().isEmpty()) {
            if (next > place.start()) {
                lines.add("  lost: whatever is not published of " + Shown.number(next - place.start())
                        + " records before that");
            }
            lines.add("  repeated: whatever is published of " + Shown.number(place.end() - next)
                    + " records after that; their rows count twice in Druid");
            return lines;
        }
        long published = place.published().get();
        if (published > place.end()) {
            lines.add("  the topic was made anew: what the former one held and Druid had not published is lost; the "
                    + Shown.number(place.end() - next) + " records of the new one are read");
        } else if (next > published) {
            lines.add("  lost: " + Shown.number(next - published) + " records that are not published; their rows are"
                    + " missing in Druid");
        } else if (next < published) {
            lines.add("  repeated: " + Shown.number(published - next) + " records that are published; their rows count"
                    + " twice in Druid");
        }
        return lines;
    }

    private ObjectNode metadata(Map<Integer, Long> offsets) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.put("type", "kafka");
        ObjectNode partitions = metadata.putObject("partitions");
        partitions.put("type", "end");
        partitions.put("stream", definition.topics().rows());
        ObjectNode map = partitions.putObject("partitionOffsetMap");
        offsets.forEach((partition, offset) -> map.put(Integer.toString(partition), offset));
        return metadata;
    }
}
