package dev.adpipe.runtime;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

/**
 * Makes the two clients of a session that exactly-once rests on. There is one way to make them; the guarantee run's own
 * tests have others, broken ones, to see that the run finds what they do.
 */
interface ClientMaker {
    ClientMaker KAFKA = new ClientMaker() {
        @Override
        public Consumer<byte[], byte[]> consumer(Map<String, Object> properties) {
            return new KafkaConsumer<>(properties);
        }

        @Override
        public Producer<byte[], byte[]> producer(Map<String, Object> properties) {
            return new KafkaProducer<>(properties);
        }
    };

    /** The consumer of the input; called after {@link #producer} in each session. */
    Consumer<byte[], byte[]> consumer(Map<String, Object> properties);

    Producer<byte[], byte[]> producer(Map<String, Object> properties);
}
