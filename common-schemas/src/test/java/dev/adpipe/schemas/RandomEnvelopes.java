package dev.adpipe.schemas;

import dev.adpipe.schemas.JoinedEvent.Part;
import dev.adpipe.schemas.ProgressTick.RawPartition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;

/** Envelopes of every shape, from a seed. */
final class RandomEnvelopes {
    private final Random random;

    RandomEnvelopes(long seed) {
        random = new Random(seed);
    }

    ShuffledEvent shuffled() {
        return new ShuffledEvent(text(), text(), number(), encoding(), number(), payload());
    }

    ProgressTick tick() {
        List<RawPartition> partitions = IntStream.range(0, random.nextInt(20))
                .mapToObj(i -> new RawPartition(
                        text(),
                        (int) number(),
                        (int) number(),
                        random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(number()),
                        number(),
                        random.nextBoolean()))
                .toList();
        return new ProgressTick(text(), number(), partitions);
    }

    JoinedEvent joined() {
        List<Part> parts = IntStream.range(0, random.nextInt(6))
                .mapToObj(i -> new Part(
                        text(),
                        text(),
                        number(),
                        encoding(),
                        number(),
                        payload(),
                        random.nextInt(i + 1) - 1,
                        (int) number() & Integer.MAX_VALUE))
                .toList();
        return new JoinedEvent(text(), parts);
    }

    /** Changes a few bytes, or all, from the given one on. */
    void damage(byte[] bytes, int from) {
        boolean all = random.nextInt(4) == 0;
        int count = all ? bytes.length - from : 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            bytes[all ? from + i : from + random.nextInt(bytes.length - from)] = (byte) random.nextInt(256);
        }
    }

    /** All lengths of Avro's numbers, the extremes included. */
    private long number() {
        return switch (random.nextInt(10)) {
            case 0 -> Long.MIN_VALUE;
            case 1 -> Long.MAX_VALUE;
            case 2 -> 0;
            default -> random.nextLong() >> random.nextInt(64);
        };
    }

    /** Of one to four bytes per character. */
    private String text() {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(4) == 0 ? random.nextInt(200) : random.nextInt(12);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(List.of(0x61, 0xE9, 0x20AC, 0x1F600).get(random.nextInt(4)) + random.nextInt(5));
        }
        return text.toString();
    }

    private PayloadEncoding encoding() {
        List<PayloadEncoding> all = List.of(PayloadEncoding.values());
        return all.get(random.nextInt(all.size()));
    }

    private ByteBuffer payload() {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
