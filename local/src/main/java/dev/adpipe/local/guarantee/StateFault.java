package dev.adpipe.local.guarantee;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The join is killed, and while it is down its local state is deleted, or a file of it is cut short or changed. */
record StateFault(boolean damage) implements Fault {
    @Override
    public String name() {
        return damage ? "state-damaged" : "state-lost";
    }

    @Override
    public void strike(Ground ground, Strike strike) {
        JobProcess join = ground.jobs().first("join");
        join.kill();
        strike.struck(join.name());
        try {
            strike.note(damage ? damage(ground) : delete(ground.pipeline().state()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        join.start();
    }

    static String delete(Path folder) throws IOException {
        List<Path> deepestFirst = files(folder, true);
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
        return deepestFirst.isEmpty() ? "killed before it had any state" : "all deleted";
    }

    private static String damage(Ground ground) throws IOException {
        Path folder = ground.pipeline().stateOf(ground.jobs().first("join"));
        List<Path> candidates = files(folder, false);
        if (candidates.isEmpty()) {
            return "killed before it had any state";
        }
        Path victim = candidates.get(ground.random().nextInt(candidates.size()));
        try (RandomAccessFile file = new RandomAccessFile(victim.toFile(), "rw")) {
            long at = (long) (ground.random().nextDouble() * file.length());
            boolean cut = ground.random().nextBoolean();
            if (cut) {
                file.setLength(at);
            } else {
                file.seek(at);
                int before = file.read();
                file.seek(at);
                file.write(before ^ (1 + ground.random().nextInt(255)));
            }
            return folder.relativize(victim) + (cut ? " cut at " : " changed at ") + at;
        }
    }

    /** The deepest first. */
    private static List<Path> files(Path folder, boolean foldersToo) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> foldersToo || isWorthDamaging(path))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }

    private static boolean isWorthDamaging(Path path) {
        return Files.isRegularFile(path) && path.toFile().length() > 0;
    }
}
