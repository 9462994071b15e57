package dev.adpipe.local;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * The lines of a file as bytes, unpacked if its name ends in {@code .gz}. What is in a line is nobody's business here: a
 * record that is not even text must reach Kafka as it is.
 */
final class LineReader implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Counting file;
    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    private long number;

    LineReader(Path path) throws IOException {
        file = new Counting(Files.newInputStream(path));
        boolean packed = path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".gz");
        try {
            in = new BufferedInputStream(packed ? new GZIPInputStream(file, BUFFER) : file, BUFFER);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** The next line that is not blank, without its end; null after the last. */
    byte[] next() throws IOException {
        line.reset();
        boolean blank = true;
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                number++;
                if (!blank) {
                    return trimmed();
                }
                line.reset();
            } else {
                line.write(b);
                blank &= b == ' ' || b == '\t' || b == '\r';
            }
        }
        number++;
        return blank ? null : trimmed();
    }

    /** Of the line that {@link #next} gave last, from 1. */
    long number() {
        return number;
    }

    /** Bytes of the file read so far, packed if it is packed. */
    long position() {
        return file.read;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private byte[] trimmed() {
        byte[] bytes = line.toByteArray();
        int length = bytes.length;
        return length > 0 && bytes[length - 1] == '\r' ? Arrays.copyOf(bytes, length - 1) : bytes;
    }

    private static final class Counting extends FilterInputStream {
        private long read;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            read += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int n = super.read(target, offset, length);
            read += Math.max(n, 0);
            return n;
        }
    }
}
