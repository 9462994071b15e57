package dev.adpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Container;
import dev.adpipe.runtime.ContainerProcess;
import dev.adpipe.runtime.ExitReason;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What a container does not start on, and what it says then. */
class ContainerRefusalIT extends ContainerHarness {
    @Test
    void aMissingTopicIsRefused() throws Exception {
        provision();
        admin.deleteTopics(List.of(topic("joined"))).all().get();
        await().atMost(SOON).until(() -> !admin.listTopics().names().get().contains(topic("joined")));
        Container.Exit exit = exitOf(settings("a", 0));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message()).contains("topic " + topic("joined") + " does not exist", "adpipe provision");
    }

    @Test
    void anotherNumberOfPartitionsIsRefused() throws Exception {
        provision();
        admin.createPartitions(Map.of(topic("joined"), NewPartitions.increaseTo(PARTITIONS + 1)))
                .all()
                .get();
        Container.Exit exit = exitOf(settings("a", 0));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message()).contains(topic("joined") + " has 4 partitions, but must have 3");
    }

    @Test
    void aMissingFirstOffsetIsRefused() throws Exception {
        provision();
        admin.deleteConsumerGroups(List.of(group())).all().get();
        Container.Exit exit = exitOf(settings("a", 0));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message()).contains("no committed offset", "adpipe provision");
    }

    @Test
    void aChangelogMadeAnewUnderStandingOffsetsIsRefused() throws Exception {
        provision();
        try (ContainerProcess first = start("a", 0)) {
            produce(9);
            awaitCounts(9);
        }
        admin.deleteTopics(List.of(topic("changelog"))).all().get();
        await().atMost(SOON).until(() -> !admin.listTopics().names().get().contains(topic("changelog")));
        admin.createTopics(List.of(new NewTopic(topic("changelog"), PARTITIONS, (short) 1)))
                .all()
                .get();
        Container.Exit exit = exitOf(settings("a", 0));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message()).contains("deleted and made anew");
    }

    /** Somebody has deleted records that the state still needs, and the local copy is gone, too. */
    @Test
    void aChangelogCutUnderStandingOffsetsIsRefused() throws Exception {
        provision();
        try (ContainerProcess first = start("a", 0)) {
            produce(9);
            awaitCounts(9);
        }
        TopicPartition changelog = new TopicPartition(topic("changelog"), 1);
        long last = metadata(1).changelog().orElseThrow().lastOffset();
        admin.deleteRecords(Map.of(changelog, RecordsToDelete.beforeOffset(last + 1)))
                .all()
                .get();
        deleteState();
        Container.Exit exit = exitOf(settings("a", 0));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message())
                .contains(
                        "state that " + changelog + " holds from offset",
                        "that log begins at " + (last + 1),
                        "records were deleted",
                        "adpipe reset");
    }

    /** A warm copy that was made from what was left of the log is not the state. */
    @Test
    void aCopyOfACutChangelogIsRefused() throws Exception {
        provision();
        standbys = 1;
        ContainerProcess first = start("a", 0);
        await().atMost(SOON).until(() -> owners().size() == PARTITIONS);
        // Partition 0 has the longest log, so it is not the one that moves to the second container when that one joins.
        for (int commits = 1; commits <= 3; commits++) {
            int committed = commits;
            producer.send(new ProducerRecord<>(topic("shuffled"), 0, "k" + commits, "x"))
                    .get();
            await().atMost(SOON).until(() -> metadata(0).books().in() == committed);
        }
        TopicPartition changelog = new TopicPartition(topic("changelog"), 0);
        long last = metadata(0).changelog().orElseThrow().lastOffset();
        assertThat(metadata(0).changelog().orElseThrow().lowWater()).isLessThan(last);
        admin.deleteRecords(Map.of(changelog, RecordsToDelete.beforeOffset(last)))
                .all()
                .get();
        ContainerProcess second = new ContainerProcess(64 << 20, 0);
        processes.add(second);
        CompletableFuture<Container.Exit> exit;
        try (LogCapture log = new LogCapture()) {
            exit = second.exit(second.start(resources -> new Container(settings("b", 0), job, clock, resources)));
            await().atMost(SOON)
                    .until(() -> new HashSet<>(owners().values()).size() == 2
                            && owners().size() == PARTITIONS
                            && log.lines().contains("Keeps warm copies of partitions [0"));
        }
        assertThat(owners()).containsEntry(0, "a");
        first.close();
        assertThat(exit.get(60, TimeUnit.SECONDS).reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.get().message())
                .contains(
                        changelog + " holds from offset", "that log begins at " + last, "only a copy", group() + "-a-0")
                .contains("adpipe reset");
    }

    /** The end of the log is gone, as after an election of a replica that had not all of it. */
    @Test
    void aChangelogThatEndsTooEarlyIsRefused() throws Exception {
        provision();
        try (ContainerProcess first = start("a", 0)) {
            produce(9);
            awaitCounts(9);
        }
        long last = metadata(2).changelog().orElseThrow().lastOffset();
        String longer = rawMetadata(2).replace(":" + last + ":", ":" + (last + 100) + ":");
        OffsetAndMetadata offset = new OffsetAndMetadata(3, longer);
        await().atMost(SOON).ignoreExceptions().until(() -> {
            admin.removeMembersFromConsumerGroup(group(), new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();
            admin.alterConsumerGroupOffsets(group(), Map.of(new TopicPartition(topic("shuffled"), 2), offset))
                    .all()
                    .get();
            return true;
        });
        Container.Exit exit = exitOf(settings("a", 0));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message()).contains("up to offset " + (last + 100), "records are missing", "adpipe reset");
    }

    @Test
    void anOwnedClientPropertyIsRefused() throws Exception {
        provision();
        Container.Exit exit = exitOf(settings("a", 0, stateDir, Map.of("isolation.level", "read_uncommitted")));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message()).contains("isolation.level");
    }

    @Test
    void aPropertyThatTheClientRefusesIsNamed() throws Exception {
        provision();
        Container.Exit exit = exitOf(settings("a", 0, stateDir, Map.of("linger.ms", "soon")));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message()).contains("pipeline.kafka", "linger.ms", "soon");
    }

    @Test
    void aJobThatCannotGoOnEndsTheContainer() throws Exception {
        provision();
        job.refusing = true;
        Container.Exit exit = exitOf(settings("a", 0));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message()).matches("cannot go on with " + topic("shuffled") + "-\\d: put it back");
    }

    /** Two containers meet the new partitions 1 and 2 of a raw topic, and the one with 2 has committed first. */
    @Test
    void aNewPartitionBeginsAtZeroAlsoIfAnotherNewOneHasBegunBefore() throws Exception {
        inputMayGrow = true;
        provision();
        String grown = " grown=0@" + System.currentTimeMillis();
        commitOnly(Map.of(0, "", 2, "v=1 books=" + new Books().encode() + grown));
        start("a", 0);
        produce(9);
        awaitCounts(9);
    }

    @Test
    void aLostOffsetIsNoGrowth() throws Exception {
        inputMayGrow = true;
        provision();
        commitOnly(Map.of(0, "", 2, "v=1 books=" + new Books().encode() + " grown=0@1700000000000"));
        Container.Exit exit = exitOf(settings("a", 0));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message()).contains("no committed offset for " + topic("shuffled") + "-1");
    }

    /** Offset 0 with this metadata for these partitions, none for the others. */
    private void commitOnly(Map<Integer, String> metadata) throws Exception {
        admin.deleteConsumerGroups(List.of(group())).all().get();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        metadata.forEach((partition, text) ->
                offsets.put(new TopicPartition(topic("shuffled"), partition), new OffsetAndMetadata(0, text)));
        admin.alterConsumerGroupOffsets(group(), offsets).all().get();
    }
}
