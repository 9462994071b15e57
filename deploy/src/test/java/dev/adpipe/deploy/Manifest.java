package dev.adpipe.deploy;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks an object against its kind, strictly: unknown fields, wrong types and missing ones are errors. Kubernetes' own
 * kinds by the models of its Java client; the three of others by the fields that the chart may use.
 */
final class Manifest {
    private static final Map<String, Check> KINDS = Map.of(
            "v1/ConfigMap", V1ConfigMap::validateJsonElement,
            "v1/Service", V1Service::validateJsonElement,
            "apps/v1/StatefulSet", V1StatefulSet::validateJsonElement,
            "apps/v1/Deployment", V1Deployment::validateJsonElement,
            "batch/v1/Job", V1Job::validateJsonElement,
            "policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
            "networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy::validateJsonElement);

    private static final Map<String, Set<String>> SPECS_OF_OTHERS = Map.of(
            "keda.sh/v1alpha1/ScaledObject",
                    Set.of(
                            "scaleTargetRef",
                            "minReplicaCount",
                            "maxReplicaCount",
                            "pollingInterval",
                            "advanced",
                            "triggers"),
            "monitoring.coreos.com/v1/ServiceMonitor", Set.of("selector", "endpoints"),
            "monitoring.coreos.com/v1/PrometheusRule", Set.of("groups"));

    private Manifest() {}

    @FunctionalInterface
    private interface Check {
        void of(JsonElement json) throws IOException;
    }

    /** What is wrong with an object; empty: nothing. */
    static Optional<String> problem(Node object) {
        String kind = kind(object);
        Check check = KINDS.get(kind);
        if (check == null) {
            return ofOthers(kind, object);
        }
        try {
            check.of(new Gson().toJsonTree(object.value()));
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of(kind + " " + object.at("metadata", "name").text() + ": " + e.getMessage());
        }
    }

    static String kind(Node object) {
        return object.at("apiVersion").text() + "/" + object.at("kind").text();
    }

    private static Optional<String> ofOthers(String kind, Node object) {
        Set<String> allowed = SPECS_OF_OTHERS.get(kind);
        if (allowed == null) {
            return Optional.of(kind + ": no such kind is known here");
        }
        return object.at("spec").keys().stream()
                .filter(field -> !allowed.contains(field))
                .map(field -> kind + ": spec." + field + " is not known here")
                .findAny();
    }
}
