package dev.adpipe.schemas.payload;

import dev.adpipe.schemas.definition.PayloadFormat;
import dev.adpipe.schemas.definition.StreamDefinition;
import dev.adpipe.schemas.definition.StreamDefinition.Start;
import dev.adpipe.schemas.definition.StreamDefinition.TimeField;
import dev.adpipe.schemas.definition.StreamDefinition.TimeFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Definitions of streams for tests of payloads. */
final class Streams {
    private Streams() {}

    static StreamDefinition splitBy(String forEach, PayloadFormat format) {
        FieldPath path = FieldPath.parse(forEach);
        return new StreamDefinition(
                "s",
                List.of("raw"),
                format,
                List.of(path),
                List.of(path),
                new TimeField(path, TimeFormat.EPOCH_MILLIS),
                Optional.empty(),
                Duration.ofHours(1),
                false,
                false,
                Start.EARLIEST,
                Optional.of(path));
    }
}
