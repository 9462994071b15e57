package dev.adpipe.local;

import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The parameter F of most commands. */
public final class DefinitionFile {
    @Parameters(index = "0", paramLabel = "F", description = "The pipeline definition, a HOCON file.")
    private Path file;

    /**
     * @throws dev.adpipe.schemas.definition.InvalidDefinitionException with all mistakes in it
     */
    public PipelineDefinition load() {
        return DefinitionLoader.load(file);
    }
}
