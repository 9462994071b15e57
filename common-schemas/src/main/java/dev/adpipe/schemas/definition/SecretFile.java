package dev.adpipe.schemas.definition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that holds a secret and nothing else, as Kubernetes and Docker mount them. */
final class SecretFile {
    private static final long LARGEST = 64 * 1024;

    private SecretFile() {}

    /** Its text, without the line break that editors leave at the end. From now on it appears in no problem. */
    static Setting<String> read(Setting<Path> file) {
        if (!file.isPresent()) {
            return Setting.absent(file.place());
        }
        try {
            if (Files.size(file.get()) > LARGEST) {
                return Setting.<String>absent(file.place()).reject("must hold a secret alone: at most 64KiB");
            }
            String secret = Files.readString(file.get()).replaceFirst("\\R\\z", "");
            file.place().problems().hide(secret);
            return Setting.of(file.place(), secret).require(s -> !s.isBlank(), "must hold a secret: the file is empty");
        } catch (IOException e) {
            // A reason in the exception could quote what was read.
            return Setting.<String>absent(file.place()).reject("must be a readable text file in UTF-8");
        }
    }
}
