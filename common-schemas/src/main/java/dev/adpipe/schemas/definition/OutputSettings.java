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
 * @param rowCount   name of a column that holds how many events a row stands for; empty: none
 * @param preAggregate empty: each event's row is sent as it is
 * @param transform  name of a {@code RowTransform} found by {@code ServiceLoader}; empty: none
 */
public record OutputSettings(
        RowTime time,
        List<Dimension> dimensions,
        List<Metric> metrics,
        Map<String, Lookup> lookups,
        Optional<String> transform,
        Optional<String> rowCount,
        Optional<PreAggregate> preAggregate,
        Sink sink) {

    /** Without a row count and without pre-aggregation. */
    public OutputSettings(
            RowTime time,
            List<Dimension> dimensions,
            List<Metric> metrics,
            Map<String, Lookup> lookups,
            Optional<String> transform,
            Sink sink) {
        this(time, dimensions, metrics, lookups, transform, Optional.empty(), Optional.empty(), sink);
    }

    public OutputSettings {
        dimensions = List.copyOf(dimensions);
        metrics = List.copyOf(metrics);
        lookups = Map.copyOf(lookups);
    }

    /** Topics that lookups read: what reads rows' names needs leave to read them. */
    public List<String> lookupTopics() {
        return lookups.values().stream()
                .filter(Lookup.TopicLookup.class::isInstance)
                .map(lookup -> ((Lookup.TopicLookup) lookup).topic())
                .sorted()
                .distinct()
                .toList();
    }

    OutputSettings withSink(Sink other) {
        return new OutputSettings(time, dimensions, metrics, lookups, transform, rowCount, preAggregate, other);
    }

    /**
     * Rows of one commit with equal dimensions and times in the same bucket are added up before they are sent.
     *
     * @param bucket  of whole milliseconds, counted from the epoch
     * @param maxRows so many sums are held for one partition; then they are sent before the commit
     */
    public record PreAggregate(Duration bucket, int maxRows) {}

    /** {@code event | root}: the trigger's own time, or the time of the root of its chain. */
    public enum RowTime {
        EVENT,
        ROOT
    }

    /** {@code string | long | double | boolean | strings}; the last is a list of texts, Druid's multi-value dimension. */
    public enum ValueType {
        STRING,
        LONG,
        DOUBLE,
        BOOLEAN,
        STRINGS
    }

    /** {@code dead-letter | default | null}: what becomes of a value that breaks the rule of a step or of the type. */
    public enum OnError {
        DEAD_LETTER,
        DEFAULT,
        NULL
    }

    /** A field of one stream's payload. */
    public record Source(String stream, FieldPath field) {}

    /**
     * @param steps        cleaning, in order
     * @param lookup       name of the lookup that replaces the cleaned value; empty: none
     * @param defaultValue for a missing field, a missing ancestor, an empty value, and a lookup's miss; empty: null
     * @param onError      for a value that breaks a rule; {@code DEFAULT} only with a default
     */
    public record Dimension(
            String name,
            Source source,
            List<CleaningStep> steps,
            Optional<String> lookup,
            ValueType type,
            Optional<String> defaultValue,
            OnError onError) {
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
     * @param onError  for a value that breaks a rule; {@code DEFAULT} only with a default
     */
    public record Metric(
            String name,
            String on,
            Optional<BigDecimal> constant,
            Optional<Source> source,
            List<CleaningStep> steps,
            ValueType type,
            Optional<BigDecimal> defaultValue,
            OnError onError) {
        public Metric {
            steps = List.copyOf(steps);
        }
    }

    /** One cleaning step: a scalar in, a scalar out, or a list of them; null passes through all but {@link Default}. */
    public sealed interface CleaningStep {
        /** {@code trim}. */
        record Trim() implements CleaningStep {}

        /** {@code lower}. */
        record Lower() implements CleaningStep {}

        /** {@code upper}. */
        record Upper() implements CleaningStep {}

        /** {@code number}: text such as {@code " 1,234.5 "} to a number. */
        record ParseNumber() implements CleaningStep {}

        /** {@code boolean}: the usual spellings of true and false. */
        record ParseBoolean() implements CleaningStep {}

        /** {@code country}: a code of ISO 3166 to its two letters. */
        record Country() implements CleaningStep {}

        /** {@code language}: a code of ISO 639 or a tag of BCP 47 to its language, in two letters where there are two. */
        record Language() implements CleaningStep {}

        /** {@code { scale = -6 }}, {@code micros}: times a power of ten, exactly. */
        record Scale(int exponent) implements CleaningStep {}

        /** {@code { split = "," }}: a text to a list of texts. */
        record Split(String separator) implements CleaningStep {}

        /** {@code { json = a.b }}: what stands at the path in a text that is a JSON object. */
        record Json(FieldPath path) implements CleaningStep {}

        /** {@code { user-agent = browser }}: a part of what a user agent's text says. */
        record UserAgent(Part part) implements CleaningStep {
            /** {@code browser | browser-version | os | os-version | device | brand}. */
            public enum Part {
                BROWSER,
                BROWSER_VERSION,
                OS,
                OS_VERSION,
                DEVICE,
                BRAND
            }
        }

        /**
         * {@code { currency = EUR, from = impression.cur, rates = fx, otherwise = USD }}: an amount in another currency.
         *
         * @param to        of the result, three capital letters
         * @param from      the field that names the amount's currency
         * @param otherwise the amount's currency if that field is missing; empty: that breaks the rule
         * @param rates     what one unit of each currency is worth in {@code to}; empty if a lookup has them
         * @param lookup    name of the lookup that has them
         */
        record Currency(
                String to,
                Source from,
                Optional<String> otherwise,
                Map<String, BigDecimal> rates,
                Optional<String> lookup)
                implements CleaningStep {
            public Currency {
                rates = Map.copyOf(rates);
            }
        }

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

        /**
         * A compacted topic of the pipeline's Kafka.
         *
         * @param key   where the id stands in a record's value, JSON; empty: the record's key, as text
         * @param value where the name stands in a record's value, JSON; empty: the whole value, as text
         */
        record TopicLookup(String topic, Optional<FieldPath> key, Optional<FieldPath> value) implements Lookup {}

        /**
         * A query to a database, asked again and again.
         *
         * @param url   of JDBC; its driver must be on the class path
         * @param query gives two columns: id and name
         * @param every time from one answer to the next question
         */
        record JdbcLookup(String url, Optional<String> user, Optional<String> password, String query, Duration every)
                implements Lookup {
            /** Never prints the password. */
            @Override
            public String toString() {
                return "JdbcLookup[" + url + ", " + query + "]";
            }
        }
    }

    /** {@code json | avro}, the latter in Avro's single-object encoding. */
    public enum RowFormat {
        JSON,
        AVRO
    }

    /** Where rows go. */
    public sealed interface Sink {
        /** The same for a replay: what it fills is apart from what the pipeline fills. */
        Sink replay(String suffix);

        /** Rows to {@code <p>.rows} in the transaction; a Druid Kafka supervisor reads them. */
        record DruidKafka(String datasource, DruidSettings druid) implements Sink {
            @Override
            public Sink replay(String suffix) {
                return new DruidKafka(datasource + "-replay-" + suffix, druid);
            }
        }

        /** Rows pushed to Druid, version 30 or older; best effort, outside of the transaction. */
        record Tranquility(String datasource, TranquilitySettings tranquility) implements Sink {
            /** A replay's rows are older than what Tranquility takes: they go to {@code <p>.rows}. */
            @Override
            public Sink replay(String suffix) {
                return new Topic();
            }
        }

        /** Rows to {@code <p>.rows}, for whoever reads them. */
        record Topic(RowFormat format) implements Sink {
            /** With JSON rows. */
            public Topic() {
                this(RowFormat.JSON);
            }

            @Override
            public Sink replay(String suffix) {
                return this;
            }
        }
    }
}
