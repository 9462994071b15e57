package dev.adpipe.output;

/** One cleaning step, ready to run. Shared by the tasks of a job. */
@FunctionalInterface
interface FieldStep {

    /**
     * @param value null or any value of a payload
     * @param event that the value is of
     * @return null or any scalar value of a payload, or a list of them
     */
    Object apply(Object value, JoinedView event, RowNotes notes) throws BadValueException;
}
