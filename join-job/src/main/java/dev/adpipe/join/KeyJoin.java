package dev.adpipe.join;

import dev.adpipe.join.Event.Status;
import dev.adpipe.join.Judge.Verdict;
import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Collector;
import dev.adpipe.runtime.state.KeyState;
import dev.adpipe.runtime.state.KeyedState;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Takes the decisions about one key and carries them out: state, output, books. Decisions do not depend on {@code emit}:
 * with {@code on-close} what is emitted is marked, and written when the key dies or is closed.
 *
 * <p>A decision that is due at time d is taken when W &gt; d. So "up to" here is always W − 1 or, when decisions are
 * forced one after the other, the due time of the one at hand.
 */
final class KeyJoin {
    private final Funnel funnel;
    private final Judge judge;
    private final EventEntries entries;
    private final KeyedState state;
    private final JoinOutput output;
    private final Books books;
    private final long maxKeyLife;
    private final boolean onClose;

    KeyJoin(
            Funnel funnel,
            Judge judge,
            EventEntries entries,
            KeyedState state,
            JoinOutput output,
            Books books,
            long maxKeyLife,
            boolean onClose) {
        this.funnel = funnel;
        this.judge = judge;
        this.entries = entries;
        this.state = state;
        this.output = output;
        this.books = books;
        this.maxKeyLife = maxKeyLife;
        this.onClose = onClose;
    }

    KeyEvents events(KeyState key) {
        return key.view(k -> KeyEvents.derive(k, entries, funnel));
    }

    /** Takes an event that is new, neither late nor flood, of a key that lives and is settled up to the same time. */
    void arrive(KeyEvents key, Event event, long upTo, Collector out) {
        Verdict verdict = judge.judge(key, event, upTo);
        if (verdict.status() == Status.HELD) {
            key.save(event);
            books.changeHeld(1);
        } else {
            carryOut(key, event, verdict, out);
            if (verdict.status() == Status.EMITTED) {
                follow(key, event, upTo, out);
            }
        }
    }

    /**
     * Takes all decisions about the key that are due at this time or before, its death among them, and sets when the
     * next is due.
     *
     * @return the key's events, or null if it is dead now
     */
    KeyEvents settle(KeyState living, long upTo, Collector out) {
        KeyEvents key = events(living);
        long closing = key.closed() ? Long.MAX_VALUE : Millis.plus(key.minTime(), maxKeyLife);
        long deadline = living.deadline();
        takeDue(key, key.firstHeld(funnel.firstTimeDueAfter(key.settled())), Math.min(upTo, closing), out);
        if (closing <= upTo && closing <= deadline && closing < Long.MAX_VALUE) {
            close(key, out);
            closing = Long.MAX_VALUE;
        }
        if (deadline <= upTo) {
            die(key, out);
            return null;
        }
        key.setSettled(upTo);
        Event next = key.firstHeld(funnel.firstTimeDueAfter(key.settled()));
        long decision = next == null ? Long.MAX_VALUE : funnel.due(next.time());
        living.setDue(Math.min(Math.min(decision, closing), deadline));
        return key;
    }

    /**
     * Each as if W had just passed its due time: what is decided does not depend on how many decisions W, or the size of a
     * batch of records, brings together.
     */
    private void takeDue(KeyEvents key, Event first, long upTo, Collector out) {
        for (Event event = first; event != null; event = key.heldAfter(event)) {
            long due = funnel.due(event.time());
            if (due > upTo) {
                return;
            }
            Verdict verdict = judge.judge(key, event, due);
            if (verdict.status() != Status.HELD) {
                carryOut(key, event, verdict, out);
                follow(key, event, due, out);
            }
        }
    }

    private void close(KeyEvents key, Collector out) {
        for (Event event : key.held()) {
            carryOut(key, event, Verdict.unmatched(Reason.FLOOD), out);
        }
        write(key, out);
        key.forgetPayloads();
        key.close();
    }

    /** Whatever is held is due by now, the key lives longer than any of its events waits. */
    private void die(KeyEvents key, Collector out) {
        takeDue(key, key.firstHeld(Long.MIN_VALUE), Long.MAX_VALUE, out);
        if (key.anyHeld()) {
            throw new IllegalStateException("key " + Arrays.toString(key.key().key()) + " dies and still holds "
                    + key.held().size() + " events");
        }
        write(key, out);
        state.remove(key.key());
    }

    /**
     * Writes what was emitted by decision only. Whatever the definition says now: it may have been decided before {@code
     * emit} was changed.
     */
    private void write(KeyEvents key, Collector out) {
        List<Event> unwritten = key.unwritten();
        if (!unwritten.isEmpty()) {
            books.changeHeld(-unwritten.size());
            output.emit(key.key().key(), unwritten, out);
        }
    }

    private void carryOut(KeyEvents key, Event event, Verdict verdict, Collector out) {
        if (key.holds(event)) {
            books.changeHeld(-1);
        }
        byte[] joinKey = key.key().key();
        event.setStatus(verdict.status());
        if (verdict.status() == Status.EMITTED) {
            event.setParent(verdict.parent());
            event.setOrdinal(key.emitted(event.stream()) + 1);
            emit(joinKey, event, out);
        } else {
            output.unmatched(joinKey, event.toShuffled(funnel.name(event.stream())), verdict.reason(), out);
            event.dropPayload();
        }
        key.save(event);
    }

    private void emit(byte[] joinKey, Event event, Collector out) {
        if (onClose) {
            event.setUnwritten(true);
            books.changeHeld(1);
        } else {
            output.emit(joinKey, List.of(event), out);
            if (!funnel.mayHaveChildren(event.stream())) {
                event.dropPayload();
            }
        }
    }

    /**
     * Judges anew whoever is held and may have waited for this event, now that it is emitted or unmatched, and those who
     * waited for them; in order of stream, time, id. A child is always of a later stream, so one pass is enough.
     */
    private void follow(KeyEvents key, Event decided, long upTo, Collector out) {
        if (!key.anyHeld()) {
            return;
        }
        NavigableSet<Event> waiting = new TreeSet<>(Event.FUNNEL_ORDER);
        addHeldChildren(key, decided, waiting);
        for (Event event = waiting.pollFirst(); event != null; event = waiting.pollFirst()) {
            Verdict verdict = judge.judge(key, event, upTo);
            if (verdict.status() != Status.HELD) {
                carryOut(key, event, verdict, out);
                addHeldChildren(key, event, waiting);
            }
        }
    }

    private void addHeldChildren(KeyEvents key, Event parent, NavigableSet<Event> waiting) {
        for (int child = parent.stream() + 1; child < funnel.size(); child++) {
            if (funnel.mayBeParent(parent.stream(), child)) {
                long from = funnel.earliestChild(parent.time());
                key.heldBetween(child, from, funnel.latestChild(parent.time(), child))
                        .forEach(waiting::add);
            }
        }
    }
}
