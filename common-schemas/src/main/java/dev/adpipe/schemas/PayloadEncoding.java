package dev.adpipe.schemas;

/** How a payload's bytes are written. */
public enum PayloadEncoding {
    JSON(0),
    AVRO(1),
    AVRO_SINGLE_OBJECT(2),
    CONFLUENT_AVRO(3);

    private final int symbol;

    PayloadEncoding(int symbol) {
        this.symbol = symbol;
    }

    /** Position in the Avro enum; never changes. */
    int symbol() {
        return symbol;
    }

    static PayloadEncoding ofSymbol(int symbol) {
        return switch (symbol) {
            case 0 -> JSON;
            case 1 -> AVRO;
            case 2 -> AVRO_SINGLE_OBJECT;
            case 3 -> CONFLUENT_AVRO;
            default -> throw new MalformedEnvelopeException("payload encoding " + symbol + " is not one of 0 to 3");
        };
    }
}
