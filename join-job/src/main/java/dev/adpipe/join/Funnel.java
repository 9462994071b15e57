package dev.adpipe.join;

import dev.adpipe.schemas.definition.StreamDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The streams in funnel order by index, and the arithmetic of their windows. Immutable. */
final class Funnel {
    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> indexes = new HashMap<>();
    private final List<StreamDefinition> streams;
    private final long skew;
    private final int[] firstParent;
    private final long[] within;
    private final long[] keep;

    Funnel(List<StreamDefinition> streams, long skew) {
        this.streams = streams;
        this.skew = skew;
        int size = streams.size();
        firstParent = new int[size];
        within = new long[size];
        keep = new long[size];
        for (int s = 0; s < size; s++) {
            names.add(streams.get(s).name());
            indexes.put(streams.get(s).name(), s);
            within[s] = streams.get(s).within().toMillis();
            firstParent[s] = Math.max(0, s - 1);
            while (firstParent[s] > 0 && streams.get(firstParent[s]).optional()) {
                firstParent[s]--;
            }
        }
        for (int s = 0; s < size; s++) {
            keep[s] = skew;
            for (int child = s + 1; child < size; child++) {
                if (mayBeParent(s, child)) {
                    keep[s] = Math.max(keep[s], Millis.plus(within[child], skew));
                }
            }
            for (int parent = firstParent[s]; parent < s; parent++) {
                keep[s] = Math.max(keep[s], Millis.plus(keep[parent], skew));
            }
        }
    }

    /** Number of streams. */
    int size() {
        return streams.size();
    }

    String name(int stream) {
        return names.get(stream);
    }

    /** -1 if the definition has no such stream. */
    int indexOf(String name) {
        return indexes.getOrDefault(name, -1);
    }

    /** Earliest stream that may be the stream's parent; all between may be too, those being optional. */
    int firstParent(int stream) {
        return firstParent[stream];
    }

    boolean mayBeParent(int parent, int child) {
        return firstParent[child] <= parent && parent < child;
    }

    /** Whether events of the stream may be ancestors of others, so that their payloads are kept. */
    boolean mayHaveChildren(int stream) {
        return stream < streams.size() - 1;
    }

    boolean optional(int stream) {
        return streams.get(stream).optional();
    }

    boolean firstOnly(int stream) {
        return streams.get(stream).firstOnly();
    }

    /** How long after an event's time its key lives at least. */
    long keep(int stream) {
        return keep[stream];
    }

    /** The decision about an event without its parent is taken when W is greater than this. */
    long due(long eventTime) {
        return Millis.plus(eventTime, skew);
    }

    /** The smallest event time that is due after this. */
    long firstTimeDueAfter(long settled) {
        return settled == Long.MIN_VALUE ? settled : Millis.plus(Millis.minus(settled, skew), 1);
    }

    /** The latest time that a parent of an event at this time may have. */
    long latestParent(long childTime) {
        return Millis.plus(childTime, skew);
    }

    /** Whether −skew ≤ child − parent ≤ within. */
    boolean matches(long parentTime, int child, long childTime) {
        return parentTime <= latestParent(childTime) && childTime <= latestChild(parentTime, child);
    }

    long earliestChild(long parentTime) {
        return Millis.minus(parentTime, skew);
    }

    long latestChild(long parentTime, int child) {
        return Millis.plus(parentTime, within[child]);
    }
}
