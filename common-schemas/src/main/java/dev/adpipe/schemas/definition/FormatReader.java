package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.PayloadFormat.Avro;
import dev.adpipe.schemas.definition.PayloadFormat.AvroSingleObject;
import dev.adpipe.schemas.definition.PayloadFormat.ConfluentAvro;
import dev.adpipe.schemas.definition.PayloadFormat.Credentials;
import dev.adpipe.schemas.definition.PayloadFormat.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** A stream's {@code format}: {@code json}, or a block with a {@code type}. */
final class FormatReader {
    private enum Type {
        JSON,
        AVRO,
        AVRO_SINGLE_OBJECT,
        CONFLUENT_AVRO
    }

    private FormatReader() {}

    static Setting<PayloadFormat> read(ConfigReader in) {
        Setting<Type> type = in.choice("type", Type.class);
        if (!type.isPresent()) {
            return Setting.absent(in.place());
        }
        Optional<PayloadFormat> format = switch (type.get()) {
            case JSON -> Optional.of(new Json());
            case AVRO -> schema(in.readableFile("schema")).value().map(Avro::new);
            case AVRO_SINGLE_OBJECT -> schemas(in.texts("schemas"), in).map(AvroSingleObject::new);
            case CONFLUENT_AVRO -> confluent(in);
        };
        in.finish();
        return new Setting<>(in.place(), format);
    }

    private static Optional<List<Path>> schemas(Setting<List<String>> names, ConfigReader in) {
        List<Path> schemas = new ArrayList<>();
        for (String name : names.value().orElse(List.of())) {
            Place each = names.place().showing("[" + name + "]");
            schema(in.readable(Setting.of(each, name))).value().ifPresent(schemas::add);
        }
        return names.isPresent() && schemas.size() == names.get().size() ? Optional.of(schemas) : Optional.empty();
    }

    private static Optional<PayloadFormat> confluent(ConfigReader in) {
        Setting<URI> registry = in.address("registry");
        if (!in.has("credentials")) {
            return registry.value().map(r -> new ConfluentAvro(r, Optional.empty()));
        }
        ConfigReader block = in.block("credentials");
        Setting<String> user = block.text("user");
        Setting<String> password = block.secret("password");
        if (!block.has("password") && !block.has("password-file")) {
            block.required("password", "a text, or password-file");
        }
        block.finish();
        return registry.isPresent() && user.isPresent() && password.isPresent()
                ? Optional.of(
                        new ConfluentAvro(registry.get(), Optional.of(new Credentials(user.get(), password.get()))))
                : Optional.empty();
    }

    /** An event is a record: keys, ids and times are fields of it. */
    private static Setting<Path> schema(Setting<Path> file) {
        if (file.isPresent()) {
            try {
                Schema schema = new Schema.Parser().parse(file.get().toFile());
                return file.require(
                        f -> schema.getType() == Schema.Type.RECORD,
                        "must be the schema of a record, not of "
                                + schema.getType().getName());
            } catch (AvroRuntimeException | IOException e) {
                return file.reject("is no Avro schema: " + firstLine(e.getMessage()));
            }
        }
        return file;
    }

    private static String firstLine(String message) {
        return message == null
                ? "it cannot be parsed"
                : message.lines().findFirst().orElse("it cannot be parsed");
    }
}
