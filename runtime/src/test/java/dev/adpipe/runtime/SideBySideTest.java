package dev.adpipe.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SideBySideTest {
    private final Set<Integer> done = ConcurrentHashMap.newKeySet();

    @Test
    void aFailureKeepsNoOtherFromItsEnd() {
        List<Integer> parts = IntStream.range(0, 64).boxed().toList();
        assertThatThrownBy(() -> SideBySide.each(parts, part -> {
                    if (part % 32 == 7) {
                        throw new IllegalStateException("part " + part);
                    }
                    done.add(part);
                }))
                .hasMessage("part 7")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .singleElement()
                        .satisfies(other -> assertThat(other).hasMessage("part 39")));
        assertThat(done).hasSize(62);
    }

    @Test
    void anErrorWaitsForTheOthersToo() {
        assertThatThrownBy(() -> SideBySide.each(List.of(1, 2, 3), part -> {
                    if (part == 1) {
                        throw new OutOfMemoryError("direct memory");
                    }
                    done.add(part);
                }))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(done).containsExactlyInAnyOrder(2, 3);
    }
}
