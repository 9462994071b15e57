package dev.adpipe.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.ProgressTick;
import dev.adpipe.schemas.definition.JoinSettings.Emit;
import dev.adpipe.testkit.Mode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every case of the table of DESIGN §5, in both emit modes: what is expected here is {@code eager}; {@code on-close} gets
 * the same input and is compared with it, see {@link SameDecisions}. With skew 10 and within 100 an impression is kept for 110 and a click for 120.
 */
class JoinTableTest {
    private static Pipelines impClick() {
        return new Pipelines().stream("imp", 0).stream("click", 100);
    }

    private static Pipelines impClickConversion() {
        return impClick().stream("conv", 200);
    }

    @TempDir
    private Path dir;

    private JoinDriver open;

    private JoinDriver drive(Pipelines pipeline, Mode mode) {
        JoinDriver onClose = new JoinDriver(pipeline.definition(Emit.ON_CLOSE), mode, dir.resolve("on-close"));
        open = new JoinDriver(pipeline.definition(), mode, dir.resolve("eager")).beside(onClose);
        return open;
    }

    @AfterEach
    void close() {
        open.end();
        open.close();
    }

    @ParameterizedTest
    @EnumSource
    void impressionArrives(Mode mode) {
        JoinDriver join = drive(impClick(), mode).event("imp", "k", "i", 1000);

        assertThat(join.outputs()).containsExactly("joined k imp#1 imp:i@1000");
        assertThat(join.books().encode()).isEqualTo("in:1,added:0,emitted:1,duplicate:0,held:0");
    }

    @ParameterizedTest
    @EnumSource
    void clicksOfAKnownImpressionHaveOrdinals(Mode mode) {
        JoinDriver join = drive(impClick(), mode)
                .event("imp", "k", "i", 1000)
                .event("click", "k", "c1", 1050)
                .event("click", "k", "c2", 1040)
                .event("click", "other", "c3", 1040);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k imp#1 imp:i@1000",
                        "joined k click#1 imp:i@1000 click:c1@1050",
                        "joined k click#2 imp:i@1000 click:c2@1040");
        assertThat(join.books().held()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void clicksBeforeTheirImpressionFollowItInOrderOfTimeThenId(Mode mode) {
        JoinDriver join = drive(impClick(), mode)
                .event("click", "k", "z", 1050)
                .event("click", "k", "y", 1060)
                .event("click", "k", "x", 1050);
        assertThat(join.outputs()).isEmpty();
        assertThat(join.books().held()).isEqualTo(3);

        join.event("imp", "k", "i", 1000);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k imp#1 imp:i@1000",
                        "joined k click#1 imp:i@1000 click:x@1050",
                        "joined k click#2 imp:i@1000 click:z@1050",
                        "joined k click#3 imp:i@1000 click:y@1060");
        assertThat(join.books().held()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void windowToTheMillisecond(Mode mode) {
        JoinDriver join = drive(impClick(), mode)
                .event("imp", "k", "i", 1000)
                .event("click", "k", "early", 990)
                .event("click", "k", "tooEarly", 989)
                .event("click", "k", "tooLate", 1101)
                .event("click", "k", "last", 1100);

        assertThat(join.outputs().subList(1, 3))
                .containsExactly(
                        "joined k click#1 imp:i@1000 click:early@990", "joined k click#2 imp:i@1000 click:last@1100");
        assertThat(join.outputs()).hasSize(3);

        join.watermark(1001);

        assertThat(join.outputs().subList(3, 4)).containsExactly("unmatched k click:tooEarly@989 out-of-window");
    }

    @ParameterizedTest
    @EnumSource
    void noParentIsSaidWhenTheWatermarkPassesTimeAndSkew(Mode mode) {
        JoinDriver join = drive(impClick(), mode).event("click", "k", "c", 1000).watermark(1010);
        assertThat(join.outputs()).isEmpty();
        assertThat(join.books().held()).isEqualTo(1);

        join.watermark(1011).event("imp", "k", "i", 1000).event("click", "k", "c", 1000);

        assertThat(join.outputs()).containsExactly("unmatched k click:c@1000 no-parent", "joined k imp#1 imp:i@1000");
        assertThat(join.books().duplicate()).isEqualTo(1);
        assertThat(join.books().held()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aClickWhoseTimeHasPassedIsDecidedAtOnceAndRemembered(Mode mode) {
        JoinDriver join = drive(impClick(), mode)
                .watermark(1011)
                .event("click", "k", "c", 1000)
                .event("click", "k", "c", 1000);

        assertThat(join.outputs()).containsExactly("unmatched k click:c@1000 no-parent");
        assertThat(join.books().duplicate()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void noParentGoesDownTheFunnel(Mode mode) {
        JoinDriver join = drive(impClickConversion(), mode)
                .event("conv", "k", "v", 1000)
                .event("click", "k", "c", 1005)
                .watermark(1015);
        // v is due since 1010, but its parent is itself held.
        assertThat(join.outputs()).isEmpty();

        join.watermark(1016);

        assertThat(join.outputs())
                .containsExactly("unmatched k click:c@1005 no-parent", "unmatched k conv:v@1000 no-parent");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsHeldForAParentFollowsItThroughTheFunnel(Mode mode) {
        JoinDriver join = drive(impClickConversion(), mode)
                .event("conv", "k", "v", 1000)
                .event("click", "k", "c", 1005)
                .watermark(1015)
                .event("imp", "k", "i", 1000);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k imp#1 imp:i@1000",
                        "joined k click#1 imp:i@1000 click:c@1005",
                        "joined k conv#1 imp:i@1000 click:c@1005 conv:v@1000");
    }

    @ParameterizedTest
    @EnumSource
    void whoWaitedForAnUnmatchedEventIsJudgedAnew(Mode mode) {
        JoinDriver join = drive(impClickConversion(), mode)
                .event("imp", "k", "i", 1000)
                .event("click", "k", "good", 1050)
                .event("click", "k", "bad", 1150)
                .event("conv", "k", "v", 1160);
        assertThat(join.books().held()).isEqualTo(2); // bad is out of the window, v waits for it

        join.watermark(1161);

        assertThat(join.outputs().subList(2, 4))
                .containsExactly(
                        "unmatched k click:bad@1150 out-of-window",
                        "joined k conv#1 imp:i@1000 click:good@1050 conv:v@1160");
    }

    @ParameterizedTest
    @EnumSource
    void orphansAreEmittedWithoutAncestorsAndCountAsRooted(Mode mode) {
        JoinDriver join = drive(impClickConversion().emitOrphans(), mode)
                .event("conv", "k", "v", 1006)
                .event("click", "k", "c", 1005)
                .watermark(1016)
                .event("conv", "k", "w", 1020)
                .event("imp", "k", "i", 1000);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k click#1 click:c@1005",
                        "joined k conv#1 click:c@1005 conv:v@1006",
                        "joined k conv#2 click:c@1005 conv:w@1020",
                        "joined k imp#1 imp:i@1000");
    }

    @ParameterizedTest
    @EnumSource
    void outOfWindowStaysUnmatchedWhenOrphansAreEmitted(Mode mode) {
        JoinDriver join = drive(impClick().emitOrphans(), mode)
                .event("imp", "k", "i", 1000)
                .event("click", "k", "c", 1101)
                .watermark(1111);
        assertThat(join.outputs()).hasSize(1);

        // W > x too: the click's key dies with it and still says why
        join.watermark(2000);

        assertThat(join.outputs()).endsWith("unmatched k click:c@1101 out-of-window");
        assertThat(join.liveKeys()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anImpressionInTheWindowMayComeAfterOneThatIsNot(Mode mode) {
        JoinDriver join = drive(impClick(), mode)
                .event("imp", "k", "i1", 1000)
                .event("click", "k", "c", 1150)
                .event("imp", "k", "i2", 1100);

        assertThat(join.outputs().subList(1, 3))
                .containsExactly("joined k imp#2 imp:i2@1100", "joined k click#1 imp:i2@1100 click:c@1150");
    }

    @ParameterizedTest
    @EnumSource
    void ofSeveralParentsTheLatestThenTheSmallestId(Mode mode) {
        JoinDriver join = drive(impClick(), mode)
                .event("imp", "k", "b", 1040)
                .event("imp", "k", "a", 1040)
                .event("imp", "k", "0", 1000)
                .event("imp", "k", "future", 1061)
                .event("click", "k", "c", 1050)
                .event("click", "k", "d", 1051);

        assertThat(join.outputs().subList(4, 6))
                .containsExactly(
                        "joined k click#1 imp:a@1040 click:c@1050", "joined k click#2 imp:future@1061 click:d@1051");
    }

    @ParameterizedTest
    @EnumSource
    void lateIsSaidWhenTheWatermarkPassesTimeAndKeep(Mode mode) {
        JoinDriver join = drive(impClick(), mode)
                .watermark(1120)
                .event("imp", "k1", "i", 1010) // 1010 + 110
                .event("imp", "k2", "i", 1009)
                .event("click", "k3", "c", 1000) // 1000 + 120
                .event("click", "k4", "c", 999);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k1 imp#1 imp:i@1010",
                        "unmatched k2 imp:i@1009 late",
                        "unmatched k3 click:c@1000 no-parent",
                        "unmatched k4 click:c@999 late");
        assertThat(join.liveKeys()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void lateInAKeyThatLives(Mode mode) {
        JoinDriver join = drive(impClick(), mode)
                .event("imp", "k", "i", 2000)
                .watermark(1200)
                .event("click", "k", "c", 1000)
                .event("click", "k", "c", 1000);

        assertThat(join.outputs().subList(1, 3))
                .containsExactly("unmatched k click:c@1000 late", "unmatched k click:c@1000 late");
    }

    @ParameterizedTest
    @EnumSource
    void aCopyIsADuplicateWhileTheKeyLivesAndLateAfterwards(Mode mode) {
        JoinDriver join = drive(impClick(), mode)
                .event("imp", "k", "i", 1000)
                .event("imp", "k", "i", 1000)
                .watermark(1110)
                .event("imp", "k", "i", 1000);
        assertThat(join.books().duplicate()).isEqualTo(2);
        assertThat(join.liveKeys()).isEqualTo(1);

        join.watermark(1111);
        assertThat(join.liveKeys()).isZero();
        join.event("imp", "k", "i", 1000);

        assertThat(join.outputs()).containsExactly("joined k imp#1 imp:i@1000", "unmatched k imp:i@1000 late");
    }

    @ParameterizedTest
    @EnumSource
    void aCopyWithALaterTimeExtendsTheKeysLife(Mode mode) {
        JoinDriver join = drive(impClick(), mode)
                .event("imp", "k", "i", 1000)
                .event("imp", "k", "i", 1500)
                .watermark(1610)
                .event("imp", "k", "i", 1500);
        assertThat(join.books().duplicate()).isEqualTo(2);

        join.watermark(1611).event("imp", "k", "i", 1500);

        assertThat(join.outputs()).containsExactly("joined k imp#1 imp:i@1000", "unmatched k imp:i@1500 late");
    }

    @ParameterizedTest
    @EnumSource
    void theSameIdInAnotherStreamIsNoDuplicate(Mode mode) {
        JoinDriver join = drive(impClick(), mode).event("imp", "k", "x", 1000).event("click", "k", "x", 1000);

        assertThat(join.outputs()).endsWith("joined k click#1 imp:x@1000 click:x@1000");
    }

    @ParameterizedTest
    @EnumSource
    void aSecondClickIsARepeatUnderFirstOnly(Mode mode) {
        JoinDriver join = drive(new Pipelines().stream("imp", 0).firstOnly("click", 100), mode)
                .event("click", "k", "c3", 1070)
                .event("click", "k", "c2", 1060)
                .event("imp", "k", "i", 1000)
                .event("click", "k", "c1", 1050)
                .event("click", "k", "c1", 1050);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k imp#1 imp:i@1000",
                        "joined k click#1 imp:i@1000 click:c2@1060",
                        "unmatched k click:c3@1070 repeat",
                        "unmatched k click:c1@1050 repeat");
        assertThat(join.books().duplicate()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aRepeatIsNoParent(Mode mode) {
        JoinDriver join = drive(new Pipelines().stream("imp", 0).firstOnly("click", 100).stream("conv", 200), mode)
                .event("click", "k", "c1", 1050)
                .event("click", "k", "c2", 1060)
                .event("conv", "k", "v", 1070)
                .event("imp", "k", "i", 1000);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k imp#1 imp:i@1000",
                        "joined k click#1 imp:i@1000 click:c1@1050",
                        "unmatched k click:c2@1060 repeat",
                        "joined k conv#1 imp:i@1000 click:c1@1050 conv:v@1070");
    }

    @ParameterizedTest
    @EnumSource
    void moreThanMaxEventsOfAStreamAreFloodAndNotRemembered(Mode mode) {
        JoinDriver join = drive(impClick().maxEventsPerKey(2), mode)
                .event("click", "k", "c1", 1001)
                .event("click", "k", "c2", 1002)
                .event("click", "k", "c3", 1003)
                .event("click", "k", "c3", 1003)
                .event("imp", "k", "i", 1000);

        assertThat(join.outputs())
                .containsExactly(
                        "unmatched k click:c3@1003 flood",
                        "unmatched k click:c3@1003 flood",
                        "joined k imp#1 imp:i@1000",
                        "joined k click#1 imp:i@1000 click:c1@1001",
                        "joined k click#2 imp:i@1000 click:c2@1002");
    }

    @ParameterizedTest
    @EnumSource
    void aFloodedRecordExtendsTheKeysLifeSoThatItsCopyIsFloodOrLate(Mode mode) {
        JoinDriver join = drive(impClick().maxEventsPerKey(1), mode)
                .event("imp", "k", "i", 1000)
                .event("imp", "k", "j", 1500)
                .watermark(1610)
                .event("imp", "k", "j", 1500)
                .watermark(1611)
                .event("imp", "k", "j", 1500);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k imp#1 imp:i@1000",
                        "unmatched k imp:j@1500 flood",
                        "unmatched k imp:j@1500 flood",
                        "unmatched k imp:j@1500 late");
    }

    @ParameterizedTest
    @EnumSource
    void theFirstEventOfAStreamIsNeverFlood(Mode mode) {
        JoinDriver join = drive(impClick().maxEventsPerKey(0), mode)
                .event("imp", "k", "i", 1000)
                .event("click", "k", "c", 1000)
                .event("click", "k", "d", 1000);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k imp#1 imp:i@1000",
                        "joined k click#1 imp:i@1000 click:c@1000",
                        "unmatched k click:d@1000 flood");
    }

    @ParameterizedTest
    @EnumSource
    void aKeyIsClosedWhenTheWatermarkPassesItsSmallestTimeAndMaxLife(Mode mode) {
        JoinDriver join = drive(impClick().maxKeyLife(300), mode)
                .event("imp", "k", "i1", 1100)
                .event("imp", "k", "i0", 1000)
                .event("click", "k", "held", 1400) // x = 1520
                .watermark(1300)
                .event("imp", "k", "i2", 1290);
        assertThat(join.outputs()).hasSize(3);

        join.watermark(1301)
                .event("imp", "k", "i3", 1300)
                .event("click", "k", "held", 1400)
                .event("click", "k", "future", 5000)
                .event("imp", "k", "late", 1100);
        assertThat(join.outputs().subList(3, 7))
                .containsExactly(
                        "unmatched k click:held@1400 flood",
                        "unmatched k imp:i3@1300 flood",
                        "unmatched k click:future@5000 flood",
                        "unmatched k imp:late@1100 late");
        assertThat(join.books().duplicate()).isEqualTo(1);

        join.watermark(1520);
        assertThat(join.liveKeys()).isEqualTo(1);
        join.watermark(1521); // nothing of what came after the closing extended x
        assertThat(join.liveKeys()).isZero();

        join.event("click", "k", "future", 5000).event("imp", "k", "new", 5000);
        assertThat(join.outputs())
                .endsWith("joined k imp#1 imp:new@5000", "joined k click#1 imp:new@5000 click:future@5000");
    }

    @ParameterizedTest
    @EnumSource
    void aKeyDiesBeforeARecordOfItIsLookedAtAndMayBeBornAgain(Mode mode) {
        JoinDriver join = drive(impClick(), mode)
                .event("imp", "k", "i", 1000)
                .event("click", "k", "c", 1050) // x = 1170
                .watermark(1170)
                .event("imp", "k", "i", 1000);
        assertThat(join.books().duplicate()).isEqualTo(1);

        join.watermark(1171).event("click", "k", "c", 1120).event("imp", "k", "i", 1100);

        assertThat(join.outputs().subList(2, 4))
                .containsExactly("unmatched k click:c@1120 no-parent", "joined k imp#1 imp:i@1100");
    }

    @ParameterizedTest
    @EnumSource
    void optionalParentsAreUsedIfThereAndNeverWaitedFor(Mode mode) {
        Pipelines five = new Pipelines()
                .stream("req", 0).stream("resp", 50).optional("imp", 100).stream("click", 200).stream("conv", 400);
        JoinDriver join = drive(five, mode)
                .event("req", "k", "q", 1000)
                .event("resp", "k", "r", 1010)
                .event("click", "k", "c1", 1100)
                .event("imp", "k", "i", 1050)
                .event("click", "k", "c2", 1110)
                .event("conv", "k", "v", 1105);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k req#1 req:q@1000",
                        "joined k resp#1 req:q@1000 resp:r@1010",
                        "joined k click#1 req:q@1000 resp:r@1010 click:c1@1100",
                        "joined k imp#1 req:q@1000 resp:r@1010 imp:i@1050",
                        "joined k click#2 req:q@1000 resp:r@1010 imp:i@1050 click:c2@1110",
                        "joined k conv#1 req:q@1000 resp:r@1010 imp:i@1050 click:c2@1110 conv:v@1105");
    }

    @ParameterizedTest
    @EnumSource
    void aWholeChainBackwards(Mode mode) {
        Pipelines five = new Pipelines()
                .stream("req", 0).stream("resp", 50).optional("imp", 100).stream("click", 200).stream("conv", 400);
        JoinDriver join = drive(five, mode)
                .event("conv", "k", "v", 1200)
                .event("click", "k", "c", 1100)
                .event("imp", "k", "i", 1050)
                .event("resp", "k", "r", 1010);
        assertThat(join.outputs()).isEmpty();
        assertThat(join.books().held()).isEqualTo(4);

        join.event("req", "k", "q", 1000);

        // The optional impression is emitted before its click is judged.
        assertThat(join.outputs())
                .containsExactly(
                        "joined k req#1 req:q@1000",
                        "joined k resp#1 req:q@1000 resp:r@1010",
                        "joined k imp#1 req:q@1000 resp:r@1010 imp:i@1050",
                        "joined k click#1 req:q@1000 resp:r@1010 imp:i@1050 click:c@1100",
                        "joined k conv#1 req:q@1000 resp:r@1010 imp:i@1050 click:c@1100 conv:v@1200");
    }

    @ParameterizedTest
    @EnumSource
    void anOptionalEventThatDoesNotMatchIsPassedOver(Mode mode) {
        JoinDriver join = drive(new Pipelines().stream("req", 0).optional("imp", 900).stream("click", 300), mode)
                .event("req", "k", "q", 1000)
                .event("imp", "k", "i", 1500)
                .event("click", "k", "c", 1200);

        assertThat(join.outputs()).endsWith("joined k click#1 req:q@1000 click:c@1200");
    }

    @ParameterizedTest
    @EnumSource
    void aHeldOptionalEventIsNoReasonToWait(Mode mode) {
        JoinDriver join = drive(new Pipelines().stream("req", 0).optional("imp", 100).stream("click", 300), mode)
                .event("imp", "k", "i", 1500)
                .event("click", "k", "c", 1480)
                .watermark(1491);

        assertThat(join.outputs()).containsExactly("unmatched k click:c@1480 no-parent");
        assertThat(join.books().held()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotBeUsedIsADeadLetter(Mode mode) {
        byte[] cut = Arrays.copyOf(EnvelopeCodec.encode(new ProgressTick("a container", 5, List.of())), 14);
        JoinDriver join = drive(impClick(), mode)
                .record("k", "garbage".getBytes(StandardCharsets.UTF_8))
                .record("k", null)
                .record(null, cut)
                .event("imp", null, "i", 1000)
                .event("bid", "k", "b", 1000);

        assertThat(join.outputs()).isEmpty();
        assertThat(join.deadLetters())
                .containsExactly("malformed", "malformed", "malformed", "malformed", "unknown-stream");
        assertThat(join.books().encode())
                .isEqualTo("in:5,added:0,emitted:0,duplicate:0,held:0,d.malformed:4,d.unknown-stream:1");
    }

    @ParameterizedTest
    @EnumSource
    void ticksAreNotInTheBooksAndTheWatermarkStaysWhenTheTaskIsMadeAnew(Mode mode) {
        JoinDriver join = drive(impClick(), mode)
                .watermark(1000)
                .event("imp", "k", "i", 1000)
                .watermark(900);

        assertThat(join.books().in()).isEqualTo(1);
        assertThat(join.watermark()).isEqualTo(1000);
    }

    /** With click within 300, skew 10: an impression is kept for 310, before that for 110. */
    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void aLengthenedWindowKeepsTheOldHorizonForEventTimesBefore(Mode mode) {
        JoinDriver join = drive(impClick(), mode)
                .event("imp", "k", "i", 1000)
                .event("imp", "m", "j", 1100)
                .watermark(1111)
                .redefined(new Pipelines().stream("imp", 0).stream("click", 300).definition());
        assertThat(join.liveKeys()).isEqualTo(1);
        join.watermark(1112)
                .event("imp", "k", "i", 1000) // its key is dead
                .event("imp", "n", "l", 1101)
                .watermark(1211)
                .event("imp", "m", "j", 1100) // its key died under the new definition
                .watermark(1411)
                .event("imp", "n", "l", 1101)
                .watermark(1412)
                .event("imp", "n", "l", 1101);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k imp#1 imp:i@1000",
                        "joined m imp#1 imp:j@1100",
                        "unmatched k imp:i@1000 late",
                        "joined n imp#1 imp:l@1101",
                        "unmatched m imp:j@1100 late",
                        "unmatched n imp:l@1101 late");
        assertThat(join.books().duplicate()).isEqualTo(1);
    }

    /** The clock of the last tick is 1111, max-skew 300,000, the tick interval 1,000: to be remembered up to 303,111. */
    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void aLengthenedWindowKeepsTheOldHorizonWithoutTheCommittedOffset(Mode mode) {
        JoinDriver join = drive(impClick(), mode)
                .event("imp", "k", "i", 1000)
                .watermark(1111)
                .redefinedWithoutOffset(
                        new Pipelines().stream("imp", 0).stream("click", 300).definition());
        join.watermark(1111).event("imp", "k", "i", 1000); // its key is dead
        assertThat(join.outputs()).containsExactly("joined k imp#1 imp:i@1000", "unmatched k imp:i@1000 late");

        join.event("imp", "m", "j", 303_111).event("imp", "n", "l", 303_112).watermark(303_222);
        assertThat(join.liveKeys()).isEqualTo(1);
        assertThat(join.event("imp", "m", "j", 303_111).outputs()).endsWith("unmatched m imp:j@303111 late");
    }
}
