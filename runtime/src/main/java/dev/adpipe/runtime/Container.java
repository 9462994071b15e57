package dev.adpipe.runtime;

import dev.adpipe.runtime.state.StateDamagedException;
import dev.adpipe.runtime.state.StateInUseException;
import dev.adpipe.runtime.state.StateUnusableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread's worth of a stage: reads its share of the inputs and hands records to its tasks, exactly once.
 *
 * <p>{@link #call} runs it on the calling thread until it ends; {@link #stop} may be called by any thread. A container
 * runs once.
 */
public final class Container implements Callable<Container.Exit> {
    private static final Logger log = LoggerFactory.getLogger(Container.class);

    /** A static member fenced twice within this time: somebody else really has our name (DESIGN §3). */
    private static final Duration FENCED_TWICE = Duration.ofMinutes(1);

    /** A dynamic member that stood still for long is fenced by its successors, each time. */
    private static final int MOST_FENCINGS_DYNAMIC = 5;

    private final ContainerSettings settings;
    private final Job job;
    private final Clock clock;
    private final ProcessResources resources;
    private final ClientMaker clientMaker;
    private final ContainerHealth health;
    private final BrokerOutage outage;
    private final LastEnding lastEnding = new LastEnding();
    private volatile boolean stopping;

    /** Why it ended. */
    public record Exit(ExitReason reason, String message) {}

    public Container(ContainerSettings settings, Job job, Clock clock, ProcessResources resources) {
        this(settings, job, clock, resources, ClientMaker.KAFKA);
    }

    /** With other clients: for tests that must see what goes wrong when the clients do. */
    Container(ContainerSettings settings, Job job, Clock clock, ProcessResources resources, ClientMaker clientMaker) {
        this.clientMaker = clientMaker;
        this.settings = settings;
        this.job = job;
        this.clock = clock;
        this.resources = resources;
        this.health = resources.health().add(settings.id());
        this.outage =
                new BrokerOutage(settings.pipeline().kafka().getOrDefault("bootstrap.servers", "?"), health::turned);
    }

    public ContainerSettings settings() {
        return settings;
    }

    /** Asks it to commit and end; it does so within seconds, or a little later while the broker is away. */
    public void stop() {
        stopping = true;
        outage.stopSoon();
    }

    @Override
    public Exit call() {
        Exit exit = run();
        health.notReady("ended: " + exit.message());
        if (exit.reason() == ExitReason.STOPPED) {
            log.info("{} ended: {}", settings.id(), exit.message());
        } else {
            log.error("{} ended, {}: {}", settings.id(), exit.reason(), exit.message());
        }
        return exit;
    }

    private Exit run() {
        ContainerMetrics metrics = new ContainerMetrics(settings, resources.meters(), clock);
        job.declare(metrics);
        int mostFencings = settings.dynamicMember() ? MOST_FENCINGS_DYNAMIC : 2;
        Deque<Long> fencings = new ArrayDeque<>();
        try {
            while (true) {
                try {
                    session(metrics);
                    return new Exit(ExitReason.STOPPED, "asked to");
                } catch (TransactionException.Fenced e) {
                    long now = clock.millis();
                    if (e.byAnother()) {
                        fencings.addLast(now);
                        fencings.removeIf(time -> now - time >= FENCED_TWICE.toMillis());
                        if (fencings.size() >= mostFencings) {
                            return new Exit(
                                    ExitReason.NAME_TAKEN,
                                    "fenced " + fencings.size() + " times within a minute: " + e.getMessage());
                        }
                    }
                    log.warn(
                            "{} was fenced, what became of its last transaction is unknown: starts anew from what is"
                                    + " committed ({})",
                            settings.id(),
                            e.getMessage());
                } catch (StateDamagedException e) {
                    // Its folder is marked: opened again, the store is dropped and read anew from the changelog.
                    log.warn("{} starts anew: {}", settings.id(), e.getMessage());
                }
            }
        } catch (ContainerExitException e) {
            return new Exit(e.reason(), e.getMessage());
        } catch (RefusedException e) {
            return new Exit(ExitReason.REFUSED, e.getMessage());
        } catch (TransactionException.NameTaken e) {
            return new Exit(
                    ExitReason.NAME_TAKEN,
                    "another process has joined group " + settings.group() + " as " + settings.id()
                            + "; every process of a stage needs an instance name of its own");
        } catch (StateUnusableException e) {
            return new Exit(ExitReason.FAILED, e.getMessage());
        } catch (StateInUseException e) {
            return new Exit(ExitReason.NAME_TAKEN, e.getMessage());
        } catch (RuntimeException e) {
            Optional<String> noAccess = AccessRefusal.of(e, settings.pipeline().kafka());
            if (noAccess.isPresent()) {
                return new Exit(ExitReason.REFUSED, noAccess.get());
            }
            Optional<String> refusedProperty = refusedProperty(e);
            if (refusedProperty.isPresent()) {
                return new Exit(
                        ExitReason.REFUSED,
                        "Kafka's client refuses a property under pipeline.kafka: " + refusedProperty.get());
            }
            log.error("Unforeseen in {}", settings.id(), e);
            return new Exit(ExitReason.FAILED, "unforeseen " + e + "; a restart goes on from the last commit");
        } finally {
            job.close();
        }
    }

    /** What the client says of a wrong property, or of a file that one names; it may be wrapped in a general exception. */
    private static Optional<String> refusedProperty(Throwable error) {
        if (error instanceof KafkaException
                && String.valueOf(error.getMessage()).startsWith("Failed to c")) {
            Throwable inner = error;
            while (inner.getCause() != null) {
                inner = inner.getCause();
            }
            return Optional.of(String.valueOf(inner.getMessage()));
        }
        for (Throwable t = error; t != null; t = t.getCause()) {
            if (t instanceof ConfigException) {
                return Optional.of(t.getMessage());
            }
        }
        return Optional.empty();
    }

    private void session(ContainerMetrics metrics) {
        SessionClients clients =
                new SessionClients(settings, clientMaker, resources.memory(), outage, clock, metrics, lastEnding);
        try (ContainerSession session = new ContainerSession(settings, job, clock, metrics, health, clients)) {
            runOn(session, clients);
        } catch (FencedInstanceIdException e) {
            throw new TransactionException.NameTaken(e);
        }
    }

    private void runOn(ContainerSession session, SessionClients clients) {
        try {
            session.run(() -> stopping);
        } catch (OffsetOutOfRangeException e) {
            throw new InputGap(settings, clients.admin(), outage).refusal(e);
        }
    }
}
