package dev.adpipe.local.demo;

import dev.adpipe.local.CommandException;
import dev.adpipe.runtime.Clock;
import dev.adpipe.schemas.definition.PayloadFormat;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.StreamDefinition;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * Traffic into the raw topics of a pipeline that runs elsewhere. {@link #stop} by any thread, all else by the one that
 * started it.
 */
final class Generation implements AutoCloseable {
    private static final Duration SAY_EVERY = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 200;

    private final RawTraffic traffic;
    private final Consumer<String> out;
    private boolean stopped;

    private Generation(RawTraffic traffic, Consumer<String> out) {
        this.traffic = traffic;
        this.out = out;
    }

    /**
     * @throws CommandException if the definition has not the scenario's streams, or Kafka not their topics
     */
    static Generation start(
            PipelineDefinition definition, Scenario scenario, long seed, int rate, Consumer<String> out) {
        Map<String, String> names = topics(definition, scenario);
        Clients clients = new Clients(definition.kafka());
        Map<String, RawTraffic.RawTopic> topics = described(names, clients, definition);
        RawTraffic traffic = new RawTraffic(scenario, seed, rate, topics, clients.producer(), Clock.SYSTEM, () -> true);
        out.accept("seed " + seed + ", " + rate + " a second into " + String.join(", ", names.values()));
        traffic.start();
        return new Generation(traffic, out);
    }

    /**
     * Says now and then how many there are, until the time is over or it was stopped.
     *
     * @throws CommandException if a record could not be written
     */
    synchronized void await(Duration duration) throws InterruptedException {
        long now = System.nanoTime();
        long end = now + duration.toNanos();
        long say = now + SAY_EVERY.toNanos();
        while (!stopped && !traffic.failed() && now - end < 0) {
            wait(LOOK_MILLIS);
            now = System.nanoTime();
            if (now - say >= 0) {
                out.accept(String.format("%,d events made", traffic.made()));
                say += SAY_EVERY.toNanos();
            }
        }
    }

    /**
     * Ends the traffic; returns when all that was made is written. Has no effect the second time.
     *
     * @throws CommandException if a record could not be written
     */
    synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        try {
            Expected unused = traffic.stop();
        } catch (IllegalStateException e) {
            throw CommandException.failed(e.getMessage(), e);
        }
        out.accept(String.format("%,d events made", traffic.made()));
    }

    @Override
    public void close() {
        traffic.close();
    }

    private static Map<String, String> topics(PipelineDefinition definition, Scenario scenario) {
        Map<String, String> topics = new LinkedHashMap<>();
        for (String name : scenario.streams()) {
            Optional<StreamDefinition> stream = definition.streams().stream()
                    .filter(s -> s.name().equals(name))
                    .findAny();
            if (stream.isEmpty() || !(stream.get().format() instanceof PayloadFormat.Json)) {
                throw CommandException.usage(definition.source() + " has no stream " + name + " with format = json; the"
                        + " generator writes JSON for the streams " + String.join(", ", scenario.streams()));
            }
            topics.put(name, stream.get().topics().get(0));
        }
        return topics;
    }

    private static Map<String, RawTraffic.RawTopic> described(
            Map<String, String> names, Clients clients, PipelineDefinition definition) {
        try (Admin admin = clients.admin()) {
            Map<String, TopicDescription> found = admin.describeTopics(List.copyOf(names.values()))
                    .allTopicNames()
                    .get();
            Map<String, RawTraffic.RawTopic> topics = new HashMap<>();
            names.forEach((stream, topic) -> topics.put(
                    stream,
                    new RawTraffic.RawTopic(topic, found.get(topic).partitions().size())));
            return topics;
        } catch (ExecutionException e) {
            throw CommandException.failed(
                    "the raw topics " + String.join(", ", names.values()) + " cannot be looked at: "
                            + e.getCause().getMessage() + ". 'adpipe provision " + definition.source()
                            + " --create-raw-topics N' makes them",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking at the raw topics", e);
        }
    }
}
