package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.payload.FieldPath;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The block {@code output}.
 *
 * @param time       whose event time a row carries
 * @param dimensions by name, in the order of the file
 * @param metrics    by name, in the order of the file
 * @param lookups    by name
 * @param transform  name of a {@code RowTransform} found by {@code ServiceLoader}; empty: none
 */
public record OutputSettings(
        RowTime time,
        List<Dimension> dimensions,
        List<Metric> metrics,
        Map<String, Lookup> lookups,
        Optional<String> transform,
        Sink sink) {

    public OutputSettings {
        dimensions = List.copyOf(dimensions);
        metrics = List.copyOf(metrics);
        lookups = Map.copyOf(lookups);
    }

    OutputSettings withSink(Sink other) {
        return new OutputSettings(time, dimensions, metrics, lookups, transform, other);
    }

    /** {@code event | root}: the trigger's own time, or the time of the root of its chain. */
    public enum RowTime {
        EVENT,
        ROOT
    }

    /** {@code string | long | double | boolean}. */
    public enum ValueType {
        STRING,
        LONG,
        DOUBLE,
        BOOLEAN
    }

    /** A field of one stream's payload. */
    public record Source(String stream, FieldPath field) {}

    /**
     * @param steps        cleaning, in order
     * @param lookup       name of the lookup that replaces the cleaned value; empty: none
     * @param defaultValue for a missing field, a missing ancestor, an empty value, and a lookup's miss; empty: null
     */
    public record Dimension(
            String name,
            Source source,
            List<CleaningStep> steps,
            Optional<String> lookup,
            ValueType type,
            Optional<String> defaultValue) {
        public Dimension {
            steps = List.copyOf(steps);
        }
    }

    /**
     * A number that counts on its trigger's row only, and is 0 on all others.
     *
     * @param on       the stream whose rows it counts on
     * @param constant the value, if it does not come from a field
     * @param source   the field, if it is not a constant
     * @param type     {@code LONG} or {@code DOUBLE}
     */
    public record Metric(
            String name,
            String on,
            Optional<BigDecimal> constant,
            Optional<Source> source,
            List<CleaningStep> steps,
            ValueType type,
            Optional<BigDecimal> defaultValue) {
        public Metric {
            steps = List.copyOf(steps);
        }
    }

    /** One cleaning step: text or number in, text or number out; null passes through all of them. */
    public sealed interface CleaningStep {
        /** {@code trim}. */
        record Trim() implements CleaningStep {}

        /** {@code lower}. */
        record Lower() implements CleaningStep {}

        /** {@code upper}. */
        record Upper() implements CleaningStep {}

        /** {@code number}: text such as {@code " 1,234.5 "} to a number. */
        record ParseNumber() implements CleaningStep {}

        /** {@code { truncate = 64 }}: at most so many characters, never half a surrogate pair. */
        record Truncate(int length) implements CleaningStep {}

        /** {@code domain}: the registrable host of a URL, without {@code www.}, lower case. */
        record Domain() implements CleaningStep {}

        /** {@code { map = { a = b }, otherwise = c }}: values by table; without {@code otherwise} others stay. */
        record MapValues(Map<String, String> values, Optional<String> otherwise) implements CleaningStep {
            public MapValues {
                values = Map.copyOf(values);
            }
        }

        /** {@code { default = x }}: for null and the empty string. */
        record Default(String value) implements CleaningStep {}

        /** {@code { time-bucket = 1h, format = epoch-millis }}: an event time down to its bucket, as ISO-8601 UTC. */
        record TimeBucket(Duration size, StreamDefinition.TimeFormat format) implements CleaningStep {}
    }

    /** A table of names for ids. */
    public sealed interface Lookup {
        /** A CSV file with a header line, or JSON lines; reloaded when it changes. */
        record FileLookup(Path path, String key, String value) implements Lookup {}
    }

    /** Where rows go. */
    public sealed interface Sink {
        /** The same for a replay: what it fills is apart from what the pipeline fills. */
        Sink replay(String suffix);

        /** Rows to {@code <p>.rows} in the transaction; a Druid Kafka supervisor reads them. */
        record DruidKafka(String datasource, Optional<String> overlord) implements Sink {
            @Override
            public Sink replay(String suffix) {
                return new DruidKafka(datasource + "-replay-" + suffix, overlord);
            }
        }

        /** Rows to {@code <p>.rows}, for whoever reads them. */
        record Topic() implements Sink {
            @Override
            public Sink replay(String suffix) {
                return this;
            }
        }
    }
}
