package dev.adpipe.join;

import dev.adpipe.join.Event.Status;

/** Decides about one event from the other events of its key; changes nothing. Immutable. */
final class Judge {
    private final Funnel funnel;
    private final boolean emitOrphans;

    /**
     * @param parent the event to be emitted with; null if without ancestors
     * @param reason why it is unmatched; null if it is not
     */
    record Verdict(Status status, Event parent, Reason reason) {
        static final Verdict HOLD = new Verdict(Status.HELD, null, null);

        static Verdict emit(Event parent) {
            return new Verdict(Status.EMITTED, parent, null);
        }

        static Verdict unmatched(Reason reason) {
            return new Verdict(Status.UNMATCHED, null, reason);
        }
    }

    Judge(Funnel funnel, boolean emitOrphans) {
        this.funnel = funnel;
        this.emitOrphans = emitOrphans;
    }

    /**
     * @param upTo decisions due at this time or before are to be taken: an event that is due is held on only for a
     *             parent that is itself held
     */
    Verdict judge(KeyEvents key, Event event, long upTo) {
        int stream = event.stream();
        boolean due = funnel.due(event.time()) <= upTo;
        if (stream == 0) {
            return emitted(key, stream, null);
        }
        boolean outOfWindow = false;
        for (int from = stream - 1; from >= funnel.firstParent(stream); from--) {
            // An optional stream's event is used if it is emitted at this moment and matches, and never waited for.
            boolean orHeld = !funnel.optional(from);
            Event parent = key.bestParent(from, funnel.latestParent(event.time()), orHeld);
            if (parent != null && funnel.matches(parent.time(), stream, event.time())) {
                return parent.status() == Status.HELD ? Verdict.HOLD : emitted(key, stream, parent);
            }
            outOfWindow |= key.hasCandidate(from, orHeld);
        }
        if (!due) {
            return Verdict.HOLD;
        }
        if (outOfWindow) {
            return Verdict.unmatched(Reason.OUT_OF_WINDOW);
        }
        return emitOrphans ? emitted(key, stream, null) : Verdict.unmatched(Reason.NO_PARENT);
    }

    private Verdict emitted(KeyEvents key, int stream, Event parent) {
        boolean repeat = funnel.firstOnly(stream) && key.emitted(stream) > 0;
        return repeat ? Verdict.unmatched(Reason.REPEAT) : Verdict.emit(parent);
    }
}
