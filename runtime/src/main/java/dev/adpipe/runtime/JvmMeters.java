package dev.adpipe.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.util.List;
import java.util.Map;

/** Micrometer's measures of the Java process, under labels that say whose it is. */
final class JvmMeters implements AutoCloseable {
    private final JvmGcMetrics gc;

    JvmMeters(MeterRegistry registry, Map<String, String> labels) {
        Iterable<Tag> tags = Tags.of(labels.entrySet().stream()
                .map(l -> Tag.of(l.getKey(), l.getValue()))
                .toList());
        gc = new JvmGcMetrics(tags);
        List<MeterBinder> binders = List.of(
                gc,
                new JvmMemoryMetrics(tags),
                new JvmThreadMetrics(tags),
                new ClassLoaderMetrics(tags),
                new ProcessorMetrics(tags),
                new UptimeMetrics(tags),
                new FileDescriptorMetrics(tags));
        binders.forEach(binder -> binder.bindTo(registry));
    }

    @Override
    public void close() {
        gc.close();
    }
}
