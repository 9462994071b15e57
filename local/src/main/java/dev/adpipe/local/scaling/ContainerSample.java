package dev.adpipe.local.scaling;

/**
 * What one container has said of itself; the totals begin with its process.
 *
 * @param utilization   busy share of its last ten seconds
 * @param busySeconds   in which its thread did not wait for records: handling them, commits and restores
 * @param commitSeconds of these, in commits, most of it waiting for Kafka
 * @param running       input partitions that it reads; those that it restores are not among them
 */
public record ContainerSample(
        String stage, String container, double utilization, double busySeconds, double commitSeconds, int running) {}
