package dev.adpipe.local;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.Job;
import dev.adpipe.runtime.NotReadyException;
import dev.adpipe.runtime.Task;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Sends dead letters once more into the stage that refused them, each once: what is sent and that it was sent is one
 * transaction. Raw topics are never written to: what shuffle has refused is shuffled here. Used by one thread.
 */
final class Replayer {
    private static final int LETTERS_PER_TRANSACTION = 200;

    private final PipelineDefinition definition;
    private final KafkaConnection kafka;
    private final Job shuffle;
    private final Map<TopicPartition, Task> shuffleTasks = new HashMap<>();
    private final Consumer<String> report;
    private int accepted;
    private int refusedAgain;
    private int skipped;
    private int before;

    /**
     * @param shuffle the shuffle's own job, as the definition is now
     * @param report  gets one line for each letter that cannot be replayed
     */
    Replayer(PipelineDefinition definition, KafkaConnection kafka, Job shuffle, Consumer<String> report) {
        this.definition = definition;
        this.kafka = kafka;
        this.shuffle = shuffle;
        this.report = report;
    }

    /**
     * @param accepted     sent on by the stage, or into its input
     * @param refusedAgain new dead letters
     * @param skipped      cannot be replayed
     * @param before       were replayed earlier
     */
    record Result(int accepted, int refusedAgain, int skipped, int before) {}

    /**
     * Replays what is there now.
     *
     * @param max at most so many
     * @throws CommandException if it could not go on; a repetition takes up where this one committed last
     */
    Result replay(Predicate<DeadLetter> filter, int max) {
        String prefix = definition.topics().prefix();
        Map<String, Object> properties = Map.of(
                "transactional.id",
                prefix + "-dead-letters-replay",
                "max.request.size",
                Integer.toString(64 * 1024 * 1024),
                "compression.type",
                "lz4");
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(properties)) {
            producer.initTransactions();
            // Only now: a replay that was interrupted is decided, and one that still runs is fenced.
            DeadLetterBox box = new DeadLetterBox(definition, kafka);
            ReplayTransaction transaction = new ReplayTransaction(producer, box.ledger(), ledgerGroup(prefix));
            try {
                box.read(letter -> {
                    if (filter.test(letter)) {
                        replay(letter, transaction);
                    }
                    return accepted + refusedAgain < max ? RecordScan.Next.GO_ON : RecordScan.Next.STOP;
                });
                transaction.commit();
            } catch (NotReadyException | KafkaException e) {
                transaction.abort();
                throw CommandException.failed(
                        "replay ended early: " + e.getMessage() + " What was committed before stays replayed;"
                                + " run it again for the rest.",
                        e);
            }
        }
        return new Result(accepted, refusedAgain, skipped, before);
    }

    /** Of a group that never has members. */
    private ConsumerGroupMetadata ledgerGroup(String prefix) {
        try (KafkaConsumer<byte[], byte[]> consumer = kafka.consumer(Map.of("group.id", ReplayLedger.group(prefix)))) {
            return consumer.groupMetadata();
        }
    }

    private void replay(DeadLetter letter, ReplayTransaction transaction) {
        if (transaction.ledger().isReplayed(letter)) {
            before++;
            return;
        }
        Optional<String> obstacle = obstacle(letter);
        if (obstacle.isPresent()) {
            skipped++;
            report.accept("dead letter " + letter.record().partition() + ":"
                    + letter.record().offset() + " is skipped: " + obstacle.get());
            return;
        }
        int refusedBefore = transaction.refused();
        transaction.begin(letter);
        switch (letter.stage()) {
            case "shuffle" -> shuffleTask(letter.source()).process(original(letter), transaction);
            default ->
                transaction.send(
                        letter.source().topic(),
                        letter.source().partition(),
                        letter.record().key(),
                        letter.record().value(),
                        letter.originalHeaders());
        }
        if (transaction.refused() > refusedBefore) {
            refusedAgain++;
        } else {
            accepted++;
        }
        transaction.end(letter);
        if (transaction.letters() >= LETTERS_PER_TRANSACTION) {
            transaction.commit();
        }
    }

    /** Why it cannot be replayed at all. */
    private Optional<String> obstacle(DeadLetter letter) {
        if (letter.cut()) {
            return Optional.of("it was too large to be kept whole");
        }
        String topic = letter.source().topic();
        boolean known = switch (letter.stage()) {
            case "shuffle" -> definition.rawTopics().contains(topic);
            case "join" -> topic.equals(definition.topics().shuffled());
            case "output" -> topic.equals(definition.topics().joined());
            default -> false;
        };
        return known
                ? Optional.empty()
                : Optional.of("stage " + letter.stage() + " does not read " + topic + " in this definition");
    }

    private Task shuffleTask(TopicPartition source) {
        return shuffleTasks.computeIfAbsent(
                source, s -> shuffle.open(new TaskContext(s, new Books(), "", Optional.empty(), Clock.SYSTEM)));
    }

    private static ConsumerRecord<byte[], byte[]> original(DeadLetter letter) {
        ConsumerRecord<byte[], byte[]> record = letter.record();
        return new ConsumerRecord<>(
                letter.source().topic(),
                letter.source().partition(),
                letter.sourceOffset(),
                record.timestamp(),
                TimestampType.CREATE_TIME,
                record.serializedKeySize(),
                record.serializedValueSize(),
                record.key(),
                record.value(),
                new RecordHeaders(letter.originalHeaders()),
                Optional.empty());
    }
}
