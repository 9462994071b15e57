package dev.adpipe.join;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The task's own record in its state: the streams' codes, their horizons, and the watermark with all that it was told.
 */
record TaskRecord(StreamCodes codes, Horizons horizons) {
    private static final int VERSION = 2;

    static TaskRecord first() {
        return new TaskRecord(new StreamCodes(), new Horizons());
    }

    byte[] encode(Watermark watermark) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            codes.write(out);
            horizons.write(out);
            watermark.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** Fills the watermark and gives the rest. */
    static TaskRecord decode(byte[] record, Watermark watermark) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(record))) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new IllegalStateException("the join task's record in the changelog is of version " + version
                        + ", this program reads version " + VERSION + ": run the program that wrote it");
            }
            StreamCodes codes = StreamCodes.read(in);
            Horizons horizons = Horizons.read(in);
            watermark.read(in);
            return new TaskRecord(codes, horizons);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the join task's record in the changelog ends too early, after " + record.length + " bytes", e);
        }
    }
}
