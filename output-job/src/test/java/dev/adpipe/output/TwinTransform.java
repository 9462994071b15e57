package dev.adpipe.output;

/** Two transforms of one name: neither can be selected. */
final class TwinTransform {
    private TwinTransform() {}

    /** One of them. */
    public static final class First implements RowTransform {
        @Override
        public String name() {
            return "twin";
        }

        @Override
        public void apply(Row row, JoinedView view) {}
    }

    /** The other. */
    public static final class Second implements RowTransform {
        @Override
        public String name() {
            return "twin";
        }

        @Override
        public void apply(Row row, JoinedView view) {}
    }
}
