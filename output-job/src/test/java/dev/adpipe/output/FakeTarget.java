package dev.adpipe.output;

import dev.adpipe.output.push.PushTarget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A receiver in memory. It answers at once, or when the test says so; rows that contain {@code late} are dropped. While it is
 * away every row fails.
 */
final class FakeTarget implements PushTarget {
    final List<String> sent = new ArrayList<>();
    final Deque<Runnable> answers = new ArrayDeque<>();
    boolean slow;
    boolean away;
    boolean closed;
    int room = Integer.MAX_VALUE;

    @Override
    public boolean offer(long time, byte[] row, Answer answer) {
        if (room == 0) {
            return false;
        }
        room--;
        String text = new String(row, StandardCharsets.UTF_8);
        if (slow) {
            answers.add(() -> answer(text, answer));
        } else {
            answer(text, answer);
        }
        return true;
    }

    void answerAll() {
        while (!answers.isEmpty()) {
            answers.poll().run();
        }
    }

    private void answer(String row, Answer answer) {
        if (away) {
            answer.failed("nobody is there");
        } else if (row.contains("late")) {
            answer.dropped();
        } else {
            sent.add(row);
            answer.sent();
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
