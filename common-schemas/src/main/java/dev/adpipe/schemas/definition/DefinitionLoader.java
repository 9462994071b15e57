package dev.adpipe.schemas.definition;

import java.nio.file.Path;
import java.util.Map;

/**
 * Reads a pipeline definition. Stateless; may be called by any thread.
 *
 * <p>The file is HOCON. Every key, with its default, unit and meaning, is in the resource
 * {@code dev/adpipe/schemas/definition/reference.conf}. {@code ${VAR}} is an environment variable that must be set,
 * {@code ${?VAR}} one that may be. Relative paths are relative to the definition's folder, that of local state included.
 */
public final class DefinitionLoader {
    private DefinitionLoader() {}

    /**
     * @throws InvalidDefinitionException with all mistakes at once, also when the file cannot be read
     */
    public static PipelineDefinition load(Path file) {
        return load(file, System.getenv());
    }

    /** With other variables than those of this process. */
    static PipelineDefinition load(Path file, Map<String, String> environment) {
        Problems problems = new Problems(file);
        DefinitionText text = DefinitionText.read(problems, environment)
                .orElseThrow(() -> new InvalidDefinitionException(problems.sorted()));
        ConfigReader root = ConfigReader.root(problems, text, Reference.definition());
        PipelineBlock pipeline = new PipelineBlock(root.block("pipeline"));
        root.finish();
        problems.throwIfAny();
        return pipeline.toDefinition(file);
    }
}
