package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.JoinSettings.Emit;
import dev.adpipe.schemas.definition.JoinSettings.Orphans;
import java.time.Duration;
import java.util.List;

/** The block {@code join}. */
final class JoinBlock {
    private static final Duration SHORTEST_DERIVED_LIFE = Duration.ofHours(1);

    private final Setting<Emit> emit;
    private final Setting<Duration> lateness;
    private final Setting<Duration> skew;
    private final Setting<Orphans> orphans;
    private final Setting<Integer> maxEventsPerKey;
    private final Setting<Duration> maxKeyLife;
    private final Setting<Duration> firstEventTimeout;
    private final Setting<Integer> standbys;
    private final List<Duration> windows;

    /**
     * @param windows {@code within} of all streams but the first; those with mistakes left out
     */
    JoinBlock(ConfigReader in, List<Duration> windows) {
        this.windows = windows;
        emit = in.choice("emit", Emit.class);
        lateness = in.duration("lateness");
        skew = in.duration("skew");
        orphans = in.choice("orphans", Orphans.class);
        maxEventsPerKey = in.integer("max-events-per-key", 1, Integer.MAX_VALUE);
        maxKeyLife = in.ifGiven("max-key-life", in::duration);
        firstEventTimeout = in.duration("first-event-timeout");
        standbys = in.integer("standbys", 0, Integer.MAX_VALUE);
        in.finish();
        if (skew.isPresent()) {
            Duration all = allWindows();
            maxKeyLife.require(
                    life -> life.compareTo(all) > 0,
                    "must be more than the windows and skews of all streams together, " + ScalarParser.durationText(all)
                            + ", or keys would be closed before their events are matched");
        }
    }

    /** The longest time between the first and the last event of a funnel. */
    private Duration allWindows() {
        return windows.stream()
                .reduce(Duration.ZERO, (sum, within) -> sum.plus(within).plus(skew.get()));
    }

    private Duration derivedLife() {
        Duration twice = allWindows().multipliedBy(2);
        return twice.compareTo(SHORTEST_DERIVED_LIFE) > 0 ? twice : SHORTEST_DERIVED_LIFE;
    }

    JoinSettings toSettings() {
        return new JoinSettings(
                emit.get(),
                lateness.get(),
                skew.get(),
                orphans.get(),
                maxEventsPerKey.get(),
                maxKeyLife.value().orElseGet(this::derivedLife),
                firstEventTimeout.get(),
                standbys.get());
    }
}
