package dev.adpipe.runtime.state;

import java.util.Optional;

/**
 * The task's own record.
 *
 * @param births how many keys were born in this task so far; the last one's number
 * @param cursor up to where all forced decisions have been taken
 * @param bytes  what the task itself keeps there
 */
record TaskRecord(long births, Optional<OrderedKey> cursor, Optional<byte[]> bytes) {
    static final TaskRecord NONE = new TaskRecord(0, Optional.empty(), Optional.empty());

    void encode(ByteWriter out) {
        out.number(births).octet(cursor.isPresent() ? 1 : 0);
        cursor.ifPresent(c -> out.number(c.order()).bytes(c.key()));
        out.octet(bytes.isPresent() ? 1 : 0);
        bytes.ifPresent(out::bytes);
    }

    static TaskRecord decode(ByteReader in) {
        long births = in.number();
        Optional<OrderedKey> cursor =
                in.octet() == 0 ? Optional.empty() : Optional.of(new OrderedKey(in.number(), in.bytes()));
        return new TaskRecord(births, cursor, in.octet() == 0 ? Optional.empty() : Optional.of(in.bytes()));
    }

    /** Whether a key with this deadline is dead by the cursor alone. */
    boolean covers(long deadline, byte[] key) {
        return cursor.isPresent() && new OrderedKey(deadline, key).atOrBefore(cursor.get());
    }
}
