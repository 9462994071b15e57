package dev.adpipe.join;

import dev.adpipe.runtime.RefusedException;
import dev.adpipe.schemas.definition.StreamDefinition;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a changed definition can go on with the state that another one has left. A change counts from the restart on: what
 * was decided stays, what is decided from now on is decided by the new definition.
 *
 * <table>
 * <caption>Changes</caption>
 * <tr><th>changed</th><th></th><th>why</th></tr>
 * <tr><td>a stream added at the end</td><td>safe</td><td>Nobody has waited for it. Events of the stream before it that were
 *     emitted earlier are no candidates with {@code eager}: their payloads are gone. With {@code on-close} those of living
 *     keys are, their payloads being there until they are written: here the modes differ.</td></tr>
 * <tr><td>an optional stream inserted</td><td>safe</td><td>It is never waited for, and parents are looked for beyond
 *     it.</td></tr>
 * <tr><td>another stream inserted, also in front</td><td>refused</td><td>Every later event would need a parent that events in
 *     the state never had, and end unmatched.</td></tr>
 * <tr><td>a stream removed or renamed</td><td>refused</td><td>Events of it are held, or are ancestors.</td></tr>
 * <tr><td>streams reordered</td><td>refused</td><td>Children in the state would come before their parents.</td></tr>
 * <tr><td>{@code within}, {@code skew}</td><td>safe</td><td>{@link Horizons} remembers by which windows keys have died. What
 *     is held is decided by the new ones, at its old due time at the latest.</td></tr>
 * <tr><td>{@code optional}</td><td>safe</td><td>What is held is judged by the new rule; what is emitted stays.</td></tr>
 * <tr><td>{@code first-only}</td><td>safe</td><td>Whether there was a first is in the state either way.</td></tr>
 * <tr><td>{@code orphans}</td><td>safe</td><td>Decided when the wait ends. Those emitted stay rooted.</td></tr>
 * <tr><td>{@code max-events-per-key}</td><td>safe</td><td>Compared with what is there when the next event
 *     comes.</td></tr>
 * <tr><td>{@code max-key-life}</td><td>safe</td><td>Keys that are too old by a shorter one are closed when they are looked at
 *     next; those closed by a former one stay closed.</td></tr>
 * <tr><td>{@code emit}</td><td>safe</td><td>Each event in the state says whether it was written: one that was not is written
 *     when its key ends, whatever the definition says by then; one that was is not written again.</td></tr>
 * <tr><td>{@code lateness}, {@code idle-after}, {@code first-event-timeout}</td><td>safe</td><td>The watermark never goes
 *     back.</td></tr>
 * </table>
 *
 * What is refused is refused by a partition without living keys, too: if each judged by its own keys, some would take the
 * new streams and some only the former ones, and neither definition would start. A stream's {@code key} and {@code event-id}
 * may be given by other paths only if the values stay the same: the join sees the values alone.
 */
final class DefinitionChange {
    private DefinitionChange() {}

    /**
     * @param before streams that the state was written under, in funnel order; empty if there is none
     * @param now    of the definition
     * @param place  of the definition and the state, for the message
     * @throws RefusedException if it is not safe; names everything that is not
     */
    static void check(List<String> before, List<StreamDefinition> now, String place) {
        List<String> problems = problems(before, now);
        if (!before.isEmpty() && !problems.isEmpty()) {
            throw new RefusedException(place + ": streams were " + before + " and are now " + names(now) + ": "
                    + String.join("; ", problems)
                    + ". Put the streams back as they were (others may be added at the end, optional ones anywhere"
                    + " after the first); or start the changed pipeline under another name and let this one drain");
        }
    }

    static List<String> problems(List<String> before, List<StreamDefinition> now) {
        List<String> problems = new ArrayList<>();
        List<String> names = names(now);
        for (String stream : before) {
            if (!names.contains(stream)) {
                problems.add("'" + stream + "' is removed, and the state may hold its events");
            }
        }
        List<String> stayed = before.stream().filter(names::contains).toList();
        List<String> order = names.stream().filter(before::contains).toList();
        if (!stayed.equals(order)) {
            problems.add(stayed + " stand in the order " + order
                    + " now, and events in the state would come before their parents");
        }
        for (StreamDefinition stream : now) {
            int place = names.indexOf(stream.name());
            boolean inserted = !before.contains(stream.name())
                    && names.subList(place, names.size()).stream().anyMatch(before::contains);
            if (inserted && !stream.optional()) {
                problems.add("'" + stream.name() + "' is inserted before '" + names.get(place + 1)
                        + "' and not optional, and those after it would need a parent that is not in the state");
            }
        }
        return problems;
    }

    private static List<String> names(List<StreamDefinition> streams) {
        return streams.stream().map(StreamDefinition::name).toList();
    }
}
