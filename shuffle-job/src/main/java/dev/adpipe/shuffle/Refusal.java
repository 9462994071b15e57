package dev.adpipe.shuffle;

/**
 * A raw record, or what one stream wants of it, is of no use: for the dead letters. Never leaves this package. Without a
 * stack trace: it tells of data, not of code, and a broken producer makes many of them.
 */
final class Refusal extends Exception {
    private final String reason;

    Refusal(String reason, String explanation) {
        super(explanation, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
