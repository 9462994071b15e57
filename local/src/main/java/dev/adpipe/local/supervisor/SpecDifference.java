package dev.adpipe.local.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/** Compares what we would send with what Druid has, which is the same and all of Druid's defaults. Stateless. */
final class SpecDifference {
    private static final Pattern MASKED = Pattern.compile("\\*+");

    private SpecDifference() {}

    /** Whether every value of ours is there, in lists in the same order; what we do not have is not looked at. */
    static boolean holds(JsonNode ours, JsonNode theirs) {
        if (ours.isObject()) {
            return theirs.isObject()
                    && ours.properties().stream()
                            .allMatch(field -> holds(field.getValue(), theirs.path(field.getKey())));
        }
        if (ours.isArray()) {
            if (!theirs.isArray() || ours.size() != theirs.size()) {
                return false;
            }
            for (int i = 0; i < ours.size(); i++) {
                if (!holds(ours.get(i), theirs.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (ours.isMissingNode()) {
            return true;
        }
        // Some installations mask secrets in what they print.
        return theirs.isValueNode()
                && (ours.asText().equals(theirs.asText())
                        || MASKED.matcher(theirs.asText()).matches());
    }
}
