package dev.adpipe.runtime;

import java.nio.file.Path;

/**
 * What it takes to run a stage as a process of its own, from a definition of type {@code D}: the runtime itself does not
 * know definitions.
 */
public interface Stage<D> {

    /** {@code shuffle}, {@code join} or {@code output}. */
    String name();

    /** Makes classes ready that its jobs will need; called before the definition is read, while the clients are made ready. */
    default void loadAhead() {}

    /**
     * @throws RuntimeException if the file is no valid definition; its message says all that is wrong
     */
    D load(Path file);

    /** Settings of one container. */
    ContainerSettings settings(D definition, String instance, int number);

    /** A job for one container. */
    Job job(D definition);
}
