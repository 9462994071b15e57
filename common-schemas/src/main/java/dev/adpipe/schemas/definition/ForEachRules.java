package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.payload.FieldPath;
import java.util.List;
import java.util.Optional;

/** What {@code for-each} demands of a stream's other paths. Without it, nothing. */
record ForEachRules(Optional<FieldPath> forEach) {

    /** Paths in the record as it is cut down to one element: an index into the array would mean nothing. */
    Setting<List<FieldPath>> own(Setting<List<FieldPath>> paths) {
        return forEach.isEmpty()
                ? paths
                : paths.require(list -> list.stream().noneMatch(this::indexesTheArray), indexRule());
    }

    /** The same for a single path. */
    Setting<FieldPath> ownPath(Setting<FieldPath> path) {
        return forEach.isEmpty() ? path : path.require(p -> !indexesTheArray(p), indexRule());
    }

    /** The elements of one record must not count as copies of one event. */
    Setting<List<FieldPath>> distinct(Setting<List<FieldPath>> key, Setting<List<FieldPath>> eventId) {
        if (forEach.isEmpty() || key.is(this::readsTheElement) || !key.isPresent()) {
            return eventId;
        }
        return eventId.require(
                this::readsTheElement,
                "must have a path in the for-each array, as key has none: all elements of a record would count as copies"
                        + " of one event; for example [id, " + forEach.get() + ".id]");
    }

    /** A path in the whole record, which is chosen before it is split. */
    Setting<FieldPath> outside(Setting<FieldPath> path) {
        return forEach.isEmpty()
                ? path
                : path.require(
                        p -> !p.startsWith(forEach.get()) || indexesTheArray(p),
                        "is in the for-each array: where chooses whole records, before they are split; name a field"
                                + " outside of " + forEach.get());
    }

    private boolean readsTheElement(List<FieldPath> paths) {
        return paths.stream().anyMatch(p -> p.startsWith(forEach.get()));
    }

    /** An index right after any name on the way to the element. */
    private boolean indexesTheArray(FieldPath path) {
        List<Object> names = forEach.get().steps();
        for (int i = 0; i < names.size() && i + 1 < path.steps().size(); i++) {
            if (!path.steps().get(i).equals(names.get(i))) {
                return false;
            }
            if (path.steps().get(i + 1) instanceof Integer) {
                return true;
            }
        }
        return false;
    }

    private String indexRule() {
        return "must have no index into the for-each array: " + forEach.get()
                + ".x is field x of the event's own element";
    }
}
