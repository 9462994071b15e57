package dev.adpipe.local.scaling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Kubernetes' HorizontalPodAutoscaler with the behaviour of the chart's ScaledObject, whose numbers are read from there: the
 * metric is the number of pods that is wanted (AverageValue, threshold 1). Its own rules, from Kubernetes' documentation
 * "Horizontal Pod Autoscaling": asked each 15 s, a difference within 10 % is none, the lowest number of the stabilization window
 * counts upwards and the highest downwards, then the policies bound the change.
 */
final class Hpa {
    static final int PERIOD = 15;
    private static final double TOLERANCE = 0.1;
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private record At(int second, int pods) {}

    private final int upWindow;
    private final int upPercent;
    private final int upPeriod;
    private final int downWindow;
    private final int downPods;
    private final int downPeriod;
    private final Deque<At> wanted = new ArrayDeque<>();
    private final Deque<At> had = new ArrayDeque<>();

    Hpa() throws IOException {
        String chart = Files.readString(ROOT.resolve("deploy/helm/adpipe/templates/scaling.yaml"));
        String up = chart.substring(chart.indexOf("scaleUp:"), chart.indexOf("scaleDown:"));
        String down = chart.substring(chart.indexOf("scaleDown:"), chart.indexOf("triggers:"));
        upWindow = number(up, "stabilizationWindowSeconds: (\\d+)");
        upPercent = number(up, "type: Percent\\s+value: (\\d+)");
        upPeriod = number(up, "periodSeconds: (\\d+)");
        downPods = number(down, "type: Pods\\s+value: (\\d+)");
        downPeriod = number(down, "periodSeconds: (\\d+)");
        if (!down.contains("stabilizationWindowSeconds: {{ $.Values.autoscaling.scaleDownSeconds }}")) {
            throw new IllegalStateException("the chart's scaleDown is not as this test takes it:\n" + down);
        }
        downWindow =
                number(Files.readString(ROOT.resolve("deploy/helm/adpipe/values.yaml")), "scaleDownSeconds: (\\d+)");
    }

    private static int number(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("the chart has no " + pattern + " in\n" + text);
        }
        return Integer.parseInt(matcher.group(1));
    }

    /**
     * How many pods there are to be.
     *
     * @param metric empty: the metric is not there, and the number stays
     */
    int pods(int second, int present, OptionalInt metric, int most) {
        had.addLast(new At(second, present));
        forget(had, second, Math.max(upPeriod, downPeriod));
        if (metric.isEmpty()) {
            return present;
        }
        double ratio = metric.getAsInt() / (double) present;
        int desired = Math.abs(1 - ratio) <= TOLERANCE ? present : Math.min(most, Math.max(1, metric.getAsInt()));
        wanted.addLast(new At(second, desired));
        forget(wanted, second, Math.max(upWindow, downWindow));
        int up = since(second - upWindow).min().orElseThrow();
        int down = since(second - downWindow).max().orElseThrow();
        int stable = Math.min(Math.max(present, up), down);
        if (stable > present) {
            int before = hadAt(second - upPeriod);
            return Math.min(stable, Math.max(present, (int) Math.ceil(before * (1 + upPercent / 100.0))));
        }
        return Math.max(stable, Math.min(present, hadAt(second - downPeriod) - downPods));
    }

    private IntStream since(int second) {
        return wanted.stream().filter(at -> at.second() >= second).mapToInt(At::pods);
    }

    private int hadAt(int second) {
        return had.stream()
                .filter(at -> at.second() >= second)
                .findFirst()
                .orElseThrow()
                .pods();
    }

    private static void forget(Deque<At> all, int second, int window) {
        while (second - all.getFirst().second() > window) {
            all.removeFirst();
        }
    }
}
