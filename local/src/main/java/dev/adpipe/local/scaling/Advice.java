package dev.adpipe.local.scaling;

import java.util.OptionalInt;

/**
 * @param recommendation of this moment
 * @param containers     what stands of it and those before, see {@link SlowShrink}; empty before anything is known
 */
public record Advice(StageLoad load, Recommendation recommendation, OptionalInt containers) {}
