package dev.adpipe.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.schemas.definition.OutputSettings.ValueType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ValueTypesTest {

    static Stream<Arguments> converted() {
        return Stream.of(
                of(ValueType.STRING, "a", "a"),
                of(ValueType.STRING, " ", " "),
                of(ValueType.STRING, "", null),
                of(ValueType.STRING, null, null),
                of(ValueType.STRING, 7L, "7"),
                of(ValueType.STRING, true, "true"),
                of(ValueType.STRING, 2.0, "2"),
                of(ValueType.STRING, 1.5E10, "15000000000"),
                of(ValueType.STRING, -0.0, "0"),
                of(ValueType.STRING, new BigDecimal("12345678901234567890.10"), "12345678901234567890.1"),
                of(ValueType.STRING, new BigDecimal("1e999999999"), "1E+999999999"),
                of(ValueType.STRING, new BigDecimal("1e-999999999"), "1E-999999999"),
                of(ValueType.LONG, 7L, 7L),
                of(ValueType.LONG, 7.0, 7L),
                of(ValueType.LONG, "7", 7L),
                of(ValueType.LONG, "-7.0", -7L),
                of(ValueType.LONG, "1e3", 1000L),
                of(ValueType.LONG, new BigDecimal("9223372036854775807"), Long.MAX_VALUE),
                of(ValueType.LONG, "-9223372036854775808", Long.MIN_VALUE),
                of(ValueType.LONG, -0x1p63, Long.MIN_VALUE),
                of(ValueType.LONG, "", null),
                of(ValueType.LONG, null, null),
                of(ValueType.DOUBLE, 0.1, 0.1),
                of(ValueType.DOUBLE, 2L, 2.0),
                of(ValueType.DOUBLE, "2.50", 2.5),
                of(ValueType.DOUBLE, new BigDecimal("0.045525"), 0.045525),
                of(ValueType.DOUBLE, "", null),
                of(ValueType.BOOLEAN, true, true),
                of(ValueType.BOOLEAN, "false", false),
                of(ValueType.BOOLEAN, "1", true),
                of(ValueType.BOOLEAN, 0L, false),
                of(ValueType.BOOLEAN, "", null));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                of(ValueType.STRING, List.of("a"), "type string takes one value, not a list"),
                of(ValueType.STRING, Map.of(), "type string takes one value, not an object"),
                of(ValueType.STRING, Double.NaN, "finite"),
                of(ValueType.LONG, "abc", "whole numbers"),
                of(ValueType.LONG, 1.5, "whole numbers"),
                of(ValueType.LONG, "1.5", "whole numbers"),
                of(ValueType.LONG, new BigDecimal("0.1"), "whole numbers"),
                of(ValueType.LONG, " 1", "whole numbers"),
                of(ValueType.LONG, "1,234,567", "whole numbers"),
                of(ValueType.LONG, 0x1p63, "whole numbers"),
                of(ValueType.LONG, new BigDecimal("9223372036854775808"), "whole numbers"),
                of(ValueType.LONG, new BigDecimal("1e999999999"), "whole numbers"),
                of(ValueType.LONG, Double.NaN, "whole numbers"),
                of(ValueType.LONG, Double.POSITIVE_INFINITY, "whole numbers"),
                of(ValueType.LONG, true, "whole numbers"),
                of(ValueType.LONG, List.of(1L), "not a list"),
                of(ValueType.LONG, Map.of("a", 1L), "not an object"),
                of(ValueType.DOUBLE, "abc", "finite numbers"),
                of(ValueType.DOUBLE, "NaN", "finite numbers"),
                of(ValueType.DOUBLE, Double.NaN, "finite"),
                of(ValueType.DOUBLE, Double.NEGATIVE_INFINITY, "finite"),
                of(ValueType.DOUBLE, "1e400", "finite numbers"),
                of(ValueType.DOUBLE, false, "finite numbers"),
                of(ValueType.DOUBLE, List.of(), "not a list"),
                of(ValueType.BOOLEAN, "yes", "type boolean"),
                of(ValueType.BOOLEAN, 2L, "type boolean"),
                of(ValueType.BOOLEAN, Map.of(), "not an object"));
    }

    @ParameterizedTest
    @MethodSource
    void converted(ValueType type, Object value, Object expected) throws BadValueException {
        assertThat(ValueTypes.convert(value, type)).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource
    void refused(ValueType type, Object value, String rule) {
        assertThatThrownBy(() -> ValueTypes.convert(value, type))
                .isInstanceOf(BadValueException.class)
                .hasMessageContaining(rule);
    }

    @Test
    void shownValuesAreShortAndOnOneLine() {
        assertThat(ValueTypes.show("a\nb")).isEqualTo("\"a b\"");
        assertThat(ValueTypes.show(1.5)).isEqualTo("1.5");
        assertThat(ValueTypes.show("x".repeat(1000))).isEqualTo('"' + "x".repeat(80) + "\".. (1000 characters)");
    }

    private static Arguments of(ValueType type, Object value, Object expected) {
        return Arguments.of(type, value, expected);
    }
}
