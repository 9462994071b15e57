package dev.adpipe.join;

import dev.adpipe.join.Event.Status;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The events of one stream under one live key. */
final class StreamEvents {
    private final Map<String, Event> byId = new HashMap<>();
    private final NavigableSet<Event> emittedParents = new TreeSet<>(Event.PARENT_ORDER);
    private final NavigableSet<Event> held = new TreeSet<>(Event.PARENT_ORDER);
    private int emitted;

    /** To be told after the event has its first status, and after each change of it. */
    void put(Event event) {
        byId.put(event.id(), event);
        held.remove(event);
        if (event.status() == Status.HELD) {
            held.add(event);
        } else if (event.status() == Status.EMITTED) {
            emitted++;
            if (event.payload() != null) {
                emittedParents.add(event);
            }
        }
    }

    Event get(String id) {
        return byId.get(id);
    }

    /** All that are remembered, whatever became of them; a view in no order. */
    Collection<Event> all() {
        return byId.values();
    }

    int count() {
        return byId.size();
    }

    int emitted() {
        return emitted;
    }

    boolean hasCandidate(boolean orHeld) {
        return !emittedParents.isEmpty() || (orHeld && !held.isEmpty());
    }

    /** The latest candidate not after the time, of several the one with the smallest id; null if there is none. */
    Event bestParent(long latest, boolean orHeld) {
        Event probe = Event.probe(latest);
        Event best = emittedParents.floor(probe);
        Event waiting = orHeld ? held.floor(probe) : null;
        if (best == null || waiting == null) {
            return best == null ? waiting : best;
        }
        return Event.PARENT_ORDER.compare(best, waiting) > 0 ? best : waiting;
    }

    /** Those held with a time in the closed interval; a view. */
    Iterable<Event> heldBetween(long from, long to) {
        if (from > to) {
            return List.of();
        }
        // A probe comes after all events of its millisecond.
        NavigableSet<Event> upTo = held.headSet(Event.probe(to), true);
        return from == Long.MIN_VALUE ? upTo : upTo.tailSet(Event.probe(from - 1), false);
    }
}
