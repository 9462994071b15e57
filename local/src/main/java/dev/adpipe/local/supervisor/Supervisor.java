package dev.adpipe.local.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.adpipe.local.CommandException;
import dev.adpipe.schemas.definition.DruidSettings;
import dev.adpipe.schemas.definition.OutputSettings.Sink;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.util.Optional;

/**
 * The supervisor of one pipeline at its overlord. Used by one thread.
 *
 * @param spec what it should be like
 */
public record Supervisor(SupervisorSpec spec, Overlord overlord) {
    /** What {@link #apply} did. */
    public enum Applied {
        CREATED,
        UPDATED,
        UNCHANGED
    }

    /**
     * @throws CommandException if the pipeline's sink is another, or names no overlord
     */
    public static Supervisor of(PipelineDefinition definition) {
        SupervisorSpec spec = spec(definition);
        DruidSettings druid = ((Sink.DruidKafka) definition.output().sink()).druid();
        return new Supervisor(
                spec,
                new Overlord(
                        druid.overlord()
                                .orElseThrow(() -> CommandException.usage(definition.source()
                                        + " names no output.sink.overlord; 'adpipe druid F show' prints the specification,"
                                        + " for whoever sends it")),
                        spec::withoutSecrets));
    }

    /**
     * @throws CommandException if the pipeline's sink is another
     */
    public static SupervisorSpec spec(PipelineDefinition definition) {
        return SupervisorSpec.of(definition)
                .orElseThrow(() -> CommandException.usage(definition.source()
                        + ": output.sink.type is not druid-kafka, so no supervisor of Druid reads its rows"));
    }

    public String id() {
        return spec.datasource();
    }

    /** What Druid has, beside what the definition says. */
    public enum Found {
        MISSING,
        DIFFERENT,
        SAME
    }

    public Found compare() {
        return overlord.spec(id())
                .map(there -> spec.isSameAs(there) ? Found.SAME : Found.DIFFERENT)
                .orElse(Found.MISSING);
    }

    /**
     * Makes Druid's supervisor what the definition says. One that is suspended stays so.
     *
     * @throws CommandException with Druid's words if it refuses
     */
    public Applied apply() {
        Optional<JsonNode> there = overlord.spec(id());
        if (there.isPresent() && spec.isSameAs(there.get())) {
            return Applied.UNCHANGED;
        }
        ObjectNode wanted = spec.json();
        wanted.put("suspended", there.map(Supervisor::isSuspended).orElse(false));
        overlord.submit(wanted);
        return there.isPresent() ? Applied.UPDATED : Applied.CREATED;
    }

    /** Its tasks publish what they have read, and end; it starts no more of them. */
    public void suspend() {
        require();
        overlord.suspend(id());
    }

    public void resume() {
        require();
        overlord.resume(id());
    }

    private void require() {
        if (overlord.spec(id()).isEmpty()) {
            throw missing();
        }
    }

    static boolean isSuspended(JsonNode spec) {
        return spec.path("suspended").asBoolean();
    }

    /** As Druid tells it; refused if there is none. */
    public SupervisorStatus status() {
        return SupervisorStatus.of(overlord.status(id()).orElseThrow(this::missing));
    }

    /** What its tasks have done with the rows; nothing while Druid does not say. */
    public RowStats stats() {
        return overlord.stats(id()).map(RowStats::of).orElse(RowStats.NONE);
    }

    private CommandException missing() {
        return CommandException.refused("Druid has no supervisor " + id() + "; 'adpipe druid F apply' makes it");
    }
}
