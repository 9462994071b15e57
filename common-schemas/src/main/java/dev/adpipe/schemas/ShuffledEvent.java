package dev.adpipe.schemas;

import java.nio.ByteBuffer;

/**
 * A raw event on its way from shuffle to join. See {@code shuffled-event.avsc}.
 *
 * @param eventTime milliseconds since the epoch
 * @param schemaId  fingerprint or registry id of the payload's writer schema; 0 for JSON
 * @param payload   the raw record's value; read it through {@link ByteBuffer#duplicate()}. After decoding it is a slice
 *                  of the decoded array, so it keeps that array alive
 */
public record ShuffledEvent(
        String stream, String eventId, long eventTime, PayloadEncoding encoding, long schemaId, ByteBuffer payload) {}
