package dev.adpipe.local.guarantee;

import dev.adpipe.local.process.JavaProcess;
import java.time.Duration;
import java.util.List;

/** One broker ends, by SIGTERM or SIGKILL, and comes back after a while. */
record BrokerBounce(boolean clean) implements Fault {
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(90);

    @Override
    public String name() {
        return clean ? "broker-clean" : "broker-hard";
    }

    @Override
    public boolean needsBrokers() {
        return true;
    }

    @Override
    public void strike(Ground ground, Strike strike) {
        List<BrokerNode> nodes = ground.brokers().nodes();
        JavaProcess victim = nodes.get(ground.random().nextInt(nodes.size())).process();
        if (clean) {
            victim.terminate(ENDS_WITHIN);
        } else {
            victim.kill();
        }
        strike.struck(victim.name());
        Wait.millis(ground.between(0, 5_000));
        victim.start();
        ground.brokers().awaitUp();
    }
}
