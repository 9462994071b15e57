package dev.adpipe.join;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From when on an event is late if it is no known duplicate: when W &gt; its time + keep. When the definition's windows get
 * longer, event times up to the latest one taken so far stay at the shorter keep: the key of such an event may have died
 * by it, and a copy that were not late would be emitted again. Used by one thread.
 */
final class Horizons {
    /** For event times up to this, keep was once this short. */
    private record Former(long upTo, long keep) {}

    /** Of one stream: keep as last defined, and what is left of former ones. */
    private record Keeps(long current, List<Former> former) {}

    private final Map<String, Keeps> keeps = new LinkedHashMap<>();

    private Funnel funnel;
    private Former[][] formerByStream;

    static Horizons read(DataInputStream in) throws IOException {
        Horizons horizons = new Horizons();
        for (int left = in.readUnsignedByte(); left > 0; left--) {
            String stream = in.readUTF();
            long current = in.readLong();
            List<Former> former = new ArrayList<>();
            for (int more = in.readUnsignedShort(); more > 0; more--) {
                former.add(new Former(in.readLong(), in.readLong()));
            }
            horizons.keeps.put(stream, new Keeps(current, former));
        }
        return horizons;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeByte(keeps.size());
        for (Map.Entry<String, Keeps> stream : keeps.entrySet()) {
            out.writeUTF(stream.getKey());
            out.writeLong(stream.getValue().current());
            out.writeShort(stream.getValue().former().size());
            for (Former former : stream.getValue().former()) {
                out.writeLong(former.upTo());
                out.writeLong(former.keep());
            }
        }
    }

    /**
     * Takes the definition in; streams that it does not have any more are remembered.
     *
     * @param latestTaken latest event time taken under the definition before
     * @param watermark   W
     * @return whether anything is to be written that was not before
     */
    boolean define(Funnel defined, long latestTaken, long watermark) {
        boolean changed = false;
        funnel = defined;
        formerByStream = new Former[defined.size()][];
        for (int stream = 0; stream < defined.size(); stream++) {
            long keep = defined.keep(stream);
            Keeps known = keeps.get(defined.name(stream));
            if (known == null || known.current() != keep) {
                changed = true;
                known = known == null ? new Keeps(keep, List.of()) : changed(known, keep, latestTaken, watermark);
                keeps.put(defined.name(stream), known);
            }
            formerByStream[stream] = known.former().toArray(new Former[0]);
        }
        return changed;
    }

    private static Keeps changed(Keeps known, long keep, long latestTaken, long watermark) {
        List<Former> former = new ArrayList<>(known.former());
        if (known.current() < keep) {
            // What is said here of all times up to a later one, need not be said again.
            former.removeIf(f -> f.upTo() <= latestTaken && f.keep() >= known.current());
            former.add(new Former(latestTaken, known.current()));
        }
        former.removeIf(f -> Millis.plus(f.upTo(), Math.max(keep, known.current())) < watermark);
        return new Keeps(keep, former);
    }

    /** The event of the stream is late, if it is no duplicate, when W is greater than this. */
    long of(int stream, long eventTime) {
        long keep = funnel.keep(stream);
        for (Former former : formerByStream[stream]) {
            if (eventTime <= former.upTo()) {
                keep = Math.min(keep, former.keep());
            }
        }
        return Millis.plus(eventTime, keep);
    }
}
