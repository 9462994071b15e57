package dev.adpipe.output;

import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.CompactedTopic;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.TopicLookup;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lookup that follows a compacted topic, on the thread of a {@link CompactedTopic}: a change counts for the very next row,
 * however busy the container is. While the topic has to be read as a whole again, the former table stays in use.
 */
final class TopicTable implements LiveLookup, CompactedTopic.Table {
    private static final Logger LOG = LoggerFactory.getLogger(TopicTable.class);

    private final String name;
    private final TopicLookup declared;
    private final Freshness freshness;
    private final CompactedTopic reader;
    private volatile TopicNames names;
    private TopicNames next;
    private long bad;

    /**
     * Starts to read.
     *
     * @param kafka    client properties of the pipeline
     * @param clientId of its clients
     */
    TopicTable(String name, TopicLookup declared, Map<String, String> kafka, String clientId, Clock clock) {
        this.name = name;
        this.declared = declared;
        this.names = new TopicNames(declared);
        this.freshness = new Freshness(name, clock);
        this.reader = new CompactedTopic(kafka, clientId, declared.topic(), clock, this);
    }

    @Override
    public String find(String key) {
        return names.find(key);
    }

    @Override
    public Optional<String> waitsFor() {
        return freshness.waitsFor();
    }

    @Override
    public long entries() {
        return names.size();
    }

    @Override
    public long ageMillis() {
        return freshness.ageMillis();
    }

    @Override
    public void begin() {
        next = new TopicNames(declared);
        bad = 0;
    }

    @Override
    public void change(byte[] key, byte[] value) {
        try {
            next.change(key, value);
        } catch (BadValueException e) {
            bad++;
            if (Long.bitCount(bad) == 1) {
                LOG.warn(
                        "lookup {}: a record of topic {} is passed over, number {} of them: {}",
                        name,
                        declared.topic(),
                        bad,
                        e.getMessage());
            }
        }
    }

    @Override
    public void whole() {
        names = next;
        LOG.info("lookup {}: {} names from topic {}", name, names.size(), declared.topic());
    }

    @Override
    public void currentAt(long millis) {
        freshness.currentAt(millis);
    }

    @Override
    public void reading(String how) {
        freshness.loading(how);
    }

    @Override
    public void waiting(String why) {
        freshness.failed(why);
    }

    @Override
    public void close() {
        reader.close();
    }
}
