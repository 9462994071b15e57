package dev.adpipe.schemas.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScalarsTest {
    @Test
    void equalNumbersHaveEqualTexts() {
        assertThat(List.of(12L, 12.0, new BigDecimal("12"), new BigDecimal("12.00"), new BigDecimal("1.2e1")))
                .allSatisfy(number -> assertThat(Scalars.plainText(number)).contains("12"));
        assertThat(List.of(0.0, -0.0, new BigDecimal("0.000"), new BigDecimal("0e900"), 0L))
                .allSatisfy(number -> assertThat(Scalars.plainText(number)).contains("0"));
        assertThat(Scalars.plainText(1e20)).contains("100000000000000000000");
        assertThat(Scalars.plainText(new BigDecimal("-0.0000001"))).contains("-0.0000001");
        assertThat(Scalars.plainText(Long.MIN_VALUE)).contains("-9223372036854775808");
    }

    @Test
    void textAndBooleansStayAsTheyAre() {
        assertThat(Scalars.plainText(" 012.0 ")).contains(" 012.0 ");
        assertThat(Scalars.plainText("")).contains("");
        assertThat(Scalars.plainText(true)).contains("true");
    }

    @Test
    void othersHaveNoText() {
        assertThat(List.of(
                        Double.NaN,
                        Double.NEGATIVE_INFINITY,
                        new BigDecimal("1e1001"),
                        new BigDecimal("1e-1001"),
                        NoScalar.OBJECT,
                        List.of(),
                        Map.of()))
                .allSatisfy(value -> assertThat(Scalars.plainText(value)).isEmpty());
        assertThat(Scalars.plainText(null)).isEmpty();
    }

    @Test
    void quotesAreShort() {
        assertThat(Scalars.quote("a")).isEqualTo("'a'");
        assertThat(Scalars.quote(1L)).isEqualTo("1");
        assertThat(Scalars.quote(null)).isEqualTo("null");
        assertThat(Scalars.quote("x".repeat(101))).isEqualTo("'" + "x".repeat(100) + ".. (101 characters)'");
        assertThat(Scalars.quote("x".repeat(99) + "😀y")).isEqualTo("'" + "x".repeat(99) + ".. (102 characters)'");
    }
}
