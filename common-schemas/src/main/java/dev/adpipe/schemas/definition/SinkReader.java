package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.Sink;
import java.util.Optional;
import java.util.regex.Pattern;

/** The block {@code output.sink}. */
final class SinkReader {
    private enum Type {
        DRUID_KAFKA,
        TOPIC
    }

    private static final Pattern DATASOURCE = Pattern.compile("[^./\\s][^/\\s]*");

    private SinkReader() {}

    static Setting<Sink> read(ConfigReader in) {
        Setting<Type> type = in.choice("type", Type.class);
        if (!type.isPresent()) {
            return Setting.absent(in.place());
        }
        Optional<Sink> sink = switch (type.get()) {
            case DRUID_KAFKA -> druid(in);
            case TOPIC -> Optional.of(new Sink.Topic());
        };
        in.finish();
        return new Setting<>(in.place(), sink);
    }

    private static Optional<Sink> druid(ConfigReader in) {
        Setting<String> datasource = in.text("datasource")
                .require(
                        d -> DATASOURCE.matcher(d).matches(),
                        "is no name of a Druid datasource: no '/', no spaces, no '.' in front");
        Setting<String> overlord = in.ifGiven("overlord", in::address).map(Object::toString);
        return datasource.value().map(d -> new Sink.DruidKafka(d, overlord.value()));
    }
}
