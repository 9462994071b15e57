package dev.adpipe.testkit;

/** The rules of {@code Task.metadata()}. */
final class Metadata {
    private static final int LONGEST = 1_000;

    private Metadata() {}

    static String checked(String metadata) {
        boolean printable = metadata.chars().allMatch(c -> c > ' ' && c < 127);
        if (metadata.length() > LONGEST || !printable) {
            throw new AssertionError("a task's metadata must be at most " + LONGEST
                    + " ASCII characters without a space, but is (" + metadata.length() + "): " + metadata);
        }
        return metadata;
    }
}
