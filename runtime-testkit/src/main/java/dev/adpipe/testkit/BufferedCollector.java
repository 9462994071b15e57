package dev.adpipe.testkit;

import dev.adpipe.runtime.Collector;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** What one transaction sends. Refuses to be used outside the call it was passed to. */
final class BufferedCollector implements Collector {
    private final List<Output> outputs = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private boolean open;

    void open() {
        open = true;
    }

    void close() {
        open = false;
    }

    List<Output> outputs() {
        return outputs;
    }

    List<DeadLetter> deadLetters() {
        return deadLetters;
    }

    int size() {
        return outputs.size() + deadLetters.size();
    }

    void clear() {
        outputs.clear();
        deadLetters.clear();
    }

    @Override
    public void send(String topic, int partition, byte[] key, byte[] value, List<Header> headers) {
        expectOpen();
        if (partition < 0) {
            throw new AssertionError("sent to partition " + partition + " of " + topic);
        }
        outputs.add(new Output(topic, partition, key, value, headers));
    }

    @Override
    public void deadLetter(ConsumerRecord<byte[], byte[]> record, String reason, String explanation) {
        expectOpen();
        if (!reason.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new AssertionError("the reason '" + reason + "' is not lower case with hyphens");
        }
        deadLetters.add(new DeadLetter(record, reason, explanation));
    }

    private void expectOpen() {
        if (!open) {
            throw new AssertionError("the collector was used outside the call it was passed to");
        }
    }
}
