package dev.adpipe.runtime.state;

/**
 * Whose state a local store is a cache of. A store with another identity is dropped when it is opened.
 *
 * @param clusterId      of the Kafka cluster
 * @param topicId        of the changelog, which a topic made anew under the same name does not share
 * @param partition      of the changelog
 * @param partitionCount of the changelog
 * @param formatVersion  of the local store, see {@link #FORMAT}
 */
public record StoreIdentity(String clusterId, String topicId, int partition, int partitionCount, int formatVersion) {
    /** The format this code writes; to be raised with every change of it, the store is then built anew. */
    public static final int FORMAT = 1;

    byte[] encode() {
        return new ByteWriter(96)
                .text(clusterId)
                .text(topicId)
                .number(partition)
                .number(partitionCount)
                .number(formatVersion)
                .toByteArray();
    }

    static StoreIdentity decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        return new StoreIdentity(
                in.text(),
                in.text(),
                Math.toIntExact(in.number()),
                Math.toIntExact(in.number()),
                Math.toIntExact(in.number()));
    }
}
