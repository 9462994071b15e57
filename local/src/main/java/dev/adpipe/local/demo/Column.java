package dev.adpipe.local.demo;

import java.util.Locale;

/** One column of the table of campaigns. */
sealed interface Column {
    String title();

    String cell(Sums sums);

    /** A number of events. */
    record Count(Metric metric) implements Column {
        @Override
        public String title() {
            return metric.column();
        }

        @Override
        public String cell(Sums sums) {
            return String.format(Locale.ROOT, "%,d", sums.get(metric));
        }
    }

    /** A share of others' number; none of none. */
    record Rate(String title, Metric part, Metric whole) implements Column {
        @Override
        public String cell(Sums sums) {
            return sums.get(whole) == 0
                    ? "-"
                    : String.format(Locale.ROOT, "%.2f %%", 100.0 * sums.get(part) / sums.get(whole));
        }
    }

    /**
     * An amount of money.
     *
     * @param per how many the metric's price is for: 1,000 if it is a CPM
     */
    record Money(String title, Metric metric, int per) implements Column {
        @Override
        public String cell(Sums sums) {
            return String.format(Locale.ROOT, "%,.2f", sums.get(metric) / (double) metric.scale() / per);
        }
    }
}
