package dev.adpipe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLettersTest {
    private static final String LONG_EXPLANATION = "é".repeat(10_000);

    /** One that the topic refused would poison the transaction, at every restart anew. */
    @ParameterizedTest
    @ValueSource(ints = {1024, 20_000, 1 << 20})
    void aLetterFitsIntoItsTopicHoweverLargeEachPartOfTheRecordIs(int maxRecordBytes) {
        ProducerRecord<byte[], byte[]> letter = letter(maxRecordBytes, 2 << 20, 2 << 20, 2 << 20);
        assertThat(size(letter)).isLessThan(maxRecordBytes + 64 * 1024 - 512);
        assertThat(letter.headers().lastHeader("adpipe.original-length")).isNotNull();
    }

    @Test
    void ofALargeValueTheFirst64KilobytesAreKept() {
        assertThat(letter(1 << 20, 10, 2 << 20, 100).value()).hasSize(64 * 1024);
        assertThat(letter(1 << 20, 10, 2 << 20, 100).key()).hasSize(10);
        assertThat(letter(1 << 20, 10, 2 << 20, 100).headers().lastHeader("foreign"))
                .isNotNull();
    }

    @Test
    void aRecordThatFitsIsKeptWhole() {
        ProducerRecord<byte[], byte[]> letter = letter(200_000, 80_000, 80_000, 30_000);
        assertThat(letter.key()).hasSize(80_000);
        assertThat(letter.value()).hasSize(80_000);
        assertThat(letter.headers().lastHeader("foreign").value()).hasSize(30_000);
        assertThat(letter.headers().lastHeader("adpipe.original-length")).isNull();
    }

    private static ProducerRecord<byte[], byte[]> letter(int maxRecordBytes, int key, int value, int header) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("foreign", new byte[header]);
        ConsumerRecord<byte[], byte[]> source = new ConsumerRecord<>(
                "t".repeat(249),
                0,
                Long.MAX_VALUE,
                0,
                TimestampType.LOG_APPEND_TIME,
                key,
                value,
                new byte[key],
                new byte[value],
                headers,
                Optional.empty());
        return new DeadLetters("dead", "shuffle", 3, maxRecordBytes).letter(source, "too-large", LONG_EXPLANATION);
    }

    private static int size(ProducerRecord<byte[], byte[]> record) {
        int size = record.key().length + record.value().length;
        for (Header header : record.headers()) {
            size += header.key().length() + header.value().length;
        }
        return size;
    }
}
