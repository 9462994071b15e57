package dev.adpipe.local;

import picocli.CommandLine.Option;

/** Which dead letters are meant. */
final class DeadLetterFilter {
    @Option(names = "--reason", paramLabel = "R", description = "Only those with this reason.")
    private String reason;

    @Option(names = "--stage", paramLabel = "S", description = "Only those that shuffle, join or output has refused.")
    private String stage;

    boolean matches(DeadLetter letter) {
        return (reason == null || reason.equals(letter.reason())) && (stage == null || stage.equals(letter.stage()));
    }
}
