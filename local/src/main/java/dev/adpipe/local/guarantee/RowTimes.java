package dev.adpipe.local.guarantee;

import java.util.Arrays;

/**
 * When rows and raw records were appended, milliseconds since the epoch, for the stalls between rows. Used by one thread.
 */
final class RowTimes {
    private long[] rows = new long[1024];
    private int rowCount;
    private long[] inputs = new long[1024];
    private int inputCount;

    /**
     * @param millis without a new row while there was input
     * @param from   when the input came that had to wait
     */
    record Stall(long from, long millis) {}

    void row(long at) {
        if (rowCount == rows.length) {
            rows = Arrays.copyOf(rows, 2 * rowCount);
        }
        rows[rowCount++] = at;
    }

    void input(long at) {
        if (inputCount == inputs.length) {
            inputs = Arrays.copyOf(inputs, 2 * inputCount);
        }
        inputs[inputCount++] = at;
    }

    /** To be called when all are there, before anything is asked. */
    void sort() {
        Arrays.sort(rows, 0, rowCount);
        Arrays.sort(inputs, 0, inputCount);
    }

    /**
     * The longest time without a new row that ended after {@code from} and not after {@code to}, counted from the first
     * input after the last row.
     */
    Stall longest(long from, long to) {
        Stall longest = new Stall(from, 0);
        int input = 0;
        for (int i = 1; i < rowCount && rows[i] <= to; i++) {
            long before = rows[i - 1];
            while (input < inputCount && inputs[input] < before) {
                input++;
            }
            long since = input == inputCount ? rows[i] : inputs[input];
            if (rows[i] > from && rows[i] - since > longest.millis()) {
                longest = new Stall(since, rows[i] - since);
            }
        }
        return longest;
    }
}
