package dev.adpipe.local.scaling;

import dev.adpipe.local.StageStatus;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The three stages of one pipeline, advised look by look. Used by one thread. */
public final class ScalingAdvice {
    private final PipelineDefinition definition;
    private final ScalingRules rules;
    private final Map<String, StageAdvice> stages = new HashMap<>();

    public ScalingAdvice(PipelineDefinition definition, ScalingRules rules) {
        this.definition = definition;
        this.rules = rules;
    }

    /**
     * Takes one more look into account.
     *
     * @param now milliseconds
     */
    public List<Advice> look(long now, List<StageStatus> looked, Collection<ContainerSample> containers) {
        List<Advice> all = new ArrayList<>();
        for (StageStatus stage : looked) {
            all.add(stages.computeIfAbsent(stage.stage(), this::begin).look(now, stage, containers));
        }
        return all;
    }

    private StageAdvice begin(String stage) {
        int standbys = stage.equals("join") ? definition.join().standbys() : 0;
        return new StageAdvice(1 + standbys, definition.runtime().metricsPort() != 0, rules);
    }
}
