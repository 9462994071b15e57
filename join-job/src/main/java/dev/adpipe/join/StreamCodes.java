package dev.adpipe.join;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One byte for each stream, for the names of state entries. A code is given once and never to another stream, so state
 * stays readable when streams are added to the definition, removed or moved.
 */
final class StreamCodes {
    /** Codes from here on name other entries than events. */
    static final int LIMIT = 250;

    private final List<String> names = new ArrayList<>();

    /** Those given already, in order. */
    static StreamCodes read(DataInputStream in) throws IOException {
        StreamCodes codes = new StreamCodes();
        for (int left = in.readUnsignedByte(); left > 0; left--) {
            codes.names.add(in.readUTF());
        }
        return codes;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeByte(names.size());
        for (String name : names) {
            out.writeUTF(name);
        }
    }

    /** Gives a code to a stream that has none. */
    void add(String stream) {
        if (names.contains(stream)) {
            return;
        }
        if (names.size() == LIMIT) {
            throw new IllegalStateException("stream '" + stream + "' is number " + (LIMIT + 1)
                    + " of those this pipeline ever had; the state can tell " + LIMIT
                    + " apart. Start a new pipeline under another name");
        }
        names.add(stream);
    }

    int code(String stream) {
        return names.indexOf(stream);
    }

    List<String> names() {
        return List.copyOf(names);
    }
}
