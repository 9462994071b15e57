package dev.adpipe.output;

import java.nio.file.Path;

/** A lookup file cannot be used; the message names file, line and rule. */
final class LookupFileException extends Exception {
    LookupFileException(Path file, String why) {
        super(file + ": " + why);
    }

    LookupFileException(Path file, long line, String why) {
        super(file + " line " + line + ": " + why);
    }
}
