package dev.adpipe.schemas.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.definition.PayloadFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FramingsTest {
    private static final List<FieldPath> ID = List.of(FieldPath.parse("id"));
    private static final Schema OLD = new Schema.Parser()
            .parse(
                    "{\"type\": \"record\", \"name\": \"Click\", \"fields\": [{\"name\": \"id\", \"type\": \"string\"}]}");
    private static final Schema NEW = new Schema.Parser().parse("""
            {"type": "record", "name": "Click", "fields": [
              {"name": "x", "type": "int"}, {"name": "id", "type": "string"}]}
            """);

    @TempDir
    Path folder;

    private Path oldFile;
    private Path newFile;

    @BeforeEach
    void writeSchemas() throws IOException {
        oldFile = Files.writeString(folder.resolve("old.avsc"), OLD.toString());
        newFile = Files.writeString(folder.resolve("new.avsc"), NEW.toString());
    }

    @Test
    void bareAvroIsReadByTheSchemaOfTheFile() throws IOException {
        PayloadFormat format = new PayloadFormat.Avro(newFile);
        byte[] bytes = bare(NEW, newClick());

        PayloadFields fields = PayloadReader.of(format, ID).read(bytes);
        assertThat(fields.values()).containsExactly("c1");
        assertThat(fields.encoding()).isEqualTo(PayloadEncoding.AVRO);
        assertThat(fields.schemaId()).isEqualTo(SchemaNormalization.parsingFingerprint64(NEW));

        PayloadDecoder decoder = PayloadDecoder.of(format);
        assertThat(decoder.decode(PayloadEncoding.AVRO, fields.schemaId(), ByteBuffer.wrap(bytes))
                        .fields())
                .isEqualTo(Map.of("x", 7L, "id", "c1"));
        assertThat(decoder.decodeRaw(ByteBuffer.wrap(bytes)).toJson()).isEqualTo("{\"x\":7,\"id\":\"c1\"}");
    }

    @Test
    void anEnvelopesFingerprintOfAnotherSchemaIsUnknownNotMisread() throws IOException {
        byte[] bytes = bare(OLD, oldClick());
        PayloadDecoder decoder = PayloadDecoder.of(new PayloadFormat.Avro(newFile));
        MalformedPayloadException e = catchThrowableOfType(
                MalformedPayloadException.class,
                () -> decoder.decode(
                        PayloadEncoding.AVRO, SchemaNormalization.parsingFingerprint64(OLD), ByteBuffer.wrap(bytes)));
        assertThat(e.reason()).isEqualTo("unknown-schema");
        assertThat(e).hasMessageContaining(String.format("%016x", SchemaNormalization.parsingFingerprint64(OLD)));
    }

    @Test
    void jsonStaysReadableAfterTheFormatHasChanged() {
        PayloadDecoder decoder = PayloadDecoder.of(new PayloadFormat.Avro(newFile));
        assertThat(decoder.decode(
                                PayloadEncoding.JSON, 0, ByteBuffer.wrap("{\"id\":1}".getBytes(StandardCharsets.UTF_8)))
                        .fields())
                .isEqualTo(Map.of("id", 1L));
        assertThatThrownBy(() -> decoder.decode(PayloadEncoding.CONFLUENT_AVRO, 5, ByteBuffer.wrap(new byte[10])))
                .isInstanceOf(MalformedPayloadException.class)
                .hasMessageContaining("schema 5 of a registry");
    }

    @Test
    void singleObjectsAreReadEachByItsOwnSchema() throws IOException {
        PayloadFormat format = new PayloadFormat.AvroSingleObject(List.of(oldFile, newFile));
        PayloadReader reader = PayloadReader.of(format, ID);
        PayloadDecoder decoder = PayloadDecoder.of(format);
        for (GenericRecord click : List.of(oldClick(), newClick())) {
            byte[] bytes = singleObject(click);
            PayloadFields fields = reader.read(bytes);
            assertThat(fields.values()).containsExactly(click.get("id"));
            assertThat(fields.encoding()).isEqualTo(PayloadEncoding.AVRO_SINGLE_OBJECT);
            assertThat(fields.schemaId()).isEqualTo(SchemaNormalization.parsingFingerprint64(click.getSchema()));
            assertThat(decoder.decode(fields.encoding(), fields.schemaId(), ByteBuffer.wrap(bytes))
                            .value(ID.get(0)))
                    .isEqualTo(click.get("id"));
        }
    }

    @Test
    void aSingleObjectOfAnUnknownSchemaIsRefusedAsThat() throws IOException {
        PayloadReader reader = PayloadReader.of(new PayloadFormat.AvroSingleObject(List.of(oldFile)), ID);
        byte[] bytes = singleObject(newClick());
        MalformedPayloadException e = catchThrowableOfType(MalformedPayloadException.class, () -> reader.read(bytes));
        assertThat(e.reason()).isEqualTo("unknown-schema");
        assertThat(e).hasMessageContaining(String.format("%016x", SchemaNormalization.parsingFingerprint64(NEW)));
    }

    @Test
    void bytesWithoutTheHeaderAreMalformed() {
        PayloadReader single = PayloadReader.of(new PayloadFormat.AvroSingleObject(List.of(oldFile)), ID);
        assertMalformed(single, new byte[0]);
        assertMalformed(single, new byte[9]);
        assertMalformed(single, new byte[20]);
        assertMalformed(single, new byte[] {(byte) 0xC3, 1, 0, 0, 0, 0, 0, 0, 0});
        PayloadReader confluent = PayloadReader.of(
                new PayloadFormat.ConfluentAvro(URI.create("http://127.0.0.1:1"), Optional.empty()), ID);
        assertMalformed(confluent, new byte[0]);
        assertMalformed(confluent, new byte[] {0, 0, 0, 0});
        assertMalformed(confluent, new byte[] {1, 0, 0, 0, 1, 0});
    }

    @Test
    void aSchemaFileThatCannotBeReadIsNamed() throws IOException {
        Path missing = folder.resolve("missing.avsc");
        assertThatThrownBy(() -> PayloadReader.of(new PayloadFormat.Avro(missing), ID))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(missing.toString());
        Path broken = Files.writeString(folder.resolve("broken.avsc"), "{\"type\": \"nonsense\"}");
        assertThatThrownBy(() -> PayloadDecoder.of(new PayloadFormat.Avro(broken)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(broken.toString());
    }

    private static void assertMalformed(PayloadReader reader, byte[] bytes) {
        MalformedPayloadException e = catchThrowableOfType(MalformedPayloadException.class, () -> reader.read(bytes));
        assertThat(e).isNotNull();
        assertThat(e.reason()).isEqualTo("malformed");
    }

    private static GenericRecord oldClick() {
        GenericRecord click = new GenericData.Record(OLD);
        click.put("id", "c0");
        return click;
    }

    private static GenericRecord newClick() {
        GenericRecord click = new GenericData.Record(NEW);
        click.put("id", "c1");
        click.put("x", 7);
        return click;
    }

    private static byte[] singleObject(GenericRecord record) throws IOException {
        ByteBuffer buffer =
                new BinaryMessageEncoder<GenericRecord>(GenericData.get(), record.getSchema()).encode(record);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static byte[] bare(Schema schema, GenericRecord record) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
