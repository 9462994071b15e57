package dev.adpipe.local.demo;

import dev.adpipe.runtime.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * Measures one stage from outside: what it has committed, and what waits in its inputs. Used by one thread.
 */
final class StageMeter {
    private final String stage;
    private final String group;
    private final Collection<TopicPartition> inputs;
    private final Admin admin;
    private final OldestRecords oldest;
    private final Clock clock;
    private long lastIn;
    private long lastLook;

    StageMeter(
            String stage,
            String group,
            Collection<TopicPartition> inputs,
            Admin admin,
            OldestRecords oldest,
            Clock clock) {
        this.stage = stage;
        this.group = group;
        this.inputs = inputs;
        this.admin = admin;
        this.oldest = oldest;
        this.clock = clock;
        this.lastLook = clock.millis();
    }

    String stage() {
        return stage;
    }

    /** What it has committed now. */
    StageOffsets offsets() {
        return StageOffsets.of(admin, group);
    }

    /** Where its inputs end now, open transactions included. */
    Map<TopicPartition, Long> inputEnds() {
        return StageOffsets.ends(admin, inputs);
    }

    /** Measures, with the rate since the last look. */
    StageLine look() {
        StageOffsets offsets = offsets();
        Map<TopicPartition, Long> behind = new HashMap<>();
        long backlog = 0;
        for (Map.Entry<TopicPartition, Long> end : inputEnds().entrySet()) {
            long position = offsets.committed().getOrDefault(end.getKey(), 0L);
            if (position < end.getValue()) {
                behind.put(end.getKey(), position);
                backlog += end.getValue() - position;
            }
        }
        long now = clock.millis();
        long oldestAppend = oldest.timestamps(behind).values().stream()
                .mapToLong(Long::longValue)
                .min()
                .orElse(now);
        double seconds = Math.max(1, now - lastLook) / 1e3;
        double rate = (offsets.books().in() - lastIn) / seconds;
        lastIn = offsets.books().in();
        lastLook = now;
        return new StageLine(stage, rate, backlog, Math.max(0, now - oldestAppend) / 1e3, offsets.books());
    }
}
