package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** The dead letters of a pipeline. Used by one thread. */
final class DeadLetterBox {
    private final PipelineDefinition definition;
    private final KafkaConnection kafka;

    DeadLetterBox(PipelineDefinition definition, KafkaConnection kafka) {
        this.definition = definition;
        this.kafka = kafka;
    }

    /** Hands over all that are there now, those of one partition in the order of their offsets. */
    void read(Function<DeadLetter, RecordScan.Next> visitor) {
        String topic = definition.topics().deadLetter();
        TopicDescription description =
                TopicProvisioner.describe(kafka.admin(), List.of(topic)).get(topic);
        if (description == null) {
            throw CommandException.failed("topic " + topic + " does not exist: the pipeline is not provisioned here."
                    + " Run: adpipe provision " + definition.source());
        }
        List<TopicPartition> partitions = description.partitions().stream()
                .map(p -> new TopicPartition(topic, p.partition()))
                .toList();
        try (KafkaConsumer<byte[], byte[]> consumer = kafka.consumer(Map.of())) {
            new RecordScan(consumer)
                    .scan(
                            RecordScan.offsets(kafka.admin(), partitions, OffsetSpec.earliest()),
                            RecordScan.offsets(kafka.admin(), partitions, OffsetSpec.latest()),
                            record -> visitor.apply(DeadLetter.of(record)));
        }
    }

    /** As of the last replay that was committed. */
    ReplayLedger ledger() {
        String group = ReplayLedger.group(definition.topics().prefix());
        return new ReplayLedger(OffsetProvisioner.committed(kafka.admin(), group));
    }
}
