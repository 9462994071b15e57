package dev.adpipe.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes the lines of files to a topic, each as one record without a key. Idempotent within one run; a run that failed and
 * is repeated writes what it had written before once more. Used by one thread; the producer stays the caller's.
 */
final class RecordLoader {
    private static final long REPORT_NANOS = 1_000_000_000L;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final Consumer<Progress> report;
    private final AtomicReference<CommandException> failure = new AtomicReference<>();
    private final long started = System.nanoTime();
    private long lastReport = started;
    private long records;
    private long bytesBefore;
    private long bytesInAll;

    RecordLoader(KafkaProducer<byte[], byte[]> producer, String topic, Consumer<Progress> report) {
        this.producer = producer;
        this.topic = topic;
        this.report = report;
    }

    /**
     * @param percent of the files' bytes
     */
    record Progress(long records, double recordsPerSecond, int percent) {}

    /**
     * Returns when everything is acknowledged by all replicas.
     *
     * @return how many records were written
     * @throws CommandException if a file cannot be read or a record was refused, naming file and line
     */
    long load(List<Path> files) {
        for (Path file : files) {
            bytesInAll += size(file);
        }
        for (Path file : files) {
            load(file);
            bytesBefore += size(file);
        }
        producer.flush();
        throwFailure();
        report(bytesInAll);
        return records;
    }

    private void load(Path file) {
        try (LineReader lines = new LineReader(file)) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                throwFailure();
                long number = lines.number();
                Callback refused = (metadata, e) -> {
                    if (e != null) {
                        failure.compareAndSet(null, refused(file, number, e));
                    }
                };
                var unused = producer.send(new ProducerRecord<>(topic, line), refused);
                records++;
                if (System.nanoTime() - lastReport > REPORT_NANOS) {
                    lastReport = System.nanoTime();
                    report(bytesBefore + lines.position());
                }
            }
        } catch (IOException e) {
            throw CommandException.failed(
                    "cannot read " + file + ": " + e.getMessage() + ". " + records + " records were sent before.", e);
        }
    }

    private CommandException refused(Path file, long line, Exception e) {
        return CommandException.failed(
                file + ", line " + line + ": topic " + topic + " did not take it: " + e.getMessage()
                        + " Lines before it are in the topic; some after it may be too.",
                e);
    }

    private void throwFailure() {
        CommandException first = failure.get();
        if (first != null) {
            throw first;
        }
    }

    private void report(long bytes) {
        double seconds = Math.max(1, System.nanoTime() - started) / 1e9;
        report.accept(new Progress(
                records, records / seconds, bytesInAll == 0 ? 100 : (int) Math.min(100, bytes * 100 / bytesInAll)));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw CommandException.usage("cannot read " + file + ": no such file, or not readable");
        }
    }
}
