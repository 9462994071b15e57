package dev.adpipe.local.druid.server;

import dev.adpipe.local.druid.node.DruidNodes;
import dev.adpipe.local.druid.node.NodeRole;
import dev.adpipe.local.process.JavaProcess;
import dev.adpipe.local.process.Ports;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A whole Druid in a JVM of its own, reachable on this machine only: coordinator with overlord, indexer, historical, broker, and
 * the ZooKeeper they need.
 *
 * <p>What it is told it keeps in its folder; started again there, also after a {@code kill -9}, it goes on. It ends with the
 * process that started it, however that ends. {@link #start}, {@link #awaitReady} and {@link #close} by one thread.
 */
public final class DruidServer implements AutoCloseable {
    /** What it takes with some rows in it, see {@link Memory}. */
    private static final long NEEDS_BYTES = 1L << 30;

    private static final List<String> EXPORTS = List.of("jdk.internal.misc", "jdk.internal.ref");
    private static final List<String> OPENS = List.of(
            "java.base/java.nio",
            "java.base/sun.nio.ch",
            "java.base/jdk.internal.ref",
            "java.base/java.io",
            "java.base/java.lang",
            "jdk.management/com.sun.management.internal");

    private interface Condition {
        boolean holds() throws InterruptedException;
    }

    private final DruidConfig config;
    private final JavaProcess process;

    /**
     * @param dir  made if it does not exist
     * @param jars from {@link DruidJars}
     */
    public DruidServer(Path dir, List<Path> jars) {
        config = new DruidConfig(dir, new Ports());
        config.write(jars);
        process = new JavaProcess(
                "druid",
                OurClasses.location().toString(),
                options(),
                List.of(DruidNodes.class.getName(), config.conf().toString()),
                config.log());
    }

    /** Of the overlord, and of the coordinator. */
    public URI overlord() {
        return url(NodeRole.COORDINATOR);
    }

    /** Of the broker, which answers queries. */
    public URI broker() {
        return url(NodeRole.BROKER);
    }

    /** Its output. */
    public Path log() {
        return config.log();
    }

    /** To kill it, for example; {@link #start} starts it again. */
    public JavaProcess process() {
        return process;
    }

    /**
     * Starts, without waiting.
     *
     * @throws DruidException if there is too little memory
     */
    public void start() {
        Memory.require(NEEDS_BYTES);
        process.start();
    }

    /**
     * Returns when it takes supervisors and answers queries.
     *
     * @throws DruidException if it has ended, or is not ready in time; the message says why
     */
    public void awaitReady(Duration patience) throws InterruptedException {
        DruidHttp http = new DruidHttp(Duration.ofSeconds(5));
        URI leader = overlord().resolve("/druid/indexer/v1/isLeader");
        DruidSql sql = new DruidSql(broker());
        long deadline = System.nanoTime() + patience.toNanos();
        // Its health is no sign of it: a node is healthy long before it does anything.
        await(() -> http.isOk(leader), "its overlord leads", deadline);
        await(sql::answers, "its broker answers queries", deadline);
    }

    private void await(Condition condition, String what, long deadline) throws InterruptedException {
        while (!condition.holds()) {
            requireAlive();
            if (System.nanoTime() > deadline) {
                throw new DruidException("Druid was waited for in vain, until " + what + ". Its log is " + log());
            }
            Thread.sleep(100);
        }
    }

    /**
     * @throws DruidException if it has ended; the message says why
     */
    public void requireAlive() {
        if (!process.alive()) {
            throw new DruidException(DruidEnd.explain(process.exitCode(), log()));
        }
    }

    /** At once, as by {@code kill -9}: it is made to stand that. */
    @Override
    public void close() {
        process.kill();
    }

    private URI url(NodeRole role) {
        return URI.create("http://" + DruidConfig.HOST + ":" + config.port(role));
    }

    private List<String> options() {
        List<String> options = new ArrayList<>(List.of(
                JavaProcess.QUICK,
                "-Xmx512m",
                "-XX:MaxDirectMemorySize=384m",
                "-Duser.timezone=UTC",
                "-Dfile.encoding=UTF-8",
                "-Djava.io.tmpdir=" + config.tmp(),
                "-Dlog4j2.configurationFile=" + config.log4j(),
                "-Dderby.stream.error.file=" + config.derbyLog()));
        Stream.concat(
                        EXPORTS.stream().map(name -> "--add-exports=java.base/" + name),
                        OPENS.stream().map(name -> "--add-opens=" + name))
                .map(option -> option + "=ALL-UNNAMED")
                .forEach(options::add);
        return options;
    }
}
