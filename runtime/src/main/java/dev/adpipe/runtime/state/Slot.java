package dev.adpipe.runtime.state;

/** One key within one transaction: what is committed of it, and what the task has made of it. */
final class Slot {
    final byte[] key;
    /** In the store; null: it is not there. */
    final KeyData.Header base;
    /** As the task sees it; null: it does not live. */
    LiveKey live;

    boolean changed;
    /** Index of the record that makes it complete, among those of the transaction; -1: none does. */
    int fullAt = -1;

    Slot(byte[] key, KeyData.Header base) {
        this.key = key;
        this.base = base;
    }

    /** Whether the log knows this life of the key, so that naming what has changed is enough. */
    boolean continues() {
        return base != null && live != null && base.birth() == live.data().birth;
    }
}
