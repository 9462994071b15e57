package dev.adpipe.join;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The join over the whole input at once, as plainly as it can be said: an event is emitted iff it is of the first stream,
 * or some event of its key in a stream that may be its parent is emitted and lies in its window. Shares no code with the
 * join.
 *
 * <p>Whether an optional stream's event is there in time depends on the order of arrival. So there are two answers: the
 * events emitted if none ever is, and those emitted if all always are.
 */
final class BatchJoin {
    record Stream(String name, long within, boolean optional) {}

    record Item(int stream, String key, String id, long time) {
        String name(List<Stream> streams) {
            return key + "/" + streams.get(stream).name() + "/" + id;
        }
    }

    private final List<Stream> streams;
    private final long skew;

    BatchJoin(List<Stream> streams, long skew) {
        this.streams = streams;
        this.skew = skew;
    }

    Set<Item> emitted(List<Item> items, boolean optionalInTime) {
        Set<Item> emitted = new HashSet<>();
        for (int stream = 0; stream < streams.size(); stream++) {
            for (Item item : items) {
                if (item.stream() == stream && (stream == 0 || hasParent(item, emitted, optionalInTime))) {
                    emitted.add(item);
                }
            }
        }
        return emitted;
    }

    private boolean hasParent(Item child, Set<Item> emitted, boolean optionalInTime) {
        return emitted.stream()
                .filter(parent -> parent.key().equals(child.key()))
                .filter(parent ->
                        optionalInTime || !streams.get(parent.stream()).optional())
                .anyMatch(parent -> mayBeParent(parent, child));
    }

    boolean mayBeParent(Item parent, Item child) {
        if (parent.stream() >= child.stream()) {
            return false;
        }
        for (Stream between : streams.subList(parent.stream() + 1, child.stream())) {
            if (!between.optional()) {
                return false;
            }
        }
        long after = child.time() - parent.time();
        return after >= -skew && after <= streams.get(child.stream()).within();
    }
}
