package dev.adpipe.local;

import dev.adpipe.schemas.definition.JoinSettings;
import dev.adpipe.schemas.definition.JoinSettings.Emit;
import dev.adpipe.schemas.definition.OutputSettings.RowTime;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.ShuffleSettings;
import dev.adpipe.schemas.definition.StreamDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far around a range of row times a replay must read, so that its join decides of them what the live one has decided.
 * Immutable.
 *
 * <p><b>Before.</b> A log is entered by append time. Whatever is needed of a row is what was seen of its key since the key
 * was born. Going back from a row's time:
 *
 * <ol>
 *   <li>The event that made the row was appended no earlier than its time − {@code max-skew}; its time is at most all skews
 *       before the time of its root.
 *   <li>At that moment W was no further back than {@code idle-after} (a silent partition counts that long) + two ticks +
 *       {@code lateness} + <i>behind</i>: as much as the slowest raw topic was behind others at that time. That is nothing
 *       while all is well, and cannot be known from the definition: it is the operator's to say.
 *   <li>A key that lives when W is there has its earliest event at most {@code max-key-life} + the longest keep before W: it
 *       was closed then, and its end was set. Its first record was appended no earlier than that event's time − {@code
 *       max-skew}.
 *   <li>W itself must be right from there on. The ticks bring it: after {@code idle-after} and two ticks each partition and
 *       each waking is known, and after {@code first-event-timeout} a stream without any event holds nobody back.
 * </ol>
 *
 * A key that is busy for longer than {@code max-key-life} is closed and born again over and over, and when depends on its
 * whole past: of such keys a replay may close at another moment than the live run did.
 *
 * <p><b>After.</b> With W beyond the range's end + this, nothing in the range is decided any more: an event that comes is
 * late. {@code time = root}: the row of an event as much later as all windows together. {@code on-close}: the key has been
 * closed and written.
 */
final class ReplayReach {
    private final Duration settling;
    private final Duration whole;
    private final Duration before;
    private final Duration after;

    /**
     * @param behind how long the slowest raw topic was behind the others around the range
     */
    ReplayReach(PipelineDefinition definition, Duration behind) {
        this(definition, behind, Optional.empty());
    }

    /**
     * @param warmUp what to read before the range instead; see {@link #tooShort}
     */
    ReplayReach(PipelineDefinition definition, Duration behind, Optional<Duration> warmUp) {
        ShuffleSettings shuffle = definition.shuffle();
        JoinSettings join = definition.join();
        Duration ticks = shuffle.tickInterval().multipliedBy(2);
        Duration skews = join.skew().multipliedBy(definition.streams().size());
        Duration longest = Duration.ZERO;
        Duration windows = skews;
        for (StreamDefinition stream : definition.streams()) {
            windows = windows.plus(stream.within());
            longest = longest.compareTo(stream.within()) < 0 ? stream.within() : longest;
        }
        // Of a stream: its longest child window, or its parents' keep, a skew more for each step.
        Duration keep = longest.plus(join.skew()).plus(skews);
        settling = shuffle.maxSkew()
                .multipliedBy(2)
                .plus(skews)
                .plus(shuffle.idleAfter().multipliedBy(2))
                .plus(ticks.multipliedBy(2))
                .plus(join.lateness())
                .plus(behind)
                .plus(join.firstEventTimeout());
        whole = settling.plus(join.maxKeyLife()).plus(keep);
        before = warmUp.orElse(whole);
        boolean root = definition.output().time() == RowTime.ROOT;
        if (join.emit() == Emit.ON_CLOSE) {
            after = join.maxKeyLife().plus(keep);
        } else {
            after = root ? windows.plus(keep) : keep;
        }
    }

    Duration before() {
        return before;
    }

    /** In which W becomes what it was, whatever is known of keys: no warm-up may be shorter. */
    Duration settling() {
        return settling;
    }

    /** What may differ from the live run's rows for want of a longer warm-up; empty if nothing. */
    Optional<String> tooShort(Instant from) {
        if (before.compareTo(whole) >= 0) {
            return Optional.empty();
        }
        return Optional.of("the warm-up is " + Shown.duration(before) + " and should be " + Shown.duration(whole)
                + ": what was appended before " + readFrom(from)
                + " is not known. Events whose parents are among that have no row here (they are no-parent),"
                + " copies of what is among it have a second one, and max-events-per-key, first-only and"
                + " ordinals count from there. All other rows are those of the live run");
    }

    /** The append time to read from, for rows from this time on. */
    Instant readFrom(Instant from) {
        return from.minus(before);
    }

    /** The first row time that a log can give which begins at this append time. */
    Instant firstRowTime(Instant logBegin) {
        return logBegin.plus(before);
    }

    /** When W is greater than this, all is decided about rows before {@code to}. Milliseconds since the epoch. */
    long settledAfter(Instant to) {
        return to.plus(after).toEpochMilli();
    }
}
