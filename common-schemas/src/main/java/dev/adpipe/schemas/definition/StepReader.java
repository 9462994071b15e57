package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.CleaningStep;
import dev.adpipe.schemas.definition.StreamDefinition.TimeFormat;
import dev.adpipe.schemas.payload.FieldPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The {@code steps} of a dimension or metric: a name alone, or a block whose key is the step's name. */
final class StepReader {
    private static final String PLAIN = "step";
    private static final int MICROS = -6;
    private static final int MOST_DIGITS = 18;
    private static final Map<String, Supplier<CleaningStep>> PLAIN_STEPS = new TreeMap<>(Map.of(
            "trim", CleaningStep.Trim::new,
            "lower", CleaningStep.Lower::new,
            "upper", CleaningStep.Upper::new,
            "number", CleaningStep.ParseNumber::new,
            "boolean", CleaningStep.ParseBoolean::new,
            "micros", () -> new CleaningStep.Scale(MICROS),
            "domain", CleaningStep.Domain::new,
            "country", CleaningStep.Country::new,
            "language", CleaningStep.Language::new));

    /** An example of each that has an argument, by its name. */
    private static final Map<String, String> BLOCK_STEPS = new LinkedHashMap<>();

    static {
        BLOCK_STEPS.put("truncate", "{ truncate = 64 }");
        BLOCK_STEPS.put("map", "{ map { a = b }, otherwise = c }");
        BLOCK_STEPS.put("default", "{ default = x }");
        BLOCK_STEPS.put("time-bucket", "{ time-bucket = 1h, format = epoch-millis }");
        BLOCK_STEPS.put("scale", "{ scale = -6 }");
        BLOCK_STEPS.put("currency", "{ currency = EUR, from = impression.cur, rates { USD = 0.9 } }");
        BLOCK_STEPS.put("split", "{ split = \",\" }");
        BLOCK_STEPS.put("json", "{ json = a.b }");
        BLOCK_STEPS.put("user-agent", "{ user-agent = browser }");
    }

    static final String KNOWN =
            String.join(", ", PLAIN_STEPS.keySet()) + ", or " + String.join(", ", BLOCK_STEPS.values());

    private final Optional<List<String>> streams;
    private final List<Setting<CleaningStep>> steps = new ArrayList<>();
    private final List<Setting<String>> lookups = new ArrayList<>();
    private final List<Setting<String>> lists = new ArrayList<>();

    private StepReader(Optional<List<String>> streams) {
        this.streams = streams;
    }

    /**
     * @param lookups names of the lookups that steps use
     * @param lists   settings of steps that give lists
     */
    record Steps(List<Setting<CleaningStep>> steps, List<Setting<String>> lookups, List<Setting<String>> lists) {
        /** For a field of one value. */
        void requireNoList() {
            lists.forEach(list -> list.reject("gives a list; set type = strings"));
        }

        /** Only after {@link Problems#throwIfAny()}. */
        List<CleaningStep> get() {
            return steps.stream().map(Setting::get).toList();
        }
    }

    /**
     * @param streams as in {@link OutputBlock}
     */
    static Steps readAll(ConfigReader in, Optional<List<String>> streams) {
        StepReader reader = new StepReader(streams);
        in.blocks("steps", Reference.each("step"), PLAIN)
                .value()
                .orElse(List.of())
                .forEach(each -> reader.steps.add(reader.read(each)));
        return new Steps(reader.steps, reader.lookups, reader.lists);
    }

    private Setting<CleaningStep> read(ConfigReader in) {
        if (in.isSilent()) {
            return Setting.absent(in.place());
        }
        List<String> kinds = Stream.concat(Stream.of(PLAIN), BLOCK_STEPS.keySet().stream())
                .filter(in::has)
                .toList();
        if (kinds.size() != 1) {
            return Setting.<CleaningStep>absent(in.place()).reject("must be exactly one step: " + KNOWN);
        }
        Setting<CleaningStep> step = switch (kinds.get(0)) {
            case PLAIN -> plain(in.text(PLAIN), in.place());
            case "truncate" -> in.integer("truncate", 1, Integer.MAX_VALUE).map(CleaningStep.Truncate::new);
            case "map" -> map(in);
            case "default" -> in.anyText("default").map(CleaningStep.Default::new);
            case "time-bucket" -> timeBucket(in);
            case "scale" -> in.integer("scale", -MOST_DIGITS, MOST_DIGITS).map(CleaningStep.Scale::new);
            case "currency" -> CurrencyReader.read(in, streams, lookups);
            case "split" -> split(in);
            case "json" ->
                in.text("json")
                        .parse(
                                FieldPath::parse,
                                "is no field path: names joined by dots, an array's element as name[0], for example"
                                        + " imp[0].id")
                        .map(CleaningStep.Json::new);
            case "user-agent" ->
                in.choice("user-agent", CleaningStep.UserAgent.Part.class).map(CleaningStep.UserAgent::new);
            default -> throw new IllegalStateException("no such step: " + kinds);
        };
        in.finish();
        return step;
    }

    private static Setting<CleaningStep> plain(Setting<String> name, Place place) {
        Setting<String> known = new Setting<>(place, name.value())
                .require(
                        PLAIN_STEPS::containsKey,
                        "must be a step: " + KNOWN
                                + name.value()
                                        .map(n -> Suggestion.text(n, PLAIN_STEPS.keySet()))
                                        .orElse(""));
        return known.map(n -> PLAIN_STEPS.get(n).get());
    }

    private Setting<CleaningStep> split(ConfigReader in) {
        Setting<String> separator = in.anyText("split").require(s -> !s.isEmpty(), "must not be empty");
        if (separator.isPresent()) {
            lists.add(separator);
        }
        return separator.map(CleaningStep.Split::new);
    }

    private static Setting<CleaningStep> map(ConfigReader in) {
        Map<String, String> values = new LinkedHashMap<>();
        ConfigReader table = in.block("map");
        table.flattened().forEach((from, to) -> to.value().ifPresent(t -> values.put(from, t)));
        if (values.isEmpty() && !table.isSilent()) {
            table.place().reject("must have at least one value: { from = to }");
        }
        Optional<String> otherwise = in.ifGiven("otherwise", in::anyText).value();
        return Setting.of(in.place(), new CleaningStep.MapValues(values, otherwise));
    }

    private static Setting<CleaningStep> timeBucket(ConfigReader in) {
        Setting<Duration> size =
                in.duration("time-bucket").require(d -> !d.isZero(), "must be more than 0: the length of a bucket");
        Setting<TimeFormat> format = in.choice("format", TimeFormat.class);
        return size.isPresent() && format.isPresent()
                ? Setting.of(in.place(), new CleaningStep.TimeBucket(size.get(), format.get()))
                : Setting.absent(in.place());
    }
}
