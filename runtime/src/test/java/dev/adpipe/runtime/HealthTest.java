package dev.adpipe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HealthTest {
    private final Health health = new Health();

    @Test
    void aProcessWithoutContainersYetLivesAndIsNotReady() {
        assertThat(health.live()).isEqualTo(new Health.Answer(true, "{\"status\":\"live\",\"containers\":[]}\n"));
        assertThat(health.ready().ok()).isFalse();
    }

    @Test
    void isReadyWhenAllContainersAreAndSaysWhichIsNot() {
        ContainerHealth first = health.add("p-join-a-0");
        ContainerHealth second = health.add("p-join-a-1");
        first.ready();
        second.notReady("restoring \"x\"");
        assertThat(health.ready())
                .isEqualTo(new Health.Answer(
                        false,
                        "{\"status\":\"not"
                                + " ready\",\"containers\":[{\"container\":\"p-join-a-0\",\"status\":\"ready\"},{\"container\":\"p-join-a-1\",\"status\":\"not"
                                + " ready\",\"why\":\"restoring \\\"x\\\"\"}]}\n"));
        assertThat(health.live().ok()).isTrue();
        second.ready();
        assertThat(health.ready().ok()).isTrue();
    }
}
