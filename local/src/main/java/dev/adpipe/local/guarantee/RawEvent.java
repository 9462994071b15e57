package dev.adpipe.local.guarantee;

import java.nio.charset.StandardCharsets;

/**
 * A raw record to be sent.
 *
 * @param due when, milliseconds since the epoch
 */
record RawEvent(long due, String topic, int partition, byte[] value) {

    static byte[] impression(String id, long time, String campaign, long price) {
        return utf8("{\"imp_id\":\"%s\",\"timestamp\":%d,\"campaign\":\"%s\",\"price\":%d}"
                .formatted(id, time, campaign, price));
    }

    static byte[] click(String id, String impression, long time) {
        return utf8("{\"imp_id\":\"%s\",\"click_id\":\"%s\",\"timestamp\":%d}".formatted(impression, id, time));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
