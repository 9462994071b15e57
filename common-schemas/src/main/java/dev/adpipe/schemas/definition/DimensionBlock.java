package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.CleaningStep;
import dev.adpipe.schemas.definition.OutputSettings.Dimension;
import dev.adpipe.schemas.definition.OutputSettings.Source;
import dev.adpipe.schemas.definition.OutputSettings.ValueType;
import java.util.List;
import java.util.Optional;

/** One entry of {@code output.dimensions}. */
final class DimensionBlock {
    final Setting<String> lookup;

    private final String name;
    private final Setting<Source> source;
    private final List<Setting<CleaningStep>> steps;
    private final Setting<ValueType> type;
    private final Setting<String> defaultValue;

    DimensionBlock(String name, ConfigReader in, Optional<List<String>> streams) {
        this.name = name;
        source = SourceReader.read(in.text("field"), streams);
        steps = StepReader.readAll(in);
        lookup = in.ifGiven("lookup", in::text);
        type = in.choice("type", ValueType.class);
        Setting<String> text = in.ifGiven("default", in::anyText);
        defaultValue = type.isPresent()
                ? text.require(t -> isOf(type.get(), t), "must be a value of the dimension's type, " + typeName())
                : text;
        in.finish();
    }

    Dimension toDimension() {
        List<CleaningStep> cleaning = steps.stream().map(Setting::get).toList();
        return new Dimension(name, source.get(), cleaning, lookup.value(), type.get(), defaultValue.value());
    }

    private String typeName() {
        return ScalarParser.name(type.get());
    }

    private static boolean isOf(ValueType type, String text) {
        try {
            return switch (type) {
                case STRING -> true;
                case LONG -> Long.toString(Long.parseLong(text)).length() > 0;
                case DOUBLE -> Double.isFinite(Double.parseDouble(text));
                case BOOLEAN -> text.equals("true") || text.equals("false");
            };
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
