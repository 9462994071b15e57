package dev.adpipe.output;

/** A value breaks a rule; the message is the rule. Where it stood is added by who knows it. */
final class BadValueException extends Exception {
    BadValueException(String rule) {
        super(rule, null, false, false);
    }
}
