package dev.adpipe.runtime.state;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;

/** Bytes and times for a person's eyes. */
final class Printable {
    /** Beyond year 9999 either way a number is no time of day. */
    private static final long FARTHEST = 253_402_300_799_999L;

    private Printable() {}

    /** UTF-8 if it is that and printable, else hexadecimal. */
    static String text(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.chars().noneMatch(Character::isISOControl)) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // not text: fall through to hexadecimal
        }
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    static String time(long millis) {
        return Math.abs(millis) <= FARTHEST ? Instant.ofEpochMilli(millis).toString() : Long.toString(millis);
    }
}
