package dev.adpipe.local;

import java.util.ArrayList;
import java.util.List;

/** What it means to go on at another offset, or without the state, in a person's words. Stateless. */
final class ResetEffects {
    private ResetEffects() {}

    /**
     * @param next      offset to go on at
     * @param withState whether the join still has its state
     */
    static List<String> of(StageTopics stage, InputGaps.Gap gap, long next, boolean withState) {
        List<String> lines = new ArrayList<>();
        lines.add("goes on at offset " + next);
        switch (gap.kind()) {
            case DELETED ->
                lines.add("lost: "
                        + Shown.number(next - gap.committed().orElseThrow().offset())
                        + " records (transaction markers among them) that this stage never saw; " + lost(stage));
            case MADE_ANEW -> {
                lines.add("lost: whatever the former topic held that was not processed; how much cannot be known");
                skipped(lines, stage, gap, next);
                lines.add("read: " + Shown.number(gap.end() - next)
                        + " records of the new topic; if these are copies of what was processed: "
                        + repeated(stage, withState));
            }
            case NO_OFFSET -> {
                skipped(lines, stage, gap, next);
                lines.add("read again, if it was processed before: " + Shown.number(gap.end() - next) + " records; "
                        + repeated(stage, withState));
                lines.add("the stage's book totals of this partition are lost with the offset and begin at 0");
            }
        }
        return lines;
    }

    private static void skipped(List<String> lines, StageTopics stage, InputGaps.Gap gap, long next) {
        if (next > gap.start()) {
            lines.add("skipped: " + Shown.number(next - gap.start())
                    + " records that are there; those that were not processed before are lost: " + lost(stage));
        }
    }

    static List<String> ofLostState(StateGaps.Gap gap) {
        return List.of(
                "the join starts with empty state; local state and copies of this partition are dropped, intact or not",
                "lost: " + Shown.number(gap.held()) + " events that were held for a parent; the books will say "
                        + Reset.STATE_LOST,
                "clicks whose impressions were in the state become no-parent, in <p>.unmatched",
                "copies of events that were in the state are not recognised as duplicates: they make rows once more",
                "the watermark begins anew: until it is there, nothing is late");
    }

    private static String lost(StageTopics stage) {
        return switch (stage.stage()) {
            case "shuffle" -> "their events are never counted";
            case "join" ->
                "their events are never counted, and clicks whose impressions were among them become no-parent";
            default -> "their rows are missing";
        };
    }

    private static String repeated(StageTopics stage, boolean withState) {
        return switch (stage.stage()) {
            case "shuffle" ->
                withState
                        ? "the join takes their events for duplicates while their keys live and for late ones afterwards,"
                                + " so rows are not there twice; the books of shuffle and join count them once more"
                        : "the join has lost state, so it makes joined events of them once more: rows twice, in Druid as well";
            case "join" ->
                withState
                        ? "they are duplicates while their keys live and late afterwards, so rows are not there twice;"
                                + " the books count them once more"
                        : "they make joined events once more: rows twice, in Druid as well";
            default -> "rows twice in <p>.rows, and in Druid";
        };
    }
}
