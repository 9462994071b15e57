package dev.adpipe.local.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JobScrapeTest {
    private final JobScrape scrape = new JobScrape("acme", "ads", 9400);

    @Test
    void aContainerIsWhatAllItsFourMetricsSay() {
        String text =
                container("acme", "join", "join-0-0", 4, "1.5E3") + container("acme", "output", "o-0-0", 2, "7.0");
        assertThat(scrape.parse(text))
                .containsExactlyInAnyOrder(
                        new ContainerSample("join", "join-0-0", 0.25, 1_500, 12.5, 4),
                        new ContainerSample("output", "o-0-0", 0.25, 7, 12.5, 2));
    }

    @Test
    void othersPipelinesAndHalfStartedContainersAreLeftOut() {
        assertThat(scrape.parse(container("acme2", "join", "join-0-0", 4, "1.0")))
                .isEmpty();
        assertThat(scrape.parse(container("acme", "join", "join-0-0", 4, "1.0").replaceAll("adpipe_busy.*\n", "")))
                .isEmpty();
    }

    @Test
    void withoutAPortNobodyIsAsked() {
        assertThat(new JobScrape("acme", "ads", 0).containers(List.of("no-such-host.invalid")))
                .isEmpty();
    }

    private static String container(String customer, String stage, String name, int running, String busy) {
        String labels =
                "{container=\"" + name + "\",customer=\"" + customer + "\",pipeline=\"ads\",stage=\"" + stage + "\"} ";
        return "# TYPE adpipe_busy_seconds_total counter\nadpipe_busy_seconds_total" + labels + busy
                + "\nadpipe_utilization_ratio" + labels + "0.25\nadpipe_tasks_running" + labels + running
                + ".0\nadpipe_tasks_assigned" + labels + "5.0\nadpipe_commit_seconds_sum" + labels + "12.5\n";
    }
}
