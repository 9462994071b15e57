package dev.adpipe.local.guarantee;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * All job processes of a run, and their supervisor: one that ends by itself, with an exit code that a restart may mend, is
 * started again a second later, as systemd or Kubernetes would, and noted. Thread-safe.
 */
final class Jobs implements AutoCloseable {
    private static final long LOOK_MS = 200;
    private static final long RESTART_AFTER_MS = 1_000;
    /** Wrong usage and refusals: starting again would only say the same again. */
    private static final List<Integer> FINAL = List.of(0, 2, 3);

    private final Map<String, JobProcess> byName = new java.util.concurrent.ConcurrentHashMap<>();
    private final List<String> restarts = new CopyOnWriteArrayList<>();
    private final Thread supervisor;
    private volatile String failure;
    private volatile boolean closing;

    Jobs() {
        supervisor = new Thread(this::supervise, "supervisor");
        supervisor.setDaemon(true);
        supervisor.start();
    }

    void add(JobProcess job) {
        byName.put(job.name(), job);
    }

    /** The first process of the stage, which is always there. */
    JobProcess first(String stage) {
        return byName.get(stage + "-a");
    }

    List<JobProcess> all() {
        return byName.values().stream()
                .sorted(java.util.Comparator.comparing(job -> ProofPipeline.STAGES.indexOf(job.stage()) + job.name()))
                .toList();
    }

    List<JobProcess> wanted() {
        return all().stream().filter(JobProcess::wanted).toList();
    }

    /** One line for each that had ended by itself and was started again. */
    List<String> restarts() {
        return List.copyOf(restarts);
    }

    /** Why the run cannot go on. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** SIGTERM to all that run, in the order of a record's way; what did not end with 0. */
    List<String> terminateAll() {
        List<String> wrong = new ArrayList<>();
        for (JobProcess job : wanted()) {
            int code = job.terminate();
            if (code != 0) {
                wrong.add(job.name() + " ended with " + code + " after SIGTERM, see " + job.log());
            }
        }
        return wrong;
    }

    private void supervise() {
        while (!closing) {
            Wait.millis(LOOK_MS);
            for (JobProcess job : byName.values()) {
                if (job.fallen() && !closing) {
                    fallen(job);
                }
            }
        }
    }

    private void fallen(JobProcess job) {
        int code = job.exitCode();
        if (FINAL.contains(code)) {
            failure = job.name() + " ended by itself with exit code " + code + ", see " + job.log();
            return;
        }
        restarts.add(job.name() + ", exit code " + code);
        Wait.millis(RESTART_AFTER_MS);
        if (job.fallen()) {
            job.start();
        }
    }

    @Override
    public void close() {
        closing = true;
        byName.values().forEach(JobProcess::close);
    }
}
