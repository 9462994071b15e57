package dev.adpipe.schemas.definition;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How Druid's Kafka supervisor reads and stores the rows; the rest of {@code sink { type = druid-kafka }}.
 *
 * @param overlord empty: the specification is shown, and somebody else sends it
 * @param rollup   rows of one datasource with equal dimensions and equal time, after the query granularity, become one
 * @param consumer properties of Druid's Kafka consumers, beyond and above those of the pipeline; values may be secrets
 * @param tuning   {@code tuningConfig}, as Druid has it, but for what adpipe sets
 * @param io       {@code ioConfig}, likewise
 */
public record DruidSettings(
        Optional<Overlord> overlord,
        Granularity segmentGranularity,
        Granularity queryGranularity,
        boolean rollup,
        int taskCount,
        int replicas,
        Duration taskDuration,
        Map<String, String> consumer,
        Map<String, Object> tuning,
        Map<String, Object> io) {

    public DruidSettings {
        consumer = Collections.unmodifiableMap(new TreeMap<>(consumer));
        tuning = Collections.unmodifiableMap(new LinkedHashMap<>(tuning));
        io = Collections.unmodifiableMap(new LinkedHashMap<>(io));
    }

    /** Druid's names, in lower case and with hyphens in the definition; from fine to coarse. */
    public enum Granularity {
        NONE,
        SECOND,
        MINUTE,
        FIVE_MINUTE,
        TEN_MINUTE,
        FIFTEEN_MINUTE,
        THIRTY_MINUTE,
        HOUR,
        SIX_HOUR,
        DAY,
        WEEK,
        MONTH,
        QUARTER,
        YEAR
    }

    /**
     * Where the supervisor is managed: an overlord, or a router in front of it.
     *
     * @param credentials for Basic authentication
     * @param tls         empty: the certificates that Java trusts
     */
    public record Overlord(URI address, Optional<Credentials> credentials, Optional<Tls> tls) {}

    /** Never printed. */
    public record Credentials(String user, String password) {
        @Override
        public String toString() {
            return "Credentials[hidden]";
        }
    }

    /** Certificates to trust, and one to show; both files PKCS12 or JKS. */
    public record Tls(Optional<Store> truststore, Optional<Store> keystore) {}

    /** Its password is never printed. */
    public record Store(Path file, String password) {
        @Override
        public String toString() {
            return "Store[" + file + "]";
        }
    }

    /** Whether the value of a Kafka client's property must not be printed, by the words in its name. */
    public static boolean isSecretProperty(String name) {
        return Shown.isSecretProperty(name);
    }

    /** Without the consumer's properties, which may be secrets. */
    @Override
    public String toString() {
        return "DruidSettings[" + overlord + ", segments by " + segmentGranularity + ", queries by " + queryGranularity
                + ", rollup " + rollup + "]";
    }
}
