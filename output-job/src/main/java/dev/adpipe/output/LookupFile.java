package dev.adpipe.output;

import dev.adpipe.schemas.definition.OutputSettings.Lookup.FileLookup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a lookup's file as a whole: JSON lines if it begins with a brace, else CSV with a header line. */
final class LookupFile {
    private LookupFile() {}

    static LookupTable read(FileLookup lookup) throws LookupFileException {
        String text = text(lookup.path());
        if (text.isBlank()) {
            throw new LookupFileException(
                    lookup.path(), "is empty; a lookup needs a CSV file with a header line, or JSON lines");
        }
        return text.stripLeading().startsWith("{") ? JsonLinesLookup.read(lookup, text) : CsvLookup.read(lookup, text);
    }

    private static String text(Path file) throws LookupFileException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new LookupFileException(file, "there is no such file");
        } catch (IOException e) {
            throw new LookupFileException(file, "cannot be read: " + e);
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new LookupFileException(file, lineAt(bytes, in.position()), "is not UTF-8");
        }
        String text = out.flip().toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static long lineAt(byte[] bytes, int position) {
        long line = 1;
        for (int i = 0; i < position; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }
}
