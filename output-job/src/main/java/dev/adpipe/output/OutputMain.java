package dev.adpipe.output;

import dev.adpipe.runtime.ContainerSettings;
import dev.adpipe.runtime.Job;
import dev.adpipe.runtime.JobMain;
import dev.adpipe.runtime.Stage;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.nio.file.Path;

/** The output stage as a process of its own. */
public final class OutputMain {
    private OutputMain() {}

    public static void main(String[] args) {
        JobMain.main(new OutputStage(), args);
    }

    private static final class OutputStage implements Stage<PipelineDefinition> {
        @Override
        public String name() {
            return OutputJob.STAGE;
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
            return OutputJob.settings(definition, instance, number);
        }

        @Override
        public Job job(PipelineDefinition definition) {
            return new OutputJob(definition);
        }
    }
}
