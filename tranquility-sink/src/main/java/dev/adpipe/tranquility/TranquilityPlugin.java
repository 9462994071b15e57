package dev.adpipe.tranquility;

import com.metamx.common.Granularity;
import com.metamx.tranquility.beam.ClusteredBeamTuning;
import com.metamx.tranquility.druid.DruidBeamConfig;
import com.metamx.tranquility.druid.DruidBeams;
import com.metamx.tranquility.druid.DruidDimensions;
import com.metamx.tranquility.druid.DruidLocation;
import com.metamx.tranquility.druid.DruidRollup;
import com.metamx.tranquility.tranquilizer.Tranquilizer;
import dev.adpipe.output.push.PushPlugin;
import dev.adpipe.output.push.PushSettings;
import dev.adpipe.output.push.PushTarget;
import io.druid.data.input.impl.TimestampSpec;
import io.druid.granularity.QueryGranularity;
import io.druid.query.aggregation.AggregatorFactory;
import io.druid.query.aggregation.DoubleSumAggregatorFactory;
import io.druid.query.aggregation.LongSumAggregatorFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.BoundedExponentialBackoffRetry;
import org.joda.time.Period;

/** Pushes rows to Druid with Tranquility. Stateless; made by {@code ServiceLoader}. */
public final class TranquilityPlugin implements PushPlugin {
    private static final int FIRST_RETRY_MS = 100;
    private static final int LONGEST_RETRY_MS = 3_000;
    private static final int RETRIES = 10;
    private static final Period ZOOKEEPER_TIMEOUT = Period.seconds(20);

    @Override
    public PushTarget connect(PushSettings settings) {
        Map<String, String> properties = settings.properties();
        int timeout = (int) period(properties, "zookeeper.timeout", ZOOKEEPER_TIMEOUT)
                .toStandardDuration()
                .getMillis();
        CuratorFramework zookeeper = CuratorFrameworkFactory.builder()
                .connectString(settings.zookeeper())
                .sessionTimeoutMs(timeout)
                .retryPolicy(new BoundedExponentialBackoffRetry(FIRST_RETRY_MS, LONGEST_RETRY_MS, RETRIES))
                .build();
        zookeeper.start();
        return new TranquilityTarget(
                settings.datasource(),
                zookeeper,
                settings.discoveryPath() + "/" + settings.overlord().replace('/', ':'),
                () -> tranquilizer(settings, zookeeper));
    }

    private static Tranquilizer<PushedEvent> tranquilizer(PushSettings settings, CuratorFramework zookeeper) {
        Map<String, String> properties = settings.properties();
        return DruidBeams.builder(new PushedEvent.Times())
                .curator(zookeeper)
                .discoveryPath(settings.discoveryPath())
                .location(DruidLocation.create(settings.overlord(), settings.datasource()))
                .timestampSpec(new TimestampSpec(settings.timeColumn(), "iso", null))
                .rollup(DruidRollup.create(
                        DruidDimensions.specific(settings.dimensions()),
                        aggregators(settings),
                        QueryGranularity.fromString(settings.queryGranularity()),
                        settings.rollup()))
                .tuning(ClusteredBeamTuning.builder()
                        .segmentGranularity(Granularity.valueOf(settings.segmentGranularity()))
                        .windowPeriod(window(settings))
                        .warmingPeriod(period(properties, "task.warmingPeriod", Period.ZERO))
                        .partitions(settings.partitions())
                        .replicants(settings.replicants())
                        .build())
                .druidBeamConfig(beam(settings))
                .objectWriter(new PushedEvent.Json())
                .buildTranquilizer(batches(properties));
    }

    private static List<AggregatorFactory> aggregators(PushSettings settings) {
        List<AggregatorFactory> sums = new ArrayList<>();
        settings.longMetrics().forEach(name -> sums.add(new LongSumAggregatorFactory(name, name)));
        settings.doubleMetrics().forEach(name -> sums.add(new DoubleSumAggregatorFactory(name, name)));
        return sums;
    }

    private static Period window(PushSettings settings) {
        return Period.seconds((int) settings.windowPeriod().toSeconds());
    }

    private static DruidBeamConfig beam(PushSettings settings) {
        Map<String, String> properties = settings.properties();
        DruidBeamConfig standard = DruidBeamConfig.builder().build();
        return DruidBeamConfig.builder()
                .firehoseGracePeriod(
                        period(properties, "druidBeam.firehoseGracePeriod", standard.firehoseGracePeriod()))
                .firehoseQuietPeriod(
                        period(properties, "druidBeam.firehoseQuietPeriod", standard.firehoseQuietPeriod()))
                // Rows beyond it are dropped, not given back, and a task may take longer to start than Tranquility's
                // own minute.
                .firehoseRetryPeriod(period(properties, "druidBeam.firehoseRetryPeriod", window(settings)))
                .indexRetryPeriod(period(properties, "druidBeam.indexRetryPeriod", standard.indexRetryPeriod()))
                .firehoseChunkSize(number(properties, "druidBeam.firehoseChunkSize", standard.firehoseChunkSize()))
                .firehoseBufferSize(number(properties, "druidBeam.firehoseBufferSize", standard.firehoseBufferSize()))
                .randomizeTaskId(Boolean.parseBoolean(properties.get("druidBeam.randomizeTaskId")))
                .taskLocator(properties.getOrDefault("druidBeam.taskLocator", "curator"))
                .build();
    }

    private static Tranquilizer.Builder batches(Map<String, String> properties) {
        return Tranquilizer.builder()
                .maxBatchSize(number(properties, "tranquility.maxBatchSize", 2_000))
                .maxPendingBatches(number(properties, "tranquility.maxPendingBatches", 5))
                .lingerMillis(number(properties, "tranquility.lingerMillis", 0))
                .blockOnFull(true);
    }

    private static Period period(Map<String, String> properties, String name, Period otherwise) {
        return value(properties, name, Period::parse, otherwise);
    }

    private static int number(Map<String, String> properties, String name, int otherwise) {
        return value(properties, name, Integer::valueOf, otherwise);
    }

    private static <T> T value(Map<String, String> properties, String name, Function<String, T> parser, T otherwise) {
        String given = properties.get(name);
        return given == null ? otherwise : parser.apply(given);
    }
}
