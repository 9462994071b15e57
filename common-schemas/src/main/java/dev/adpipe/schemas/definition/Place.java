package dev.adpipe.schemas.definition;

import java.util.Optional;

/**
 * Where a value stands, so that whoever finds it wrong can say so.
 *
 * @param shown the value as it may be printed; empty for blocks and for what is missing
 */
record Place(Problems problems, String file, int line, String key, Optional<String> shown) {

    void reject(String rule) {
        problems.add(file, line, key, shown, rule);
    }

    /** The same place with a part of the value, unless the value is hidden. */
    Place showing(String part) {
        boolean hidden = shown.filter(Problems.HIDDEN::equals).isPresent();
        return new Place(problems, file, line, key, hidden ? shown : Optional.of(part));
    }
}
