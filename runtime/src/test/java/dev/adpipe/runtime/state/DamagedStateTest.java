package dev.adpipe.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A local store that is broken, or another's, is dropped with a reason and built anew. */
class DamagedStateTest {
    private static final int KEYS = 120;

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(TaskState.class);
    private StateLab lab;

    @BeforeEach
    void fill(@TempDir Path dir) {
        logged.start();
        logger.addAppender(logged);
        lab = new StateLab(dir);
        Random random = new Random(1);
        for (int i = 0; i < KEYS; i++) {
            byte[] value = new byte[50_000];
            random.nextBytes(value);
            lab.key("k" + i, i, 1_000).setEntry(StateLab.bytes("x"), value);
            lab.commit();
        }
        Awaitility.await().until(() -> !files(".sst").isEmpty());
        lab.state().close();
    }

    @AfterEach
    void close() {
        logger.detachAppender(logged);
        lab.close();
    }

    @Test
    void aWholeStoreIsKept() {
        lab.open();
        assertThat(lab.state().position()).as("all but the last marker").isEqualTo(lab.end() - 1);
        assertThat(logged.list).isEmpty();
        expectAllKeys();
    }

    @Test
    void flippedBytesAreFoundWhenReadAndTheStoreIsRebuilt() throws IOException {
        for (Path file : files(".sst")) {
            if (Files.size(file) > 1_000_000) {
                flip(file, 500_000, 500_001);
            }
        }
        lab.open();
        assertThatThrownBy(this::expectAllKeys)
                .isInstanceOf(StateDamagedException.class)
                .hasMessageContaining(lab.dir().toString())
                .hasMessageContaining("reading key k");
        lab.reopen();
        expectDropped("damaged when last in use");
        expectAllKeys();
    }

    @Test
    void aCutFileIsFoundWhenOpened() throws IOException {
        for (Path file : files(".sst")) {
            cut(file, Files.size(file) / 2);
        }
        lab.open();
        expectDropped("damaged");
        lab.reopen();
        expectAllKeys();
    }

    @Test
    void aMissingFileIsFoundWhenOpened() throws IOException {
        for (Path file : files(".sst")) {
            Files.delete(file);
        }
        lab.open();
        expectDropped("damaged");
        lab.reopen();
        expectAllKeys();
    }

    @Test
    void aMissingOrRuinedHeadIsFoundWhenOpened() throws IOException {
        Files.delete(lab.dir().resolve("CURRENT"));
        lab.open();
        expectDropped("CURRENT is missing");
        lab.reopen();
        lab.state().close();
        logged.list.clear();
        for (Path file : files("")) {
            if (file.getFileName().toString().startsWith("MANIFEST")) {
                flip(file, 10, 60);
            }
        }
        lab.open();
        expectDropped("damaged");
        lab.reopen();
        expectAllKeys();
    }

    @Test
    void aCutWriteAheadLogIsAnEarlierCommittedPoint() throws IOException {
        lab.open();
        long before = lab.state().position();
        for (int i = 0; i < 100; i++) {
            lab.key("k" + i, i, 2_000);
            lab.commit();
        }
        lab.state().close();
        Path newest = files(".log").stream().max(Comparator.naturalOrder()).orElseThrow();
        cut(newest, Files.size(newest) / 2);
        lab.open();
        assertThat(lab.state().position()).isBetween(before, lab.end() - 2);
        assertThat(logged.list).isEmpty();
        assertThat(lab.restore(Integer.MAX_VALUE)).isTrue();
        expectAllKeys();
    }

    @Test
    void anothersStoreIsDropped() {
        StoreIdentity ours = StateLab.IDENTITY;
        List<StoreIdentity> others = List.of(
                new StoreIdentity("other", ours.topicId(), ours.partition(), ours.partitionCount(), 1),
                new StoreIdentity(ours.clusterId(), "other", ours.partition(), ours.partitionCount(), 1),
                new StoreIdentity(ours.clusterId(), ours.topicId(), 4, ours.partitionCount(), 1),
                new StoreIdentity(ours.clusterId(), ours.topicId(), ours.partition(), 24, 1),
                new StoreIdentity(ours.clusterId(), ours.topicId(), ours.partition(), ours.partitionCount(), 2));
        for (StoreIdentity other : others) {
            lab.open();
            lab.restore(5);
            lab.state().close();
            logged.list.clear();
            try (TaskState state = TaskState.open(lab.dir(), other, lab.memory())) {
                expectDropped("wanted is " + other);
                assertThat(state.position()).isZero();
                assertThat(state.liveKeys()).isZero();
            }
        }
        lab.open();
    }

    @Test
    void aStoreInUseIsRefusedAndLeftAlone() {
        lab.open();
        assertThatThrownBy(() -> TaskState.open(lab.dir(), StateLab.IDENTITY, lab.memory()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("in use by another process");
        assertThat(logged.list).isEmpty();
        expectAllKeys();
    }

    private void expectAllKeys() {
        for (int i = 0; i < KEYS; i++) {
            assertThat(lab.state().get(StateLab.bytes("k" + i)))
                    .as("key k%s", i)
                    .isPresent();
        }
        lab.state().rollback();
        assertThat(lab.state().liveKeys()).isEqualTo(KEYS);
    }

    private void expectDropped(String reason) {
        assertThat(logged.list).hasSize(1);
        assertThat(logged.list.get(0).getFormattedMessage())
                .startsWith("Dropping the local state in " + lab.dir())
                .contains(reason);
    }

    private List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.list(lab.dir())) {
            return files.filter(f -> f.toString().endsWith(ending)).toList();
        }
    }

    private static void flip(Path file, long from, long to) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            for (long at = from; at < to; at += 50) {
                raw.seek(at);
                int octet = raw.read();
                raw.seek(at);
                raw.write(octet ^ 0x55);
            }
        }
    }

    private static void cut(Path file, long size) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength(size);
        }
    }
}
