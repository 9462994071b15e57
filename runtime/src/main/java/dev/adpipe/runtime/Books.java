package dev.adpipe.runtime;

import java.util.Map;
import java.util.TreeMap;

/**
 * The totals of one input partition. The unit is the event; each ends as exactly one of emitted, duplicate, unmatched or
 * dead-lettered, or is held:
 *
 * <pre>in + added = emitted + duplicate + unmatched + dead-lettered + held</pre>
 *
 * where {@code added} are events that splitting a record made beyond the first. Used by the container's thread.
 */
public final class Books {
    private long in;
    private long added;
    private long emitted;
    private long duplicate;
    private long held;
    private final Map<String, Long> unmatched = new TreeMap<>();
    private final Map<String, Long> deadLettered = new TreeMap<>();

    public void countIn() {
        in++;
    }

    public void countAdded(long more) {
        added += more;
    }

    public void countEmitted() {
        emitted++;
    }

    public void countDuplicate() {
        duplicate++;
    }

    public void countUnmatched(String reason) {
        unmatched.merge(reason, 1L, Long::sum);
    }

    public void countDeadLettered(String reason) {
        deadLettered.merge(reason, 1L, Long::sum);
    }

    /**
     * @param change +1 when an event is held, -1 when it ends otherwise
     */
    public void changeHeld(long change) {
        held += change;
    }

    public long in() {
        return in;
    }

    public long added() {
        return added;
    }

    public long emitted() {
        return emitted;
    }

    public long duplicate() {
        return duplicate;
    }

    public long held() {
        return held;
    }

    public long unmatched() {
        return sum(unmatched);
    }

    public Map<String, Long> unmatchedByReason() {
        return Map.copyOf(unmatched);
    }

    public long deadLettered() {
        return sum(deadLettered);
    }

    public Map<String, Long> deadLetteredByReason() {
        return Map.copyOf(deadLettered);
    }

    /** In minus out; anything but 0 is a defect. */
    public long imbalance() {
        return in + added - emitted - duplicate - unmatched() - deadLettered() - held;
    }

    /** Adds another partition's totals to these. */
    public void add(Books other) {
        in += other.in;
        added += other.added;
        emitted += other.emitted;
        duplicate += other.duplicate;
        held += other.held;
        other.unmatched.forEach((reason, n) -> unmatched.merge(reason, n, Long::sum));
        other.deadLettered.forEach((reason, n) -> deadLettered.merge(reason, n, Long::sum));
    }

    /** One token without spaces; {@link #parse} reads it. */
    public String encode() {
        StringBuilder text = new StringBuilder();
        text.append("in:").append(in);
        text.append(",added:").append(added);
        text.append(",emitted:").append(emitted);
        text.append(",duplicate:").append(duplicate);
        text.append(",held:").append(held);
        unmatched.forEach(
                (reason, n) -> text.append(",u.").append(reason).append(':').append(n));
        deadLettered.forEach(
                (reason, n) -> text.append(",d.").append(reason).append(':').append(n));
        return text.toString();
    }

    /**
     * @throws IllegalArgumentException if the text is not what {@link #encode} writes
     */
    public static Books parse(String text) {
        Books books = new Books();
        for (String field : text.split(",")) {
            int colon = field.lastIndexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException("book entry '" + field + "' has no colon in '" + text + "'");
            }
            books.set(field.substring(0, colon), Long.parseLong(field.substring(colon + 1)));
        }
        return books;
    }

    private void set(String name, long value) {
        switch (name) {
            case "in" -> in = value;
            case "added" -> added = value;
            case "emitted" -> emitted = value;
            case "duplicate" -> duplicate = value;
            case "held" -> held = value;
            default -> {
                if (name.startsWith("u.")) {
                    unmatched.put(name.substring(2), value);
                } else if (name.startsWith("d.")) {
                    deadLettered.put(name.substring(2), value);
                } else {
                    throw new IllegalArgumentException("unknown book entry '" + name + "'");
                }
            }
        }
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public String toString() {
        return encode();
    }
}
