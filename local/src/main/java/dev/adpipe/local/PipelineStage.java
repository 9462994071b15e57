package dev.adpipe.local;

import dev.adpipe.join.JoinStage;
import dev.adpipe.output.OutputStage;
import dev.adpipe.runtime.ContainerSettings;
import dev.adpipe.runtime.Job;
import dev.adpipe.runtime.Stage;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.shuffle.ShuffleStage;

/** The three stages, in the order of a record's way. */
public enum PipelineStage {
    SHUFFLE(new ShuffleStage()),
    JOIN(new JoinStage()),
    OUTPUT(new OutputStage());

    @SuppressWarnings("ImmutableEnumChecker") // stages are stateless
    private final Stage<PipelineDefinition> stage;

    PipelineStage(Stage<PipelineDefinition> stage) {
        this.stage = stage;
    }

    /** A job for one container. */
    public Job job(PipelineDefinition definition) {
        return stage.job(definition);
    }

    /** What one container of it is told. */
    public ContainerSettings settings(PipelineDefinition definition, String instance, int number) {
        return stage.settings(definition, instance, number);
    }
}
