package dev.adpipe.output;

/** A step that needs the value and nothing else. Stateless. */
@FunctionalInterface
interface ValueStep extends FieldStep {

    /**
     * @param value null or any value of a payload
     * @return null or any scalar value of a payload, or a list of them
     */
    Object apply(Object value) throws BadValueException;

    @Override
    default Object apply(Object value, JoinedView event, RowNotes notes) throws BadValueException {
        return apply(value);
    }
}
