package dev.adpipe.local.guarantee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.local.Adpipe;
import dev.adpipe.local.guarantee.DruidGround.Sums;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/**
 * A supervisor of a real Druid, managed by the commands that a user types. Each batch of rows has a price of its own, so the
 * sums say which batches Druid has. Used by one thread, for one run.
 */
final class ManagedSupervisor implements AutoCloseable {
    private static final Duration A_WHILE = Duration.ofSeconds(5);
    private static final int HALF = DruidRows.BATCH / 2;

    private final DruidGround ground;
    private final String name;
    private final String topic;
    private final String file;
    private final KafkaProducer<byte[], byte[]> producer;
    private Sums right = new Sums(0, 0, 0);

    ManagedSupervisor(DruidGround ground, PipelineDefinition definition, String name) {
        this.ground = ground;
        this.name = name;
        this.topic = definition.topics().rows();
        this.file = definition.source().toString();
        this.producer = ground.producer(Map.of());
    }

    void appliesReadsAndSaysSo() {
        assertThat(druid(0, "apply")).isEqualTo("supervisor " + name + ": unchanged");
        send(1);
        awaitRight();
        awaitStatus("RUNNING; tasks: 1 reading, 0 publishing; lag: 0", "rows read by these tasks: " + DruidRows.BATCH);
    }

    /** Rows wait in the topic, and a repeated apply wakes nobody. */
    void restsAndGoesOnWithoutLoss() {
        assertThat(druid(0, "suspend")).isEqualTo("supervisor " + name + ": suspended");
        awaitStatus("SUSPENDED; tasks: 0 reading, 0 publishing");
        Sums before = right;
        send(2);
        assertThat(druid(0, "apply")).isEqualTo("supervisor " + name + ": unchanged");
        await().during(A_WHILE)
                .atMost(DruidGround.PATIENCE)
                .until(() -> ground.sums(name).equals(before));

        assertThat(druid(0, "resume")).isEqualTo("supervisor " + name + ": resumed");
        awaitRight();
        awaitStatus("RUNNING; tasks: 1 reading, 0 publishing; lag: 0");
    }

    /** The second batch is read and not published yet, so a reset to the end loses just that one. */
    void losesWhatAResetSaid() {
        assertThat(druid(0, "reset")).startsWith("Nothing to reset");
        String refused = druid(3, "reset", "--to", "latest");
        assertThat(refused)
                .contains(
                        topic + "-0: the log holds 0 to " + 2 * HALF + ", published is up to " + HALF,
                        "lost: " + HALF + " records that are not published",
                        "Nothing was changed");
        assertThat(ground.sums(name)).isEqualTo(right);
        assertThat(druid(0, "reset", "--to", "latest", "--yes"))
                .contains(
                        "lost: " + HALF + " records", "goes on at (partition:offset) 0:" + 2 * HALF + " 1:" + 2 * HALF);
        right = new Sums(DruidRows.BATCH, 0, DruidRows.BATCH);
        awaitRight();
        send(3);
        awaitRight();
    }

    /** Druid cannot go on by itself where the rows it wants next are deleted; where they are not, nothing is repeated. */
    void goesOnAfterAGap() throws Exception {
        druid(0, "suspend");
        awaitStatus("SUSPENDED; tasks: 0 reading, 0 publishing");
        DruidRows.send(producer, topic, 4);
        producer.flush();
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", ground.kafka().direct()))) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(-1)))
                    .all()
                    .get();
        }
        druid(0, "resume");
        // The lag is known a little later than the error.
        awaitStatus(
                "not healthy; tasks: 0 reading, 0 publishing; lag: " + 2 * HALF,
                "Previous sequenceNumber [" + 3 * HALF + "] is no longer available");

        String reset = druid(0, "reset", "--yes");
        assertThat(reset)
                .contains(
                        topic + "-0: the log holds " + 4 * HALF + " to " + 4 * HALF + ", published is up to "
                                + 3 * HALF,
                        "lost: " + HALF + " records that are not published")
                .doesNotContain(topic + "-1");
        right = right.plus(new Sums(HALF, 0, 4L * HALF));
        awaitRight();
    }

    private void send(int batch) {
        right = right.plus(DruidRows.send(producer, topic, batch));
        producer.flush();
    }

    private void awaitRight() {
        await().atMost(DruidGround.PATIENCE)
                .untilAsserted(() -> assertThat(ground.sums(name)).isEqualTo(right));
    }

    private void awaitStatus(String... parts) {
        await().atMost(DruidGround.PATIENCE)
                .untilAsserted(() -> assertThat(druid(0, "status")).contains(parts));
    }

    private String druid(int code, String command, String... more) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        String[] words = new String[3 + more.length];
        words[0] = "druid";
        words[1] = file;
        words[2] = command;
        System.arraycopy(more, 0, words, 3, more.length);
        assertThat(Adpipe.run(out, out, words))
                .as(String.join(" ", words) + ": " + said)
                .isEqualTo(code);
        return said.toString().strip();
    }

    @Override
    public void close() {
        producer.close();
    }
}
