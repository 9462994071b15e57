package dev.adpipe.output;

import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.JoinedEvent.Part;
import dev.adpipe.schemas.payload.FieldPath;
import dev.adpipe.schemas.payload.Payload;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A joined event whose payloads are decoded when first asked for, each once. */
final class LazyJoinedView implements JoinedView {
    private final JoinedEvent event;
    private final StreamPayloads payloads;
    private final Payload[] decoded;

    LazyJoinedView(JoinedEvent event, StreamPayloads payloads) {
        this.event = event;
        this.payloads = payloads;
        this.decoded = new Payload[event.events().size()];
    }

    @Override
    public String joinKey() {
        return event.joinKey();
    }

    @Override
    public String trigger() {
        return event.trigger();
    }

    @Override
    public int ordinal() {
        return event.ordinal();
    }

    @Override
    public List<String> streams() {
        return event.events().stream().map(Part::stream).toList();
    }

    @Override
    public Optional<String> id(String stream) {
        int index = indexOf(stream);
        return index < 0
                ? Optional.empty()
                : Optional.of(event.events().get(index).id());
    }

    @Override
    public OptionalLong time(String stream) {
        int index = indexOf(stream);
        return index < 0
                ? OptionalLong.empty()
                : OptionalLong.of(event.events().get(index).time());
    }

    @Override
    public Object value(String stream, FieldPath field) {
        int index = indexOf(stream);
        if (index < 0) {
            return null;
        }
        if (decoded[index] == null) {
            decoded[index] = payloads.decode(event.events().get(index));
        }
        return decoded[index].value(field);
    }

    long rootTime() {
        return event.events().get(0).time();
    }

    long triggerTime() {
        return event.events().get(event.events().size() - 1).time();
    }

    private int indexOf(String stream) {
        for (int i = event.events().size() - 1; i >= 0; i--) {
            if (event.events().get(i).stream().equals(stream)) {
                return i;
            }
        }
        return -1;
    }
}
