package dev.adpipe.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.JoinedEvent.Part;
import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.ShuffledEvent;
import dev.adpipe.schemas.definition.JoinSettings.Emit;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.Mode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What {@code emit = on-close} writes, and when. That it decides as {@code eager} is tested elsewhere. With skew 10 and within
 * 100 an impression is kept for 110, a click for 120.
 */
class OnCloseTest {
    private static final String FAMILY = "imp#1 imp:i@1000 | click#1 imp:i@1000 click:c1@1050";

    @TempDir
    private Path dir;

    private JoinDriver join;

    private static Pipelines impClick() {
        return new Pipelines().stream("imp", 0).stream("click", 100);
    }

    private JoinDriver drive(PipelineDefinition definition, Mode mode) {
        join = new JoinDriver(definition, mode, dir);
        return join;
    }

    private JoinDriver drive(Pipelines pipeline, Mode mode) {
        return drive(pipeline.definition(Emit.ON_CLOSE), mode);
    }

    @AfterEach
    void close() {
        join.close();
    }

    @ParameterizedTest
    @EnumSource
    void oneRecordWhenTheKeyDies(Mode mode) {
        drive(impClick(), mode)
                .event("click", "k", "c1", 1050)
                .event("imp", "k", "i", 1000)
                .event("click", "k", "c2", 1040)
                .event("click", "k", "c2", 1040)
                .watermark(1170);
        assertThat(join.outputs()).isEmpty();
        assertThat(join.books().encode()).isEqualTo("in:4,added:0,emitted:0,duplicate:1,held:3");

        join.watermark(1171);

        assertThat(join.outputs()).containsExactly("joined k " + FAMILY + " | click#2 imp:i@1000 click:c2@1040");
        assertThat(join.books().encode()).isEqualTo("in:4,added:0,emitted:3,duplicate:1,held:0");
        assertThat(join.liveKeys()).isZero();
    }

    /** The payload of the impression stands in the record once. */
    @ParameterizedTest
    @EnumSource
    void aRecordHoldsEachEventOnce(Mode mode) {
        drive(impClick(), mode)
                .event("imp", "k", "i", 1000)
                .event("click", "k", "c1", 1050)
                .event("click", "k", "c2", 1060)
                .watermark(2000);

        assertThat(join.joined()).singleElement().satisfies(record -> {
            assertThat(record.events()).extracting(Part::id).containsExactly("i", "c1", "c2");
            assertThat(record.events()).extracting(Part::parent).containsExactly(-1, 0, 0);
            assertThat(record.events()).extracting(Part::ordinal).containsExactly(1, 1, 2);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatEmitsNothingWritesNothing(Mode mode) {
        drive(impClick(), mode).event("click", "k", "c", 1000).watermark(5000);

        assertThat(join.outputs()).containsExactly("unmatched k click:c@1000 no-parent");
        assertThat(join.liveKeys()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void unmatchedIsWrittenWhenItIsDecided(Mode mode) {
        drive(impClick(), mode)
                .event("imp", "k", "i", 1000)
                .event("click", "k", "c1", 1101)
                .watermark(1112);

        assertThat(join.outputs()).containsExactly("unmatched k click:c1@1101 out-of-window");
        assertThat(join.books().held()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aClosedKeyHasWrittenAllAndWritesNothingMore(Mode mode) {
        drive(impClick().maxKeyLife(300), mode)
                .event("imp", "k", "i", 1000)
                .event("click", "k", "c1", 1050)
                .event("click", "k", "held", 1400) // x = 1520
                .watermark(1300);
        assertThat(join.outputs()).isEmpty();

        join.watermark(1301);
        assertThat(join.outputs()).containsExactly("unmatched k click:held@1400 flood", "joined k " + FAMILY);
        assertThat(join.books().held()).isZero();
        assertThat(join.liveKeys()).isEqualTo(1);

        join.event("imp", "k", "i", 1000)
                .event("click", "k", "c1", 1050)
                .event("imp", "k", "i2", 1290)
                .watermark(5000);
        assertThat(join.outputs()).hasSize(3).endsWith("unmatched k imp:i2@1290 flood");
        assertThat(join.books().duplicate()).isEqualTo(2);
        assertThat(join.liveKeys()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aKeyBornAgainIsWrittenAgainWithoutItsFormerLife(Mode mode) {
        drive(impClick(), mode)
                .event("imp", "k", "i", 1000)
                .watermark(1111)
                .event("imp", "k", "i2", 2000)
                .event("click", "k", "c", 2001)
                .watermark(3000);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k imp#1 imp:i@1000", "joined k imp#1 imp:i2@2000 | click#1 imp:i2@2000 click:c@2001");
    }

    /** A piece of 700 bytes takes about five of these events; the texts show each event's ancestors in its own piece. */
    @ParameterizedTest
    @EnumSource
    void aLargeRecordIsSplitAndRepeatsAncestorsForReference(Mode mode) {
        drive(impClick().stream("conv", 100).maxRecordBytes(700), mode).event("imp", "k", "i", 1000);
        List<String> expected = new ArrayList<>(List.of("imp#1 imp:i@1000"));
        for (int n = 1; n <= 6; n++) {
            String click = "imp:i@1000 click:c" + n + "@" + (1000 + n);
            join.event("click", "k", "c" + n, 1000 + n).event("conv", "k", "v" + n, 1000 + n);
            expected.add("click#" + n + " " + click);
            expected.add("conv#" + n + " " + click + " conv:v" + n + "@" + (1000 + n));
        }
        join.watermark(3000);

        assertThat(join.outputs()).hasSizeGreaterThan(2).allMatch(text -> text.startsWith("joined k "));
        List<String> events = join.outputs().stream()
                .flatMap(text -> List.of(text.substring("joined k ".length()).split(" \\| ")).stream())
                .toList();
        assertThat(events).containsExactlyElementsOf(expected);
        List<JoinedEvent> pieces = join.joined();
        assertThat(pieces.subList(1, pieces.size())).allSatisfy(piece -> {
            assertThat(piece.events().get(0).id()).isEqualTo("i");
            assertThat(piece.events().get(0).ordinal()).isZero();
            assertThat(piece.events().stream().filter(p -> !p.counted())).hasSizeLessThanOrEqualTo(2);
        });
        assertThat(join.real().outputs())
                .allSatisfy(
                        out -> assertThat(out.value().length + out.key().length).isLessThanOrEqualTo(700));
        assertThat(join.books().emitted()).isEqualTo(13);
    }

    /** Nothing that was written is written again, and nothing that was not is forgotten. */
    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void fromEagerToOnCloseWithLiveKeys(Mode mode) {
        drive(impClick().definition(), mode).event("imp", "k", "i", 1000).event("click", "k", "c1", 1050);
        assertThat(join.outputs()).hasSize(2);
        join = join.redefined(impClick().definition(Emit.ON_CLOSE));
        join.watermark(1)
                .event("click", "k", "c2", 1060)
                .event("imp", "k", "i", 1000)
                .event("imp", "n", "j", 1000);
        assertThat(join.outputs()).hasSize(2);
        assertThat(join.books().encode()).isEqualTo("in:5,added:0,emitted:2,duplicate:1,held:2");

        join.watermark(3000);

        assertThat(join.outputs().subList(2, 4))
                .containsExactly("joined n imp#1 imp:j@1000", "joined k click#2 imp:i@1000 click:c2@1060");
        assertThat(join.books().encode()).isEqualTo("in:5,added:0,emitted:4,duplicate:1,held:0");
    }

    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void fromOnCloseToEagerWithLiveKeys(Mode mode) {
        drive(impClick(), mode).event("imp", "k", "i", 1000).event("click", "k", "c1", 1050);
        assertThat(join.outputs()).isEmpty();
        join = join.redefined(impClick().definition());
        join.watermark(1).event("click", "k", "c2", 1060).event("imp", "n", "j", 1000);
        assertThat(join.outputs())
                .containsExactly("joined k click#2 imp:i@1000 click:c2@1060", "joined n imp#1 imp:j@1000");

        join.watermark(3000);

        assertThat(join.outputs()).hasSize(3).endsWith("joined k " + FAMILY);
        assertThat(join.books().encode()).isEqualTo("in:4,added:0,emitted:4,duplicate:0,held:0");
    }

    /** A transaction holds 16 MiB of what is written when keys die, and a record more. */
    @Test
    void largeKeysThatDieTogetherAreWrittenInSeveralTransactions() {
        drive(impClick(), Mode.STRAIGHT);
        for (int n = 0; n < 80; n++) {
            ShuffledEvent large =
                    new ShuffledEvent("imp", "i", 1000, PayloadEncoding.JSON, 7, ByteBuffer.allocate(500_000));
            join.record("k" + n, EnvelopeCodec.encode(large));
        }
        long before = transactions();
        join.watermark(5000);
        assertThat(transactions() - before).isEqualTo(3);
        assertThat(join.books().emitted()).isEqualTo(80);
    }

    private long transactions() {
        return join.real().changelog().stream()
                .filter(entry -> entry.toString().contains("TASK births="))
                .count();
    }
}
