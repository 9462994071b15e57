package dev.adpipe.local.demo;

/**
 * The metrics of one campaign's rows, added up.
 *
 * @param spendMicros in millionths, so that sums are exact
 */
record CampaignTotals(long impressions, long clicks, long spendMicros) {
    static final CampaignTotals NONE = new CampaignTotals(0, 0, 0);
    static final CampaignTotals CLICK = new CampaignTotals(0, 1, 0);

    static CampaignTotals impression(long spendMicros) {
        return new CampaignTotals(1, 0, spendMicros);
    }

    CampaignTotals plus(CampaignTotals other) {
        return new CampaignTotals(
                impressions + other.impressions, clicks + other.clicks, spendMicros + other.spendMicros);
    }

    CampaignTotals negated() {
        return new CampaignTotals(-impressions, -clicks, -spendMicros);
    }

    /** Clicks per impression; 0 without impressions. */
    double ctr() {
        return impressions == 0 ? 0 : (double) clicks / impressions;
    }

    double spend() {
        return spendMicros / 1e6;
    }
}
