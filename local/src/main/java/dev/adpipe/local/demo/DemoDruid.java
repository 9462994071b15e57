package dev.adpipe.local.demo;

import dev.adpipe.local.druid.server.DruidException;
import dev.adpipe.local.druid.server.DruidJars;
import dev.adpipe.local.druid.server.DruidServer;
import dev.adpipe.local.druid.server.DruidSql;
import dev.adpipe.local.supervisor.Supervisor;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The demo's Druid, in a JVM of its own. While it starts, all else goes on: Kafka keeps the rows for it.
 *
 * <p>{@link #start}, {@link #follow} and {@link #close} by one thread, the rest by any.
 */
final class DemoDruid implements AutoCloseable {
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(3);
    private static final long ASK_EVERY_MS = 500;

    private final DruidServer server;
    private final DruidSql sql;
    private volatile DruidTable table;
    private volatile boolean ready;
    private volatile Map<String, Sums> campaigns = Map.of();
    private volatile RuntimeException failure;
    private volatile boolean closing;

    private DemoDruid(DruidServer server) {
        this.server = server;
        this.sql = new DruidSql(server.broker());
    }

    /**
     * Starts, without waiting for more than its jars.
     *
     * @param dir for its data; made
     * @throws DruidException if its jars cannot be had, or there is too little memory
     */
    static DemoDruid start(Path dir, FetchProgress progress) throws InterruptedException {
        List<Path> jars = DruidJars.besideOurClasses().find(progress);
        progress.end();
        DruidServer server = new DruidServer(dir, jars);
        server.start();
        return new DemoDruid(server);
    }

    URI overlord() {
        return server.overlord();
    }

    /** Waits, on a thread of its own, until Druid is up; sets the supervisor up that reads the rows, and asks for their sums. */
    void follow(PipelineDefinition definition) {
        table = new DruidTable(definition);
        Thread thread = new Thread(() -> run(definition), "adpipe-demo-druid");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether its supervisor has been set up; that it has not got a row yet is possible. */
    boolean isReady() {
        return ready;
    }

    /** The sums of what it has, by campaign. */
    Map<String, Sums> campaigns() {
        return campaigns;
    }

    /** How a person asks it. */
    List<String> curl() {
        return table.curl(sql.url());
    }

    /**
     * @throws RuntimeException if it has ended, or refused something
     */
    void requireAlive() {
        server.requireAlive();
        RuntimeException cause = failure;
        if (cause != null) {
            throw cause;
        }
    }

    /**
     * Waits until it has these sums, or the time is over.
     *
     * @return what it has then
     */
    Map<String, Sums> awaitSums(Map<String, Sums> goal, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!campaigns.equals(goal) && System.nanoTime() - deadline < 0) {
            requireAlive();
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return campaigns;
    }

    private void run(PipelineDefinition definition) {
        try {
            server.awaitReady(STARTS_WITHIN);
            Supervisor.of(definition).apply();
            ready = true;
            while (!closing) {
                sql.tryQuery(table.sql()).map(table::sums).ifPresent(sums -> campaigns = sums);
                TimeUnit.MILLISECONDS.sleep(ASK_EVERY_MS);
            }
        } catch (RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            failure = new IllegalStateException("interrupted while waiting for Druid", e);
        }
    }

    @Override
    public void close() {
        closing = true;
        server.close();
    }
}
