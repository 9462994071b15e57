package dev.adpipe.schemas.payload;

import java.nio.ByteBuffer;

/**
 * One event's part of a raw record that is split.
 *
 * @param payload the record with the {@code for-each} array cut down to this element, read from position to limit
 * @param fields  what was wanted of it
 */
public record PayloadElement(ByteBuffer payload, PayloadFields fields) {}
