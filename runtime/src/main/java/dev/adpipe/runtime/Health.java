package dev.adpipe.runtime;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The health of a process: that of all its containers. Thread-safe. */
final class Health {
    private final List<ContainerHealth> containers = new CopyOnWriteArrayList<>();

    /**
     * @param ok   whether everything is
     * @param body says so for each container, JSON
     */
    record Answer(boolean ok, String body) {}

    ContainerHealth add(String container) {
        ContainerHealth health = new ContainerHealth(container);
        containers.add(health);
        return health;
    }

    /** A process whose containers are still being made lives. */
    Answer live() {
        return answer("live", true, ContainerHealth::whyNotLive);
    }

    Answer ready() {
        return answer("ready", !containers.isEmpty(), ContainerHealth::whyNotReady);
    }

    private Answer answer(String word, boolean atLeast, Function<ContainerHealth, Optional<String>> whyNot) {
        boolean ok = atLeast;
        for (ContainerHealth container : containers) {
            ok &= whyNot.apply(container).isEmpty();
        }
        String each =
                containers.stream().map(c -> entry(word, c, whyNot.apply(c))).collect(Collectors.joining(","));
        return new Answer(ok, "{\"status\":\"" + status(word, ok) + "\",\"containers\":[" + each + "]}\n");
    }

    private static String entry(String word, ContainerHealth container, Optional<String> whyNot) {
        return "{\"container\":" + quote(container.container()) + ",\"status\":\"" + status(word, whyNot.isEmpty())
                + "\"" + whyNot.map(why -> ",\"why\":" + quote(why)).orElse("") + "}";
    }

    private static String status(String word, boolean ok) {
        return ok ? word : "not " + word;
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
