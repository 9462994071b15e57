package dev.adpipe.runtime;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a container tells the group's leader when it joins, as its subscription's user data.
 *
 * @param id       its transactional id
 * @param copies   state it holds, by partition
 * @param promised partitions that the leader promised it last
 */
record MemberReport(String id, Map<Integer, Copy> copies, Set<Integer> promised) {
    private static final byte VERSION = 1;

    ByteBuffer encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            writeText(out, id);
            out.writeInt(copies.size());
            for (Map.Entry<Integer, Copy> copy : copies.entrySet()) {
                out.writeInt(copy.getKey());
                out.writeLong(copy.getValue().position());
                out.writeLong(copy.getValue().end());
            }
            writeNumbers(out, promised);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    /** Empty if another version wrote it: nothing is known of that member then, not even its id. */
    static Optional<MemberReport> decode(ByteBuffer data) {
        try {
            if (data == null || !data.hasRemaining()) {
                return Optional.empty();
            }
            ByteBuffer in = data.duplicate();
            if (in.get() != VERSION) {
                return Optional.empty();
            }
            String id = readText(in);
            Map<Integer, Copy> copies = new TreeMap<>();
            for (int left = in.getInt(); left > 0; left--) {
                copies.put(in.getInt(), new Copy(in.getLong(), in.getLong()));
            }
            return Optional.of(new MemberReport(id, copies, readNumbers(in)));
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    static String readText(ByteBuffer in) {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static void writeNumbers(DataOutputStream out, Set<Integer> numbers) throws IOException {
        out.writeInt(numbers.size());
        for (int number : numbers) {
            out.writeInt(number);
        }
    }

    static Set<Integer> readNumbers(ByteBuffer in) {
        Set<Integer> numbers = new TreeSet<>();
        for (int left = in.getInt(); left > 0; left--) {
            numbers.add(in.getInt());
        }
        return numbers;
    }
}
