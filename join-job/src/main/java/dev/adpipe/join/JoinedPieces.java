package dev.adpipe.join;

import dev.adpipe.schemas.JoinedEvent.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The joined records of some events of one key: one, or as many as it takes to keep them small. Families stay together:
 * an event is followed by its children and theirs, so a piece repeats the ancestors of its first event and no others. What
 * is repeated, or was written long before, has the ordinal 0: it is not counted. Used for one key, once.
 */
final class JoinedPieces {
    /** What the envelope adds, rounded up: numbers and lengths of one part, of at most ten bytes each. */
    private static final int PART_OVERHEAD = 80;

    private static final int RECORD_OVERHEAD = 64;

    /** Most bytes of a character in UTF-8, by characters of Java. */
    private static final int WIDEST = 3;

    private static final Comparator<Event> ORDER =
            Comparator.comparingInt(Event::stream).thenComparingInt(Event::ordinal);

    private final Funnel funnel;
    private final long maxBytes;
    private final List<List<Part>> pieces = new ArrayList<>();
    private final Map<Event, Integer> places = new HashMap<>();
    private List<Part> piece = new ArrayList<>();
    private long bytes = RECORD_OVERHEAD;

    /**
     * @param maxBytes of a piece, the join key not counted; one event with its ancestors may be larger
     */
    JoinedPieces(Funnel funnel, long maxBytes) {
        this.funnel = funnel;
        this.maxBytes = maxBytes;
    }

    /**
     * @param events to be counted, with their ordinals
     */
    List<List<Part>> of(List<Event> events) {
        Set<Event> counted = new HashSet<>(events);
        Map<Event, List<Event>> children = new HashMap<>();
        List<Event> eldest = new ArrayList<>();
        for (Event event : events.stream().sorted(ORDER).toList()) {
            if (counted.contains(event.parent())) {
                children.computeIfAbsent(event.parent(), p -> new ArrayList<>()).add(event);
            } else {
                eldest.add(event);
            }
        }
        eldest.forEach(event -> addFamily(event, children));
        flush();
        return pieces;
    }

    /** As deep as there are streams. */
    private void addFamily(Event event, Map<Event, List<Event>> children) {
        if (!piece.isEmpty() && bytes + missing(event) > maxBytes) {
            flush();
        }
        add(event, event.ordinal());
        children.getOrDefault(event, List.of()).forEach(child -> addFamily(child, children));
    }

    /** Bytes to be added with an event. */
    private long missing(Event event) {
        long missing = 0;
        for (Event each = event; each != null && !places.containsKey(each); each = each.parent()) {
            missing += size(each);
        }
        return missing;
    }

    private void add(Event event, int ordinal) {
        Event parent = event.parent();
        if (parent != null && !places.containsKey(parent)) {
            add(parent, 0);
        }
        places.put(event, piece.size());
        bytes += size(event);
        piece.add(new Part(
                funnel.name(event.stream()),
                event.id(),
                event.time(),
                event.encoding(),
                event.schemaId(),
                event.payload(),
                parent == null ? Part.ROOT : places.get(parent),
                ordinal));
    }

    private long size(Event event) {
        long text = (long) funnel.name(event.stream()).length() + event.id().length();
        return PART_OVERHEAD + WIDEST * text + event.payload().remaining();
    }

    private void flush() {
        if (!piece.isEmpty()) {
            pieces.add(piece);
            piece = new ArrayList<>();
            places.clear();
            bytes = RECORD_OVERHEAD;
        }
    }
}
