package dev.adpipe.local.demo;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * One of the demo's campaigns.
 *
 * @param id     as the raw events carry it, before they are made messy
 * @param name   what the lookup file says for the id
 * @param ctr    probability of a click after an impression
 * @param weight share of the traffic, relative to the others'
 */
record Campaign(String id, String name, double ctr, int weight) {
    static final List<Campaign> ALL = List.of(
            new Campaign("c-101", "Spring shoes", 0.0100, 30),
            new Campaign("c-102", "City bikes", 0.0060, 20),
            new Campaign("c-103", "Fresh coffee", 0.0040, 20),
            new Campaign("c-104", "Night trains", 0.0025, 15),
            new Campaign("c-105", "Savings account", 0.0015, 10),
            new Campaign("c-106", "Rare stamps", 0.0010, 5));

    private static final int WEIGHTS = ALL.stream().mapToInt(Campaign::weight).sum();

    /** One of them, each as often as its weight says. */
    static Campaign pick(Random random) {
        int at = random.nextInt(WEIGHTS);
        for (Campaign campaign : ALL) {
            at -= campaign.weight();
            if (at < 0) {
                return campaign;
            }
        }
        throw new IllegalStateException("weights of campaigns add up to less than " + WEIGHTS);
    }

    /** The lookup file of the demo's definition. */
    static String lookupFile() {
        return ALL.stream()
                .map(c -> c.id() + "," + c.name())
                .collect(Collectors.joining("\n", "campaign_id,campaign_name\n", "\n"));
    }
}
