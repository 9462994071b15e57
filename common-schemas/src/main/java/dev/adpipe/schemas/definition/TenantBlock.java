package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.TenantSettings.Quotas;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The block {@code tenant}, and how the customer's clients log in with what it says. */
final class TenantBlock {
    private static final long LEAST_BYTES = 1024;
    private static final long MOST_BYTES = 1024L * 1024 * 1024 * 1024;
    private static final int MOST_PERCENT = 100_000;

    private final Setting<String> user;
    private final Setting<String> password;
    private final boolean hasPassword;
    private final Setting<Optional<Long>> producerBytes;
    private final Setting<Optional<Long>> consumerBytes;
    private final Setting<Optional<Long>> requestPercent;

    private TenantBlock(ConfigReader in, Setting<String> customer, KafkaBlock kafka) {
        user = (in.has("user") ? in.text("user") : customer)
                .require(TenantBlock::isPrintable, "must not contain control characters");
        hasPassword = in.has("password") || in.has("password-file");
        Setting<String> secret =
                in.secret("password").require(TenantBlock::isPrintable, "must be one line, without control characters");
        password = hasPassword ? kafka.requireScram(secret) : secret;
        ConfigReader quotas = in.block("quotas");
        producerBytes = bytes(quotas, "producer-bytes");
        consumerBytes = bytes(quotas, "consumer-bytes");
        requestPercent = quotas.orNone(
                "request-percent",
                "must be a whole number from 1 to " + MOST_PERCENT + ", or none",
                v -> Optional.ofNullable(ScalarParser.integer(v, 1, MOST_PERCENT))
                        .map(Integer::longValue)
                        .orElse(null));
        quotas.finish();
        in.finish();
    }

    /** Empty if the definition has none. */
    static Optional<TenantBlock> read(ConfigReader pipeline, Setting<String> customer, KafkaBlock kafka) {
        return pipeline.has("tenant")
                ? Optional.of(new TenantBlock(pipeline.block("tenant"), customer, kafka))
                : Optional.empty();
    }

    TenantSettings toSettings() {
        return new TenantSettings(
                user.get(),
                hasPassword ? Optional.of(password.get()) : Optional.empty(),
                new Quotas(limit(producerBytes), limit(consumerBytes), limit(requestPercent)));
    }

    /** The client properties that log the user in; none without a password. */
    Map<String, String> login() {
        return hasPassword
                ? Map.of(
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required username="
                                + quoted(user.get()) + " password=" + quoted(password.get()) + ";")
                : Map.of();
    }

    private static Setting<Optional<Long>> bytes(ConfigReader in, String key) {
        return in.orNone(
                key,
                "must be a size, in bytes a second, from 1KiB to 1024GiB, for example 10MiB, or none",
                v -> ScalarParser.size(v, LEAST_BYTES, MOST_BYTES));
    }

    private static OptionalLong limit(Setting<Optional<Long>> setting) {
        return setting.get().map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    private static boolean isPrintable(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
