package dev.adpipe.join;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Task;
import dev.adpipe.testkit.DeadLetter;
import dev.adpipe.testkit.Output;
import dev.adpipe.testkit.TaskDriver;
import java.util.List;

/** What runs a task in these tests: the real state, or a fast one in memory. */
interface Drive extends AutoCloseable {
    void process(byte[] key, byte[] value);

    List<Output> outputs();

    List<DeadLetter> deadLetters();

    Books books();

    long liveKeys();

    Task task();

    @Override
    void close();

    static Drive of(TaskDriver driver) {
        return new Drive() {
            @Override
            public void process(byte[] key, byte[] value) {
                driver.process(key, value);
            }

            @Override
            public List<Output> outputs() {
                return driver.outputs();
            }

            @Override
            public List<DeadLetter> deadLetters() {
                return driver.deadLetters();
            }

            @Override
            public Books books() {
                return driver.books();
            }

            @Override
            public long liveKeys() {
                return driver.state().liveKeys();
            }

            @Override
            public Task task() {
                driver.commit();
                return driver.task();
            }

            @Override
            public void close() {
                driver.assertBalanced();
                driver.close();
            }
        };
    }
}
