package dev.adpipe.schemas.definition;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The block {@code tenant}: who a customer is at the Kafka cluster, and how much of it he may use.
 *
 * @param user     name of the principal that his jobs are known by, without {@code User:}
 * @param password his password, if adpipe makes the user; never printed
 * @param quotas   of all his clients together, at each broker
 */
public record TenantSettings(String user, Optional<String> password, Quotas quotas) {

    /**
     * Empty: no limit.
     *
     * @param producerBytes  bytes a second that he may write
     * @param consumerBytes  bytes a second that he may read
     * @param requestPercent of one broker thread's time
     */
    public record Quotas(OptionalLong producerBytes, OptionalLong consumerBytes, OptionalLong requestPercent) {}

    /** Without the password. */
    @Override
    public String toString() {
        return "TenantSettings[" + user + ", " + quotas + "]";
    }
}
