package dev.adpipe.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.schemas.definition.JoinSettings.Emit;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.Mode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random funnels, settings and streams with delays, disorder, copies, late events and clocks apart: {@code on-close} in every
 * mode emits what {@code eager} emits, with the same ancestors and ordinals, and says the same of all other events, in the
 * same order. Nothing is kept out of the input. The books balance after each record (the drivers see to it).
 */
class EmitModesTest {
    @TempDir
    private Path dir;

    @ParameterizedTest
    @CsvSource({"STRAIGHT, 400, 200", "REOPEN, 80, 100", "ABORT, 80, 100"})
    void emitTheSame(Mode mode, int rounds, int size) {
        rounds(rounds, size, (definition, name) -> new JoinDriver(definition, mode));
    }

    @ParameterizedTest
    @CsvSource({"STRAIGHT, 5, 400", "REOPEN, 1, 12", "ABORT, 1, 20"})
    void onTheRealState(Mode mode, int rounds, int size) {
        rounds(rounds, size, (definition, name) -> new JoinDriver(definition, mode, dir.resolve(name)));
    }

    private static void rounds(int rounds, int size, BiFunction<PipelineDefinition, String, JoinDriver> open) {
        long first = new Random().nextLong();
        System.out.println("EmitModesTest, first seed " + first);
        for (int round = 0; round < rounds; round++) {
            long seed = first + round;
            String name = "round-" + round;
            try {
                round(size, new Random(seed), (definition, mode) -> open.apply(definition, name + mode));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", size " + size, e);
            }
        }
    }

    private static void round(int size, Random random, BiFunction<PipelineDefinition, String, JoinDriver> open) {
        int streams = 2 + random.nextInt(4);
        Pipelines pipeline = pipeline(streams, random);
        JoinDriver onClose = open.apply(pipeline.definition(Emit.ON_CLOSE), "on-close");
        try (JoinDriver join = open.apply(pipeline.definition(), "eager").beside(onClose)) {
            Long[] highest = new Long[streams];
            long[] skews = random.longs(streams, -6, 7).toArray();
            int keys = 1 + random.nextInt(1 + size / 8);
            int ids = 1 + random.nextInt(40);
            long now = 0;
            for (int n = 0; n < size; n++) {
                now += random.nextInt(6);
                int stream = random.nextInt(streams);
                long delay = random.nextInt(10) == 0 ? random.nextInt(200) : random.nextInt(30);
                long time = now - delay + skews[stream];
                String id = "e" + (random.nextInt(4) == 0 ? random.nextInt(ids) : ids + n);
                join.event("s" + stream, "k" + random.nextInt(keys), id, time);
                highest[stream] = Math.max(highest[stream] == null ? time : highest[stream], time);
                if (random.nextInt(5) == 0) {
                    join.progress(now, Arrays.asList(highest));
                }
            }
            join.end();
            assertThat(join.books().in()).isEqualTo(size);
        }
    }

    private static Pipelines pipeline(int streams, Random random) {
        Pipelines pipeline = new Pipelines()
                .skew(random.nextInt(8))
                .maxEventsPerKey(random.nextBoolean() ? 1 + random.nextInt(4) : 1000)
                .maxKeyLife(random.nextBoolean() ? 20 + random.nextInt(150) : 1_000_000)
                .maxRecordBytes(random.nextBoolean() ? 200 + random.nextInt(1000) : 1 << 20)
                .lateness(0);
        if (random.nextBoolean()) {
            pipeline.emitOrphans();
        }
        for (int s = 0; s < streams; s++) {
            pipeline.add(
                    "s" + s, s == 0 ? 0 : random.nextInt(60), s > 0 && random.nextInt(4) == 0, random.nextInt(5) == 0);
        }
        return pipeline;
    }
}
