package dev.adpipe.local.scaling;

import dev.adpipe.local.StageStatus;
import java.util.Collection;
import java.util.OptionalInt;

/** One stage, advised look by look. Used by one thread. */
final class StageAdvice {
    private final ScalingRules rules;
    private final LoadWindow window;
    private final SlowShrink shrink;

    /**
     * @param least  fewest containers that the stage may have
     * @param served whether its containers have a port for their metrics
     */
    StageAdvice(int least, boolean served, ScalingRules rules) {
        this.rules = rules;
        this.window = new LoadWindow(least, served);
        this.shrink = new SlowShrink(rules.shrinkAfter());
    }

    /**
     * @param now        milliseconds
     * @param containers of any stage
     */
    Advice look(long now, StageStatus stage, Collection<ContainerSample> containers) {
        window.add(now, stage, containers);
        StageLoad load = window.load();
        Recommendation recommendation = Recommendation.of(load, rules);
        OptionalInt standing = shrink.of(now, recommendation.containers(), load.members());
        return new Advice(load, recommendation, standing);
    }
}
