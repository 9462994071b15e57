package dev.adpipe.runtime.state;

/** Bytes are not what this package writes. */
final class MalformedBytesException extends RuntimeException {
    MalformedBytesException(String message) {
        super(message);
    }
}
