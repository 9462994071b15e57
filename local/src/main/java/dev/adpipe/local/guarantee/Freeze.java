package dev.adpipe.local.guarantee;

import java.time.Duration;

/**
 * SIGSTOP past the session's and the transaction's timeouts, then SIGCONT: the zombie must be fenced. With another
 * container beside it, that one takes over meanwhile.
 */
record Freeze(boolean takeover) implements Fault {
    private static final Duration LONGER = Duration.ofMillis(1_500);

    @Override
    public String name() {
        return takeover ? "freeze-takeover" : "freeze";
    }

    @Override
    public void strike(Ground ground, Strike strike) {
        String stage = ground.anyStage();
        JobProcess first = ground.jobs().first(stage);
        JobProcess second = takeover ? ground.second(stage) : first;
        JobProcess victim = ground.random().nextBoolean() ? first : second;
        strike.struck(victim.name());
        victim.freeze();
        var runtime = ground.pipeline().direct().runtime();
        long timeouts = Math.max(
                runtime.sessionTimeout().toMillis(),
                runtime.transactionTimeout().toMillis());
        Wait.millis(timeouts + LONGER.toMillis() + ground.between(0, 4_000));
        victim.thaw();
        if (takeover) {
            Wait.millis(ground.between(500, 4_000));
            int code = second.terminate();
            strike.note(second.name() + " removed" + (code == 0 ? "" : " (exit code " + code + ")"));
        }
    }
}
