package dev.adpipe.local.guarantee;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * When rows, by their partition, and raw records were appended, milliseconds since the epoch, for the stalls between the
 * rows of one partition. Raw records count for all partitions alike: their keys are spread evenly. Used by one thread.
 */
final class RowTimes {
    private final Map<Integer, Times> rows = new TreeMap<>();
    private final Times inputs = new Times();

    /**
     * @param partition of the rows
     * @param millis    without a new row while there was input
     * @param from      when the input came that had to wait
     */
    record Stall(int partition, long from, long millis) {}

    void row(int partition, long at) {
        rows.computeIfAbsent(partition, p -> new Times()).add(at);
    }

    void input(long at) {
        inputs.add(at);
    }

    /** To be called when all are there, before anything is asked. */
    void sort() {
        rows.values().forEach(Times::sort);
        inputs.sort();
    }

    /**
     * The longest time without a new row of some partition that ended after {@code from} and not after {@code to}, counted
     * from the first input after that partition's last row.
     */
    Stall longest(long from, long to) {
        Stall longest = new Stall(-1, from, 0);
        for (Map.Entry<Integer, Times> partition : rows.entrySet()) {
            Stall own = longest(partition.getKey(), partition.getValue(), from, to);
            if (own.millis() > longest.millis()) {
                longest = own;
            }
        }
        return longest;
    }

    private Stall longest(int partition, Times own, long from, long to) {
        Stall longest = new Stall(partition, from, 0);
        int input = 0;
        for (int i = 1; i < own.count && own.sorted[i] <= to; i++) {
            long row = own.sorted[i];
            while (input < inputs.count && inputs.sorted[input] < own.sorted[i - 1]) {
                input++;
            }
            long since = input == inputs.count ? row : inputs.sorted[input];
            if (row > from && row - since > longest.millis()) {
                longest = new Stall(partition, since, row - since);
            }
        }
        return longest;
    }

    /** A growing array. */
    private static final class Times {
        private long[] sorted = new long[1024];
        private int count;

        void add(long at) {
            if (count == sorted.length) {
                sorted = Arrays.copyOf(sorted, 2 * count);
            }
            sorted[count++] = at;
        }

        void sort() {
            Arrays.sort(sorted, 0, count);
        }
    }
}
