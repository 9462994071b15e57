package dev.adpipe.schemas.payload;

/** The schema registry is away, or answers what no schema registry answers. The payload may be good: try again later. */
public final class SchemaRegistryUnavailableException extends RuntimeException {
    public SchemaRegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
