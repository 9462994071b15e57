package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.Metric;
import dev.adpipe.schemas.definition.OutputSettings.OnError;
import dev.adpipe.schemas.definition.OutputSettings.Source;
import dev.adpipe.schemas.definition.OutputSettings.ValueType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** One entry of {@code output.metrics}: a constant, or a field of the trigger or of one of its ancestors. */
final class MetricBlock {
    private final String name;
    private final Setting<String> on;
    private final Setting<BigDecimal> constant;
    private final Setting<Source> source;
    private final StepReader.Steps steps;
    private final Setting<ValueType> type;
    private final Setting<BigDecimal> defaultValue;
    private final Setting<OnError> onError;

    MetricBlock(String name, ConfigReader in, Optional<List<String>> streams) {
        this.name = name;
        Setting<String> stream = in.text("on");
        List<String> names = streams.orElse(List.of());
        on = stream.require(
                s -> streams.isEmpty() || names.contains(s),
                "there is no stream of this name"
                        + stream.value().map(s -> Suggestion.text(s, names)).orElse(""));
        if (!in.isSilent() && in.has("value") == in.has("field")) {
            in.place().reject("must have either value, a constant, or field, such as impression.price; not both");
        }
        constant = number(in.ifGiven("value", in::text));
        Setting<Source> field = SourceReader.read(in.ifGiven("field", in::text), streams);
        source = on.isPresent()
                ? field.require(
                        s -> names.indexOf(s.stream()) <= names.indexOf(on.get()),
                        "must be a field of " + on.get() + " or of a stream before it in the funnel:"
                                + " what comes later is not known when its row is written")
                : field;
        steps = StepReader.readAll(in, streams);
        type = in.ifGiven("type", key -> in.choice(key, ValueType.class))
                .require(t -> t == ValueType.LONG || t == ValueType.DOUBLE, "must be long or double: metrics are sums");
        defaultValue = ofType(number(in.ifGiven("default", in::text)));
        ofType(constant);
        onError = OnErrorReader.read(in);
        steps.requireNoList();
        if (in.has("value") && !in.has("field")) {
            for (String useless : List.of("steps", "default", OnErrorReader.KEY)) {
                if (in.has(useless) || in.isNull(useless)) {
                    in.at(useless).reject("has no use beside value, a constant; remove it");
                }
            }
        }
        in.finish();
    }

    /** Names of lookups that it uses, where they stand. */
    List<Setting<String>> lookups() {
        return steps.lookups();
    }

    Metric toMetric() {
        return new Metric(
                name,
                on.get(),
                constant.value(),
                source.value(),
                steps.get(),
                type.value().orElseGet(this::derivedType),
                defaultValue.value(),
                onError.get());
    }

    /** A field may turn out to have a fraction; a constant shows whether it has. */
    private ValueType derivedType() {
        return constant.is(MetricBlock::isLong) ? ValueType.LONG : ValueType.DOUBLE;
    }

    private Setting<BigDecimal> ofType(Setting<BigDecimal> number) {
        return type.is(t -> t == ValueType.LONG)
                ? number.require(MetricBlock::isLong, "must be a whole number of 64 bits, as the metric's type is long")
                : number;
    }

    private static Setting<BigDecimal> number(Setting<String> text) {
        return text.parse(ScalarParser::number, "must be a number, of at most 30 digits");
    }

    private static boolean isLong(BigDecimal number) {
        try {
            return number.longValueExact() == number.longValue();
        } catch (ArithmeticException e) {
            return false;
        }
    }
}
