package dev.adpipe.runtime.state;

import static dev.adpipe.runtime.state.StateLab.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChangelogCodecTest {
    private static final EntriesChange CHANGE = new EntriesChange(
            true,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MIN_VALUE + 1,
            List.of(Map.entry(bytes("name"), new byte[0]), Map.entry(new byte[] {0}, bytes("value"))),
            List.of(bytes("gone")));

    @Test
    void everyKindComesBack() {
        ChangelogRecord record = ChangelogCodec.encode(bytes("key"), CHANGE, 0);
        assertThat(ChangelogCodec.keyOf(record.key())).isEqualTo(bytes("key"));
        EntriesChange decoded = (EntriesChange) ChangelogCodec.decode(record.key(), record.value());
        assertThat(decoded.full()).isTrue();
        assertThat(decoded.deadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(decoded.due()).isEqualTo(Long.MIN_VALUE + 1);
        assertThat(decoded.sets().get(1).getValue()).isEqualTo(bytes("value"));
        assertThat(ChangelogCodec.encode(bytes("key"), decoded, 0).value()).isEqualTo(record.value());
        TaskRecord task = new TaskRecord(7, Optional.of(new OrderedKey(-9, bytes("k"))), Optional.of(new byte[0]));
        ChangelogRecord own = ChangelogCodec.encodeTask(task);
        assertThat(ChangelogCodec.decode(own.key(), own.value()))
                .usingRecursiveComparison()
                .isEqualTo(new ChangelogChange.Task(task));
        ChangelogRecord close = ChangelogCodec.encodeClose(new byte[0], 300);
        assertThat(ChangelogCodec.decode(close.key(), close.value())).isEqualTo(new ChangelogChange.Close(300));
    }

    @Test
    void anythingCutOffOrAddedIsRefused() {
        ChangelogRecord record = ChangelogCodec.encode(bytes("key"), CHANGE, 0);
        for (int length = 0; length < record.value().length; length++) {
            byte[] cut = Arrays.copyOf(record.value(), length);
            assertThatThrownBy(() -> ChangelogCodec.decode(record.key(), cut))
                    .isInstanceOf(MalformedBytesException.class);
        }
        byte[] longer = Arrays.copyOf(record.value(), record.value().length + 1);
        assertThatThrownBy(() -> ChangelogCodec.decode(record.key(), longer)).hasMessageContaining("left over");
        assertThatThrownBy(() -> ChangelogCodec.decode(new byte[] {0}, record.value()))
                .hasMessageContaining("does not fit its key");
        assertThatThrownBy(() -> ChangelogCodec.decode(record.key(), null)).hasMessageContaining("no value");
    }

    @Test
    void recordsReadWell() {
        ChangelogRecord record = ChangelogCodec.encode(bytes("imp-ä"), CHANGE, 0);
        assertThat(ChangelogDescription.describe(record.key(), record.value()))
                .isEqualTo("FULL imp-ä birth=9223372036854775807 deadline=9223372036854775807"
                        + " due=-9223372036854775807 +name[0 bytes] +0x00[5 bytes] -gone");
        assertThat(ChangelogDescription.describe(bytes("x"), bytes("y"))).startsWith("not a changelog record: ");
        assertThat(ChangelogDescription.describe(null, null)).startsWith("not a changelog record: ");
    }
}
