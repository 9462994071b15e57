package dev.adpipe.local.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.adpipe.local.StageStatus;
import dev.adpipe.runtime.Books;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the page asks for. */
final class StateJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StateJson() {}

    /**
     * @param since samples after this, milliseconds since the epoch
     */
    static String of(List<PipelineWatch> watches, long now, long since) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("now", now);
        state.put(
                "pipelines",
                watches.stream().map(watch -> pipeline(watch, since)).toList());
        try {
            return JSON.writeValueAsString(state);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> pipeline(PipelineWatch watch, long since) {
        Look look = watch.last();
        Map<String, Object> pipeline = new LinkedHashMap<>();
        pipeline.put("customer", watch.definition().customer());
        pipeline.put("name", watch.definition().name());
        pipeline.put("rawTopics", watch.definition().rawTopics());
        pipeline.put("sink", watch.definition().output().sink().getClass().getSimpleName());
        pipeline.put("lookedAt", look.at());
        pipeline.put("error", look.error().orElse(null));
        pipeline.put("endToEndSeconds", look.endToEnd().orElse(null));
        pipeline.put("stages", look.stages().stream().map(s -> stage(s, look)).toList());
        pipeline.put("samples", watch.since(since));
        return pipeline;
    }

    private static Map<String, Object> stage(StageStatus status, Look look) {
        Map<String, Object> stage = new LinkedHashMap<>();
        stage.put("stage", status.stage());
        stage.put("word", look.words().get(status.stage()));
        stage.put("why", look.why().get(status.stage()));
        stage.put("group", status.group());
        stage.put("groupState", status.state());
        stage.put("members", status.members());
        stage.put("backlogSeconds", status.backlogTime().toMillis() / 1e3);
        stage.put("backlogRecords", status.backlogRecords());
        stage.put(
                "partitions",
                status.partitions().stream()
                        .map(p -> Map.of(
                                "name", p.partition().toString(),
                                "records", p.records(),
                                "seconds", p.time().toMillis() / 1e3))
                        .toList());
        stage.put("books", books(status.books()));
        return stage;
    }

    private static Map<String, Object> books(Books b) {
        Map<String, Object> books = new LinkedHashMap<>();
        books.put("in", b.in());
        books.put("added", b.added());
        books.put("emitted", b.emitted());
        books.put("duplicate", b.duplicate());
        books.put("unmatched", b.unmatched());
        books.put("deadLetter", b.deadLettered());
        books.put("held", b.held());
        books.put("imbalance", b.imbalance());
        books.put("unmatchedBy", new TreeMap<>(b.unmatchedByReason()));
        books.put("deadLetterBy", new TreeMap<>(b.deadLetteredByReason()));
        return books;
    }
}
