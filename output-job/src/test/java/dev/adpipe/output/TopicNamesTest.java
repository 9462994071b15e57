package dev.adpipe.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.schemas.definition.OutputSettings.Lookup.TopicLookup;
import dev.adpipe.schemas.payload.FieldPath;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TopicNamesTest {

    @Test
    void theRecordsKeyAndItsWholeValue() throws BadValueException {
        TopicNames names = names(null, null);
        change(names, "a", "Alpha");
        change(names, "b", "");
        change(names, "a", "Alef");
        assertThat(names.find("a")).isEqualTo("Alef");
        assertThat(names.find("b")).isEmpty();
        change(names, "a", null);
        change(names, "never there", null);
        assertThat(names.find("a")).isNull();
        assertThat(names.size()).isEqualTo(1);
    }

    @Test
    void theNameFromTheValue() throws BadValueException {
        TopicNames names = names(null, "item.name");
        change(names, "7", "{\"item\": {\"name\": \"Shoes\"}}");
        change(names, "8", "{\"item\": {\"name\": 1.50}}");
        assertThat(names.find("7")).isEqualTo("Shoes");
        assertThat(names.find("8")).isEqualTo("1.5");
    }

    @Test
    void anIdFromTheValueMovesAndIsDeletedWithItsRecord() throws BadValueException {
        TopicNames names = names("id", "name");
        change(names, "k1", "{\"id\": 7, \"name\": \"Shoes\"}");
        change(names, "k1", "{\"id\": 8, \"name\": \"Shoes\"}");
        assertThat(names.find("7")).isNull();
        assertThat(names.find("8")).isEqualTo("Shoes");

        change(names, "k2", "{\"id\": 8, \"name\": \"Boots\"}");
        change(names, "k1", null);
        assertThat(names.find("8")).as("another record's by now").isEqualTo("Boots");
        change(names, "k2", null);
        assertThat(names.size()).isZero();
    }

    @Test
    void aBadRecordLeavesWhatWasThere() throws BadValueException {
        TopicNames names = names("id", "name");
        change(names, "k", "{\"id\": 7, \"name\": \"Shoes\"}");
        refused(names, "k", "{\"id\": 7}", "has nothing at name");
        refused(names, "k", "{\"id\": \"\", \"name\": 1}", "empty id");
        refused(names, "k", "{\"id\": [7], \"name\": 1}", "not a list");
        refused(names, "k", "nonsense", "its value cannot be used: not JSON");
        refused(names, null, "{}", "has no key");
        assertThat(names.find("7")).isEqualTo("Shoes");
    }

    private static void refused(TopicNames names, String key, String value, String rule) {
        assertThatThrownBy(() -> change(names, key, value))
                .isInstanceOf(BadValueException.class)
                .hasMessageContaining(rule);
    }

    private static TopicNames names(String key, String value) {
        return new TopicNames(new TopicLookup(
                "t",
                Optional.ofNullable(key).map(FieldPath::parse),
                Optional.ofNullable(value).map(FieldPath::parse)));
    }

    private static void change(TopicNames names, String key, String value) throws BadValueException {
        names.change(bytes(key), bytes(value));
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
