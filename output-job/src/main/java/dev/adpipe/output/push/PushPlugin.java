package dev.adpipe.output.push;

/** What a plugin's folder must have exactly one of, found by {@code ServiceLoader}. */
public interface PushPlugin {

    /**
     * Returns at once, whether the receiver is there or not: rows fail until it is. The thread's context class loader is the
     * plugin's meanwhile.
     *
     * @throws IllegalArgumentException if a setting is wrong; the message says which and why
     */
    PushTarget connect(PushSettings settings);
}
