package dev.adpipe.runtime;

import dev.adpipe.runtime.state.StoreIdentity;
import org.apache.kafka.common.Uuid;

/** A changelog as it is on the cluster; a store that reflects another one is not ours. */
record ChangelogTopic(String name, Uuid id, int partitions, String clusterId) {

    /** Grows when the records in the log or in the store can no longer be read by the version before. */
    private static final int FORMAT_VERSION = 1;

    StoreIdentity storeIdentity(int partition) {
        return new StoreIdentity(clusterId, id.toString(), partition, partitions, FORMAT_VERSION);
    }
}
