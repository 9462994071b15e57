package dev.adpipe.runtime;

/** How a transaction ends. */
enum Ending {
    COMMIT,
    ABORT
}
