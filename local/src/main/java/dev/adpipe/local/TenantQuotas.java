package dev.adpipe.local;

import dev.adpipe.schemas.definition.TenantSettings.Quotas;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;

/** How much of each broker a user's clients may take together. Other values than the definition's are set right and said. */
final class TenantQuotas {
    private final Admin admin;
    private final Consumer<String> report;

    TenantQuotas(Admin admin, Consumer<String> report) {
        this.admin = admin;
        this.report = report;
    }

    void provision(String user, Quotas quotas) {
        ClientQuotaEntity entity = new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, user));
        Map<String, Double> there = Answer.of(admin.describeClientQuotas(ClientQuotaFilter.containsOnly(
                                List.of(ClientQuotaFilterComponent.ofEntity(ClientQuotaEntity.USER, user))))
                        .entities())
                .getOrDefault(entity, Map.of());
        Map<String, OptionalLong> wanted = new LinkedHashMap<>();
        wanted.put("producer_byte_rate", quotas.producerBytes());
        wanted.put("consumer_byte_rate", quotas.consumerBytes());
        wanted.put("request_percentage", quotas.requestPercent());

        List<ClientQuotaAlteration.Op> changes = new ArrayList<>();
        List<String> said = new ArrayList<>();
        wanted.forEach((name, limit) -> {
            Double now = there.get(name);
            Double then = limit.isPresent() ? Double.valueOf((double) limit.getAsLong()) : null;
            if (now == null ? then != null : !now.equals(then)) {
                changes.add(new ClientQuotaAlteration.Op(name, then));
                said.add("set " + name + " from " + text(now) + " to " + text(then));
            }
        });
        if (changes.isEmpty()) {
            report.accept("quotas of user " + user + ": as they should be");
            return;
        }
        Answer.of(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(entity, changes)))
                .all());
        report.accept("quotas of user " + user + ": " + String.join(", ", said));
    }

    private static String text(Double limit) {
        return limit == null ? "none" : Shown.number(Math.round(limit));
    }
}
