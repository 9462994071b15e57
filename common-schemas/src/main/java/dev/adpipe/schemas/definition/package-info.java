/**
 * The pipeline definition: one HOCON file per customer, checked as a whole and turned into immutable records.
 *
 * <p>Everything here is immutable and may be shared between threads. Durations are {@link java.time.Duration}s, sizes are
 * in bytes, paths to files are already resolved against the definition's own folder.
 */
package dev.adpipe.schemas.definition;
