package dev.adpipe.output;

import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.JoinedEvent.Part;
import dev.adpipe.schemas.payload.FieldPath;
import dev.adpipe.schemas.payload.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One event of a joined record with its ancestors; payloads are decoded when first asked for, each once per record. */
final class LazyJoinedView implements JoinedView {
    private final JoinedEvent record;
    private final List<Integer> chain;
    private final StreamPayloads payloads;
    private final Payload[] decoded;

    private LazyJoinedView(JoinedEvent record, int place, StreamPayloads payloads, Payload[] decoded) {
        this.record = record;
        this.chain = record.chain(place);
        this.payloads = payloads;
        this.decoded = decoded;
    }

    /** One of each event that the record counts, in the record's order. */
    static List<LazyJoinedView> of(JoinedEvent record, StreamPayloads payloads) {
        Payload[] decoded = new Payload[record.events().size()];
        List<LazyJoinedView> views = new ArrayList<>();
        for (int place = 0; place < decoded.length; place++) {
            if (record.events().get(place).counted()) {
                views.add(new LazyJoinedView(record, place, payloads, decoded));
            }
        }
        return views;
    }

    @Override
    public String joinKey() {
        return record.joinKey();
    }

    @Override
    public String trigger() {
        return counted().stream();
    }

    @Override
    public int ordinal() {
        return counted().ordinal();
    }

    @Override
    public List<String> streams() {
        return chain.stream().map(place -> part(place).stream()).toList();
    }

    @Override
    public Optional<String> id(String stream) {
        int place = placeOf(stream);
        return place < 0 ? Optional.empty() : Optional.of(part(place).id());
    }

    @Override
    public OptionalLong time(String stream) {
        int place = placeOf(stream);
        return place < 0 ? OptionalLong.empty() : OptionalLong.of(part(place).time());
    }

    @Override
    public Object value(String stream, FieldPath field) {
        int place = placeOf(stream);
        if (place < 0) {
            return null;
        }
        if (decoded[place] == null) {
            decoded[place] = payloads.decode(part(place));
        }
        return decoded[place].value(field);
    }

    long rootTime() {
        return part(chain.get(0)).time();
    }

    long triggerTime() {
        return counted().time();
    }

    private Part counted() {
        return part(chain.get(chain.size() - 1));
    }

    private Part part(int place) {
        return record.events().get(place);
    }

    private int placeOf(String stream) {
        for (int i = chain.size() - 1; i >= 0; i--) {
            if (part(chain.get(i)).stream().equals(stream)) {
                return chain.get(i);
            }
        }
        return -1;
    }
}
