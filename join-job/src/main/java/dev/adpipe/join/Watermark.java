package dev.adpipe.join;

import dev.adpipe.schemas.ProgressTick;
import dev.adpipe.schemas.ProgressTick.RawPartition;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.StreamDefinition;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far event time has come in all streams, told by the ticks of the shuffle containers alone: no event with a time
 * more than the streams' allowances before it is expected any more. It never goes back. DESIGN §4 gives the rules.
 *
 * <p>Used by one thread. Times are milliseconds since the epoch; {@code Long.MIN_VALUE} stands for "no watermark yet".
 */
final class Watermark {
    private final long idleAfter;
    private final long lateness;
    private final long firstEventTimeout;
    private final List<StreamProgress> streams = new ArrayList<>();
    /** Of each topic in the definition, its partitions by number, those that nobody told of yet included. */
    private final Map<String, List<PartitionProgress>> topics = new LinkedHashMap<>();

    private long newestClock = Long.MIN_VALUE;
    private boolean anyEvent;
    private long firstEventClock;
    private long value = Long.MIN_VALUE;

    Watermark(Map<String, List<String>> topicsByStream, Duration idleAfter, Duration lateness, Duration firstEvent) {
        this.idleAfter = idleAfter.toMillis();
        this.lateness = lateness.toMillis();
        this.firstEventTimeout = firstEvent.toMillis();
        topicsByStream.forEach((stream, names) -> {
            streams.add(new StreamProgress(stream, List.copyOf(names)));
            names.forEach(topic -> topics.put(topic, new ArrayList<>()));
        });
    }

    static Watermark of(PipelineDefinition definition) {
        Map<String, List<String>> topicsByStream = new LinkedHashMap<>();
        for (StreamDefinition stream : definition.streams()) {
            topicsByStream.put(stream.name(), stream.topics());
        }
        return new Watermark(
                topicsByStream,
                definition.shuffle().idleAfter(),
                definition.join().lateness(),
                definition.join().firstEventTimeout());
    }

    /** W: {@code Long.MIN_VALUE} before there is one. */
    long value() {
        return value;
    }

    /** Of all ticks taken in; {@code Long.MIN_VALUE} before the first. */
    long newestClock() {
        return newestClock;
    }

    /** Takes in one tick, in the order of the shuffled partition. */
    void update(ProgressTick tick) {
        newestClock = Math.max(newestClock, tick.clock());
        for (RawPartition told : tick.partitions()) {
            List<PartitionProgress> partitions = topics.get(told.topic());
            if (partitions != null && told.partition() >= 0) {
                count(partitions, Math.max(told.partitionCount(), told.partition() + 1));
                partitions.set(
                        told.partition(), partitions.get(told.partition()).next(told, tick.clock()));
            }
        }
        advance();
    }

    private static void count(List<PartitionProgress> partitions, int count) {
        while (partitions.size() < count) {
            partitions.add(PartitionProgress.UNKNOWN);
        }
    }

    private void advance() {
        boolean withEvent = false;
        boolean withoutEvent = false;
        long slowest = Long.MAX_VALUE;
        for (StreamProgress stream : streams) {
            Collection<PartitionProgress> partitions = partitionsOf(stream);
            stream.observe(partitions, newestClock, idleAfter);
            if (!StreamProgress.hasEvent(partitions)) {
                withoutEvent = true;
                continue;
            }
            withEvent = true;
            if (!anyEvent) {
                anyEvent = true;
                firstEventClock = newestClock;
            }
            slowest = Math.min(slowest, stream.progress(partitions, newestClock, idleAfter));
        }
        boolean waiting = withoutEvent && Millis.minus(newestClock, firstEventClock) < firstEventTimeout;
        if (withEvent && !waiting && slowest != Long.MIN_VALUE) {
            value = Math.max(value, Millis.minus(slowest, lateness));
        }
    }

    private Collection<PartitionProgress> partitionsOf(StreamProgress stream) {
        if (stream.topics().size() == 1) {
            return topics.get(stream.topics().get(0));
        }
        List<PartitionProgress> all = new ArrayList<>();
        for (String topic : stream.topics()) {
            List<PartitionProgress> partitions = topics.get(topic);
            if (partitions.isEmpty()) {
                all.add(PartitionProgress.UNKNOWN); // a topic has at least one
            }
            all.addAll(partitions);
        }
        return all;
    }

    /** Everything that a successor needs; {@link #read} takes it. */
    void write(DataOutputStream out) throws IOException {
        out.writeLong(value);
        out.writeLong(newestClock);
        out.writeBoolean(anyEvent);
        out.writeLong(firstEventClock);
        out.writeShort(streams.size());
        for (StreamProgress stream : streams) {
            out.writeUTF(stream.stream());
            out.writeBoolean(stream.whollyIdle());
            out.writeBoolean(stream.woken());
            out.writeLong(stream.wokenAt());
        }
        out.writeShort(topics.size());
        for (Map.Entry<String, List<PartitionProgress>> topic : topics.entrySet()) {
            out.writeUTF(topic.getKey());
            out.writeInt(topic.getValue().size());
            for (PartitionProgress partition : topic.getValue()) {
                write(partition, out);
            }
        }
    }

    private static void write(PartitionProgress partition, DataOutputStream out) throws IOException {
        out.writeByte((partition.hasEvent() ? 1 : 0) | (partition.idle() ? 2 : 0));
        out.writeLong(partition.highest());
        out.writeLong(partition.clock());
        out.writeLong(partition.since());
    }

    /** What a predecessor knew; its streams and topics that are not in the definition any more are forgotten. */
    void read(DataInputStream in) throws IOException {
        value = in.readLong();
        newestClock = in.readLong();
        anyEvent = in.readBoolean();
        firstEventClock = in.readLong();
        for (int left = in.readShort(); left > 0; left--) {
            String name = in.readUTF();
            boolean whollyIdle = in.readBoolean();
            boolean woken = in.readBoolean();
            long wokenAt = in.readLong();
            streams.stream().filter(s -> s.stream().equals(name)).forEach(s -> s.restore(whollyIdle, woken, wokenAt));
        }
        for (int left = in.readShort(); left > 0; left--) {
            List<PartitionProgress> partitions = topics.getOrDefault(in.readUTF(), new ArrayList<>());
            for (int more = in.readInt(); more > 0; more--) {
                int bits = in.readByte();
                partitions.add(new PartitionProgress(
                        (bits & 1) != 0, in.readLong(), in.readLong(), in.readLong(), (bits & 2) != 0));
            }
        }
    }
}
