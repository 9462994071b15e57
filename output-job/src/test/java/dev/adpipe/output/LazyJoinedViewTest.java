package dev.adpipe.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.payload.FieldPath;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LazyJoinedViewTest {
    private static final FieldPath LIST = FieldPath.parse("list");

    @TempDir
    Path folder;

    @Test
    void decodesEachPayloadOnce() {
        var definition = Pipeline.definition(folder, "metrics { clicks { on = click, value = 1 } }");
        JoinedEvent event = Pipeline.chain("k", 1, Pipeline.impression("{\"list\": [1]}"));
        LazyJoinedView view = LazyJoinedView.of(event, new StreamPayloads(definition.streams()))
                .get(0);
        assertThat(view.value("impression", LIST)).isEqualTo(List.of(1L)).isSameAs(view.value("impression", LIST));
        assertThat(view.value("click", LIST)).isNull();
    }

    @Test
    void theEventsOfARecordShareTheirAncestorsPayload() {
        var definition = Pipeline.definition(folder, "metrics { clicks { on = click, value = 1 } }");
        JoinedEvent record = new JoinedEvent(
                "k",
                List.of(
                        Pipeline.part("impression", "i", 1, "{\"list\": [1]}", -1, 1),
                        Pipeline.part("click", "c", 2, "{}", 0, 1),
                        Pipeline.part("click", "d", 3, "{}", 0, 2)));
        List<LazyJoinedView> views = LazyJoinedView.of(record, new StreamPayloads(definition.streams()));
        assertThat(views).extracting(LazyJoinedView::trigger).containsExactly("impression", "click", "click");
        assertThat(views).extracting(LazyJoinedView::ordinal).containsExactly(1, 1, 2);
        assertThat(views).extracting(v -> v.id("click").orElse("-")).containsExactly("-", "c", "d");
        assertThat(views.get(1).value("impression", LIST)).isSameAs(views.get(2).value("impression", LIST));
    }
}
