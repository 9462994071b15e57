package dev.adpipe.local.guarantee;

import java.util.List;

/** The connection between the clients of one stage, or of all, and the brokers is cut for a while. */
record Cut() implements Fault {
    @Override
    public String name() {
        return "cut";
    }

    @Override
    public void strike(Ground ground, Strike strike) {
        List<String> stages = ground.random().nextInt(4) == 0 ? ProofPipeline.STAGES : List.of(ground.anyStage());
        CuttableProxy.Mode mode =
                ground.random().nextBoolean() ? CuttableProxy.Mode.REFUSED : CuttableProxy.Mode.SILENT;
        long millis = ground.between(500, 14_000);
        strike.struck(String.join(" ", stages) + ", " + (mode == CuttableProxy.Mode.SILENT ? "silent" : "refused")
                + " for " + millis + " ms");
        try {
            stages.forEach(stage -> ground.brokers().set(stage, mode));
            Wait.millis(millis);
        } finally {
            stages.forEach(stage -> ground.brokers().set(stage, CuttableProxy.Mode.OPEN));
        }
    }
}
