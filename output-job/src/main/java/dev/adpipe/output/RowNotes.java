package dev.adpipe.output;

import java.util.ArrayList;
import java.util.List;

/** What was noticed while rows were made, to be counted once they are committed. */
final class RowNotes {
    private final List<String> misses = new ArrayList<>(0);
    private final List<String> replaced = new ArrayList<>(0);

    /** A lookup had no entry for a value. */
    void miss(String lookup) {
        misses.add(lookup);
    }

    /** A bad value gave way to the field's default, or to null. */
    void replaced(String field) {
        replaced.add(field);
    }

    void add(RowNotes others) {
        misses.addAll(others.misses);
        replaced.addAll(others.replaced);
    }

    void clear() {
        misses.clear();
        replaced.clear();
    }

    List<String> misses() {
        return misses;
    }

    List<String> replaced() {
        return replaced;
    }
}
