package dev.adpipe.output;

/** What a container counts for its metrics, all its tasks together. Counted by its thread, after commits; read by any. */
record OutputCounts(RowCounts rows, LookupMisses lookupMisses, ReplacedValues replacedValues) {
    void count(RowNotes notes) {
        lookupMisses.count(notes.misses());
        replacedValues.count(notes.replaced());
    }
}
