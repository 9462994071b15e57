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
}
