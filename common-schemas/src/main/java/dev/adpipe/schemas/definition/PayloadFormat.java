package dev.adpipe.schemas.definition;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How the raw records of a stream are written. */
public sealed interface PayloadFormat {

    /** {@code format = json}. */
    record Json() implements PayloadFormat {}

    /** {@code format = { type = avro, schema = "file.avsc" }}: bare Avro binary, its writer schema in a file. */
    record Avro(Path schema) implements PayloadFormat {}

    /** {@code format = { type = avro-single-object, schemas = ["a.avsc"] }}: the fingerprint picks one of the schemas. */
    record AvroSingleObject(List<Path> schemas) implements PayloadFormat {
        public AvroSingleObject {
            schemas = List.copyOf(schemas);
        }
    }

    /** {@code format = { type = confluent-avro, registry = "http://.." }}: magic 0, a 4-byte schema id, Avro binary. */
    record ConfluentAvro(URI registry, Optional<Credentials> credentials) implements PayloadFormat {}

    /** Basic authentication at the registry; never printed. */
    record Credentials(String user, String password) {
        @Override
        public String toString() {
            return "Credentials[hidden]";
        }
    }
}
