package dev.adpipe.local.guarantee;

/** A container is added, and later removed by SIGTERM. */
record Scale() implements Fault {
    @Override
    public String name() {
        return "scale";
    }

    @Override
    public void strike(Ground ground, Strike strike) {
        String stage = ground.anyStage();
        strike.struck(stage);
        JobProcess second = ground.second(stage);
        Wait.millis(ground.between(1_000, 6_000));
        int code = second.terminate();
        strike.struck(second.name() + " added and removed" + (code == 0 ? "" : " (exit code " + code + ")"));
    }
}
