package dev.adpipe.runtime.state;

import java.nio.file.Path;

/**
 * The disk does not let the local store be used: it is full, read-only or failing. The store itself is whole, at an earlier
 * committed point; it goes on from there when the disk allows it. Nothing committed is lost.
 */
public final class StateUnusableException extends RuntimeException {
    StateUnusableException(Path dir, String doing, Exception cause) {
        super(
                "the local state in " + dir + " cannot be used (" + doing + "): " + cause.getMessage()
                        + ". Nothing is lost: with room on the disk, and the right to write there, a restart goes on from the"
                        + " last commit",
                cause);
    }
}
