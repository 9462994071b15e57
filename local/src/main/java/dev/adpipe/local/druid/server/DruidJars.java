package dev.adpipe.local.druid.server;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Druid's jars, which are no part of adpipe's class path: Maven finds them by a definition of their own and puts them where it
 * puts all jars, its local repository. The list of their paths is kept, so only the first time needs Maven, and only the
 * first time on a machine needs the network.
 */
public final class DruidJars {
    private static final String POM = "druid-jars.xml";
    private static final Pattern ERROR = Pattern.compile("\\[ERROR] (.+)");

    private final Path folder;
    private final String maven;

    /**
     * @param folder where the list is kept; made if it does not exist
     */
    public DruidJars(Path folder) {
        this(folder, "mvn");
    }

    /** The list lies where adpipe was built, and goes when it is built from scratch. */
    public static DruidJars besideOurClasses() {
        return new DruidJars(OurClasses.location().resolveSibling("druid"));
    }

    DruidJars(Path folder, String maven) {
        this.folder = folder;
        this.maven = maven;
    }

    /**
     * Their paths.
     *
     * @param progress is told when they are fetched, several times a second
     * @throws DruidException if they cannot be had; the message says why and what to do
     */
    public List<Path> find(Consumer<Fetched> progress) throws InterruptedException {
        try {
            Optional<List<Path>> known = known();
            return known.isPresent() ? known.get() : ask(progress);
        } catch (IOException e) {
            throw new DruidException("the list of Druid's jars cannot be kept in " + folder + ": " + e, e);
        }
    }

    private Optional<List<Path>> known() throws IOException {
        if (!Files.exists(list())
                || !Files.exists(pom())
                || !Files.readString(pom()).equals(definition())) {
            return Optional.empty();
        }
        List<Path> jars = jars(Files.readString(list()));
        return jars.stream().allMatch(Files::exists) ? Optional.of(jars) : Optional.empty();
    }

    private List<Path> ask(Consumer<Fetched> progress) throws IOException, InterruptedException {
        progress.accept(Fetched.NOTHING);
        Files.createDirectories(folder);
        Files.deleteIfExists(list());
        Files.writeString(pom(), definition());
        Path made = Files.createTempFile(folder, "druid", ".classpath");
        run(made, progress);
        List<Path> jars = jars(Files.readString(made));
        Files.move(made, list(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return jars;
    }

    private void run(Path made, Consumer<Fetched> progress) throws IOException, InterruptedException {
        Process process = start(made);
        Fetched fetched = Fetched.NOTHING;
        List<String> errors = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Fetched now = fetched.plus(line);
                if (!now.equals(fetched)) {
                    progress.accept(now);
                }
                fetched = now;
                var error = ERROR.matcher(line);
                if (error.matches()) {
                    errors.add(error.group(1));
                }
            }
        }
        int code = process.waitFor();
        if (code != 0) {
            throw new DruidException("Druid's jars cannot be fetched. Maven, with " + pom() + ", says: "
                    + (errors.isEmpty() ? "nothing; its exit code is " + code : errors.get(0))
                    + "\n"
                    + "It needs the network, the first time only, and takes proxies and mirrors from its"
                    + " settings.xml");
        }
    }

    private Process start(Path made) {
        try {
            return new ProcessBuilder(
                            maven,
                            "-B",
                            "-Dstyle.color=never",
                            "-f",
                            pom().toString(),
                            "dependency:build-classpath",
                            "-Dmdep.includeScope=runtime",
                            "-Dmdep.outputFile=" + made)
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new DruidException(
                    "Druid's jars are fetched by Maven, and '" + maven + "' cannot be run: " + e.getMessage()
                            + ". Install Maven 3.8 or newer, on Debian: apt-get install maven",
                    e);
        }
    }

    private Path pom() {
        return folder.resolve(POM);
    }

    private Path list() {
        return folder.resolve("druid.classpath");
    }

    private static List<Path> jars(String list) {
        return Stream.of(list.strip().split(File.pathSeparator)).map(Path::of).toList();
    }

    private static String definition() {
        try (InputStream in = DruidJars.class.getResourceAsStream(POM)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the definition of Druid's jars cannot be read from the class path", e);
        }
    }
}
