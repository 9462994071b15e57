package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.OnError;

/** The {@code on-error} of a dimension or metric. */
final class OnErrorReader {
    static final String KEY = "on-error";

    private OnErrorReader() {}

    /** To HOCON, a bare null is no value at all; here it is one. */
    static Setting<OnError> read(ConfigReader in) {
        if (in.isNull(KEY)) {
            return Setting.of(in.at(KEY), OnError.NULL);
        }
        return in.choice(KEY, OnError.class)
                .require(
                        onError -> onError != OnError.DEFAULT || in.has("default"),
                        "needs a default beside it: the value to put in the bad one's place");
    }
}
