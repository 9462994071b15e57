package dev.adpipe.runtime;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the group's leader tells a container beside its partitions, as the assignment's user data.
 *
 * @param live     transactional ids of all members; empty: not known
 * @param standbys partitions to keep copies of
 * @param warmUps  partitions that move here as soon as the copy is warm, and the container asks for it
 * @param promised partitions that come in the next round
 */
record MemberOrders(Set<String> live, Set<Integer> standbys, Set<Integer> warmUps, Set<Integer> promised) {
    static final MemberOrders NONE = new MemberOrders(Set.of(), Set.of(), Set.of(), Set.of());

    private static final byte VERSION = 1;

    ByteBuffer encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(live.size());
            for (String id : live) {
                MemberReport.writeText(out, id);
            }
            MemberReport.writeNumbers(out, standbys);
            MemberReport.writeNumbers(out, warmUps);
            MemberReport.writeNumbers(out, promised);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    /** {@link #NONE} if another version wrote it, or another assignor than ours. */
    static MemberOrders decode(ByteBuffer data) {
        try {
            if (data == null || !data.hasRemaining()) {
                return NONE;
            }
            ByteBuffer in = data.duplicate();
            if (in.get() != VERSION) {
                return NONE;
            }
            Set<String> live = new TreeSet<>();
            for (int left = in.getInt(); left > 0; left--) {
                live.add(MemberReport.readText(in));
            }
            return new MemberOrders(
                    live, MemberReport.readNumbers(in), MemberReport.readNumbers(in), MemberReport.readNumbers(in));
        } catch (BufferUnderflowException e) {
            return NONE;
        }
    }

    /** All partitions whose copies are to be kept up to date. */
    Set<Integer> copies() {
        Set<Integer> all = new TreeSet<>(standbys);
        all.addAll(warmUps);
        all.addAll(promised);
        return all;
    }
}
