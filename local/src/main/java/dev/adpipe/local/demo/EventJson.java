package dev.adpipe.local.demo;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;

/**
 * Writes events as a customer's ad server might: not always clean. Used by one thread; takes its mess from the
 * generator's random numbers, so a seed repeats it.
 */
final class EventJson {
    private static final String[] DEVICES = {"mobile", "desktop", "tablet", "tv"};
    private static final String[] COUNTRIES = {"de", "fr", "it", "es", "pl", "se"};
    private static final String[] SITES = {
        "news.example.com", "cooking.example.org", "weather.example.net", "games.example.com"
    };
    private static final DateTimeFormatter WITH_OFFSET = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx");
    private static final long YEAR = 365L * 24 * 3_600_000;
    /** More than the definition's {@code max-record-bytes}. */
    private static final int TOO_LARGE_BYTES = 100_000;

    private static final ZoneOffset ELSEWHERE = ZoneOffset.ofHours(2);

    private final Random random;

    EventJson(Random random) {
        this.random = random;
    }

    /** An impression as text; {@code price} is JSON. */
    String impression(String id, long time, Campaign campaign, String price) {
        return "{\"imp_id\":\"" + id + "\"," + dated(time(time), description(campaign, price)) + "}";
    }

    /** An impression that shuffle must refuse. */
    String malformed(Fate fate, String id, long now, Campaign campaign) {
        String key = "\"imp_id\":\"" + id + "\",";
        String body = description(campaign, price(1_000));
        String dated = dated(time(now), body);
        return switch (fate) {
            case TRUNCATED -> ("{" + key + dated).substring(0, 60);
            case NO_KEY -> "{" + dated + "}";
            case EMPTY_KEY -> "{\"imp_id\":\"\"," + dated + "}";
            case NO_TIME -> "{" + key + body + "}";
            case BAD_TIME -> "{" + key + dated("yesterday", body) + "}";
            case FAR_FUTURE -> "{" + key + dated(time(now + YEAR), body) + "}";
            case TOO_LARGE -> "{" + key + "\"debug\":\"" + "x".repeat(TOO_LARGE_BYTES) + "\"," + dated + "}";
            default -> throw new IllegalArgumentException(fate + " is not malformed");
        };
    }

    private static String dated(String timestamp, String body) {
        return "\"timestamp\":\"" + timestamp + "\"," + body;
    }

    private String description(Campaign campaign, String price) {
        return "\"campaign\":\"" + messy(campaign.id()) + "\",\"creative\":\"" + messy("banner-" + random.nextInt(4))
                + "\",\"item\":\"item-" + random.nextInt(80) + "\",\"device\":\"" + messy(pick(DEVICES))
                + "\",\"geo\":{\"country\":\"" + messy(pick(COUNTRIES)) + "\"},\"site\":\"" + url(pick(SITES))
                + "\",\"position\":" + (1 + random.nextInt(3)) + ",\"price\":" + price;
    }

    /** A click as text. */
    String click(String clickId, String impressionId, long time) {
        return "{\"click_id\":\"" + clickId + "\",\"imp_id\":\"" + impressionId + "\",\"timestamp\":\"" + time(time)
                + "\",\"landing\":\"https://shop.example.com/?from=" + impressionId + "\"}";
    }

    /** A price as JSON, now and then as a string. */
    String price(long micros) {
        // Not String.format: it took a third of the generator's time.
        String fraction = Long.toString(1_000_000 + micros % 1_000_000).substring(1);
        String number = micros / 1_000_000 + "." + fraction;
        return random.nextInt(10) == 0 ? "\" " + number + " \"" : number;
    }

    /** ISO-8601, now and then with an offset. */
    String time(long millis) {
        Instant instant = Instant.ofEpochMilli(millis);
        return random.nextInt(20) == 0 ? WITH_OFFSET.format(instant.atOffset(ELSEWHERE)) : instant.toString();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String url(String host) {
        return switch (random.nextInt(4)) {
            case 0 -> "https://" + host + "/a?id=" + random.nextInt(1000);
            case 1 -> "http://www." + host + "/";
            case 2 -> "HTTPS://WWW." + host.toUpperCase(Locale.ROOT) + "/Index.html";
            default -> "  https://" + host + ":443/path ";
        };
    }

    private String messy(String text) {
        return switch (random.nextInt(8)) {
            case 0 -> text.toUpperCase(Locale.ROOT);
            case 1 -> " " + text;
            case 2 -> text + "  ";
            default -> text;
        };
    }

    private String pick(String[] values) {
        return values[random.nextInt(values.length)];
    }
}
