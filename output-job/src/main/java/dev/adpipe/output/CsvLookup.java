package dev.adpipe.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.FileLookup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** CSV after RFC 4180: a header line, commas, double quotes. Every line has as many fields as the header. */
final class CsvLookup {
    private static final CsvFactory CSV =
            CsvFactory.builder().enable(CsvParser.Feature.SKIP_EMPTY_LINES).build();

    private final FileLookup lookup;
    private final CsvParser parser;
    private long line;

    private CsvLookup(FileLookup lookup, CsvParser parser) {
        this.lookup = lookup;
        this.parser = parser;
    }

    static LookupTable read(FileLookup lookup, String text) throws LookupFileException {
        try (CsvParser parser = CSV.createParser(text)) {
            return new CsvLookup(lookup, parser).read();
        } catch (JsonProcessingException e) {
            throw new LookupFileException(
                    lookup.path(), e.getLocation().getLineNr(), "is no CSV (RFC 4180): " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new LookupFileException(lookup.path(), "cannot be read: " + e);
        }
    }

    private LookupTable read() throws IOException, LookupFileException {
        List<String> header = new ArrayList<>();
        nextRecord(header);
        int key = column(header, lookup.key());
        int name = column(header, lookup.value());
        LookupTable.Builder table = new LookupTable.Builder();
        List<String> fields = new ArrayList<>(header.size());
        while (nextRecord(fields)) {
            if (fields.size() != header.size()) {
                throw new LookupFileException(
                        lookup.path(),
                        line,
                        "has " + fields.size() + " fields, the header has " + header.size()
                                + "; every line must have as many");
            }
            table.add(line, fields.get(key), fields.get(name));
        }
        return table.build();
    }

    private boolean nextRecord(List<String> fields) throws IOException {
        fields.clear();
        JsonToken token = parser.nextToken();
        if (token != JsonToken.START_ARRAY) {
            return false;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (fields.isEmpty()) {
                line = parser.currentTokenLocation().getLineNr();
            }
            fields.add(parser.getText());
        }
        return true;
    }

    private int column(List<String> header, String wanted) throws LookupFileException {
        int index = header.indexOf(wanted);
        if (index < 0) {
            throw new LookupFileException(
                    lookup.path(), line, "has no column '" + wanted + "'; the header has " + header);
        }
        if (header.lastIndexOf(wanted) != index) {
            throw new LookupFileException(lookup.path(), line, "has the column '" + wanted + "' twice");
        }
        return index;
    }
}
