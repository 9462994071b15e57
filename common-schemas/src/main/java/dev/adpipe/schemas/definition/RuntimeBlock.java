package dev.adpipe.schemas.definition;

import java.nio.file.Path;
import java.time.Duration;

/** The block {@code runtime}. */
final class RuntimeBlock {
    private static final Duration SHORTEST_COMMIT = Duration.ofMillis(10);
    private static final Duration LONGEST_COMMIT = Duration.ofSeconds(60);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long MIB = 1024L * 1024;

    private final Setting<Duration> commitInterval;
    private final Setting<Path> stateDir;
    private final Setting<Long> stateMemory;
    private final Setting<Duration> sessionTimeout;
    private final Setting<Duration> transactionTimeout;
    private final Setting<Integer> metricsPort;

    RuntimeBlock(ConfigReader in) {
        Setting<Duration> interval = in.duration("commit-interval")
                .require(
                        c -> c.compareTo(SHORTEST_COMMIT) >= 0 && c.compareTo(LONGEST_COMMIT) <= 0,
                        "must be from 10ms to 60s");
        stateDir = in.text("state-dir").parse(in.place().problems()::resolve, "is no path of a folder");
        stateMemory = in.size("state-memory", 16 * MIB, 1024 * 1024 * MIB);
        sessionTimeout = in.duration("session-timeout").require(s -> s.compareTo(SECOND) >= 0, "must be at least 1s");
        transactionTimeout =
                in.duration("transaction-timeout").require(t -> t.compareTo(SECOND) >= 0, "must be at least 1s");
        metricsPort = in.integer("metrics-port", 0, 65535);
        in.finish();
        commitInterval = transactionTimeout
                .value()
                .map(timeout -> interval.require(
                        c -> c.compareTo(timeout) < 0,
                        "must be less than transaction-timeout, " + ScalarParser.durationText(timeout)
                                + ", or the broker aborts transactions before they are committed"))
                .orElse(interval);
    }

    RuntimeSettings toSettings() {
        return new RuntimeSettings(
                commitInterval.get(),
                stateDir.get(),
                stateMemory.get(),
                sessionTimeout.get(),
                transactionTimeout.get(),
                metricsPort.get());
    }
}
