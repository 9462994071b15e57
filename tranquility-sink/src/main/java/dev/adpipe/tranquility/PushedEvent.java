package dev.adpipe.tranquility;

import com.metamx.tranquility.typeclass.JavaObjectWriter;
import com.metamx.tranquility.typeclass.Timestamper;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Iterator;
import org.joda.time.DateTime;
import org.joda.time.DateTimeZone;

/** A row as Tranquility carries it: its time, and JSON that is passed on as it is. */
final class PushedEvent {
    private final long time;
    private final byte[] json;

    /**
     * @param time milliseconds since the epoch
     * @param json an object, in UTF-8
     */
    PushedEvent(long time, byte[] json) {
        this.time = time;
        this.json = json;
    }

    /** By its content: of several tasks that share a segment, equal rows go to the same. */
    @Override
    public int hashCode() {
        return Arrays.hashCode(json);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PushedEvent event && time == event.time && Arrays.equals(json, event.json);
    }

    static final class Times implements Timestamper<PushedEvent> {
        private static final long serialVersionUID = 1;

        @Override
        public DateTime timestamp(PushedEvent event) {
            return new DateTime(event.time, DateTimeZone.UTC);
        }
    }

    static final class Json implements JavaObjectWriter<PushedEvent> {
        private static final long serialVersionUID = 1;

        @Override
        public byte[] asBytes(PushedEvent event) {
            return event.json;
        }

        @Override
        public byte[] batchAsBytes(Iterator<PushedEvent> events) {
            ByteArrayOutputStream array = new ByteArrayOutputStream();
            array.write('[');
            while (events.hasNext()) {
                array.writeBytes(events.next().json);
                if (events.hasNext()) {
                    array.write(',');
                }
            }
            array.write(']');
            return array.toByteArray();
        }

        @Override
        public String contentType() {
            return "application/json";
        }
    }
}
