package dev.adpipe.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.join.BatchJoin.Item;
import dev.adpipe.join.BatchJoin.Stream;
import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.JoinedEvent.Part;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random funnels and random input, against {@link BatchJoin}. The input is out of order within the lateness, with copies
 * that come at any time, and with streams that lag as a whole. Compared as sets: which events are emitted and which are
 * not. What depends on the order of arrival is checked for being allowed only: the parent among several, optional
 * parents, and which of the reasons an unmatched event gets. Repeat, flood and late originals are not in the input.
 */
class JoinPropertyTest {
    @TempDir
    private Path dir;

    private record Arrival(long at, Item item) {}

    @ParameterizedTest
    @CsvSource({"STRAIGHT, 100, 500", "REOPEN, 60, 150", "ABORT, 60, 150"})
    void emitsWhatABatchJoinEmits(Mode mode, int rounds, int size) {
        rounds(rounds, size, (definition, round) -> new JoinDriver(definition, mode));
    }

    @ParameterizedTest
    @CsvSource({"STRAIGHT, 4, 500", "REOPEN, 1, 12", "ABORT, 1, 20"})
    void onTheRealState(Mode mode, int rounds, int size) {
        rounds(rounds, size, (definition, round) -> new JoinDriver(definition, mode, dir.resolve("round-" + round)));
    }

    private static void rounds(int rounds, int size, BiFunction<PipelineDefinition, Integer, JoinDriver> open) {
        long first = new Random().nextLong();
        for (int round = 0; round < rounds; round++) {
            int number = round;
            long seed = first + round;
            try {
                round(size, new Random(seed), definition -> open.apply(definition, number));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", size " + size, e);
            }
        }
    }

    private static void round(int size, Random random, Function<PipelineDefinition, JoinDriver> open) {
        long skew = random.nextInt(8);
        long disorder = random.nextInt(60);
        List<Stream> streams = streams(random);
        List<Item> items = items(streams, skew, size, random);
        List<Arrival> arrivals = arrivals(streams, items, disorder, random);
        Pipelines pipeline = new Pipelines().skew(skew).lateness(disorder).maxEventsPerKey(100_000);
        streams.forEach(s -> pipeline.add(s.name(), s.within(), s.optional(), false));

        try (JoinDriver join = open.apply(pipeline.definition())) {
            Long[] highest = new Long[streams.size()];
            for (Arrival arrival : arrivals) {
                Item item = arrival.item();
                join.event(streams.get(item.stream()).name(), item.key(), item.id(), item.time());
                highest[item.stream()] =
                        highest[item.stream()] == null ? item.time() : Math.max(highest[item.stream()], item.time());
                if (random.nextInt(6) == 0) {
                    join.progress(0, Arrays.asList(highest));
                }
            }
            Arrays.fill(highest, 1_000_000L);
            join.progress(0, Arrays.asList(highest));
            check(join, new BatchJoin(streams, skew), streams, items, arrivals.size() - items.size());
        }
    }

    private static void check(JoinDriver join, BatchJoin batch, List<Stream> streams, List<Item> items, int copies) {
        assertThat(join.liveKeys()).as("all keys are dead").isZero();
        assertThat(join.books().held()).isZero();
        assertThat(join.books().in()).isEqualTo(items.size() + copies);

        List<String> late = join.unmatched("late");
        assertThat(join.books().duplicate() + late.size()).as("copies").isEqualTo(copies);

        Map<String, Item> byName = items.stream().collect(Collectors.toMap(i -> i.name(streams), i -> i));
        Map<String, List<String>> chains = chains(join, batch, byName);
        Set<String> least = names(batch.emitted(items, false), streams);
        Set<String> most = names(batch.emitted(items, true), streams);
        assertThat(chains.keySet()).containsAll(least);
        assertThat(most).containsAll(chains.keySet());

        List<String> unmatched = new ArrayList<>(join.unmatched("no-parent"));
        unmatched.addAll(join.unmatched("out-of-window"));
        assertThat(unmatched).doesNotHaveDuplicates().doesNotContainAnyElementsOf(chains.keySet());
        assertThat(unmatched.size() + chains.size()).isEqualTo(items.size());
    }

    /** Of every joined event, the names in its chain; checks that the chain is allowed, and complete down to the root. */
    private static Map<String, List<String>> chains(JoinDriver join, BatchJoin batch, Map<String, Item> byName) {
        Map<String, List<String>> chains = new HashMap<>();
        Map<String, Integer> ordinals = new HashMap<>();
        for (JoinedEvent joined : join.joined()) {
            List<String> chain = joined.events().stream()
                    .map(part -> joined.joinKey() + "/" + part.stream() + "/" + part.id())
                    .toList();
            String name = chain.get(chain.size() - 1);
            Part trigger = joined.events().get(joined.events().size() - 1);
            assertThat(byName.get(chain.get(0)).stream()).isZero();
            assertThat(joined.count()).isEqualTo(1);
            if (chain.size() > 1) {
                String parent = chain.get(chain.size() - 2);
                assertThat(chains.get(parent))
                        .as("emitted before %s", name)
                        .isEqualTo(chain.subList(0, chain.size() - 1));
                assertThat(batch.mayBeParent(byName.get(parent), byName.get(name)))
                        .isTrue();
            }
            assertThat(chains.put(name, chain)).as("%s is emitted once", name).isNull();
            int before = ordinals.getOrDefault(joined.joinKey() + trigger.stream(), 0);
            assertThat(trigger.ordinal()).as("1 in a new life of the key").isIn(1, before + 1);
            ordinals.put(joined.joinKey() + trigger.stream(), trigger.ordinal());
        }
        return chains;
    }

    private static Set<String> names(Set<Item> items, List<Stream> streams) {
        return items.stream().map(i -> i.name(streams)).collect(Collectors.toCollection(HashSet::new));
    }

    private static List<Stream> streams(Random random) {
        List<Stream> streams = new ArrayList<>();
        int count = 2 + random.nextInt(4);
        for (int s = 0; s < count; s++) {
            streams.add(new Stream("s" + s, s == 0 ? 0 : random.nextInt(40), s > 0 && random.nextInt(4) == 0));
        }
        return streams;
    }

    /** Most events are children of one made before, at all distances from it, the ends of its window among them. */
    private static List<Item> items(List<Stream> streams, long skew, int size, Random random) {
        List<Item> items = new ArrayList<>();
        for (int n = 0; n < size; n++) {
            Item from = items.isEmpty() ? null : items.get(random.nextInt(items.size()));
            if (from == null || from.stream() == streams.size() - 1 || random.nextInt(4) == 0) {
                int stream = random.nextInt(3) == 0 ? random.nextInt(streams.size()) : 0;
                items.add(new Item(stream, "k" + random.nextInt(1 + size / 5), "e" + n, random.nextInt(500)));
                continue;
            }
            int stream = from.stream()
                    + 1
                    + (random.nextInt(3) == 0 ? random.nextInt(streams.size() - from.stream() - 1) : 0);
            long within = streams.get(stream).within();
            long distance = switch (random.nextInt(6)) {
                case 0 -> -skew;
                case 1 -> -skew - 1;
                case 2 -> within;
                case 3 -> within + 1;
                default -> random.nextInt((int) (within + 2 * skew) + 1) - skew;
            };
            items.add(new Item(stream, from.key(), "e" + n, from.time() + distance));
        }
        return items;
    }

    /** Each stream arrives in order of time, but for the disorder; copies arrive whenever. */
    private static List<Arrival> arrivals(List<Stream> streams, List<Item> items, long disorder, Random random) {
        long[] lag =
                random.longs(streams.size(), 0, random.nextBoolean() ? 1 : 400).toArray();
        List<Arrival> arrivals = new ArrayList<>();
        for (Item item : items) {
            long at = item.time() + lag[item.stream()] + random.nextLong(disorder + 1);
            arrivals.add(new Arrival(at, item));
            if (random.nextInt(4) == 0) {
                arrivals.add(new Arrival(at + random.nextInt(300), item));
            }
        }
        arrivals.sort(Comparator.comparingLong(Arrival::at));
        return arrivals;
    }
}
