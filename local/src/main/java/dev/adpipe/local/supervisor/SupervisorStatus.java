package dev.adpipe.local.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What Druid says of a supervisor. Offsets are by partition; what Druid does not know at the moment is not in them.
 *
 * @param state     such as RUNNING, or CONNECTING_TO_STREAM
 * @param suspended whether it was told to rest
 * @param tasks     that read, or publish what they have read
 * @param latest    the topic's ends as Druid saw them last
 * @param errors    the most recent ones
 */
public record SupervisorStatus(
        String id,
        String state,
        boolean suspended,
        boolean healthy,
        List<Task> tasks,
        Map<Integer, Long> latest,
        Map<Integer, Long> lag,
        List<Failure> errors) {

    /**
     * @param reading   it reads, otherwise it publishes
     * @param starting  where it began: what lies before is published, or will be by a task that publishes
     * @param current   how far it has read; not while it starts
     */
    public record Task(
            String id,
            boolean reading,
            Map<Integer, Long> starting,
            Map<Integer, Long> current,
            long remainingSeconds) {}

    /** One that Druid kept, with its time in ISO-8601. */
    public record Failure(String time, String message) {}

    static SupervisorStatus of(JsonNode answer) {
        JsonNode payload = answer.path("payload");
        List<Task> tasks = new ArrayList<>();
        payload.path("activeTasks").forEach(task -> tasks.add(task(task, true)));
        payload.path("publishingTasks").forEach(task -> tasks.add(task(task, false)));
        List<Failure> errors = new ArrayList<>();
        payload.path("recentErrors")
                .forEach(e -> errors.add(new Failure(
                        e.path("timestamp").asText(),
                        e.path("exceptionClass").asText() + ": "
                                + e.path("message").asText())));
        return new SupervisorStatus(
                answer.path("id").asText(),
                payload.path("detailedState").asText(payload.path("state").asText("?")),
                payload.path("suspended").asBoolean(),
                payload.path("healthy").asBoolean(),
                List.copyOf(tasks),
                offsets(payload.path("latestOffsets")),
                offsets(payload.path("minimumLag")),
                List.copyOf(errors));
    }

    private static Task task(JsonNode task, boolean reading) {
        return new Task(
                task.path("id").asText(),
                reading,
                offsets(task.path("startingOffsets")),
                offsets(task.path("currentOffsets")),
                task.path("remainingSeconds").asLong());
    }

    private static Map<Integer, Long> offsets(JsonNode byPartition) {
        Map<Integer, Long> offsets = new TreeMap<>();
        byPartition.properties().forEach(entry -> {
            if (entry.getValue().canConvertToLong()) {
                offsets.put(Integer.valueOf(entry.getKey()), entry.getValue().asLong());
            }
        });
        return offsets;
    }

    /** Up to where each partition is published, if tasks that read say so, or, while there are no tasks, the lag does. */
    public Map<Integer, Long> published() {
        Map<Integer, Long> published = new TreeMap<>();
        for (Task task : tasks) {
            if (task.reading()) {
                task.starting().forEach((partition, offset) -> published.merge(partition, offset, Math::max));
            }
        }
        if (tasks.isEmpty()) {
            // Druid counts it from what it has published then.
            lag.forEach((partition, records) -> {
                if (latest.containsKey(partition)) {
                    published.put(partition, latest.get(partition) - records);
                }
            });
        }
        return published;
    }

    /** Up to where each partition has been read, by the task that is furthest. */
    public Map<Integer, Long> read() {
        Map<Integer, Long> read = new TreeMap<>();
        tasks.forEach(task -> task.current().forEach((partition, offset) -> read.merge(partition, offset, Math::max)));
        return read;
    }

    /** Records that are yet to be read, if Druid says so; transaction markers among them. */
    public Optional<Long> totalLag() {
        return lag.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        lag.values().stream().mapToLong(l -> Math.max(0, l)).sum());
    }
}
