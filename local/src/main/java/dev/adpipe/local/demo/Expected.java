package dev.adpipe.local.demo;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the generator made and what must come of it.
 *
 * @param records   written to the raw topics
 * @param fates     events by fate; absent means none
 * @param campaigns rows by the campaign's name
 */
public record Expected(long records, Map<Fate, Long> fates, Map<String, Sums> campaigns) {
    public Expected {
        fates = Map.copyOf(fates);
        campaigns = Map.copyOf(campaigns);
    }

    public long of(Fate fate) {
        return fates.getOrDefault(fate, 0L);
    }

    /** Events that end in this way, whatever the reason. */
    long of(Fate.End end) {
        return fates.entrySet().stream()
                .filter(e -> e.getKey().end() == end)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Events that end in this way, by reason. */
    Map<String, Long> byReason(Fate.End end) {
        Map<String, Long> counts = new TreeMap<>();
        fates.forEach((fate, n) -> {
            if (fate.end() == end) {
                counts.merge(fate.reason(), n, Long::sum);
            }
        });
        return counts;
    }

    /** All events in the records; a record that is refused as a whole is one. */
    public long events() {
        return fates.values().stream().mapToLong(Long::longValue).sum() - of(Fate.End.NOTHING);
    }

    /** Counts while events are made; used by one thread. */
    static final class Counter {
        private final Map<Fate, Long> fates = new EnumMap<>(Fate.class);
        private final Map<String, Sums> campaigns = new TreeMap<>();
        private long records;

        void countRecord() {
            records++;
        }

        void count(Fate fate, int events) {
            fates.merge(fate, (long) events, Long::sum);
        }

        void addRow(String campaign, Sums row) {
            count(Fate.ROW, 1);
            campaigns.merge(campaign, row, Sums::plus);
        }

        /** An event was counted as a row, but now one that it waits for will never be made. */
        void loseRow(String campaign, Sums row) {
            count(Fate.ROW, -1);
            count(Fate.NO_PARENT, 1);
            campaigns.merge(campaign, row.negated(), Sums::plus);
        }

        Expected snapshot() {
            return new Expected(records, fates, campaigns);
        }
    }
}
