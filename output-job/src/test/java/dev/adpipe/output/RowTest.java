package dev.adpipe.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowTest {
    private final Row row = new Row(0);

    @Test
    void carriesScalarsInOrder() {
        row.set("text", "t");
        row.set("int", 1);
        row.set("decimal", new BigDecimal("0.5"));
        row.set("float", 1.5f);
        row.set("null", null);
        row.set("flag", true);
        row.set("long", 2L);
        row.set("text", "u");
        row.drop("flag");
        assertThat(new String(RowJson.encode(row), StandardCharsets.UTF_8))
                .isEqualTo("{\"__time\":\"1970-01-01T00:00:00.000Z\",\"text\":\"u\",\"int\":1,\"decimal\":0.5,"
                        + "\"float\":1.5,\"null\":null,\"long\":2}");
    }

    @Test
    void refusesWhatARowCannotCarry() {
        for (Object value : List.of(
                Double.NaN, Float.POSITIVE_INFINITY, new BigDecimal("1e400"), List.of(1L), Map.of(), 'c', this)) {
            assertThatThrownBy(() -> row.set("f", value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("field 'f' cannot be");
        }
        for (String name : new String[] {null, "", "__time"}) {
            assertThatThrownBy(() -> row.set(name, 1L)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(row.fields()).isEmpty();
    }
}
