package dev.adpipe.local;

import dev.adpipe.local.InputGaps.Kind;
import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.CommitMetadata;
import dev.adpipe.runtime.CommitMetadata.ChangelogEnd;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Lets stages go on after a gap that they refuse: says of each partition what is lost or repeated, asks, and commits new
 * offsets. What needs no mending keeps its offset; book totals and what tasks remember are kept wherever they are known.
 * Used by one thread.
 */
final class Reset {
    /** A living member that was removed is back within this time. */
    private static final Duration HEARTBEAT = Duration.ofMillis(3500);

    /** In the join's books: what was held when the state was lost. */
    static final String STATE_LOST = "state-lost";

    private final PipelineDefinition definition;
    private final Admin admin;
    private final Consumer<String> report;
    private final BooleanSupplier confirmed;

    /**
     * @param to            where to begin without an offset; empty: such partitions are refused
     * @param removeStopped removes static members that are gone
     */
    record Options(List<PipelineStage> stages, Optional<ResetTarget> to, boolean removeStopped) {}

    /**
     * What is to be done with one stage.
     *
     * @param before    what was committed when it was made
     * @param deletions what is left of a changelog that is of no use
     */
    private record Plan(
            String group,
            Map<TopicPartition, OffsetAndMetadata> before,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            Map<TopicPartition, Long> deletions) {
        Plan(String group, Map<TopicPartition, OffsetAndMetadata> before) {
            this(group, before, new TreeMap<>(OffsetProvisioner.ORDER), new TreeMap<>(OffsetProvisioner.ORDER));
        }
    }

    /**
     * @param report    gets what is found and done, line by line
     * @param confirmed asks whether to go on
     */
    Reset(PipelineDefinition definition, Admin admin, Consumer<String> report, BooleanSupplier confirmed) {
        this.definition = definition;
        this.admin = admin;
        this.report = report;
        this.confirmed = confirmed;
    }

    /**
     * @throws CommandException refused, or not confirmed: nothing was changed
     */
    void run(Options options) {
        List<Plan> plans = new ArrayList<>();
        Map<Integer, StateGaps.Gap> stateGaps = StateGaps.find(definition, admin);
        for (PipelineStage stage : options.stages()) {
            Plan plan = plan(StageTopics.of(definition, stage), stateGaps, options.to());
            if (!plan.offsets().isEmpty()) {
                new GroupMembers(admin, HEARTBEAT, report).requireNone(plan.group(), options.removeStopped());
                plans.add(plan);
            }
        }
        if (plans.isEmpty()) {
            report.accept("Nothing to reset: every partition can go on where it is.");
            return;
        }
        if (!confirmed.getAsBoolean()) {
            throw CommandException.refused("not confirmed: nothing was changed");
        }
        plans.forEach(this::requireAsBefore);
        plans.forEach(this::carryOut);
    }

    /** The question may have stood for long, and a stage may have gone on meanwhile. */
    private void requireAsBefore(Plan plan) {
        new GroupMembers(admin, HEARTBEAT, report).requireNone(plan.group(), false);
        Map<TopicPartition, OffsetAndMetadata> now = OffsetProvisioner.committed(admin, plan.group());
        if (!now.equals(plan.before())) {
            throw CommandException.refused("group " + plan.group()
                    + " has gone on since this reset was planned: nothing was changed, run it again");
        }
    }

    private Plan plan(StageTopics stage, Map<Integer, StateGaps.Gap> stateGaps, Optional<ResetTarget> to) {
        String group = definition.topics().group(stage.stage());
        Plan plan = new Plan(group, OffsetProvisioner.committed(admin, group));
        List<InputGaps.Gap> gaps = InputGaps.find(definition, stage, admin);
        boolean join = stage.stage().equals("join");
        requireTarget(stage, gaps, to);
        for (InputGaps.Gap gap : gaps) {
            long next = next(gap, to);
            report.accept(stage.stage() + " " + gap);
            boolean withState = join
                    ? !stateGaps.containsKey(gap.partition().partition())
                            && (gap.committed().isPresent() || changelogEnd(gap.partition()) > 0)
                    : stateGaps.isEmpty();
            ResetEffects.of(stage, gap, next, withState).forEach(line -> report.accept("  " + line));
            if (join && withState && gap.committed().isEmpty()) {
                report.accept(
                        "  if somebody has cut the changelog meanwhile, which cannot be told without the offset, rows are"
                                + " there twice");
            }
            CommitMetadata metadata = gap.committed()
                    .map(offset -> CommitMetadata.parse(offset.metadata()))
                    .orElseGet(() -> join ? withStateOf(gap.partition()) : CommitMetadata.initial());
            plan.offsets().put(gap.partition(), new OffsetAndMetadata(next, metadata.encode()));
        }
        if (join && !stateGaps.isEmpty()) {
            planState(plan, stateGaps);
        }
        return plan;
    }

    private void planState(Plan plan, Map<Integer, StateGaps.Gap> gaps) {
        Map<TopicPartition, OffsetAndMetadata> committed = OffsetProvisioner.committed(admin, plan.group());
        gaps.forEach((number, gap) -> {
            report.accept("join " + gap.changelog() + " " + gap.what());
            ResetEffects.ofLostState(gap).forEach(line -> report.accept("  " + line));
            TopicPartition input = new TopicPartition(definition.topics().shuffled(), number);
            OffsetAndMetadata offset = plan.offsets().getOrDefault(input, committed.get(input));
            CommitMetadata before = CommitMetadata.parse(offset.metadata());
            // All of the log goes, up to its end: a store that ends before is then known to be of before the reset, and
            // is dropped wherever it is. A log that has nothing before its end needs nothing either.
            Optional<ChangelogEnd> end = gap.end() == 0
                    ? Optional.empty()
                    : Optional.of(new ChangelogEnd(changelogId(gap.changelog()), gap.end() - 1, gap.end()));
            CommitMetadata after = new CommitMetadata(endHeld(before.books()), before.task(), end, before.growth());
            plan.offsets().put(input, new OffsetAndMetadata(offset.offset(), after.encode()));
            if (gap.end() > 0) {
                plan.deletions().put(gap.changelog(), gap.end());
            }
        });
    }

    private Uuid changelogId(TopicPartition changelog) {
        return TopicProvisioner.describe(admin, List.of(changelog.topic()))
                .get(changelog.topic())
                .topicId();
    }

    /** What was held has ended: nobody will decide about it any more. */
    private static Books endHeld(Books before) {
        Books after = new Books();
        after.add(before);
        after.changeHeld(-before.held());
        for (long n = 0; n < before.held(); n++) {
            after.countUnmatched(STATE_LOST);
        }
        return after;
    }

    /** The state outlives its offset: a copy of what it knows is recognised. */
    private CommitMetadata withStateOf(TopicPartition input) {
        long end = changelogEnd(input);
        Optional<ChangelogEnd> state =
                end == 0 ? Optional.empty() : Optional.of(new ChangelogEnd(changelogId(changelogOf(input)), end - 1));
        return new CommitMetadata(new Books(), "", state, Optional.empty());
    }

    private TopicPartition changelogOf(TopicPartition input) {
        return new TopicPartition(definition.topics().joinChangelog(), input.partition());
    }

    private long changelogEnd(TopicPartition input) {
        TopicPartition changelog = changelogOf(input);
        return RecordScan.offsetsWithOpen(admin, List.of(changelog), OffsetSpec.latest())
                .get(changelog);
    }

    private static void requireTarget(StageTopics stage, List<InputGaps.Gap> gaps, Optional<ResetTarget> to) {
        List<InputGaps.Gap> open =
                gaps.stream().filter(gap -> gap.kind() != Kind.DELETED).toList();
        if (to.isEmpty() && !open.isEmpty()) {
            throw CommandException.refused(String.join(
                    "\n",
                    Stream.concat(
                                    open.stream().map(gap -> stage.stage() + " " + gap),
                                    Stream.of(
                                            "Where to begin is yours to say: add --to earliest (all that the log holds,"
                                                    + " what was processed before once more), --to latest (nothing that is there"
                                                    + " now), or --to TIME (what was appended since, such as 2026-11-22T13:00:00Z)"))
                            .toList()));
        }
    }

    private long next(InputGaps.Gap gap, Optional<ResetTarget> to) {
        return gap.kind() == Kind.DELETED
                ? gap.start()
                : to.orElseThrow().offset(admin, gap.partition(), gap.start(), gap.end());
    }

    private void carryOut(Plan plan) {
        Map<TopicPartition, RecordsToDelete> deletions = new HashMap<>();
        plan.deletions().forEach((partition, before) -> deletions.put(partition, RecordsToDelete.beforeOffset(before)));
        // Before the offsets: cut off in between, the reset is found to be needed still.
        if (!deletions.isEmpty()) {
            Answer.of(admin.deleteRecords(deletions).all());
        }
        Answer.of(admin.alterConsumerGroupOffsets(plan.group(), plan.offsets()).all());
        plan.offsets()
                .forEach((partition, offset) -> report.accept(
                        "group " + plan.group() + ": " + partition + " goes on at offset " + offset.offset()));
    }
}
