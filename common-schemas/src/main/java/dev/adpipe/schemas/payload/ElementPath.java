package dev.adpipe.schemas.payload;

import java.util.List;

/**
 * The path of a {@code for-each} array as its finders walk it: names only. Every array on the way is gone through, and so
 * {@code seatbid.bid} means each bid of each seat.
 */
record ElementPath(List<String> names) {

    /**
     * @throws IllegalArgumentException if the path has an index
     */
    static ElementPath of(FieldPath path) {
        if (!path.isOfNames()) {
            throw new IllegalArgumentException(
                    "for-each = " + path + " names one element of an array, not all of them");
        }
        return new ElementPath(path.steps().stream().map(String.class::cast).toList());
    }

    String name(int depth) {
        return names.get(depth);
    }

    /** Whether the field at this depth is the last one. */
    boolean endsAt(int depth) {
        return depth == names.size() - 1;
    }

    /** Something to say of the field at this depth. */
    String problem(int depth, String words) {
        return "field " + String.join(".", names.subList(0, depth + 1)) + " " + words;
    }

    /**
     * @param problem null if there is none
     */
    void check(String problem) {
        if (problem != null) {
            throw new MalformedPayloadException(
                    MalformedPayloadException.NO_ELEMENTS,
                    problem + "; one event is made of each element of " + String.join(".", names));
        }
    }
}
