package dev.adpipe.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.runtime.RefusedException;
import dev.adpipe.schemas.definition.JoinSettings.Emit;
import dev.adpipe.testkit.Mode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The table of {@link DefinitionChange}: a task opened with another definition over the same state. Each in both emit modes;
 * in the modes that make the task anew, which takes the other definition up with the next record.
 */
class DefinitionChangeTest {
    @TempDir
    private Path dir;

    private JoinDriver join;
    private boolean refused;

    private static Pipelines impClick() {
        return new Pipelines().stream("imp", 0).stream("click", 100);
    }

    private JoinDriver drive(Pipelines pipeline, Mode mode) {
        JoinDriver onClose = new JoinDriver(pipeline.definition(Emit.ON_CLOSE), mode, dir.resolve("on-close"));
        join = new JoinDriver(pipeline.definition(), mode, dir.resolve("eager")).beside(onClose);
        return join;
    }

    private void redefined(Pipelines pipeline) {
        join = join.redefined(pipeline.definition());
        join.watermark(1);
    }

    @AfterEach
    void close() {
        if (join != null) {
            if (!refused) {
                join.end();
            }
            join.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void aStreamAtTheEnd(Mode mode) {
        drive(impClick(), mode)
                .event("imp", "k", "i", 1000)
                .event("click", "m", "held", 1050)
                .watermark(1);
        redefined(impClick().stream("conv", 200));
        join.event("conv", "k", "v", 1070)
                .event("click", "k", "c", 1060)
                .event("imp", "m", "i", 1000)
                .event("conv", "m", "w", 1100);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k imp#1 imp:i@1000",
                        "joined k click#1 imp:i@1000 click:c@1060",
                        "joined k conv#1 imp:i@1000 click:c@1060 conv:v@1070",
                        "joined m imp#1 imp:i@1000",
                        "joined m click#1 imp:i@1000 click:held@1050",
                        "joined m conv#1 imp:i@1000 click:held@1050 conv:w@1100");
    }

    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void anOptionalStreamInserted(Mode mode) {
        drive(impClick(), mode).event("imp", "k", "i", 1000).event("click", "m", "held", 1050);
        redefined(new Pipelines().stream("imp", 0).optional("view", 50).stream("click", 100));
        join.event("click", "k", "c1", 1060)
                .event("view", "k", "v", 1010)
                .event("click", "k", "c2", 1070)
                .event("imp", "m", "i", 1000);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k imp#1 imp:i@1000",
                        "joined k click#1 imp:i@1000 click:c1@1060",
                        "joined k view#1 imp:i@1000 view:v@1010",
                        "joined k click#2 imp:i@1000 view:v@1010 click:c2@1070",
                        "joined m imp#1 imp:i@1000",
                        "joined m click#1 imp:i@1000 click:held@1050");
    }

    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void aShorterWindow(Mode mode) {
        drive(impClick(), mode)
                .event("imp", "k", "i", 1000)
                .event("click", "k", "c1", 1090)
                .event("click", "m", "held", 1080);
        redefined(new Pipelines().stream("imp", 0).stream("click", 50));
        join.event("click", "k", "c2", 1051).event("click", "k", "c3", 1050).event("imp", "m", "i", 1000);
        join.watermark(1091);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k imp#1 imp:i@1000",
                        "joined k click#1 imp:i@1000 click:c1@1090",
                        "joined k click#2 imp:i@1000 click:c3@1050",
                        "joined m imp#1 imp:i@1000",
                        "unmatched k click:c2@1051 out-of-window",
                        "unmatched m click:held@1080 out-of-window");
    }

    /** Held since 1000 under skew 10; under skew 50 its impression may come until W passes 1050. */
    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void aLongerSkew(Mode mode) {
        drive(impClick(), mode).event("click", "k", "c", 1000).event("click", "m", "d", 1000);
        redefined(impClick().skew(50));
        join.watermark(1050).event("imp", "k", "i", 1049).watermark(1051).event("imp", "m", "i", 1049);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k imp#1 imp:i@1049",
                        "joined k click#1 imp:i@1049 click:c@1000",
                        "unmatched m click:d@1000 no-parent",
                        "joined m imp#1 imp:i@1049");
    }

    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void aShorterSkew(Mode mode) {
        drive(impClick().skew(50), mode).event("click", "k", "c", 1000).event("click", "m", "d", 1000);
        redefined(impClick());
        join.watermark(1011).event("imp", "k", "i", 1005);
        assertThat(join.outputs()).containsExactly("unmatched k click:c@1000 no-parent", "joined k imp#1 imp:i@1005");

        join.watermark(1051);

        assertThat(join.outputs()).hasSize(3).endsWith("unmatched m click:d@1000 no-parent");
    }

    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void optionalAndBack(Mode mode) {
        Pipelines required = new Pipelines().stream("req", 0).stream("imp", 100).stream("click", 100);
        Pipelines optional = new Pipelines().stream("req", 0).optional("imp", 100).stream("click", 100);
        drive(required, mode)
                .event("req", "k", "q", 1000)
                .event("click", "k", "waits", 1050)
                .event("click", "m", "waits", 1050);
        redefined(optional);
        join.event("click", "k", "c", 1055).watermark(1061);
        assertThat(join.outputs())
                .containsExactly(
                        "joined k req#1 req:q@1000",
                        "joined k click#1 req:q@1000 click:c@1055",
                        "joined k click#2 req:q@1000 click:waits@1050",
                        "unmatched m click:waits@1050 no-parent");

        redefined(required);
        join.event("click", "k", "c2", 1070).event("imp", "k", "i", 1060).event("click", "k", "c3", 1075);

        assertThat(join.outputs().subList(4, 7))
                .containsExactly(
                        "joined k imp#1 req:q@1000 imp:i@1060",
                        "joined k click#3 req:q@1000 imp:i@1060 click:c2@1070",
                        "joined k click#4 req:q@1000 imp:i@1060 click:c3@1075");
    }

    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void firstOnlyAndBack(Mode mode) {
        drive(impClick(), mode).event("imp", "k", "i", 1000).event("click", "k", "c1", 1050);
        redefined(new Pipelines().stream("imp", 0).firstOnly("click", 100));
        join.event("click", "k", "c2", 1060);
        redefined(impClick());
        join.event("click", "k", "c3", 1070).event("click", "k", "c2", 1060);

        assertThat(join.outputs().subList(2, 4))
                .containsExactly("unmatched k click:c2@1060 repeat", "joined k click#2 imp:i@1000 click:c3@1070");
        assertThat(join.books().duplicate()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void orphansEmittedAndBack(Mode mode) {
        Pipelines drop = impClick().stream("conv", 100);
        drive(drop, mode).event("click", "k", "c", 1000).event("click", "m", "d", 1100);
        redefined(impClick().stream("conv", 100).emitOrphans());
        join.watermark(1011);
        redefined(drop);
        join.event("conv", "k", "v", 1020).watermark(1111);

        assertThat(join.outputs())
                .containsExactly(
                        "joined k click#1 click:c@1000",
                        "joined k conv#1 click:c@1000 conv:v@1020",
                        "unmatched m click:d@1100 no-parent");
    }

    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void aShorterKeyLifeClosesWhatIsLookedAtNext(Mode mode) {
        drive(impClick(), mode)
                .event("imp", "k", "i", 1000)
                .event("imp", "k", "j", 1600) // x = 1710
                .watermark(1500);
        redefined(impClick().maxKeyLife(400));
        join.event("click", "k", "c", 1610);
        redefined(impClick());
        join.event("click", "k", "d", 1620).event("imp", "k", "i", 1000);

        assertThat(join.outputs().subList(2, 4))
                .containsExactly("unmatched k click:c@1610 flood", "unmatched k click:d@1620 flood");
        assertThat(join.books().duplicate()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void aLongerKeyLife(Mode mode) {
        drive(impClick().maxKeyLife(300), mode).event("imp", "k", "i", 1000).event("imp", "k", "j", 1600);
        redefined(impClick().maxKeyLife(900));
        join.watermark(1500).event("click", "k", "c", 1610);

        assertThat(join.outputs()).endsWith("joined k click#1 imp:j@1600 click:c@1610");
    }

    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void fewerEventsPerKey(Mode mode) {
        drive(impClick(), mode)
                .event("imp", "k", "i", 1000)
                .event("click", "k", "c1", 1050)
                .event("click", "k", "c2", 1050);
        redefined(impClick().maxEventsPerKey(1));
        join.event("click", "k", "c3", 1060).event("click", "k", "c2", 1050);

        assertThat(join.outputs()).hasSize(4).endsWith("unmatched k click:c3@1060 flood");
        assertThat(join.books().duplicate()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void whatTheStateCannotFollowIsRefusedAllAtOnce(Mode mode) {
        drive(impClick().stream("conv", 100), mode).event("imp", "k", "i", 1000).event("imp", "m", "i", 1000);
        Pipelines changed = new Pipelines().stream("conv", 0).stream("sale", 10).stream("imp", 100);
        refused = true;

        assertThatThrownBy(() -> redefined(changed))
                .isInstanceOf(RefusedException.class)
                .hasMessage(
                        "acme.conf cannot go on with the state of acme.ads.shuffled-3: streams were [imp, click, conv]"
                                + " and are now [conv, sale, imp]: 'click' is removed, and the"
                                + " state may hold its events; [imp, conv] stand in the order [conv, imp] now, and events in the"
                                + " state would come before their parents; 'sale' is inserted before 'imp' and not optional, and"
                                + " those after it would need a parent that is not in the state. Put the streams back as they"
                                + " were (others may be added at the end, optional ones anywhere after the first); or start the"
                                + " changed pipeline under another name and let this one drain");
    }

    @Test
    void eachThatIsRefused() {
        List<String> before = List.of("a", "b", "c");

        assertThat(problems(before, streams("a", "b", "c", "d"))).isEmpty();
        assertThat(problems(before, streams("a").optional("x", 1).stream("b", 1).optional("y", 1).stream("c", 1)))
                .isEmpty();
        assertThat(problems(List.of(), streams("x", "a"))).isEmpty();
        assertThat(problems(before, streams("a", "c", "b")))
                .hasSize(1)
                .first()
                .asString()
                .contains("order [a, c, b]");
        assertThat(problems(before, streams("a", "b")))
                .hasSize(1)
                .first()
                .asString()
                .contains("'c' is removed");
        assertThat(problems(before, streams("x", "a", "b", "c")))
                .hasSize(1)
                .first()
                .asString()
                .contains("'x' is inserted before 'a'");
        assertThat(problems(before, streams("a", "b", "x", "c")))
                .hasSize(1)
                .first()
                .asString()
                .contains("before 'c'");
    }

    private static List<String> problems(List<String> before, Pipelines now) {
        return DefinitionChange.problems(before, now.definition().streams());
    }

    private static Pipelines streams(String... names) {
        Pipelines pipeline = new Pipelines();
        List.of(names).forEach(name -> pipeline.stream(name, 1));
        return pipeline;
    }

    /** Each partition says the same, whatever lives in it: otherwise some could start only so, and some only so. */
    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void whereNoKeyLivesTheSameIsRefused(Mode mode) {
        drive(impClick(), mode).event("imp", "k", "i", 1000).watermark(1111);
        assertThat(join.liveKeys()).isZero();
        refused = true;

        assertThatThrownBy(() -> redefined(new Pipelines().stream("click", 0).stream("imp", 100)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("streams were [imp, click] and are now [click, imp]: [imp, click] stand in");
    }

    /** A partition that had ticks only has no key, but says as the others do. */
    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void whereNoEventCameYetTheSameIsRefused(Mode mode) {
        drive(impClick(), mode).watermark(500);
        refused = true;

        assertThatThrownBy(() -> redefined(new Pipelines().stream("imp", 0).stream("sale", 100)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("'click' is removed");
    }

    /** The change is written down with the first record after it: putting it back is a change again. */
    @ParameterizedTest
    @EnumSource(names = {"REOPEN", "ABORT"})
    void aStreamAddedCannotBeTakenAway(Mode mode) {
        drive(impClick(), mode).event("imp", "k", "i", 1000);
        redefined(impClick().stream("conv", 100));
        join.event("imp", "m", "i", 1000);
        refused = true;

        assertThatThrownBy(() -> redefined(impClick()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("streams were [imp, click, conv] and are now [imp, click]: 'conv' is removed");
    }
}
