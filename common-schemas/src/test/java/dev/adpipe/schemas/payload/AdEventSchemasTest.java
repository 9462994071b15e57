package dev.adpipe.schemas.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.schemas.definition.PayloadFormat;
import dev.adpipe.schemas.definition.StreamDefinition.TimeFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas we offer to those who have none of their own, with a sample of each. */
class AdEventSchemasTest {

    @ParameterizedTest
    @ValueSource(strings = {"bid-request", "bid-response", "impression", "click", "conversion"})
    void everyFieldIsExplained(String name) throws Exception {
        assertExplained(new Schema.Parser().parse(Files.readString(file(name))));
    }

    private static void assertExplained(Schema schema) {
        switch (schema.getType()) {
            case UNION -> schema.getTypes().forEach(AdEventSchemasTest::assertExplained);
            case ARRAY -> assertExplained(schema.getElementType());
            case RECORD ->
                schema.getFields().forEach(field -> {
                    assertThat(field.doc())
                            .as("%s.%s", schema.getName(), field.name())
                            .isNotBlank();
                    if (!field.schema().toString().equals(schema.toString())) {
                        assertExplained(field.schema());
                    }
                });
            default -> assertThat(schema.getType()).isNotEqualTo(Schema.Type.FIXED);
        }
    }

    @Test
    void bidRequest() throws Exception {
        Payload event = roundTrip("bid-request", """
                {"id": "auction-1", "timestamp": 1574553663979, "tmax": {"int": 120}, "cur": ["USD"],
                 "imp": [{"id": "1", "tagid": {"string": "top"}, "instl": null, "w": {"int": 300}, "h": {"int": 250},
                          "bidfloor": {"double": 0.5}, "bidfloorcur": "USD"}],
                 "site": {"dev.adpipe.events.Site": {"id": {"string": "s1"}, "domain": {"string": "example.org"}, "page": null,
                          "cat": ["IAB1"], "publisher": {"dev.adpipe.events.Publisher": {"id": {"string": "p1"}, "name": null}}}},
                 "app": null,
                 "device": {"dev.adpipe.events.Device": {"ua": {"string": "Mozilla"}, "devicetype": {"int": 4}, "os": null,
                          "language": null, "geo": {"dev.adpipe.events.Geo": {"country": {"string": "DEU"}, "region": null, "city": null}}}},
                 "user": null}
                """);
        assertValue(event, "id", "auction-1");
        assertValue(event, "imp[0].id", "1");
        assertValue(event, "device.geo.country", "DEU");
        assertValue(event, "site.publisher.id", "p1");
        assertValue(event, "cur[0]", "USD");
    }

    @Test
    void bidResponse() throws Exception {
        Payload event = roundTrip("bid-response", """
                {"id": "auction-1", "timestamp": 1574553663979, "bidid": "b1", "impid": "1", "seat": null, "price": 1.25,
                 "cur": "USD", "cid": {"string": "campaign"}, "crid": {"string": "creative"}, "adid": null,
                 "adomain": ["shop.example"], "cat": [], "dealid": null, "w": {"int": 300}, "h": {"int": 250}}
                """);
        assertValue(event, "impid", "1");
        assertValue(event, "price", 1.25);
        assertValue(event, "cid", "campaign");
        assertValue(event, "crid", "creative");
        assertValue(event, "adomain[0]", "shop.example");
    }

    @Test
    void impression() throws Exception {
        Payload event = roundTrip("impression", """
                {"impression_id": "i1", "timestamp": 1574553663979, "id": {"string": "auction-1"}, "bidid": null, "impid": {"string": "1"},
                 "seat": null, "price": {"double": 1.1}, "cur": "EUR", "cid": {"string": "c"}, "crid": null, "adomain": [],
                 "tagid": null, "site": null,
                 "app": {"dev.adpipe.events.App": {"id": null, "bundle": {"string": "org.example.game"}}},
                 "device": {"dev.adpipe.events.Device": {"ua": null, "devicetype": {"int": 4}, "os": null,
                   "geo": {"dev.adpipe.events.Geo": {"country": {"string": "DEU"}, "region": null, "city": null}}}}}
                """);
        assertValue(event, "impression_id", "i1");
        assertValue(event, "app.bundle", "org.example.game");
        assertValue(event, "device.geo.country", "DEU");
    }

    @Test
    void click() throws Exception {
        Payload event = roundTrip("click", """
                {"click_id": "k1", "impression_id": "i1", "timestamp": 1574553663979, "url": {"string": "https://shop.example"},
                 "x": null, "y": null}
                """);
        assertValue(event, "impression_id", "i1");
    }

    @Test
    void conversion() throws Exception {
        Payload event = roundTrip("conversion", """
                {"conversion_id": "o1", "impression_id": "i1", "click_id": {"string": "k1"}, "timestamp": 1574553663979,
                 "type": "purchase", "price": {"bytes": "\\u0007\\u00A1\\u0020"}, "cur": "EUR"}
                """);
        assertValue(event, "price", new java.math.BigDecimal("50.0000"));
    }

    private static void assertValue(Payload event, String path, Object expected) {
        assertThat(event.value(FieldPath.parse(path))).as(path).isEqualTo(expected);
        assertThat(EventTimes.parse(event.value(FieldPath.parse("timestamp")), TimeFormat.EPOCH_MILLIS))
                .isEqualTo(1_574_553_663_979L);
    }

    /** Avro's own JSON encoding, which names each union's branch, to binary and through our reader. */
    private static Payload roundTrip(String name, String json) throws IOException, URISyntaxException {
        Schema schema = new Schema.Parser().parse(Files.readString(file(name)));
        Object event =
                new GenericDatumReader<>(schema).read(null, DecoderFactory.get().jsonDecoder(schema, json));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(event, encoder);
        encoder.flush();
        return PayloadDecoder.of(new PayloadFormat.Avro(file(name))).decodeRaw(ByteBuffer.wrap(out.toByteArray()));
    }

    private static Path file(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(
                        AdEventSchemasTest.class.getResource("/dev/adpipe/schemas/events/" + name + ".avsc"))
                .toURI());
    }
}
