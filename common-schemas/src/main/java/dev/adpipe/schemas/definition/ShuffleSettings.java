package dev.adpipe.schemas.definition;

import java.time.Duration;

/**
 * The block {@code shuffle}.
 *
 * @param partitions     of {@code <p>.shuffled} and all topics after it; never changes in place
 * @param tickInterval   how often a shuffle container tells of its progress
 * @param idleAfter      a raw partition without a record for so long, and caught up, is idle
 * @param maxSkew        an event time further ahead of shuffle's clock is a dead letter
 * @param maxRecordBytes a raw record larger than this is a dead letter, shortened
 */
public record ShuffleSettings(
        int partitions, Duration tickInterval, Duration idleAfter, Duration maxSkew, int maxRecordBytes) {}
