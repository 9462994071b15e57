package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.StreamDefinition.Start;
import dev.adpipe.schemas.definition.StreamDefinition.TimeField;
import dev.adpipe.schemas.definition.StreamDefinition.TimeFormat;
import dev.adpipe.schemas.definition.StreamDefinition.Where;
import dev.adpipe.schemas.payload.FieldPath;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One element of {@code streams}. */
final class StreamBlock {
    Setting<String> name;
    final Setting<List<String>> topics;
    final Setting<PayloadFormat> format;
    final boolean whereGiven;
    final Setting<Where> where;
    final Setting<Duration> within;
    final Setting<Start> start;

    private final Setting<FieldPath> forEach;
    private final Setting<List<FieldPath>> key;
    private final Setting<List<FieldPath>> eventId;
    private final Setting<TimeField> time;
    private final Setting<Boolean> optional;
    private final Setting<Boolean> firstOnly;

    StreamBlock(ConfigReader in, boolean root) {
        name = in.text("name").require(n -> PipelineBlock.NAME.matcher(n).matches(), PipelineBlock.NAME_RULE);
        topics = in.texts("topics");
        format = FormatReader.read(in.block("format", Reference.each("format"), "type"));
        forEach = path(in.ifGiven("for-each", in::text))
                .require(
                        FieldPath::isOfNames,
                        "must be names joined by dots, without an index: every array on the way is gone through");
        ForEachRules elements = new ForEachRules(forEach.value());
        key = elements.own(paths(in.textOrTexts("key")));
        eventId = elements.distinct(key, elements.own(paths(in.textOrTexts("event-id"))));
        time = time(in.block("time"), elements);
        whereGiven = in.has("where");
        where = whereGiven ? where(in.block("where"), elements) : Setting.absent(in.at("where"));
        start = in.choice("start", Start.class);
        firstOnly = in.flag("first-only");
        optional =
                in.flag("optional").require(o -> !(root && o), "the first stream is the root and cannot be optional");
        if (root) {
            within = in.ifGiven("within", in::duration)
                    .require(w -> false, "the first stream has no parent, so no window after it; remove it");
        } else {
            within =
                    in.duration("within").require(w -> !w.isZero(), "must be more than 0: the window after the parent");
        }
        in.finish();
    }

    StreamDefinition toDefinition() {
        return new StreamDefinition(
                name.get(),
                topics.get(),
                format.get(),
                key.get(),
                eventId.get(),
                time.get(),
                whereGiven ? Optional.of(where.get()) : Optional.empty(),
                within.value().orElse(Duration.ZERO),
                optional.get(),
                firstOnly.get(),
                start.get(),
                forEach.value());
    }

    static Setting<FieldPath> path(Setting<String> text) {
        return text.parse(
                FieldPath::parse,
                "is no field path: names joined by dots, an array's element as name[0], for example imp[0].id");
    }

    private static Setting<List<FieldPath>> paths(Setting<List<String>> texts) {
        return texts.parse(
                list -> list.stream().map(FieldPath::parse).toList(),
                "must be field paths: names joined by dots, an array's element as name[0], for example imp[0].id");
    }

    private static Setting<TimeField> time(ConfigReader in, ForEachRules elements) {
        Setting<FieldPath> field = elements.ownPath(path(in.text("field")));
        Setting<TimeFormat> format = in.choice("format", TimeFormat.class);
        in.finish();
        return field.isPresent() && format.isPresent()
                ? Setting.of(in.place(), new TimeField(field.get(), format.get()))
                : Setting.absent(in.place());
    }

    private static Setting<Where> where(ConfigReader in, ForEachRules elements) {
        Setting<FieldPath> field = elements.outside(path(in.text("field")));
        Setting<String> equalTo = in.anyText("equals");
        in.finish();
        return field.isPresent() && equalTo.isPresent()
                ? Setting.of(in.place(), new Where(field.get(), equalTo.get()))
                : Setting.absent(in.place());
    }
}
