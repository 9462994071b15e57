package dev.adpipe.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls {@link Job#tick} once per interval. Whether an input is caught up is asked after its tasks have stopped to look
 * at records and before they go on, so no record can slip in between what a task has seen and where its log ended.
 *
 * <p>Used by the container's thread.
 */
final class Ticker {
    private static final Logger log = LoggerFactory.getLogger(Ticker.class);

    private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

    private final ContainerSettings settings;
    private final Job job;
    private final Clock clock;
    private final SessionClients clients;
    private final long intervalMs;
    private long last;

    Ticker(ContainerSettings settings, Job job, Clock clock, SessionClients clients) {
        this.settings = settings;
        this.job = job;
        this.clock = clock;
        this.clients = clients;
        this.intervalMs = settings.pipeline().tickInterval().toMillis();
        this.last = clock.millis();
    }

    /** Milliseconds until the next tick; a very long time if the job does not want any. */
    long untilDue() {
        return job.ticks() ? last + intervalMs - clock.millis() : Integer.MAX_VALUE;
    }

    /** Returns whether there was a tick. */
    boolean tick(Collection<AssignedTask> tasks, Collector out) {
        List<AssignedTask> running =
                tasks.stream().filter(AssignedTask::running).toList();
        if (untilDue() > 0 || running.isEmpty()) {
            return false;
        }
        last = clock.millis();
        Map<String, Integer> partitions;
        try {
            partitions = partitions();
        } catch (TimeoutException e) {
            // A client that cannot reach any broker forgets the topics it knew. The next tick asks again.
            clients.outage().noted("look at the partitions of " + settings.inputs(), e);
            return false;
        }
        Map<TopicPartition, Long> ends = ends(running);
        List<TickContext.Input> inputs = new ArrayList<>();
        for (AssignedTask task : running) {
            boolean caughtUp = task.position() >= ends.getOrDefault(task.input(), Long.MAX_VALUE);
            inputs.add(new TickContext.Input(
                    task.input(), partitions.get(task.input().topic()), caughtUp, task.task()));
        }
        job.tick(new TickContext(settings.id(), last, inputs), out);
        return true;
    }

    private Map<String, Integer> partitions() {
        Map<String, Integer> partitions = new HashMap<>();
        for (String topic : settings.inputs()) {
            partitions.put(
                    topic, clients.consumer().partitionsFor(topic, LONGEST_LOOK).size());
        }
        return partitions;
    }

    /** High watermarks, open transactions included; of a partition that does not answer, none. */
    private Map<TopicPartition, Long> ends(List<AssignedTask> running) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        running.forEach(task -> asked.put(task.input(), OffsetSpec.latest()));
        var result = clients.admin().listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED));
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (TopicPartition partition : asked.keySet()) {
            try {
                ListOffsetsResultInfo end = result.partitionResult(partition).get();
                ends.put(partition, end.offset());
            } catch (ExecutionException e) {
                log.debug("The end of {} is unknown at this tick: {}", partition, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ContainerExitException(ExitReason.FAILED, "interrupted at a tick", e);
            }
        }
        return ends;
    }
}
