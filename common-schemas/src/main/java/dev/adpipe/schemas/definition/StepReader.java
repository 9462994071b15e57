package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.CleaningStep;
import dev.adpipe.schemas.definition.StreamDefinition.TimeFormat;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The {@code steps} of a dimension or metric: a name alone, or a block whose key is the step's name. */
final class StepReader {
    private static final String PLAIN = "step";
    private static final Map<String, Supplier<CleaningStep>> PLAIN_STEPS = Map.of(
            "trim", CleaningStep.Trim::new,
            "lower", CleaningStep.Lower::new,
            "upper", CleaningStep.Upper::new,
            "number", CleaningStep.ParseNumber::new,
            "domain", CleaningStep.Domain::new);
    private static final String KNOWN =
            "trim, lower, upper, number, domain, { truncate = 64 }, { map { a = b }, otherwise = c }, { default = x } or"
                    + " { time-bucket = 1h, format = epoch-millis }";

    private StepReader() {}

    static List<Setting<CleaningStep>> readAll(ConfigReader in) {
        return in.blocks("steps", Reference.each("step"), PLAIN).value().orElse(List.of()).stream()
                .map(StepReader::read)
                .toList();
    }

    private static Setting<CleaningStep> read(ConfigReader in) {
        if (in.isSilent()) {
            return Setting.absent(in.place());
        }
        List<String> kinds = List.of(PLAIN, "truncate", "map", "default", "time-bucket").stream()
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
            default -> timeBucket(in);
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
