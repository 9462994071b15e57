package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.RowFormat;
import dev.adpipe.schemas.definition.OutputSettings.Sink;
import java.util.Optional;

/** The block {@code output.sink}. */
final class SinkReader {
    private enum Type {
        DRUID_KAFKA,
        TRANQUILITY,
        TOPIC
    }

    private SinkReader() {}

    static Setting<Sink> read(ConfigReader in) {
        Setting<Type> type = in.choice("type", Type.class);
        if (!type.isPresent()) {
            return Setting.absent(in.place());
        }
        Optional<Sink> sink = switch (type.get()) {
            case DRUID_KAFKA -> {
                in.choice("format", RowFormat.class)
                        .require(
                                RowFormat.JSON::equals,
                                "must be json with druid-kafka: its supervisor reads JSON rows");
                yield new DruidBlock(in).toSink();
            }
            case TRANQUILITY -> new TranquilityBlock(in.withDefaults(Reference.each("tranquility"))).toSink();
            case TOPIC -> in.choice("format", RowFormat.class).value().map(Sink.Topic::new);
        };
        in.finish();
        return new Setting<>(in.place(), sink);
    }
}
