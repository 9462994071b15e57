package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.Topics;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The block {@code pipeline}: reads its parts and checks what concerns several of them. */
final class PipelineBlock {
    static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");
    static final String NAME_RULE = "must be small letters, digits and hyphens, the first no hyphen";

    private static final Pattern STAGE = Pattern.compile("-(shuffle|join|output)(-|$)");

    /**
     * Kafka allows 249 characters. The longest name is a client's: prefix, {@code -shuffle-}, an instance of up to 63
     * characters (a host's name), a hyphen and a number of up to 5 digits.
     */
    static final int LONGEST_PREFIX = 249 - "-shuffle-".length() - 63 - 1 - 5;

    private final Setting<String> customer;
    private final Setting<String> name;
    private final KafkaBlock kafka;
    private final Optional<TenantBlock> tenant;
    private final StreamsBlock streams;
    private final ShuffleBlock shuffle;
    private final JoinBlock join;
    private final OutputBlock output;
    private final RuntimeBlock runtime;

    PipelineBlock(ConfigReader in) {
        customer = in.text("customer").require(c -> NAME.matcher(c).matches(), NAME_RULE);
        name = in.text("name")
                .require(n -> NAME.matcher(n).matches(), NAME_RULE)
                .require(
                        n -> !STAGE.matcher(n).find(),
                        "must not have -shuffle, -join or -output in it: ids are <customer>.<name>-<stage>-<instance>, and"
                                + " two pipelines' could be the same");
        kafka = new KafkaBlock(in.block("kafka"));
        tenant = TenantBlock.read(in, customer, kafka);
        streams = new StreamsBlock(in, topics());
        shuffle = new ShuffleBlock(in.block("shuffle"));
        join = new JoinBlock(in.block("join"), streams.windows());
        output = new OutputBlock(in.block("output"), streams.names());
        runtime = new RuntimeBlock(in.block("runtime"));
        in.finish();
    }

    /** Empty if the names are wrong; that is reported. */
    private Optional<Topics> topics() {
        if (!customer.isPresent() || !name.isPresent()) {
            return Optional.empty();
        }
        String prefix = customer.get() + "." + name.get();
        if (prefix.length() > LONGEST_PREFIX) {
            name.reject("customer and name together are " + (prefix.length() - 1) + " characters long, at most "
                    + (LONGEST_PREFIX - 1) + " leave room for the names of topics, groups and clients (249 in Kafka)");
        }
        return Optional.of(new Topics(prefix));
    }

    PipelineDefinition toDefinition(Path file) {
        Map<String, String> properties = kafka.toProperties();
        tenant.ifPresent(t -> properties.putAll(t.login()));
        return new PipelineDefinition(
                file,
                customer.get(),
                name.get(),
                properties,
                streams.toDefinitions(),
                shuffle.toSettings(),
                join.toSettings(),
                output.toSettings(),
                runtime.toSettings(),
                tenant.map(TenantBlock::toSettings));
    }
}
