package dev.adpipe.local;

import dev.adpipe.join.JoinJob;
import dev.adpipe.output.OutputJob;
import dev.adpipe.output.RowRange;
import dev.adpipe.runtime.ContainerSettings;
import dev.adpipe.runtime.Job;
import dev.adpipe.schemas.Topics;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The pipeline of a replay: the live one's jobs as they are, between a log of the live one and topics of its own.
 *
 * @param own the live definition under the replay's name
 */
record ReplayPipeline(PipelineDefinition live, PipelineDefinition own, TimeRange range, ReplaySource source) {

    /** The stages that run, in the order of a record's way. */
    List<PipelineStage> stages() {
        return source == ReplaySource.RAW
                ? List.of(PipelineStage.SHUFFLE, PipelineStage.JOIN, PipelineStage.OUTPUT)
                : List.of(PipelineStage.JOIN, PipelineStage.OUTPUT);
    }

    StageTopics topics(PipelineStage stage) {
        StageTopics topics = StageTopics.of(own, stage);
        return stage == PipelineStage.JOIN && source == ReplaySource.SHUFFLED
                ? new StageTopics(topics.stage(), List.of(live.topics().shuffled()), false, topics.outputs())
                : topics;
    }

    List<StageTopics> allTopics() {
        return stages().stream().map(this::topics).toList();
    }

    /** The topics of its own that it needs. */
    List<TopicPlan> plans() {
        return TopicPlan.of(own).stream()
                .filter(plan -> source == ReplaySource.RAW
                        || !plan.name().equals(own.topics().shuffled()))
                .toList();
    }

    /** Every group it may have, one that keeps what it is among them. */
    static List<String> groups(Topics topics) {
        List<String> groups = new ArrayList<>();
        for (PipelineStage stage : PipelineStage.values()) {
            groups.add(topics.group(stage.name().toLowerCase(Locale.ROOT)));
        }
        groups.add(ReplayNote.group(topics));
        return groups;
    }

    /**
     * What its containers are made of.
     *
     * @param watermarks gets those of the join
     */
    PipelineRun.Parts parts(ReplayWatermarks watermarks) {
        return new PipelineRun.Parts() {
            @Override
            public ContainerSettings settings(PipelineStage stage, String instance, int number) {
                ContainerSettings told = stage.settings(own, instance, number);
                return new ContainerSettings(
                        told.pipeline(),
                        told.stage(),
                        told.instance(),
                        told.number(),
                        topics(stage).inputs(),
                        told.inputsMayGrow(),
                        told.outputs(),
                        told.deadLetterTopic(),
                        told.changelog());
            }

            @Override
            public Job job(PipelineStage stage) {
                return switch (stage) {
                    case SHUFFLE -> stage.job(own);
                    case JOIN -> new WatchedJoin(new JoinJob(own), watermarks);
                    case OUTPUT ->
                        new OutputJob(
                                own,
                                new RowRange(
                                        range.from().toEpochMilli(), range.to().toEpochMilli()));
                };
            }
        };
    }
}
