package dev.adpipe.shuffle;

import dev.adpipe.runtime.ContainerSettings;
import dev.adpipe.runtime.Job;
import dev.adpipe.runtime.Stage;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.nio.file.Path;

/** Runs this job from a pipeline definition. Stateless. */
public final class ShuffleStage implements Stage<PipelineDefinition> {

    @Override
    public String name() {
        return "shuffle";
    }

    @Override
    public void loadAhead() {
        EnvelopeCodec.load();
    }

    @Override
    public PipelineDefinition load(Path file) {
        return DefinitionLoader.load(file);
    }

    @Override
    public ContainerSettings settings(PipelineDefinition definition, String instance, int number) {
        return ShuffleJob.settings(definition, instance, number);
    }

    @Override
    public Job job(PipelineDefinition definition) {
        return new ShuffleJob(definition);
    }
}
