package dev.adpipe.local;

import dev.adpipe.join.JoinJob;
import dev.adpipe.output.OutputJob;
import dev.adpipe.runtime.ContainerSettings;
import dev.adpipe.runtime.Job;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.shuffle.ShuffleJob;

/** The three stages, in the order of a record's way. */
public enum PipelineStage {
    SHUFFLE {
        @Override
        public Job job(PipelineDefinition definition) {
            return new ShuffleJob(definition);
        }

        @Override
        public ContainerSettings settings(PipelineDefinition definition, String instance, int number) {
            return ShuffleJob.settings(definition, instance, number);
        }
    },
    JOIN {
        @Override
        public Job job(PipelineDefinition definition) {
            return new JoinJob(definition);
        }

        @Override
        public ContainerSettings settings(PipelineDefinition definition, String instance, int number) {
            return JoinJob.settings(definition, instance, number);
        }
    },
    OUTPUT {
        @Override
        public Job job(PipelineDefinition definition) {
            return new OutputJob(definition);
        }

        @Override
        public ContainerSettings settings(PipelineDefinition definition, String instance, int number) {
            return OutputJob.settings(definition, instance, number);
        }
    };

    /** A job for one container. */
    public abstract Job job(PipelineDefinition definition);

    /** What one container of it is told. */
    public abstract ContainerSettings settings(PipelineDefinition definition, String instance, int number);
}
