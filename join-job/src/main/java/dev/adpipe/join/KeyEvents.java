package dev.adpipe.join;

import dev.adpipe.join.Event.Status;
import dev.adpipe.runtime.state.KeyState;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One live key as the join sees it: a view over the entries of a {@link KeyState}, kept beside them in memory and
 * changed together with them. Used by one thread.
 */
final class KeyEvents {
    private static final byte[] CLOSED = {(byte) 0xFF};

    private final KeyState key;
    private final EventEntries entries;
    private final StreamEvents[] streams;
    private final NavigableSet<Event> held = new TreeSet<>(Event.DUE_ORDER);
    private long minTime = Long.MAX_VALUE;
    private boolean closed;
    private long settled = Long.MIN_VALUE;

    private KeyEvents(KeyState key, EventEntries entries, int streamCount) {
        this.key = key;
        this.entries = entries;
        this.streams = new StreamEvents[streamCount];
    }

    static KeyEvents derive(KeyState key, EventEntries codec, Funnel funnel) {
        KeyEvents events = new KeyEvents(key, codec, funnel.size());
        Map<Event, byte[]> parents = new LinkedHashMap<>();
        for (Map.Entry<byte[], byte[]> entry : key.entries()) {
            if (EventEntries.isEvent(entry.getKey())) {
                Event event = codec.read(entry.getKey(), entry.getValue());
                byte[] parent = EventEntries.parentName(entry.getValue());
                if (parent != null) {
                    parents.put(event, parent);
                }
                events.place(event);
            } else {
                events.closed = true;
            }
        }
        parents.forEach((child, name) -> child.setParent(events.get(codec.stream(name), EventEntries.id(name))));
        return events;
    }

    KeyState key() {
        return key;
    }

    /** Null if no such event is remembered. */
    Event get(int stream, String id) {
        StreamEvents events = streams[stream];
        return events == null ? null : events.get(id);
    }

    int count(int stream) {
        return streams[stream] == null ? 0 : streams[stream].count();
    }

    int emitted(int stream) {
        return streams[stream] == null ? 0 : streams[stream].emitted();
    }

    /** Smallest time of the events remembered. */
    long minTime() {
        return minTime;
    }

    boolean closed() {
        return closed;
    }

    void close() {
        closed = true;
        key.setEntry(CLOSED, new byte[0]);
    }

    /** Up to when what was due has been looked at; what is held from before waits for a parent that is held. */
    long settled() {
        return settled;
    }

    void setSettled(long upTo) {
        settled = Math.max(settled, upTo);
    }

    boolean hasCandidate(int stream, boolean orHeld) {
        return streams[stream] != null && streams[stream].hasCandidate(orHeld);
    }

    /** See {@link StreamEvents#bestParent}. */
    Event bestParent(int stream, long latest, boolean orHeld) {
        return streams[stream] == null ? null : streams[stream].bestParent(latest, orHeld);
    }

    Iterable<Event> heldBetween(int stream, long from, long to) {
        return streams[stream] == null ? List.of() : streams[stream].heldBetween(from, to);
    }

    /** The first event held, in the order of their due times, with a time of at least this; null if there is none. */
    Event firstHeld(long from) {
        return held.higher(Event.probe(from));
    }

    /** The one after it, also if it is not held any more. */
    Event heldAfter(Event event) {
        return held.higher(event);
    }

    boolean anyHeld() {
        return !held.isEmpty();
    }

    boolean holds(Event event) {
        return held.contains(event);
    }

    /** All that is held, in the order of the funnel; a copy. */
    List<Event> held() {
        return held.stream().sorted(Event.FUNNEL_ORDER).toList();
    }

    /** All whose record is still to be written, in no order; a copy. */
    List<Event> unwritten() {
        return all().filter(Event::unwritten).toList();
    }

    /** Nothing is written any more under this key: of what is emitted only the ids are kept. */
    void forgetPayloads() {
        for (Event event : all().filter(e -> e.payload() != null).toList()) {
            event.dropPayload();
            event.setUnwritten(false);
            key.setEntry(entries.name(event), entries.value(event));
        }
    }

    private Stream<Event> all() {
        return Arrays.stream(streams).filter(Objects::nonNull).flatMap(s -> s.all().stream());
    }

    /** Remembers an event with the status it has now, in memory and in the state. */
    void save(Event event) {
        place(event);
        key.setEntry(entries.name(event), entries.value(event));
    }

    private void place(Event event) {
        if (streams[event.stream()] == null) {
            streams[event.stream()] = new StreamEvents();
        }
        streams[event.stream()].put(event);
        minTime = Math.min(minTime, event.time());
        held.remove(event);
        if (event.status() == Status.HELD) {
            held.add(event);
        }
    }
}
