package dev.adpipe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.runtime.CommitMetadata.Restore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What is committed of a task that has nothing to do. */
class AssignedTaskTest {
    @Test
    void aFinishedRestoresNoteIsTakenAwayAlsoIfTheFirstTransactionIsAborted() {
        AssignedTask task = new AssignedTask(new TopicPartition("t", 0), "c");
        CommitMetadata noted = CommitMetadata.initial().restoring("c", new Restore(5, 10, 1_700_000_000_000L));
        task.restoring(new OffsetAndMetadata(7), noted);
        Job job = AssignedTaskTest::idle;
        task.run(job, Clock.SYSTEM);
        assertThat(task.touched()).isTrue();
        task.rollback(job, Clock.SYSTEM);
        assertThat(task.touched()).isTrue();
        OffsetAndMetadata committed = task.offset(new long[0]);
        assertThat(committed.offset()).isEqualTo(7);
        assertThat(CommitMetadata.parse(committed.metadata()).restore()).isEmpty();
        task.committed(new long[0]);
        assertThat(task.touched()).isFalse();
    }

    private static Task idle(TaskContext context) {
        return new Task() {
            @Override
            public void process(ConsumerRecord<byte[], byte[]> record, Collector out) {
                context.books().countIn();
            }

            @Override
            public Books books() {
                return context.books();
            }
        };
    }
}
