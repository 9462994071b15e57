package dev.adpipe.output;

import dev.adpipe.runtime.Clock;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.FileLookup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lookup that follows its file. A change is taken when the file looks the same at two checks in a row, so that a file
 * that is still being written is left alone; a new version that cannot be used is said once, and the old one stays.
 *
 * <p>Checked by one thread; the rest may be asked by any.
 */
final class HotLookup implements LiveLookup {
    private static final Logger LOG = LoggerFactory.getLogger(HotLookup.class);

    private final String name;
    private final FileLookup declared;
    private final Clock clock;
    private volatile LookupTable table;
    private volatile long staleSince;
    private Stamp taken;
    private Stamp seen;

    /**
     * @throws LookupFileException if the file cannot be used: a job does not start without its lookups
     */
    HotLookup(String name, FileLookup declared, Clock clock) throws LookupFileException {
        this.name = name;
        this.declared = declared;
        this.clock = clock;
        this.taken = Stamp.of(declared.path());
        this.seen = taken;
        this.table = LookupFile.read(declared);
        warn();
    }

    @Override
    public String find(String key) {
        return table.names().get(key);
    }

    @Override
    public Optional<String> waitsFor() {
        return Optional.empty();
    }

    @Override
    public long entries() {
        return table.names().size();
    }

    /** 0 while the file that is there is the one in use. */
    @Override
    public long ageMillis() {
        long since = staleSince;
        return since == 0 ? 0 : Math.max(0, clock.millis() - since);
    }

    @Override
    public void check() {
        Stamp now = Stamp.of(declared.path());
        if (!now.equals(taken) && now.equals(seen)) {
            taken = now;
            reload();
        }
        seen = now;
    }

    private void reload() {
        try {
            table = LookupFile.read(declared);
            staleSince = 0;
            LOG.info(
                    "lookup {}: {} names from the new version of {}",
                    name,
                    table.names().size(),
                    declared.path());
            warn();
        } catch (LookupFileException e) {
            staleSince = staleSince == 0 ? clock.millis() : staleSince;
            LOG.warn(
                    "lookup {}: the new version is not used, the old one with {} names stays: {}",
                    name,
                    table.names().size(),
                    e.getMessage());
        }
    }

    private void warn() {
        for (String warning : table.warnings()) {
            LOG.warn("lookup {}: {}: {}", name, declared.path(), warning);
        }
    }

    /** By what a changed file is known; the file key tells one put in its place from the old one. */
    private record Stamp(FileTime modified, long size, String fileKey) {
        private static final Stamp MISSING = new Stamp(FileTime.fromMillis(0), -1, "");

        static Stamp of(Path file) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(
                        attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
            } catch (IOException e) {
                return MISSING;
            }
        }
    }
}
