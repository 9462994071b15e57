package dev.adpipe.schemas.definition;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A pipeline definition with mistakes. The message is meant for the user as it is: one line per mistake. It has no stack
 * trace, because the mistake is in a file and not in the code.
 */
public final class InvalidDefinitionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * @param problems at least one
     */
    public InvalidDefinitionException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** All mistakes, in the order of the file. */
    public List<Problem> problems() {
        return problems;
    }
}
