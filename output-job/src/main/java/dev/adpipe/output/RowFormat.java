package dev.adpipe.output;

/** How a row is written as the value of a record. Stateless. */
@FunctionalInterface
interface RowFormat {

    /**
     * @throws RejectedRowException if the row has what the format cannot carry
     */
    byte[] encode(Row row);

    /**
     * What {@link #encode} would say of the row, without its work: for a row that is written later, when its record cannot be
     * refused any more.
     *
     * @throws RejectedRowException likewise
     */
    default void check(Row row) {}
}
