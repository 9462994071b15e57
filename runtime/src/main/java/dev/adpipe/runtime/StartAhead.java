package dev.adpipe.runtime;

import dev.adpipe.runtime.state.RocksMemory;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.protocol.ApiKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads what every container needs, and what takes long, on threads of its own while the process reads its definition: logging,
 * the clients' configurations and protocol, JMX, RocksDB's library. Used by the main thread.
 */
final class StartAhead {
    private final List<Thread> threads = new ArrayList<>();

    private StartAhead() {}

    /** Begins; returns at once. The logging configuration must be set by now. */
    static StartAhead begin() {
        StartAhead ahead = new StartAhead();
        ahead.load("clients", StartAhead::clients);
        ahead.load("state", RocksMemory::load);
        return ahead;
    }

    private void load(String what, Runnable loading) {
        Thread thread = new Thread(() -> tried(what, loading), "adpipe-load-" + what);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    /** Whoever needs it meets the same error again, and knows what it means. */
    private static void tried(String what, Runnable loading) {
        try {
            loading.run();
        } catch (RuntimeException | LinkageError e) {
            Logger log = LoggerFactory.getLogger(StartAhead.class);
            log.debug("{} could not be loaded ahead", what, e);
        }
    }

    /** Each of these questions makes its class ready. */
    private static void clients() {
        LoggerFactory.getILoggerFactory();
        AdminClientConfig.configNames();
        ProducerConfig.configNames();
        ConsumerConfig.configNames();
        ApiKeys.FETCH.latestVersion();
        ManagementFactory.getPlatformMBeanServer();
    }

    /** Waits until all of it is there: classes that two threads make ready at once, each needing the other's, may lock up. */
    void await() {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
