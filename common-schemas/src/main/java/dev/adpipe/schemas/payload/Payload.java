package dev.adpipe.schemas.payload;

import java.util.Map;

/** The content of one payload. Immutable. */
public interface Payload {

    /**
     * What stands at the path: {@code String}, {@code Boolean}, {@code Long}, {@code Double}, {@code BigDecimal},
     * {@code List} or {@code Map}; null if nothing does, or null itself.
     */
    Object value(FieldPath path);

    /** All fields, in their order, with values as {@link #value} gives them; not to be changed. */
    Map<String, Object> fields();

    /** All fields as one line of JSON. */
    String toJson();
}
