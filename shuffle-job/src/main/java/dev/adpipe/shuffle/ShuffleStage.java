package dev.adpipe.shuffle;

import dev.adpipe.runtime.ContainerSettings;
import dev.adpipe.runtime.Job;
import dev.adpipe.runtime.Stage;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.nio.file.Path;

/** The shuffle as a process of its own. Stateless. */
public final class ShuffleStage implements Stage<PipelineDefinition> {
    @Override
    public String name() {
        return "shuffle";
    }

    @Override
    public PipelineDefinition load(Path file) {
        return DefinitionLoader.load(file);
    }

    @Override
    public long stateMemoryBytes(PipelineDefinition definition) {
        return definition.runtime().stateMemoryBytes();
    }

    @Override
    public int metricsPort(PipelineDefinition definition) {
        return definition.runtime().metricsPort();
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
