package dev.adpipe.local.guarantee;

import java.util.List;

/**
 * {@code kill -9} of jobs, which are started again at once; now and then a second time, while they come up.
 *
 * @param stages the victims; empty: one at random each time
 */
record Kill(String name, List<String> stages) implements Fault {
    private static final int AGAIN_PERCENT = 15;

    Kill {
        stages = List.copyOf(stages);
    }

    @Override
    public void strike(Ground ground, Strike strike) {
        List<JobProcess> victims = (stages.isEmpty() ? List.of(ground.anyStage()) : stages)
                .stream().map(ground.jobs()::first).toList();
        victims.forEach(JobProcess::kill);
        strike.struck(names(victims));
        victims.forEach(JobProcess::start);
        if (ground.random().nextInt(100) < AGAIN_PERCENT) {
            Wait.millis(ground.between(0, 3_000));
            victims.forEach(JobProcess::kill);
            strike.struck(names(victims) + ", twice");
            victims.forEach(JobProcess::start);
        }
    }

    private static String names(List<JobProcess> jobs) {
        return String.join(" ", jobs.stream().map(JobProcess::name).toList());
    }
}
