package dev.adpipe.output;

import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.ContainerSettings;
import dev.adpipe.runtime.Job;
import dev.adpipe.runtime.Measures;
import dev.adpipe.runtime.PipelineSettings;
import dev.adpipe.runtime.Task;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.schemas.RowSchema;
import dev.adpipe.schemas.definition.OutputSettings;
import dev.adpipe.schemas.definition.OutputSettings.Sink.Tranquility;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The output stage: {@code <p>.joined} to {@code <p>.rows}. One per container, used by its thread; the counts of
 * {@link #lookupMisses()} and {@link #replacedValues()} may be read by any.
 */
public final class OutputJob implements Job {
    public static final String STAGE = "output";

    /** What our own envelopes and headers may add to payloads; as provisioned. */
    private static final long ENVELOPE_BYTES = 64 * 1024;

    private final Lookups lookups;
    private final Rows rows;
    private final OutputSettings settings;
    private final RowFormat format;
    private final TopicSink sink;
    private final OutputCounts counts;
    private final RowRange range;
    private final Optional<PushSink> push;

    /** Makes every row; the rest as in {@link #OutputJob(PipelineDefinition, RowRange)}. */
    public OutputJob(PipelineDefinition definition) {
        this(definition, RowRange.ALL);
    }

    /**
     * Loads the lookups that are files, starts to read the others, and finds the transform.
     *
     * @param range rows outside are not made
     * @throws IllegalArgumentException if a file of a lookup or schema is missing or cannot be used, a lookup's driver is not
     *     on the class path, the transform is not
     *     there, or a default is not of its field's type; the message names file, line and rule
     */
    public OutputJob(PipelineDefinition definition, RowRange range) {
        this(definition, range, PushSink::connect);
    }

    /**
     * @param connect makes the sink of a definition that pushes its rows
     */
    OutputJob(PipelineDefinition definition, RowRange range, Function<PipelineDefinition, PushSink> connect) {
        this.range = range;
        settings = definition.output();
        lookups = new Lookups(
                settings.lookups(), definition.kafka(), definition.topics().group(STAGE), Clock.SYSTEM);
        rows = new Rows(
                new StreamPayloads(definition.streams()),
                lookups,
                new RowMaker(settings, lookups),
                RowTransforms.find(settings.transform()));
        format = format(definition);
        sink = new TopicSink(definition.topics().rows(), maxMessageBytes(definition));
        counts = new OutputCounts(
                new RowCounts(), new LookupMisses(settings.lookups().keySet()), new ReplacedValues(settings));
        push = settings.sink() instanceof Tranquility ? Optional.of(connect.apply(definition)) : Optional.empty();
    }

    /**
     * @param instance name of this process among those of its stage
     * @param number   number of the container in its process, from 0
     */
    public static ContainerSettings settings(PipelineDefinition definition, String instance, int number) {
        PipelineSettings pipeline = new PipelineSettings(
                definition.customer(),
                definition.name(),
                definition.kafka(),
                definition.runtime().commitInterval(),
                definition.shuffle().tickInterval(),
                definition.runtime().sessionTimeout(),
                definition.runtime().transactionTimeout(),
                definition.runtime().stateDir(),
                definition.runtime().stateMemoryBytes(),
                definition.shuffle().maxRecordBytes(),
                definition.runtime().metricsPort(),
                definition.join().standbys());
        return new ContainerSettings(
                pipeline,
                STAGE,
                instance,
                number,
                List.of(definition.topics().joined()),
                false,
                Map.of(definition.topics().rows(), definition.shuffle().partitions()),
                definition.topics().deadLetter(),
                Optional.empty());
    }

    @Override
    public void declare(Measures measures) {
        measures.deadLetters(RejectedRowException.REASONS);
        String rowsHelp = "rows made of events, and rows sent after adding them up";
        measures.counter("rows", rowsHelp, "step", "made", counts.rows()::made);
        measures.counter("rows", rowsHelp, "step", "sent", counts.rows()::sent);
        lookupMisses()
                .totals()
                .keySet()
                .forEach(lookup -> measures.counter(
                        "lookup.misses",
                        "values of emitted rows that a lookup had no name for",
                        "lookup",
                        lookup,
                        () -> lookupMisses().total(lookup)));
        lookups.byName().forEach((name, lookup) -> {
            measures.gauge("lookup.entries", "names in a lookup's table", "lookup", name, lookup::entries);
            measures.gauge(
                    "lookup.age.seconds",
                    "since a lookup's table was known to be what its source has",
                    "lookup",
                    name,
                    () -> lookup.ageMillis() / 1e3);
        });
        replacedValues()
                .totals()
                .keySet()
                .forEach(field -> measures.counter(
                        "values.replaced",
                        "bad values of emitted rows that gave way to a default or to null",
                        "field",
                        field,
                        () -> replacedValues().total(field)));
        push.ifPresent(sink -> sink.declare(measures));
    }

    @Override
    public Task open(TaskContext context) {
        RowTotals totals = RowTotals.parse(context.metadata());
        TaskTally tally = new TaskTally(totals, counts, context.books());
        if (push.isPresent()) {
            return new PushTask(rows, range, push.get(), tally, context.clock());
        }
        RowOutlet outlet = settings.preAggregate().isPresent()
                ? new PreAggregation(context.input().partition(), settings, format, sink, totals)
                : RowOutlet.direct(format, sink, totals);
        return new OutputTask(rows, range, outlet, tally, context.clock());
    }

    private static RowFormat format(PipelineDefinition definition) {
        boolean avro = definition.output().sink() instanceof OutputSettings.Sink.Topic topic
                && topic.format() == OutputSettings.RowFormat.AVRO;
        return avro ? new RowAvro(RowSchema.of(definition)) : RowJson::encode;
    }

    @Override
    public void close() {
        push.ifPresent(PushSink::close);
        lookups.close();
    }

    /** Values that a lookup had no name for. */
    public LookupMisses lookupMisses() {
        return counts.lookupMisses();
    }

    /** Bad values that gave way to a default or to null. */
    public ReplacedValues replacedValues() {
        return counts.replacedValues();
    }

    /** The limit with which {@code <p>.rows} is provisioned: a joined event holds at most one payload of each stream. */
    private static long maxMessageBytes(PipelineDefinition definition) {
        return (long) definition.shuffle().maxRecordBytes()
                        * definition.streams().size()
                + ENVELOPE_BYTES;
    }
}
