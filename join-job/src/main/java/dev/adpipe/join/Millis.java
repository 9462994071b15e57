package dev.adpipe.join;

/** Sums of times and durations that stop at the ends of {@code long}: an absurd event time must not wrap around. */
final class Millis {
    private Millis() {}

    static long plus(long time, long duration) {
        long sum = time + duration;
        // Overflow iff both operands have the sign that the sum has not.
        if (((time ^ sum) & (duration ^ sum)) < 0) {
            return time < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return sum;
    }

    static long minus(long time, long other) {
        long difference = time - other;
        if (((time ^ other) & (time ^ difference)) < 0) {
            return time < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return difference;
    }
}
