package dev.adpipe.schemas.payload;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The paths wanted of a payload, merged where they begin alike, so that one pass finds them all. A node knows which of
 * the paths end at it and under which steps the others go on.
 */
final class PathTree {
    private final Map<Object, PathTree> next = new HashMap<>();
    private int[] ending = {};
    private boolean goneThrough;

    private PathTree() {}

    /**
     * The same for a record that is cut down to one element: arrays on the way to it stand for what they contain, so that a
     * path goes on in the element as if there were no array.
     */
    static PathTree of(List<FieldPath> paths, ElementPath element) {
        PathTree root = of(paths);
        PathTree node = root;
        for (String name : element.names()) {
            node = node.next.get(name);
            if (node == null) {
                break;
            }
            node.goneThrough = true;
        }
        return root;
    }

    /** What is found for {@code paths.get(i)} will be {@code values[i]}. */
    static PathTree of(List<FieldPath> paths) {
        PathTree root = new PathTree();
        for (int i = 0; i < paths.size(); i++) {
            PathTree node = root;
            for (Object step : paths.get(i).steps()) {
                node = node.next.computeIfAbsent(step, s -> new PathTree());
            }
            node.ending = Arrays.copyOf(node.ending, node.ending.length + 1);
            node.ending[node.ending.length - 1] = i;
        }
        return root;
    }

    /** Null if no path goes on there. */
    PathTree field(String name) {
        return next.get(name);
    }

    /** Null if no path goes on there. */
    PathTree element(int index) {
        return goneThrough ? this : next.get(index);
    }

    boolean goesOn() {
        return !next.isEmpty();
    }

    /** Sets the value of every path that ends here. */
    void found(Object value, Object[] values) {
        for (int i : ending) {
            values[i] = value;
        }
    }

    /** Takes back all that was found here and below: a later field of the same name replaces an earlier one as a whole. */
    void forget(Object[] values) {
        found(NoScalar.MISSING, values);
        if (goesOn()) {
            next.values().forEach(child -> child.forget(values));
        }
    }
}
