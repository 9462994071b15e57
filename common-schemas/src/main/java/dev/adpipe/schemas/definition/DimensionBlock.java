package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.Dimension;
import dev.adpipe.schemas.definition.OutputSettings.OnError;
import dev.adpipe.schemas.definition.OutputSettings.Source;
import dev.adpipe.schemas.definition.OutputSettings.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One entry of {@code output.dimensions}. */
final class DimensionBlock {
    private final Setting<String> lookup;
    private final String name;
    private final Setting<Source> source;
    private final StepReader.Steps steps;
    private final Setting<ValueType> type;
    private final Setting<String> defaultValue;
    private final Setting<OnError> onError;

    DimensionBlock(String name, ConfigReader in, Optional<List<String>> streams) {
        this.name = name;
        source = SourceReader.read(in.text("field"), streams);
        steps = StepReader.readAll(in, streams);
        lookup = in.ifGiven("lookup", in::text);
        type = in.choice("type", ValueType.class);
        Setting<String> text = in.ifGiven("default", in::anyText);
        defaultValue = type.isPresent()
                ? text.require(t -> isOf(type.get(), t), "must be a value of the dimension's type, " + typeName())
                : text;
        onError = OnErrorReader.read(in);
        if (type.is(t -> t != ValueType.STRINGS)) {
            steps.requireNoList();
        }
        in.finish();
    }

    /** Names of lookups that it uses, where they stand. */
    List<Setting<String>> lookups() {
        List<Setting<String>> all = new ArrayList<>(steps.lookups());
        all.add(lookup);
        return all;
    }

    Dimension toDimension() {
        return new Dimension(
                name, source.get(), steps.get(), lookup.value(), type.get(), defaultValue.value(), onError.get());
    }

    private String typeName() {
        return ScalarParser.name(type.get());
    }

    private static boolean isOf(ValueType type, String text) {
        try {
            return switch (type) {
                case STRING, STRINGS -> true;
                case LONG -> Long.toString(Long.parseLong(text)).length() > 0;
                case DOUBLE -> Double.isFinite(Double.parseDouble(text));
                case BOOLEAN -> text.equals("true") || text.equals("false");
            };
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
