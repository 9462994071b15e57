package dev.adpipe.join;

import dev.adpipe.runtime.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The task's own record in its state: the streams' codes, their horizons, and the watermark with all that it was told.
 *
 * @param streams in funnel order, as in the definition that the state was written under; empty before the first
 */
record TaskRecord(StreamCodes codes, List<String> streams, Horizons horizons) {
    private static final int VERSION = 3;

    static TaskRecord first() {
        return new TaskRecord(new StreamCodes(), List.of(), new Horizons());
    }

    byte[] encode(Watermark watermark) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            codes.write(out);
            out.writeByte(streams.size());
            for (String stream : streams) {
                out.writeByte(codes.code(stream));
            }
            horizons.write(out);
            watermark.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Fills the watermark and gives the rest.
     *
     * @throws RefusedException if it is of another version
     */
    static TaskRecord decode(byte[] record, Watermark watermark) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(record))) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new RefusedException("the join task's record in the changelog is of version " + version
                        + ", this program reads version " + VERSION + ": run the program that wrote it");
            }
            StreamCodes codes = StreamCodes.read(in);
            List<String> names = codes.names();
            List<String> streams = new ArrayList<>();
            for (int left = in.readUnsignedByte(); left > 0; left--) {
                streams.add(names.get(in.readUnsignedByte()));
            }
            Horizons horizons = Horizons.read(in);
            watermark.read(in);
            return new TaskRecord(codes, List.copyOf(streams), horizons);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the join task's record in the changelog ends too early, after " + record.length + " bytes", e);
        }
    }
}
