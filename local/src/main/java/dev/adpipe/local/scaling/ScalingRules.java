package dev.adpipe.local.scaling;

import java.time.Duration;

/**
 * What a recommendation aims at.
 *
 * @param targetUtilization  busy share of a container at which its input is kept, the rest being room for waves and for others'
 *                           failures. 0.7 is the default of the Flink operator's autoscaler ({@code
 *                           job.autoscaler.utilization.target})
 * @param highestUtilization busy share up to which a container may be loaded because partitions cannot be divided; ours, half
 *                           the way from the target to saturation
 * @param drain              in which a backlog is to be gone. The Flink operator takes 30 min ({@code
 *                           job.autoscaler.catch-up.duration}), with restarts of a whole job in it; a container starts in seconds
 * @param shrinkAfter        how long fewer must have been enough; the default is that of Kubernetes' HorizontalPodAutoscaler
 *                           ({@code behavior.scaleDown.stabilizationWindowSeconds}, 300)
 */
public record ScalingRules(double targetUtilization, double highestUtilization, Duration drain, Duration shrinkAfter) {
    public static final ScalingRules DEFAULT =
            new ScalingRules(0.7, 0.85, Duration.ofMinutes(10), Duration.ofMinutes(5));
}
