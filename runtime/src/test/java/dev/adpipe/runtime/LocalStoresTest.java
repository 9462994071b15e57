package dev.adpipe.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.runtime.state.RocksMemory;
import dev.adpipe.runtime.state.StateInUseException;
import dev.adpipe.runtime.state.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStoresTest {
    private static final int PARTITIONS = 3;

    @TempDir
    Path dir;

    private final RocksMemory memory = new RocksMemory(64 << 20);
    private final ChangelogTopic topic = new ChangelogTopic("c", Uuid.randomUuid(), PARTITIONS, "cluster");

    @BeforeEach
    void leaveStores() {
        try (LocalStores stores = stores()) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                TaskState state = stores.take(partition);
                state.restoredTo(100 + partition);
                stores.park(partition, state);
            }
        }
    }

    @AfterEach
    void closeMemory() {
        memory.close();
    }

    @Test
    void whatIsOpenedAheadIsThereWhenItIsWanted() {
        try (LocalStores stores = stores()) {
            stores.beginToOpen();
            try (TaskState state = stores.take(1)) {
                assertThat(state.position()).isEqualTo(101);
            }
            assertThat(stores.positions()).containsEntry(0, 100L).containsEntry(2, 102L);
        }
    }

    @Test
    void whatIsOpenedAheadAndNotWantedIsClosed() {
        try (LocalStores stores = stores();
                LocalStores others = stores()) {
            stores.beginToOpen();
            stores.closeUnless(partition -> partition == 1);
            others.take(0).close();
            assertThatThrownBy(() -> others.take(1)).isInstanceOf(StateInUseException.class);
        }
    }

    @Test
    void whatCannotBeOpenedAheadIsTriedAgain() {
        try (LocalStores stores = stores();
                LocalStores others = stores()) {
            TaskState held = others.take(2);
            stores.beginToOpen();
            assertThatThrownBy(() -> stores.take(2)).isInstanceOf(StateInUseException.class);
            held.close();
            try (TaskState state = stores.take(2)) {
                assertThat(state.position()).isEqualTo(102);
            }
        }
    }

    @Test
    void whatWasGivenAwayLongAgoIsNotOpenedAhead() throws IOException {
        FileTime hourAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        try (Stream<Path> files = Files.list(dir.resolve("2"))) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, hourAgo);
            }
        }
        try (LocalStores stores = stores();
                LocalStores others = stores()) {
            stores.beginToOpen();
            stores.closeUnless(partition -> true);
            others.take(2).close();
            assertThatThrownBy(() -> others.take(1)).isInstanceOf(StateInUseException.class);
        }
    }

    @Test
    void anotherPipelinesStoreIsNotDroppedBeforeItIsWanted() {
        ChangelogTopic foreign = new ChangelogTopic("c", Uuid.randomUuid(), PARTITIONS, "another cluster");
        try (LocalStores stores = new LocalStores(dir, foreign, memory)) {
            stores.beginToOpen();
        }
        try (LocalStores stores = stores();
                TaskState state = stores.take(1)) {
            assertThat(state.position()).isEqualTo(101);
        }
        try (LocalStores stores = new LocalStores(dir, foreign, memory);
                TaskState state = stores.take(1)) {
            assertThat(state.position()).isZero();
        }
    }

    private LocalStores stores() {
        return new LocalStores(dir, topic, memory);
    }
}
