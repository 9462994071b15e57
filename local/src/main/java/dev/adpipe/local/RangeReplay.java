package dev.adpipe.local;

import dev.adpipe.runtime.Clock;
import dev.adpipe.schemas.Topics;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.ShuffleSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes the rows of a range of time once more: the same events through the same jobs, into topics of their own. The live
 * pipeline's groups, offsets and topics are read at most. Used by one thread; {@link #interrupt} may be called by any.
 *
 * <p>One that was interrupted goes on where it committed last when it is run again under its name.
 */
final class RangeReplay {
    private static final long LOOK_MILLIS = 250;
    private static final String INSTANCE = "replay";

    private final PipelineDefinition live;
    private final PipelineDefinition own;
    private final KafkaConnection kafka;
    private final Consumer<String> report;
    private final ReplayWatermarks watermarks = new ReplayWatermarks();
    private volatile PipelineRun running;
    private volatile boolean interrupted;

    /**
     * @param wanted     empty: shuffled while that reaches back far enough, otherwise raw
     * @param behind     see {@link ReplayReach}
     * @param warmUp     instead of what the windows ask for
     * @param containers per stage
     */
    record Options(
            TimeRange range,
            Optional<ReplaySource> wanted,
            Duration behind,
            Optional<Duration> warmUp,
            int containers) {}

    /**
     * @param stages      with the books of each
     * @param watermark   how far event time had come where the log ended; empty: unknown, it was done before
     * @param settledFrom beyond this watermark nothing in the range is decided any more
     */
    record Result(ReplayPipeline pipeline, List<StageStatus> stages, OptionalLong watermark, long settledFrom) {
        /** Whether events of the range may still come, or be held, in the live pipeline's log. */
        boolean mayBeIncomplete() {
            return watermark.isPresent() && watermark.getAsLong() <= settledFrom;
        }
    }

    /**
     * @param name   of the replay, part of the names of its topics
     * @param report gets one line for each thing that was done
     */
    RangeReplay(PipelineDefinition live, String name, KafkaConnection kafka, Consumer<String> report) {
        this.live = live;
        this.kafka = kafka;
        this.report = report;
        try {
            this.own = live.replay(name);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--name: " + e.getMessage());
        }
    }

    /**
     * @throws CommandException refused before anything was made, or not finished: the same again goes on
     */
    Result run(Options options) {
        ReplayReach reach = new ReplayReach(live, options.behind(), options.warmUp());
        if (reach.before().compareTo(reach.settling()) < 0) {
            throw CommandException.usage("--warm-up = " + options.warmUp().orElseThrow() + ": must be at least "
                    + reach.settling() + " (" + Shown.duration(reach.settling())
                    + "), by this definition; before that the watermark is not what it was");
        }
        long settledFrom = reach.settledAfter(options.range().to());
        Optional<ReplayNote> before = earlier(options);
        ReplayPipeline pipeline;
        if (before.isPresent()) {
            pipeline =
                    new ReplayPipeline(live, own, options.range(), before.get().source());
            if (before.get().done()) {
                report.accept("this replay has been done before; its rows are as they were");
                return new Result(pipeline, status(pipeline), OptionalLong.empty(), settledFrom);
            }
            report.accept("goes on with a replay that was begun before, from " + pipeline.source());
        } else {
            pipeline = new ReplayPipeline(live, own, options.range(), choose(options, reach));
        }
        reach.tooShort(options.range().from()).ifPresent(report);
        prepare(pipeline, reach);
        replay(pipeline, options.containers(), settledFrom);
        for (PipelineStage stage : pipeline.stages()) {
            GroupMembers.removeStopped(
                    kafka.admin(), own.topics().group(pipeline.topics(stage).stage()));
        }
        ReplayNote.begun(options.range(), pipeline.source(), live.source())
                .finished()
                .write(kafka.admin(), own.topics());
        OptionalLong reached = OptionalLong.of(watermarks.slowest().orElse(Long.MIN_VALUE));
        return new Result(pipeline, status(pipeline), reached, settledFrom);
    }

    /** Commits what is done and stops; {@link #run} ends with an exception. */
    void interrupt() {
        interrupted = true;
        PipelineRun run = running;
        if (run != null) {
            run.close();
        }
    }

    /** What was begun under this name before, if it is the same. */
    private Optional<ReplayNote> earlier(Options options) {
        Topics topics = own.topics();
        Optional<ReplayNote> note = ReplayNote.read(kafka.admin(), topics);
        if (note.isEmpty()) {
            if (hasRecords(topics.all())) {
                throw CommandException.refused("the topics of " + topics.prefix()
                        + " hold records, but there is no note of" + " a replay of this name: choose another --name");
            }
            return note;
        }
        ReplayNote now = ReplayNote.begun(options.range(), note.get().source(), live.source());
        boolean sameSource = options.wanted().map(now.source()::equals).orElse(true);
        boolean same = sameSource && now.finished().equals(note.get().finished());
        if (!same) {
            throw CommandException.refused("there is another replay of this name, " + topics.prefix() + ": of "
                    + note.get().range() + " from " + note.get().source() + ", by definition "
                    + note.get().definition()
                    + "; this one is of " + now.range() + " from "
                    + options.wanted().map(ReplaySource::toString).orElse("either") + ", by definition "
                    + now.definition() + ". Choose another --name, or delete the other one first: adpipe replay "
                    + live.source() + " --delete " + name());
        }
        return note;
    }

    /** The name as the user gives it. */
    private String name() {
        return own.name().substring(live.name().length() + "-replay-".length());
    }

    private ReplaySource choose(Options options, ReplayReach reach) {
        Instant from = reach.readFrom(options.range().from());
        if (options.wanted().orElse(ReplaySource.SHUFFLED) == ReplaySource.SHUFFLED) {
            Optional<String> obstacle = obstacle(StageTopics.of(live, PipelineStage.JOIN), from, options, reach);
            if (obstacle.isEmpty()) {
                return ReplaySource.SHUFFLED;
            }
            if (options.wanted().isPresent()) {
                throw CommandException.refused(obstacle.get() + ". Or replay from the raw topics: --source raw");
            }
            report.accept(obstacle.get() + "; so the raw topics are read");
        }
        obstacle(StageTopics.of(live, PipelineStage.SHUFFLE), from, options, reach)
                .ifPresent(obstacle -> {
                    throw CommandException.refused(obstacle);
                });
        return ReplaySource.RAW;
    }

    /** Why the log cannot give all rows of the range. */
    private Optional<String> obstacle(StageTopics log, Instant from, Options options, ReplayReach reach) {
        if (!log.raw()) {
            var shuffled = TopicProvisioner.describe(kafka.admin(), log.inputs())
                    .get(log.inputs().get(0));
            int partitions = live.shuffle().partitions();
            if (shuffled == null || shuffled.partitions().size() != partitions) {
                return Optional.of("topic " + log.inputs().get(0)
                        + (shuffled == null
                                ? " does not exist"
                                : " has " + shuffled.partitions().size()
                                        + " partitions, and the definition says shuffle.partitions = " + partitions));
            }
        }
        ReplayStart start = ReplayStart.find(kafka.admin(), log.inputPartitions(live, kafka.admin()), from);
        if (start.reachesBack()) {
            return Optional.empty();
        }
        Instant wholeFrom = start.wholeFrom();
        String later =
                wholeFrom.equals(Instant.MAX) ? "" : "; it can give rows from " + reach.firstRowTime(wholeFrom) + " on";
        return Optional.of("rows from " + options.range().from() + " on need what was appended since " + from + " ("
                + Shown.duration(reach.before()) + " before), and that may be deleted: "
                + String.join(", ", start.cuts().stream().map(Object::toString).toList()) + later
                + (options.warmUp().isPresent() ? "" : "; --warm-up reads less, and says what may differ then"));
    }

    private void prepare(ReplayPipeline pipeline, ReplayReach reach) {
        Admin admin = kafka.admin();
        new TopicProvisioner(own, admin, report).provision(pipeline.plans(), OptionalInt.empty());
        ReplayNote.begun(pipeline.range(), pipeline.source(), live.source()).write(admin, own.topics());
        for (PipelineStage stage : pipeline.stages()) {
            StageTopics topics = pipeline.topics(stage);
            String group = own.topics().group(topics.stage());
            List<TopicPartition> inputs = topics.inputPartitions(own, admin);
            boolean foreign = stage == pipeline.stages().get(0);
            Map<TopicPartition, Long> first = foreign
                    ? ReplayStart.find(
                                    admin,
                                    inputs,
                                    reach.readFrom(pipeline.range().from()))
                            .offsets()
                    : RecordScan.offsets(admin, inputs, OffsetSpec.earliest());
            first.keySet().removeAll(OffsetProvisioner.committed(admin, group).keySet());
            if (!first.isEmpty()) {
                OffsetProvisioner.commitFirst(admin, group, first, report);
            }
        }
    }

    private void replay(ReplayPipeline pipeline, int containers, long settledFrom) {
        try (StatusReader status = StatusReader.open(own, pipeline.allTopics(), Clock.SYSTEM);
                PipelineRun run = PipelineRun.start(
                        own.runtime(), pipeline.parts(watermarks), pipeline.stages(), containers, INSTANCE)) {
            running = run;
            for (PipelineStage stage : pipeline.stages()) {
                try (Drain drain = status.drain(pipeline.topics(stage))) {
                    await(stage, drain, run, settledFrom);
                }
                run.stop(stage);
                run.requireAlive();
                report.accept(pipeline.topics(stage).stage() + " is done");
            }
        } catch (CommandException e) {
            if (e.exitCode() != ExitCode.REFUSED) {
                throw e;
            }
            throw CommandException.refused(e.getMessage()
                    + "\n"
                    + "That is the replay's own group, not the live pipeline's: do not reset anything. Delete the"
                    + " replay and begin again: adpipe replay " + live.source() + " --delete " + name());
        } finally {
            running = null;
        }
    }

    private void await(PipelineStage stage, Drain drain, PipelineRun run, long settledFrom) {
        ShuffleSettings shuffle = own.shuffle();
        // Until each raw partition counts as idle, and a tick has said so.
        Duration rest = shuffle.idleAfter().plus(shuffle.tickInterval().multipliedBy(2));
        long drainedAt = 0;
        while (stage == PipelineStage.OUTPUT || !settled(settledFrom)) {
            requireNotInterrupted();
            run.requireAlive();
            if (drainedAt == 0 && drain.isDone()) {
                drainedAt = System.nanoTime();
            }
            boolean rested = stage != PipelineStage.SHUFFLE || System.nanoTime() - drainedAt > rest.toNanos();
            boolean undecided = stage == PipelineStage.JOIN && watermarks.anyBusy();
            if (drainedAt != 0 && rested && !undecided) {
                return;
            }
            Pause.millis(LOOK_MILLIS);
        }
    }

    private void requireNotInterrupted() {
        if (interrupted) {
            throw CommandException.failed(
                    "the replay was stopped before its end; what is processed is committed, and the same again goes on"
                            + " from there");
        }
    }

    private boolean settled(long settledFrom) {
        if (watermarks.slowest().orElse(Long.MIN_VALUE) <= settledFrom) {
            return false;
        }
        Map<TopicPartition, OffsetAndMetadata> committed =
                OffsetProvisioner.committed(kafka.admin(), own.topics().group("join"));
        return watermarks.passed(
                own.shuffle().partitions(),
                settledFrom,
                partition -> committed.entrySet().stream()
                        .filter(e -> e.getKey().partition() == partition)
                        .mapToLong(e -> e.getValue().offset())
                        .findFirst()
                        .orElse(-1));
    }

    private List<StageStatus> status(ReplayPipeline pipeline) {
        try (StatusReader status = StatusReader.open(own, pipeline.allTopics(), Clock.SYSTEM)) {
            return status.read();
        }
    }

    private boolean hasRecords(Collection<String> topics) {
        return OffsetProvisioner.hasRecords(kafka.admin(), topics);
    }
}
