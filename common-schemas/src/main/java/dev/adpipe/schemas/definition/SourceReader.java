package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.Source;
import dev.adpipe.schemas.payload.FieldPath;
import java.util.List;
import java.util.Optional;

/** A {@code field} of the output: {@code impression.device.geo.country}, the stream's name first. */
final class SourceReader {
    private SourceReader() {}

    static Setting<Source> read(Setting<String> field, Optional<List<String>> streams) {
        Setting<Source> source = field.parse(
                SourceReader::parse,
                "must be a stream and a field of it, joined by dots, for example " + example(streams) + ".device.geo");
        return source.require(
                s -> streams.isEmpty() || streams.get().contains(s.stream()),
                source.value()
                        .map(s -> "there is no stream '" + s.stream() + "'"
                                + Suggestion.text(s.stream(), streams.orElse(List.of())))
                        .orElse(""));
    }

    private static Source parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 1) {
            throw new IllegalArgumentException("no stream");
        }
        return new Source(text.substring(0, dot), FieldPath.parse(text.substring(dot + 1)));
    }

    private static String example(Optional<List<String>> streams) {
        return streams.isEmpty() ? "impression" : streams.get().get(0);
    }
}
