package dev.adpipe.output;

import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the declared {@link RowTransform}. */
final class RowTransforms {
    private static final RowTransform NONE = new RowTransform() {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public void apply(Row row, JoinedView view) {}
    };

    private RowTransforms() {}

    /**
     * @throws IllegalArgumentException unless exactly one transform has the name
     */
    static RowTransform find(Optional<String> name) {
        if (name.isEmpty()) {
            return NONE;
        }
        List<RowTransform> known;
        try {
            known = ServiceLoader.load(RowTransform.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
        } catch (ServiceConfigurationError e) {
            throw new IllegalArgumentException(
                    "output.transform = " + name.get() + ": a registered RowTransform cannot be" + " loaded: "
                            + e.getMessage(),
                    e);
        }
        List<RowTransform> named =
                known.stream().filter(t -> t.name().equals(name.get())).toList();
        if (named.size() != 1) {
            throw new IllegalArgumentException("output.transform = " + name.get() + ": " + named.size()
                    + " transforms on the class path have this name, must be one; there are "
                    + known.stream()
                            .map(t -> t.name() + " (" + t.getClass().getName() + ")")
                            .toList()
                    + ". A transform is registered in META-INF/services/" + RowTransform.class.getName());
        }
        return named.get(0);
    }
}
