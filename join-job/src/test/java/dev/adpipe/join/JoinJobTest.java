package dev.adpipe.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.runtime.ContainerSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JoinJobTest {
    private static final Pipelines PIPELINE = new Pipelines().stream("imp", 0).stream("click", 100);

    @Test
    void settingsNameTopicsAndIds() {
        ContainerSettings settings = JoinJob.settings(PIPELINE.definition(), "host-1", 2);

        assertThat(settings.id()).isEqualTo("acme.ads-join-host-1-2");
        assertThat(settings.inputs()).containsExactly("acme.ads.shuffled");
        assertThat(settings.inputsMayGrow()).isFalse();
        assertThat(settings.outputs()).isEqualTo(Map.of("acme.ads.joined", 12, "acme.ads.unmatched", 12));
        assertThat(settings.deadLetterTopic()).isEqualTo("acme.ads.dead-letter");
        assertThat(settings.changelog()).contains("acme.ads.join-changelog");
    }
}
