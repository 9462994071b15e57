package dev.adpipe.output;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Names for ids, as one version of a file has them.
 *
 * @param names    by key; an empty name is as good as none, but no miss
 * @param warnings what is odd about the file, for the log
 */
record LookupTable(Map<String, String> names, List<String> warnings) {

    /** Gathers a table; keys may come in any order, the last of a key wins. */
    static final class Builder {
        private final Map<String, String> names = new HashMap<>();
        private long repeated;
        private String firstRepeated = "";
        private long keyless;
        private long firstKeyless;

        void add(long line, String key, String name) {
            if (key.isEmpty()) {
                firstKeyless = keyless == 0 ? line : firstKeyless;
                keyless++;
            } else if (names.put(key, name) != null) {
                firstRepeated = repeated == 0 ? ValueTypes.show(key) + " at line " + line : firstRepeated;
                repeated++;
            }
        }

        LookupTable build() {
            List<String> warnings = new ArrayList<>();
            if (repeated > 0) {
                warnings.add(repeated + " lines repeat a key of a line before, the last one wins; the first is "
                        + firstRepeated);
            }
            if (keyless > 0) {
                warnings.add(keyless + " lines have an empty key and are left out; the first is line " + firstKeyless);
            }
            return new LookupTable(names, warnings);
        }
    }
}
