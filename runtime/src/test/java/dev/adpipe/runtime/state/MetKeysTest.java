package dev.adpipe.runtime.state;

import static dev.adpipe.runtime.state.StateLab.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetKeysTest {
    private static final int KEYS = 100_000;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, KEYS, Long.MAX_VALUE / 100})
    void neverForgetsAKey(long expected) {
        MetKeys met = new MetKeys(expected);
        count(n -> met.add(bytes("key-" + n)));
        assertThat(count(n -> met.add(bytes("key-" + n)))).isEqualTo(KEYS);
    }

    @ParameterizedTest
    @ValueSource(longs = {KEYS, 3 * KEYS})
    void seldomTakesANewKeyForMet(long expected) {
        MetKeys met = new MetKeys(expected);
        count(n -> met.add(bytes("key-" + n)));
        int wrong = count(n -> met.add(bytes("new-" + n)));
        // As many again are in it at the end; the least number of bits is ten for each that was expected.
        assertThat(wrong).isLessThan(KEYS * 6 / 100);
    }

    private static int count(IntPredicate test) {
        return (int) IntStream.range(0, KEYS).filter(test).count();
    }
}
