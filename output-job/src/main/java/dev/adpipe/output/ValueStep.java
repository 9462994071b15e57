package dev.adpipe.output;

/** One cleaning step, ready to run. Stateless. */
@FunctionalInterface
interface ValueStep {

    /**
     * @param value null or any value of a payload
     * @return null or any scalar value of a payload
     */
    Object apply(Object value) throws BadValueException;
}
