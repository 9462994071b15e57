package dev.adpipe.runtime.state;

import java.nio.file.Path;

/**
 * A local store turned out to be damaged while in use. Its folder is marked: close the {@link TaskState} and open it
 * again, and the store is dropped and can be restored from the changelog. Nothing committed is lost.
 */
public final class StateDamagedException extends RuntimeException {
    private final transient Path dir;

    StateDamagedException(Path dir, String what, Throwable cause) {
        super("the local state in " + dir + " is damaged: " + what + "; it will be rebuilt from the changelog", cause);
        this.dir = dir;
    }

    /** Folder of the store. */
    public Path dir() {
        return dir;
    }
}
