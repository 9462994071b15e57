package dev.adpipe.schemas.definition;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A value read from the definition, together with its place. It is absent if it was not given or if its mistake has
 * already been reported; rules about absent values are silent, so that one mistake gives one problem.
 */
record Setting<T>(Place place, Optional<T> value) {

    static <T> Setting<T> of(Place place, T value) {
        return new Setting<>(place, Optional.of(value));
    }

    static <T> Setting<T> absent(Place place) {
        return new Setting<>(place, Optional.empty());
    }

    boolean isPresent() {
        return value.isPresent();
    }

    /** Only after {@link Problems#throwIfAny()}. */
    T get() {
        return value.orElseThrow(() -> new IllegalStateException(place.key() + " is absent without a problem"));
    }

    boolean is(Predicate<? super T> test) {
        return value.filter(test).isPresent();
    }

    /** Reports the rule if the value is there and fails the test; then it is absent. */
    Setting<T> require(Predicate<? super T> test, String rule) {
        return value.isEmpty() || test.test(value.get()) ? this : reject(rule);
    }

    /** The function throws {@link IllegalArgumentException} for what breaks the rule. */
    <R> Setting<R> parse(Function<? super T, ? extends R> parser, String rule) {
        try {
            return new Setting<>(place, value.map(parser));
        } catch (IllegalArgumentException e) {
            place.reject(rule);
            return absent(place);
        }
    }

    <R> Setting<R> map(Function<? super T, ? extends R> function) {
        return new Setting<>(place, value.map(function));
    }

    Setting<T> reject(String rule) {
        place.reject(rule);
        return absent(place);
    }
}
