package dev.adpipe.runtime.state;

/** One record to be written to the changelog; {@link ChangelogDescription} makes it readable. */
public record ChangelogRecord(byte[] key, byte[] value) {}
