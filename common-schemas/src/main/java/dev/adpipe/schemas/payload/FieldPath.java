package dev.adpipe.schemas.payload;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a value stands in a payload: {@code imp_id}, {@code device.geo.country}, {@code imp[0].id}.
 *
 * @param steps {@link String} for a field's name, {@link Integer} for an index into an array; never empty
 */
public record FieldPath(List<Object> steps) {
    private static final Pattern SEGMENT = Pattern.compile("([^.\\[\\]\\s]+)((?:\\[\\d{1,6}])*)");

    public FieldPath {
        steps = List.copyOf(steps);
    }

    /**
     * @throws IllegalArgumentException if the text is no path; the message says what a path looks like
     */
    public static FieldPath parse(String text) {
        List<Object> steps = new ArrayList<>();
        for (String segment : text.split("\\.", -1)) {
            Matcher matcher = SEGMENT.matcher(segment);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("'" + text + "' is no field path: names joined by dots, an array's"
                        + " element as name[0], for example imp[0].id");
            }
            steps.add(matcher.group(1));
            for (String index : matcher.group(2).split("[\\[\\]]+")) {
                if (!index.isEmpty()) {
                    steps.add(Integer.valueOf(index));
                }
            }
        }
        return new FieldPath(steps);
    }

    /** Whether it names fields only, no element of an array. */
    public boolean isOfNames() {
        return steps.stream().allMatch(String.class::isInstance);
    }

    /** Whether it leads to the same place as the other, or on from there. */
    public boolean startsWith(FieldPath other) {
        return steps.size() >= other.steps.size()
                && steps.subList(0, other.steps.size()).equals(other.steps);
    }

    /** The text it was parsed from. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Object step : steps) {
            if (step instanceof Integer) {
                text.append('[').append(step).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(step);
            }
        }
        return text.toString();
    }
}
