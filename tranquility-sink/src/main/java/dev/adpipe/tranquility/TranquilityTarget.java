package dev.adpipe.tranquility;

import com.metamx.tranquility.tranquilizer.MessageDroppedException;
import com.metamx.tranquility.tranquilizer.Tranquilizer;
import com.twitter.finagle.NoBrokersAvailableException;
import com.twitter.util.Await;
import com.twitter.util.Duration;
import com.twitter.util.FutureEventListener;
import dev.adpipe.output.push.PushTarget;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.curator.framework.CuratorFramework;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.runtime.BoxedUnit;

/**
 * A Tranquilizer that is fed by a thread of its own: its {@code send} waits while Druid does not keep up, and the host's
 * thread must not.
 *
 * <p>While no overlord is announced, ZooKeeper may remove the folder of its announcements, a container node. Tranquility's
 * watch goes with it, and it never sees an overlord again. So a Tranquilizer that finds none although one is announced is
 * replaced.
 */
final class TranquilityTarget implements PushTarget {
    private static final Logger log = LoggerFactory.getLogger(TranquilityTarget.class);
    private static final int QUEUED_ROWS = 2_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final Duration CLOSE_TIMEOUT = Duration.fromSeconds(5);

    private final CuratorFramework zookeeper;
    private final String overlordPath;
    private final Supplier<Tranquilizer<PushedEvent>> maker;
    private final BlockingQueue<Offered> queue = new ArrayBlockingQueue<>(QUEUED_ROWS);
    private final Thread sender;
    private volatile Session session;
    private volatile boolean seesNobody;
    private volatile boolean closed;
    private long madeAt;

    private record Offered(PushedEvent event, Answer answer) {}

    /**
     * @param zookeeper    started; closed with this
     * @param overlordPath where overlords are announced there
     * @param maker        of Tranquilizers that are not started yet; called by more than one thread, but by one at a time
     */
    TranquilityTarget(
            String datasource,
            CuratorFramework zookeeper,
            String overlordPath,
            Supplier<Tranquilizer<PushedEvent>> maker) {
        this.zookeeper = zookeeper;
        this.overlordPath = overlordPath;
        this.maker = maker;
        startAnew();
        sender = new Thread(this::sendAll, "adpipe-tranquility-" + datasource);
        sender.setDaemon(true);
        sender.start();
    }

    @Override
    public boolean offer(long time, byte[] row, Answer answer) {
        return queue.offer(new Offered(new PushedEvent(time, row), answer));
    }

    private void sendAll() {
        while (!closed) {
            try {
                send(queue.take());
            } catch (InterruptedException e) {
                // It is closed.
                return;
            }
        }
    }

    private void startAnew() {
        session = new Session(maker.get());
        seesNobody = false;
        madeAt = System.nanoTime();
    }

    /**
     * A Tranquilizer and how many of its rows have no answer. It must not be closed before they have: closed while it waits to
     * ask for a task again, it would wait for ever, and keep the lock in ZooKeeper that its successor needs.
     */
    private static final class Session {
        private final Tranquilizer<PushedEvent> tranquilizer;
        private final AtomicInteger unanswered = new AtomicInteger(1);

        Session(Tranquilizer<PushedEvent> tranquilizer) {
            this.tranquilizer = tranquilizer;
            tranquilizer.start();
        }

        void send(PushedEvent event, FutureEventListener<BoxedUnit> listener) {
            unanswered.incrementAndGet();
            try {
                tranquilizer.send(event).addEventListener(listener);
            } catch (Throwable e) {
                answered();
                throw e;
            }
        }

        void retire() {
            answered();
        }

        void answered() {
            if (unanswered.decrementAndGet() == 0) {
                tranquilizer.close();
            }
        }
    }

    /** Not at once: an overlord that has just come is seen a moment later. */
    private boolean isBlind() throws Exception {
        return seesNobody
                && System.nanoTime() - madeAt > PATIENCE_NANOS
                && zookeeper.checkExists().forPath(overlordPath) != null
                && !zookeeper.getChildren().forPath(overlordPath).isEmpty();
    }

    private void send(Offered row) {
        try {
            if (isBlind()) {
                log.info(
                        "an overlord is announced at {} and Tranquility does not see it: it is started anew",
                        overlordPath);
                Session blind = session;
                startAnew();
                blind.retire();
            }
            session.send(row.event(), new Listener(session, row.answer()));
        } catch (Throwable e) {
            // Whatever it is, an error of linking too: a row without an answer would be waited for in silence.
            row.answer().failed(String.valueOf(e));
        }
    }

    /** Called by Tranquility's threads. */
    private final class Listener implements FutureEventListener<BoxedUnit> {
        private final Session session;
        private final Answer answer;

        Listener(Session session, Answer answer) {
            this.session = session;
            this.answer = answer;
        }

        @Override
        public void onSuccess(BoxedUnit nothing) {
            session.answered();
            seesNobody = false;
            answer.sent();
        }

        @Override
        public void onFailure(Throwable cause) {
            session.answered();
            if (cause instanceof MessageDroppedException) {
                answer.dropped();
            } else {
                Throwable root = cause;
                while (root.getCause() != null) {
                    root = root.getCause();
                }
                if (root instanceof NoBrokersAvailableException && session == TranquilityTarget.this.session) {
                    seesNobody = true;
                }
                answer.failed(root == cause ? String.valueOf(cause) : cause.getMessage() + ": " + root);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        sender.interrupt();
        try {
            sender.join(TimeUnit.SECONDS.toMillis(1));
            Await.result(session.tranquilizer.close(), CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.info("Tranquility did not close cleanly: {}", e.toString());
        }
        zookeeper.close();
    }
}
