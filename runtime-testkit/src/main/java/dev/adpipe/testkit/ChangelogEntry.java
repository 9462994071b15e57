package dev.adpipe.testkit;

import dev.adpipe.runtime.state.ChangelogDescription;

/** A committed record of the changelog. */
public record ChangelogEntry(long offset, byte[] key, byte[] value) {

    @Override
    public String toString() {
        return offset + " " + ChangelogDescription.describe(key, value);
    }
}
