package dev.adpipe.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;

/** A record that a task sent and that was committed. */
public record Output(String topic, int partition, byte[] key, byte[] value, List<Header> headers) {
    public Output {
        headers = List.copyOf(headers);
    }

    /** The key as UTF-8, null if there is none. */
    public String keyText() {
        return key == null ? null : new String(key, StandardCharsets.UTF_8);
    }

    /** The first header of this name, as UTF-8. */
    public Optional<String> header(String name) {
        return headers.stream()
                .filter(h -> h.key().equals(name))
                .map(h -> new String(h.value(), StandardCharsets.UTF_8))
                .findFirst();
    }
}
