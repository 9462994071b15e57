package dev.adpipe.local;

import dev.adpipe.local.supervisor.Supervisor;
import dev.adpipe.schemas.definition.OutputSettings.Sink;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.util.Optional;

/** What {@code provision} says of Druid: it makes what is in Kafka, and Druid is another's to change. Stateless. */
final class SupervisorNote {
    private SupervisorNote() {}

    /** Empty if no overlord is named. Says, and does not mind, that Druid is away. */
    static Optional<String> of(PipelineDefinition definition) {
        if (!(definition.output().sink() instanceof Sink.DruidKafka sink)
                || sink.druid().overlord().isEmpty()) {
            return Optional.empty();
        }
        String apply = "'adpipe druid " + definition.source() + " apply'";
        try {
            Supervisor supervisor = Supervisor.of(definition);
            return Optional.of(
                    switch (supervisor.compare()) {
                        case MISSING ->
                            "Druid has no supervisor " + supervisor.id() + " yet, so no rows get there; " + apply
                                    + " makes it";
                        case DIFFERENT ->
                            "supervisor " + supervisor.id() + " is not as the definition says; " + apply
                                    + " makes it so";
                        case SAME -> "supervisor " + supervisor.id() + " is there";
                    });
        } catch (CommandException e) {
            return Optional.of("whether Druid has a supervisor is not known: " + e.getMessage());
        }
    }
}
