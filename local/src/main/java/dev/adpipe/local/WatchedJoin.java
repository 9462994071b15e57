package dev.adpipe.local;

import dev.adpipe.join.JoinJob;
import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Collector;
import dev.adpipe.runtime.Job;
import dev.adpipe.runtime.Task;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.runtime.TickContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The join as it is; what it is asked besides is how far the watermark of each partition has come. Used by the container's
 * thread.
 */
final class WatchedJoin implements Job {
    private final JoinJob join;
    private final ReplayWatermarks watermarks;

    WatchedJoin(JoinJob join, ReplayWatermarks watermarks) {
        this.join = join;
        this.watermarks = watermarks;
    }

    @Override
    public Task open(TaskContext context) {
        return new Watched(join.open(context), context.input().partition());
    }

    @Override
    public boolean ticks() {
        return join.ticks();
    }

    @Override
    public void tick(TickContext context, Collector out) {
        join.tick(context, out);
    }

    @Override
    public void close() {
        join.close();
    }

    private final class Watched implements Task {
        private final Task task;
        private final int partition;
        private long nextOffset;

        Watched(Task task, int partition) {
            this.task = task;
            this.partition = partition;
            // Until it was asked, it may have decisions to take.
            watermarks.busy(partition, true);
        }

        @Override
        public void process(ConsumerRecord<byte[], byte[]> record, Collector out) {
            task.process(record, out);
            nextOffset = record.offset() + 1;
        }

        /** Called after each handful of records: often enough. */
        @Override
        public boolean work(Collector out) {
            boolean more = task.work(out);
            if (!more) {
                watermarks.note(partition, JoinJob.watermark(task), nextOffset);
            }
            watermarks.busy(partition, more);
            return more;
        }

        @Override
        public Books books() {
            return task.books();
        }

        @Override
        public String metadata() {
            return task.metadata();
        }
    }
}
