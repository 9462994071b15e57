package dev.adpipe.local;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Impressions and clicks as they come, in real time, for some seconds: clicks before and after their impressions, copies,
 * orphans, clicks out of the window, broken records, late ones. Ids of late events begin with {@code late}.
 */
final class UglyTraffic {
    private final KafkaConnection kafka;
    private final String prefix;
    private final long window;
    private final Random random;
    private final PriorityQueue<Sending> due = new PriorityQueue<>(Comparator.comparingLong(Sending::at));
    private int made;

    private record Sending(long at, String topic, byte[] value) {}

    /**
     * @param prefix of the raw topics' names
     * @param window of clicks after their impressions, milliseconds
     */
    UglyTraffic(KafkaConnection kafka, String prefix, long window, long seed) {
        this.kafka = kafka;
        this.prefix = prefix;
        this.window = window;
        this.random = new Random(seed);
    }

    /** Returns when all is sent. */
    void send(long millis, int perSecond) {
        long start = System.currentTimeMillis();
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of())) {
            for (long now = start; now < start + millis; now = System.currentTimeMillis()) {
                while (made < (now - start) * perSecond / 1000) {
                    make(now);
                }
                while (!due.isEmpty() && due.peek().at() <= now) {
                    Sending next = due.poll();
                    producer.send(new ProducerRecord<>(next.topic(), next.value()));
                }
                LockSupport.parkNanos(2_000_000);
            }
        }
    }

    private void make(long now) {
        String id = "i" + made++;
        int dice = random.nextInt(100);
        if (dice < 4) {
            String late = "late" + id;
            impression(late, now - 20 * window, now);
            return;
        }
        if (dice < 6) {
            due.add(new Sending(now, prefix + ".impressions", utf8("{\"imp_id\":\"" + id)));
            return;
        }
        long time = now - random.nextInt(30);
        // Some come after their clicks.
        long at = now + (random.nextInt(5) == 0 ? random.nextInt(150) : 0);
        impression(id, time, at);
        if (random.nextInt(20) == 0) {
            impression(id, time, at + random.nextInt((int) window));
        }
        int clicks = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
        for (int n = 0; n < clicks; n++) {
            String on = random.nextInt(15) == 0 ? "nobody" + id : id;
            boolean outside = random.nextInt(15) == 0;
            long clicked = time + (outside ? window + 50 : random.nextInt((int) window - 50));
            click(id + "-" + n, on, clicked);
            if (random.nextInt(10) == 0) {
                click(id + "-" + n, on, clicked);
            }
        }
    }

    private void impression(String id, long time, long at) {
        String json = "{\"imp_id\":\"%s\",\"timestamp\":%d,\"campaign\":\"c%d\"}".formatted(id, time, made % 7);
        due.add(new Sending(at, prefix + ".impressions", utf8(json)));
    }

    private void click(String id, String on, long time) {
        String json = "{\"imp_id\":\"%s\",\"click_id\":\"%s\",\"timestamp\":%d}".formatted(on, id, time);
        due.add(new Sending(time + random.nextInt(30), prefix + ".clicks", utf8(json)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
