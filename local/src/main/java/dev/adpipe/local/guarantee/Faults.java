package dev.adpipe.local.guarantee;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** All faults by name, and the order in which a run does them. */
final class Faults {
    static final List<Fault> ALL = List.of(
            new Kill("kill", List.of()),
            new Kill("kill-all", ProofPipeline.STAGES),
            new Freeze(false),
            new Freeze(true),
            new BrokerBounce(true),
            new BrokerBounce(false),
            new BrokersDown(),
            new Cut(),
            new StateFault(false),
            new StateFault(true),
            new Scale());

    private Faults() {}

    /**
     * @throws IllegalArgumentException if there is no such fault
     */
    static Fault named(String name) {
        return ALL.stream()
                .filter(fault -> fault.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no fault; there are "
                        + String.join(", ", ALL.stream().map(Fault::name).toList()) + ", and all for all of them"));
    }

    /** A kill of one stage, or of {@code all}. */
    static Fault killOf(String stage) {
        if (stage.equals("all")) {
            return new Kill("kill-all", ProofPipeline.STAGES);
        }
        if (!ProofPipeline.STAGES.contains(stage)) {
            throw new IllegalArgumentException(
                    "'" + stage + "' is no stage; there are " + ProofPipeline.STAGES + " and all");
        }
        return new Kill("kill " + stage, List.of(stage));
    }

    /** Each fault once in a new order, again and again, so that a short run has seen each. */
    static final class Cycle {
        private final List<Fault> faults;
        private final List<Fault> left = new ArrayList<>();
        private final Random random;

        Cycle(List<Fault> faults, Random random) {
            this.faults = List.copyOf(faults);
            this.random = random;
        }

        Fault next() {
            if (left.isEmpty()) {
                left.addAll(faults);
            }
            return left.remove(random.nextInt(left.size()));
        }
    }
}
