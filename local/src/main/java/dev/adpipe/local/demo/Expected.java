package dev.adpipe.local.demo;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the generator made and what must come of it.
 *
 * @param fates     events by fate; absent means none
 * @param campaigns rows by the campaign's name
 */
record Expected(Map<Fate, Long> fates, Map<String, CampaignTotals> campaigns) {
    Expected {
        fates = Map.copyOf(fates);
        campaigns = Map.copyOf(campaigns);
    }

    long of(Fate fate) {
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

    /** All records that were made. */
    long total() {
        return fates.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Counts while events are made; used by one thread. */
    static final class Counter {
        private final Map<Fate, Long> fates = new EnumMap<>(Fate.class);
        private final Map<String, CampaignTotals> campaigns = new TreeMap<>();

        void count(Fate fate) {
            fates.merge(fate, 1L, Long::sum);
        }

        void addRow(String campaign, CampaignTotals row) {
            count(Fate.ROW);
            campaigns.merge(campaign, row, CampaignTotals::plus);
        }

        /** A click was counted as a row, but now its impression will never be made. */
        void clickLosesItsImpression(String campaign) {
            fates.merge(Fate.ROW, -1L, Long::sum);
            count(Fate.NO_PARENT);
            campaigns.merge(campaign, CampaignTotals.CLICK.negated(), CampaignTotals::plus);
        }

        Expected snapshot() {
            return new Expected(fates, campaigns);
        }
    }
}
