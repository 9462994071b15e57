package dev.adpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What warm copies promise when containers die, come and go: containers in processes of their own. */
@Tag("full")
class StandbyIT extends ContainerHarness {
    /** Changelog records of a partition: more than a copy may lack and still be warm. */
    private static final int KEYS = 12_000;

    private static final Duration TAKEOVER = Duration.ofSeconds(10);
    private static final Pattern RESTORED =
            Pattern.compile("State of \\S+-(\\d+) is complete: \\d+ keys, read offsets (\\d+) to (\\d+)");

    private final List<KeyCountProcess> started = new ArrayList<>();
    private int sent;

    @BeforeEach
    void withStandbys() throws Exception {
        standbys = 1;
        transactionTimeout = Duration.ofMinutes(5);
        provision();
        for (int i = 0; i < KEYS; i++) {
            for (int p = 0; p < PARTITIONS; p++) {
                producer.send(new ProducerRecord<>(topic("shuffled"), p, "key" + i, "x"));
            }
        }
        sendRound();
    }

    @AfterEach
    void stop() {
        started.forEach(KeyCountProcess::close);
    }

    /** Killed in the middle of a transaction that would time out in five minutes only. */
    @Test
    void aKilledOwnersPartitionsGoOnWithinSecondsOnWarmCopies() throws Exception {
        Map<String, KeyCountProcess> processes = threeWithWarmCopies();
        Map<Integer, String> before = owners();
        String victim = before.get(0);
        producer.send(new ProducerRecord<>(topic("shuffled"), 0, "k0", "hold"));
        sendRound();
        await().atMost(SOON).until(() -> processes.get(victim).log().contains("HOLDING"));
        processes.remove(victim).kill();
        long killed = System.currentTimeMillis();
        sendRound();
        // k0 has one record more than the others.
        awaitCounted(Map.of("k0", 1));
        assertTakenOverInTime("k0", killed);
        assertThat(restores(processes))
                .filteredOn(r -> r.partition() == 0 && r.to() > KEYS)
                .singleElement()
                .satisfies(r -> assertThat(r.to() - r.from()).isLessThan(KEYS / 4));
        assertThat(processes.values())
                .anySatisfy(p -> assertThat(p.log())
                        .contains(group() + "-" + victim + "-0 is no longer in group", "has left a transaction open"));
        assertThat(new HashSet<>(owners().values())).isEqualTo(processes.keySet());
    }

    @Test
    void oneThatIsToldToStopLeavesAtOnce() throws Exception {
        Map<String, KeyCountProcess> processes = threeWithWarmCopies();
        String leaving = owners().get(1);
        assertThat(processes.remove(leaving).terminate()).isZero();
        await().atMost(Duration.ofSeconds(4))
                .untilAsserted(
                        () -> assertThat(new HashSet<>(owners().values())).isEqualTo(processes.keySet()));
        long left = System.currentTimeMillis();
        sendRound();
        awaitCounted(Map.of());
        assertTakenOverInTime("k1", left);
    }

    @Test
    void aNewMemberGetsItsShareOnceItsCopyIsWarm() throws Exception {
        KeyCountProcess first = start("a");
        awaitCounted(Map.of());
        KeyCountProcess second = start("b");
        await().atMost(SOON.multipliedBy(2))
                .until(() -> new HashSet<>(owners().values()).equals(Set.of("a", "b")) && owners().size() == 3);
        sendRound();
        awaitCounted(Map.of());
        assertThat(second.log().indexOf("Keeps warm copies"))
                .isGreaterThanOrEqualTo(0)
                .isLessThan(second.log().indexOf("is complete"));
        assertThat(restores(Map.of("b", second)))
                .isNotEmpty()
                .allSatisfy(r -> assertThat(r.to() - r.from()).isLessThan(KEYS / 2));
        assertThat(first.log()).doesNotContain("aborted, going back");
    }

    /** Stopped past its session, it is fenced; woken, it recovers by itself and takes part again. */
    @Test
    void aZombieThatWakesIsFencedAndComesBack() throws Exception {
        Map<String, KeyCountProcess> processes = threeWithWarmCopies();
        String zombie = owners().get(2);
        processes.get(zombie).signal("STOP");
        long stopped = System.currentTimeMillis();
        sendRound();
        awaitCounted(Map.of());
        assertTakenOverInTime("k2", stopped);
        assertThat(owners().values()).doesNotContain(zombie);
        processes.get(zombie).signal("CONT");
        await().atMost(SOON).until(() -> owners().containsValue(zombie) && owners().size() == 3);
        sendRound();
        awaitCounted(Map.of());
    }

    private KeyCountProcess start(String instance) {
        KeyCountProcess process = new KeyCountProcess(this, instance);
        started.add(process);
        return process;
    }

    /** Each owns one partition and keeps a warm copy of another. */
    private Map<String, KeyCountProcess> threeWithWarmCopies() throws Exception {
        Map<String, KeyCountProcess> processes = new TreeMap<>();
        for (String instance : List.of("a", "b", "c")) {
            processes.put(instance, start(instance));
        }
        await().atMost(SOON.multipliedBy(2))
                .until(() -> new HashSet<>(owners().values()).equals(processes.keySet())
                        && owners().size() == 3
                        && processes.values().stream().allMatch(p -> p.log().contains("Keeps warm copies")));
        awaitCounted(Map.of());
        return processes;
    }

    /** One more record for each of k0, k1, k2. */
    private void sendRound() {
        sent++;
        produce(PARTITIONS);
    }

    /** By the time at which the new owner made its first record, so that the test's own reading does not count. */
    private void assertTakenOverInTime(String key, long since) {
        long first = read(topic("joined")).stream()
                .filter(record -> record.key().equals(key) && record.timestamp() >= since)
                .mapToLong(ConsumerRecord::timestamp)
                .min()
                .orElseThrow();
        System.out.println("Taken over after " + (first - since) + " ms");
        assertThat(first - since).isLessThan(TAKEOVER.toMillis());
    }

    /** Every record of k0, k1, k2 has been counted, each once, in order. */
    private void awaitCounted(Map<String, Integer> more) {
        await().atMost(SOON.multipliedBy(2))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> {
                    Map<String, List<Integer>> counts = counts();
                    for (int p = 0; p < PARTITIONS; p++) {
                        List<Integer> expected = new ArrayList<>();
                        for (int i = 1; i <= sent + more.getOrDefault("k" + p, 0); i++) {
                            expected.add(i);
                        }
                        assertThat(counts.get("k" + p)).isEqualTo(expected);
                    }
                });
    }

    private record Restored(int partition, long from, long to) {}

    private static List<Restored> restores(Map<String, KeyCountProcess> processes) {
        List<Restored> restores = new ArrayList<>();
        for (KeyCountProcess process : processes.values()) {
            Matcher matcher = RESTORED.matcher(process.log());
            while (matcher.find()) {
                restores.add(new Restored(
                        Integer.parseInt(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        Long.parseLong(matcher.group(3))));
            }
        }
        return restores;
    }
}
