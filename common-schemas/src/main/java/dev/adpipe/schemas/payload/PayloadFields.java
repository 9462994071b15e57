package dev.adpipe.schemas.payload;

import dev.adpipe.schemas.PayloadEncoding;

/**
 * What {@link PayloadReader} found in one payload.
 *
 * @param schemaId as in {@link dev.adpipe.schemas.ShuffledEvent}
 * @param values   one for each wanted path, in their order: {@code String}, {@code Boolean}, {@code Long},
 *                 {@code Double}, {@code BigDecimal} or {@link NoScalar}, never null; not copied
 */
public record PayloadFields(PayloadEncoding encoding, long schemaId, Object[] values) {

    /** What the path with this number leads to. */
    public Object value(int path) {
        return values[path];
    }
}
