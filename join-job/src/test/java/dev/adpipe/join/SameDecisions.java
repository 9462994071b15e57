package dev.adpipe.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.runtime.Books;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What must be the same with {@code emit = eager} and with {@code on-close}, on the same input. */
final class SameDecisions {
    private SameDecisions() {}

    /** At any time: all but what is written already, of what is emitted by decision. */
    static void check(JoinDriver eager, JoinDriver onClose) {
        Books atOnce = eager.onlyBooks();
        Books later = onClose.onlyBooks();
        assertThat(later.in()).isEqualTo(atOnce.in());
        assertThat(later.duplicate()).isEqualTo(atOnce.duplicate());
        assertThat(later.unmatchedByReason()).isEqualTo(atOnce.unmatchedByReason());
        assertThat(later.deadLetteredByReason()).isEqualTo(atOnce.deadLetteredByReason());
        assertThat(later.emitted() + later.held()).isEqualTo(atOnce.emitted() + atOnce.held());
        assertThat(later.held()).isGreaterThanOrEqualTo(atOnce.held());
        assertThat(later.imbalance()).isZero();
        assertThat(onClose.deadLetters()).isEqualTo(eager.deadLetters());
        assertThat(onClose.liveKeys()).isEqualTo(eager.liveKeys());
        assertThat(unmatched(onClose)).isEqualTo(unmatched(eager));
        List<String> written = emitted(onClose);
        assertThat(written).hasSize((int) later.emitted());
        List<String> surplus = new ArrayList<>(written);
        emitted(eager).forEach(surplus::remove);
        assertThat(surplus).as("written on close, but not emitted eagerly").isEmpty();
    }

    /** When no key lives: the same events with the same ancestors and ordinals. */
    static void checkEnd(JoinDriver eager, JoinDriver onClose) {
        assertThat(eager.liveKeys()).isZero();
        assertThat(onClose.onlyBooks().held()).isZero();
        assertThat(emitted(onClose)).containsExactlyInAnyOrderElementsOf(emitted(eager));
    }

    private static List<String> unmatched(JoinDriver join) {
        return join.texts().stream().filter(t -> t.startsWith("unmatched ")).toList();
    }

    /** One text for each event, however many a record counts. */
    static List<String> emitted(JoinDriver join) {
        return join.texts().stream()
                .filter(t -> t.startsWith("joined "))
                .flatMap(t -> {
                    String[] words = t.split(" ", 3);
                    return Arrays.stream(words[2].split(" \\| ")).map(event -> words[1] + " " + event);
                })
                .toList();
    }
}
