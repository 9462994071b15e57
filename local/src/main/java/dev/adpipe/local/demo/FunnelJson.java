package dev.adpipe.local.demo;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes the events of a funnel as a bidder might log them, in OpenRTB's names. Used by one thread; takes what is random from
 * the generator's random numbers, so a seed repeats it.
 */
final class FunnelJson {
    private static final String[] SITES = {"news.example.com", "cooking.example.org", "games.example.com"};
    private static final String[] PLACEMENTS = {"top", "sidebar", "article", "footer"};
    private static final String[] COUNTRIES = {"DEU", "FRA", "ITA", "ESP", "POL", "SWE"};
    private static final int[][] SIZES = {{300, 250}, {728, 90}, {160, 600}, {320, 50}};
    private static final int[] DEVICES = {2, 4, 5};
    private static final long YEAR = 365L * 24 * 3_600_000;
    /** More than the definition's {@code max-record-bytes}. */
    private static final int TOO_LARGE_BYTES = 100_000;

    private final Random random;

    /**
     * One bid of a response.
     *
     * @param price CPM as JSON
     */
    record Bid(String id, int imp, Campaign campaign, String price) {}

    FunnelJson(Random random) {
        this.random = random;
    }

    /** A bid request with so many imps, numbered from 1. */
    String request(String id, long time, int imps) {
        return request("\"id\":\"" + id + "\",\"timestamp\":" + time, imps(imps, i -> "\"id\":\"" + i + "\","));
    }

    /** A bid request that shuffle must refuse. */
    String malformed(Fate fate, String id, long now) {
        String key = "\"id\":\"" + id + "\"";
        String dated = key + ",\"timestamp\":" + now;
        String two = imps(2, i -> "\"id\":\"" + i + "\",");
        return switch (fate) {
            case TRUNCATED -> request(dated, two).substring(0, 100);
            case NO_KEY -> request("\"timestamp\":" + now, two);
            case NO_TIME -> request(key, two);
            case BAD_TIME -> request(key + ",\"timestamp\":\"yesterday\"", two);
            case FAR_FUTURE -> request(key + ",\"timestamp\":" + (now + YEAR), two);
            case TOO_LARGE -> request(dated + ",\"ext\":\"" + "x".repeat(TOO_LARGE_BYTES) + "\"", two);
            case NO_ELEMENT_KEY -> request(dated, imps(3, i -> i == 2 ? "" : "\"id\":\"" + i + "\","));
            case NO_ELEMENTS -> "{" + dated + ",\"tmax\":120}";
            case SAME_ID -> request(dated, imps(2, i -> "\"id\":\"1\","));
            default -> throw new IllegalArgumentException(fate + " is no malformed bid request");
        };
    }

    private String request(String head, String imps) {
        String site = pick(SITES);
        return "{" + head + ",\"at\":1,\"tmax\":120,\"cur\":[\"USD\"],\"imp\":[" + imps + "],\"site\":{\"domain\":\""
                + site
                + "\",\"page\":\"https://" + site + "/a?id=" + random.nextInt(1000)
                + "\",\"publisher\":{\"id\":\"pub-" + random.nextInt(9) + "\"}},\"device\":{\"devicetype\":"
                + DEVICES[random.nextInt(DEVICES.length)] + ",\"geo\":{\"country\":\"" + pick(COUNTRIES) + "\"}}}";
    }

    private String imps(int count, Function<Integer, String> id) {
        StringBuilder imps = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            int[] size = SIZES[random.nextInt(SIZES.length)];
            imps.append(i == 1 ? "" : ",")
                    .append('{')
                    .append(id.apply(i))
                    .append("\"tagid\":\"")
                    .append(pick(PLACEMENTS))
                    .append("\",\"bidfloor\":0.")
                    .append(1 + random.nextInt(9))
                    .append(",\"bidfloorcur\":\"USD\",\"banner\":{\"w\":")
                    .append(size[0])
                    .append(",\"h\":")
                    .append(size[1])
                    .append("}}");
        }
        return imps.toString();
    }

    /** A bid response; the bids are dealt out to one or two seats, none of them to none. */
    String response(String id, long time, List<Bid> bids) {
        String head = "{\"id\":\"" + id + "\",\"timestamp\":" + time + ",\"cur\":\"USD\",\"seatbid\":[";
        if (bids.isEmpty()) {
            return head + "],\"nbr\":2}";
        }
        int first = 1 + random.nextInt(bids.size());
        String seats = seat("seat-1", bids.subList(0, first));
        if (first < bids.size()) {
            seats += "," + seat("seat-2", bids.subList(first, bids.size()));
        }
        return head + seats + "]}";
    }

    private String seat(String name, List<Bid> bids) {
        return "{\"seat\":\"" + name + "\",\"bid\":["
                + bids.stream().map(this::bid).collect(Collectors.joining(",")) + "]}";
    }

    private String bid(Bid bid) {
        return "{\"id\":\"" + bid.id() + "\",\"impid\":\"" + bid.imp() + "\",\"price\":" + bid.price() + ",\"cid\":\""
                + messy(bid.campaign().id()) + "\",\"crid\":\"banner-" + random.nextInt(4)
                + "\",\"adomain\":[\"shop" + bid.campaign().id() + ".example.com\"]}";
    }

    /** The ad was shown; {@code price} is what it cost, a CPM. */
    String impression(String auction, Bid bid, long time, String price) {
        return "{" + keys(auction, bid.imp(), time) + ",\"bidid\":\"" + bid.id() + "\",\"price\":" + price
                + ",\"cur\":\"USD\"}";
    }

    String click(String id, String auction, int imp, long time) {
        return "{\"click_id\":\"" + id + "\"," + keys(auction, imp, time)
                + ",\"url\":\"https://shop.example.com/?auction=" + auction + "\"}";
    }

    /**
     * @param price what the advertiser earned, as JSON
     */
    String conversion(String id, String auction, int imp, long time, String price) {
        return "{\"conversion_id\":\"" + id + "\"," + keys(auction, imp, time) + ",\"type\":\"purchase\",\"price\":"
                + price + ",\"cur\":\"USD\"}";
    }

    private static String keys(String auction, int imp, long time) {
        return "\"id\":\"" + auction + "\",\"impid\":\"" + imp + "\",\"timestamp\":\"" + Instant.ofEpochMilli(time)
                + "\"";
    }

    /** An amount of money as JSON. */
    static String price(long micros) {
        return micros / 1_000_000 + "."
                + Long.toString(1_000_000 + micros % 1_000_000).substring(1);
    }

    private String messy(String text) {
        return switch (random.nextInt(8)) {
            case 0 -> text.toUpperCase(Locale.ROOT);
            case 1 -> " " + text;
            default -> text;
        };
    }

    private String pick(String[] values) {
        return values[random.nextInt(values.length)];
    }
}
