package dev.adpipe.local.guarantee;

/** All brokers are killed, and come back after a while. */
record BrokersDown() implements Fault {
    @Override
    public String name() {
        return "brokers-down";
    }

    @Override
    public void strike(Ground ground, Strike strike) {
        ground.brokers().nodes().forEach(node -> node.process().kill());
        long millis = ground.between(1_000, 12_000);
        strike.struck("all, for " + millis + " ms");
        Wait.millis(millis);
        ground.brokers().nodes().forEach(node -> node.process().start());
        ground.brokers().awaitUp();
    }
}
