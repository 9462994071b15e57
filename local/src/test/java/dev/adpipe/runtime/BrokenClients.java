package dev.adpipe.runtime;

import dev.adpipe.output.OutputStage;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/**
 * The output job with the defects that would break its promise, each a {@code main} of its own. What it does between the
 * two halves of a commit takes a while, so that a kill falls between them soon.
 */
final class BrokenClients implements ClientMaker {
    private static final long BETWEEN_NANOS = 150_000_000;

    private enum Defect {
        READ_UNCOMMITTED,
        OFFSETS_BEFORE,
        OFFSETS_AFTER
    }

    private final Defect defect;
    private Consumer<byte[], byte[]> consumer;
    private Map<TopicPartition, OffsetAndMetadata> offsets = Map.of();

    private BrokenClients(Defect defect) {
        this.defect = defect;
    }

    /** Reads what was never committed. */
    static final class ReadUncommittedMain {
        public static void main(String[] args) {
            run(Defect.READ_UNCOMMITTED, args);
        }
    }

    /** Commits offsets by the consumer, before the transaction. */
    static final class OffsetsBeforeMain {
        public static void main(String[] args) {
            run(Defect.OFFSETS_BEFORE, args);
        }
    }

    /** Commits offsets by the consumer, after the transaction. */
    static final class OffsetsAfterMain {
        public static void main(String[] args) {
            run(Defect.OFFSETS_AFTER, args);
        }
    }

    private static void run(Defect defect, String[] args) {
        System.setProperty("logback.configurationFile", "dev/adpipe/runtime/logback.xml");
        OutputStage stage = new OutputStage();
        PipelineDefinition definition = stage.load(Path.of(args[0]));
        ContainerProcess process = new ContainerProcess(16 << 20, 0);
        process.start(resources -> new Container(
                stage.settings(definition, args[2], 0),
                stage.job(definition),
                Clock.SYSTEM,
                resources,
                new BrokenClients(defect)));
        System.exit(process.runUntilSignal());
    }

    @Override
    public Consumer<byte[], byte[]> consumer(Map<String, Object> properties) {
        Map<String, Object> broken = new HashMap<>(properties);
        if (defect == Defect.READ_UNCOMMITTED) {
            broken.put("isolation.level", "read_uncommitted");
        }
        consumer = KAFKA.consumer(broken);
        return consumer;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Producer<byte[], byte[]> producer(Map<String, Object> properties) {
        Producer<byte[], byte[]> producer = KAFKA.producer(properties);
        if (defect == Defect.READ_UNCOMMITTED) {
            return producer;
        }
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, (self, method, args) -> {
                    if (method.getName().equals("sendOffsetsToTransaction")) {
                        offsets = (Map<TopicPartition, OffsetAndMetadata>) args[0];
                        return null;
                    }
                    boolean commit = method.getName().equals("commitTransaction");
                    if (commit && defect == Defect.OFFSETS_BEFORE) {
                        consumer.commitSync(offsets);
                        LockSupport.parkNanos(BETWEEN_NANOS);
                    }
                    Object result = invoke(producer, method, args);
                    if (commit && defect == Defect.OFFSETS_AFTER) {
                        LockSupport.parkNanos(BETWEEN_NANOS);
                        consumer.commitSync(offsets);
                    }
                    return result;
                });
    }

    private static Object invoke(Producer<byte[], byte[]> producer, java.lang.reflect.Method method, Object[] args)
            throws Throwable {
        try {
            return method.invoke(producer, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
