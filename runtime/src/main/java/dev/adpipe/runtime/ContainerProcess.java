package dev.adpipe.runtime;

import dev.adpipe.runtime.state.RocksMemory;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that runs containers, each on a thread of its own, until they end or are told to stop. If one ends by itself,
 * the others are stopped: a process that is half alive would go unnoticed.
 *
 * <p>Thread-safe.
 */
public final class ContainerProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ContainerProcess.class);

    private final ProcessResources resources;
    private final JvmMeters jvm;
    private final MetricsServer metrics;
    private final List<Container> containers = new ArrayList<>();
    private final List<CompletableFuture<Container.Exit>> exits = new ArrayList<>();

    /** The metrics of the process itself have no labels; the rest as in {@link #ContainerProcess(long, int, Map)}. */
    public ContainerProcess(long stateMemoryBytes, int metricsPort) {
        this(stateMemoryBytes, metricsPort, Map.of());
    }

    /**
     * @param stateMemoryBytes cap of RocksDB's memory
     * @param metricsPort      0: none
     * @param labels           of the metrics of the process itself: whose it is
     */
    public ContainerProcess(long stateMemoryBytes, int metricsPort, Map<String, String> labels) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        resources = new ProcessResources(registry, new RocksMemory(stateMemoryBytes));
        jvm = new JvmMeters(registry, labels);
        metrics = metricsPort == 0 ? null : new MetricsServer(metricsPort, registry, resources.health());
    }

    /** Starts a container; {@code make} is called at once, with what the containers of this process share. */
    public synchronized Container start(Function<ProcessResources, Container> make) {
        Container container = make.apply(resources);
        ContainerSettings settings = container.settings();
        CompletableFuture<Container.Exit> exit = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        exit.complete(container.call());
                    } catch (Throwable e) {
                        log.error("{} died", settings.id(), e);
                        exit.complete(new Container.Exit(ExitReason.FAILED, e.toString()));
                    }
                },
                "adpipe-" + settings.stage() + "-" + settings.number());
        containers.add(container);
        exits.add(exit);
        thread.start();
        return container;
    }

    /** The exit of a container that {@link #start} gave. */
    public synchronized CompletableFuture<Container.Exit> exit(Container container) {
        return exits.get(containers.indexOf(container));
    }

    /** Tells every container to stop; returns at once. */
    public synchronized void stop() {
        containers.forEach(Container::stop);
    }

    /**
     * Waits until every container has ended; the first that ends takes the others with it.
     *
     * @return the most serious reason, as an exit code
     */
    public int join() {
        List<CompletableFuture<Container.Exit>> all;
        synchronized (this) {
            all = List.copyOf(exits);
        }
        CompletableFuture.anyOf(all.toArray(CompletableFuture[]::new)).join();
        stop();
        return all.stream()
                .mapToInt(exit -> exit.join().reason().exitCode())
                .max()
                .orElse(0);
    }

    /**
     * Runs until the containers end, or the process is told to by SIGTERM or SIGINT: then they commit first, and the
     * process ends with the exit code of their reasons, 0 after a clean stop, instead of the signal's.
     *
     * @return the exit code, if they ended by themselves
     */
    public int runUntilSignal() {
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        AtomicBoolean signalled = new AtomicBoolean();
        Thread hook = new Thread(
                () -> {
                    signalled.set(true);
                    stop();
                    Runtime.getRuntime().halt(ended.join());
                },
                "adpipe-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        int code = ExitReason.FAILED.exitCode();
        try {
            code = join();
            close();
        } finally {
            // The hook waits for this, whatever happened.
            ended.complete(code);
        }
        if (!signalled.get()) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        return code;
    }

    /** Stops what still runs and waits for it. */
    @Override
    public void close() {
        stop();
        List<CompletableFuture<Container.Exit>> all;
        synchronized (this) {
            all = List.copyOf(exits);
        }
        all.forEach(CompletableFuture::join);
        jvm.close();
        resources.close();
        if (metrics != null) {
            metrics.close();
        }
    }
}
