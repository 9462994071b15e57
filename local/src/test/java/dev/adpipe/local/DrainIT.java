package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrainIT {

    /**
     * The broker answers a commit before each partition has learnt of it: what the stage before has written last may still
     * look uncommitted when that stage has ended.
     */
    @Test
    void whatLooksUncommittedWhenTheStageBeforeHasEndedCounts(@TempDir Path dir) {
        try (EmbeddedKafka broker = EmbeddedKafka.start(dir)) {
            PipelineDefinition pipeline = TestPipeline.of(broker, "drain");
            try (KafkaConnection kafka = KafkaConnection.open(pipeline.kafka());
                    StatusReader status = StatusReader.open(pipeline);
                    KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of("transactional.id", "writer"))) {
                new Provisioner(pipeline, kafka.admin(), line -> {}).provision(Provisioner.Options.local(1));
                producer.initTransactions();
                producer.beginTransaction();
                Answer.of(producer.send(new ProducerRecord<>(
                        pipeline.topics().shuffled(), 0, null, "event".getBytes(StandardCharsets.UTF_8))));

                try (Drain join = status.drain(PipelineStage.JOIN);
                        Drain shuffle = status.drain(PipelineStage.SHUFFLE)) {
                    assertThat(shuffle.isDone()).isTrue();
                    assertThat(join.isDone()).isFalse();
                    producer.commitTransaction();
                    assertThat(join.isDone()).isFalse();
                    // Behind the record, before the transaction's marker.
                    commitForJoin(pipeline, kafka, 1);
                    await().atMost(Duration.ofSeconds(10)).until(join::isDone);
                }
            }
        }
    }

    private static void commitForJoin(PipelineDefinition pipeline, KafkaConnection kafka, long offset) {
        Answer.of(kafka.admin()
                .alterConsumerGroupOffsets(
                        pipeline.topics().group("join"),
                        Map.of(new TopicPartition(pipeline.topics().shuffled(), 0), new OffsetAndMetadata(offset, "")))
                .all());
    }
}
