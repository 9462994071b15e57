package dev.adpipe.local.guarantee;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends {@link Traffic} on a thread of its own, each record when it is due. From time to time a raw topic, or one of its
 * partitions, stands still for seconds and is then caught up in order, and the fast producer's clock is an hour ahead.
 *
 * <p>First {@link Phase#FULL}; then {@link Phase#TRICKLE}, in which every raw partition gets a few events that match, so
 * that time goes on and everything before is decided; then {@link #finish}. Those are called by one thread.
 */
final class Load {
    private static final int TRICKLE_MS = 250;
    private static final int MOST_AT_ONCE = 200;

    private enum Phase {
        FULL,
        TRICKLE,
        END
    }

    private final Traffic traffic;
    private final int rate;
    private final Random random;
    private final KafkaProducer<byte[], byte[]> producer;
    private final PriorityQueue<Numbered> queue = new PriorityQueue<>(
            Comparator.comparingLong((Numbered n) -> n.event().due()).thenComparingLong(Numbered::number));
    private final List<RawEvent> withheld = new ArrayList<>();
    private final Thread thread;
    private volatile Phase phase = Phase.FULL;
    private volatile boolean onlyTrickleLeft;
    private volatile Exception failure;
    private long numbered;
    private long impressions;
    private long trickles;
    private long nextTrickle;
    private int stops;
    private String stoppedTopic = "";
    private int stoppedPartition;
    private long nextStop;
    private long stopEnds;
    private long fastFrom;

    /** Of those due at the same time, the one made first goes first. */
    private record Numbered(long number, RawEvent event) {}

    /**
     * Starts.
     *
     * @param rate impressions per second
     */
    Load(String bootstrap, long seed, ProofPipeline.Times times, int rate) {
        this.traffic = new Traffic(seed, times);
        this.rate = rate;
        this.random = new Random(seed);
        this.producer =
                new KafkaProducer<>(properties(bootstrap), new ByteArraySerializer(), new ByteArraySerializer());
        long now = System.currentTimeMillis();
        this.nextStop = now + 6_000;
        this.fastFrom = now + 4_000;
        this.thread = new Thread(this::run, "load");
        thread.setDaemon(true);
        thread.start();
    }

    static Map<String, Object> properties(String bootstrap) {
        Map<String, Object> p = new HashMap<>();
        p.put("bootstrap.servers", bootstrap);
        p.put("acks", "all");
        p.put("enable.idempotence", true);
        p.put("linger.ms", 5);
        p.put("compression.type", "lz4");
        // Whatever is down comes back: nothing is given up, nothing changes its place.
        p.put("delivery.timeout.ms", 600_000);
        p.put("request.timeout.ms", 10_000);
        p.put("max.block.ms", 600_000L);
        p.put("reconnect.backoff.max.ms", 500L);
        p.put("buffer.memory", 128L * 1024 * 1024);
        return p;
    }

    /** No more events but those that let time go on. */
    void trickle() {
        phase = Phase.TRICKLE;
    }

    /** Whether in the trickle all that was made before is in Kafka. */
    boolean onlyTrickleLeft() {
        requireAlive();
        return onlyTrickleLeft;
    }

    /** Ends it; returns when everything is in Kafka. */
    void finish(Duration patience) {
        phase = Phase.END;
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        requireAlive();
        if (thread.isAlive()) {
            throw new IllegalStateException("the load did not end within " + patience.toSeconds() + " s");
        }
    }

    /** How often a raw topic or partition was stopped. */
    int stops() {
        return stops;
    }

    /**
     * @throws IllegalStateException if it has failed: the run says nothing then
     */
    void requireAlive() {
        if (failure != null) {
            throw new IllegalStateException("the load has failed: " + failure, failure);
        }
    }

    private void run() {
        try (producer) {
            long started = System.currentTimeMillis();
            while (phase != Phase.END || !queue.isEmpty()) {
                long now = System.currentTimeMillis();
                make(started, now);
                stop(now);
                sendDue(now);
                LockSupport.parkNanos(5_000_000);
            }
            release();
            producer.flush();
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void make(long started, long now) {
        if (phase == Phase.FULL) {
            long behind = (now - started) * rate / 1_000 - impressions;
            for (long i = Math.min(behind, MOST_AT_ONCE); i > 0; i--) {
                boolean hourFast = now >= fastFrom && now < fastFrom + 4_000;
                traffic.of(impressions++, now, hourFast).forEach(this::enqueue);
            }
            if (now > fastFrom + 4_000) {
                fastFrom = now + 30_000;
            }
        } else if (phase == Phase.TRICKLE) {
            if (!onlyTrickleLeft && queue.stream().allMatch(n -> isTrickle(n.event())) && withheld.isEmpty()) {
                producer.flush();
                onlyTrickleLeft = true;
            }
            if (now >= nextTrickle) {
                nextTrickle = now + TRICKLE_MS;
                trickle(now);
            }
        }
    }

    private static boolean isTrickle(RawEvent event) {
        return event.value() != null
                && new String(event.value(), java.nio.charset.StandardCharsets.UTF_8).startsWith("{\"imp_id\":\"t");
    }

    private void trickle(long now) {
        for (int p = 0; p < ProofPipeline.RAW_PARTITIONS; p++) {
            String id = "t" + trickles++;
            enqueue(new RawEvent(
                    now, ProofPipeline.IMPRESSIONS, p, RawEvent.impression(id, now, "trickle", trickles % 100)));
            long click = now + TRICKLE_MS;
            enqueue(new RawEvent(click, ProofPipeline.CLICKS, p, RawEvent.click("q" + id, id, click)));
            enqueue(new RawEvent(click, ProofPipeline.CLICKS_AHEAD, p, RawEvent.click("r" + id, id, click)));
        }
    }

    private void enqueue(RawEvent event) {
        queue.add(new Numbered(numbered++, event));
    }

    private void stop(long now) {
        if (stopEnds != 0 && (now >= stopEnds || phase != Phase.FULL)) {
            release();
            stopEnds = 0;
            nextStop = now + 10_000 + random.nextInt(20_000);
        } else if (stopEnds == 0 && now >= nextStop && phase == Phase.FULL) {
            stoppedTopic = List.of(ProofPipeline.IMPRESSIONS, ProofPipeline.CLICKS, ProofPipeline.CLICKS_AHEAD)
                    .get(random.nextInt(3));
            stoppedPartition = random.nextInt(ProofPipeline.RAW_PARTITIONS + 2);
            stopEnds = now + 2_000 + random.nextInt(6_000);
            stops++;
        }
    }

    /** What was withheld, in its order. */
    private void release() {
        stoppedTopic = "";
        withheld.forEach(this::send);
        withheld.clear();
    }

    private void sendDue(long now) {
        while (!queue.isEmpty() && queue.peek().event().due() <= now) {
            RawEvent event = queue.poll().event();
            boolean all = stoppedPartition >= ProofPipeline.RAW_PARTITIONS;
            if (event.topic().equals(stoppedTopic) && (all || event.partition() == stoppedPartition)) {
                withheld.add(event);
            } else {
                send(event);
            }
        }
    }

    private void send(RawEvent event) {
        producer.send(
                new ProducerRecord<>(event.topic(), event.partition(), null, event.value()), (metadata, error) -> {
                    if (error != null) {
                        failure = error;
                    }
                });
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }
}
