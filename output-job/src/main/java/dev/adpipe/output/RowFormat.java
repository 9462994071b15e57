package dev.adpipe.output;

/** How a row is written as the value of a record. Stateless. */
@FunctionalInterface
interface RowFormat {

    /**
     * @throws RejectedRowException if the row has what the format cannot carry
     */
    byte[] encode(Row row);
}
