package dev.adpipe.runtime;

import org.apache.kafka.common.utils.Utils;

/** Which partition a key belongs to: Kafka's own default, so that any keyed producer agrees with us. */
public final class Partitioning {
    private Partitioning() {}

    /** murmur2 of the key, made positive, modulo the number of partitions (as in Kafka's BuiltInPartitioner). */
    public static int partition(byte[] key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
}
