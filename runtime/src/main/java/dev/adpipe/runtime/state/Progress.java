package dev.adpipe.runtime.state;

/**
 * How far a local store has come; written with every batch of changes, atomically.
 *
 * @param position   next offset of the changelog to read
 * @param liveKeys   number of keys in the store
 * @param bytes      of their keys and values
 * @param taskOffset offset of the task's own record, -1: there is none yet
 */
record Progress(long position, long liveKeys, long bytes, long taskOffset, TaskRecord task) {
    static final Progress NONE = new Progress(0, 0, 0, -1, TaskRecord.NONE);

    byte[] encode() {
        ByteWriter out = new ByteWriter(128)
                .number(position)
                .number(liveKeys)
                .number(bytes)
                .number(taskOffset);
        task.encode(out);
        return out.toByteArray();
    }

    static Progress decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        Progress progress = new Progress(in.number(), in.number(), in.number(), in.number(), TaskRecord.decode(in));
        in.expectEnd();
        return progress;
    }
}
