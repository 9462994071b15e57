package dev.adpipe.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.runtime.state.RocksMemory;
import dev.adpipe.runtime.state.StateInUseException;
import dev.adpipe.runtime.state.TaskState;
import java.nio.file.Path;
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
            stores.beginToOpenAll();
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
            stores.beginToOpenAll();
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
            stores.beginToOpenAll();
            assertThatThrownBy(() -> stores.take(2)).isInstanceOf(StateInUseException.class);
            held.close();
            try (TaskState state = stores.take(2)) {
                assertThat(state.position()).isEqualTo(102);
            }
        }
    }

    private LocalStores stores() {
        return new LocalStores(dir, topic, memory);
    }
}
