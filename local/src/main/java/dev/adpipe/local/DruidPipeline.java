package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The pipeline whose supervisor is meant: that of the definition, or of one of its replays. */
final class DruidPipeline {
    @Mixin
    private DefinitionFile definition;

    @Option(
            names = "--replay",
            paramLabel = "NAME",
            description = "The supervisor of this replay, which fills a datasource of its own.")
    private String replay;

    PipelineDefinition load() {
        PipelineDefinition live = definition.load();
        try {
            return replay == null ? live : live.replay(replay);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--replay: " + e.getMessage());
        }
    }
}
