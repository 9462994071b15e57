package dev.adpipe.local;

/** Ends a command with an exit code and one paragraph for the person at the terminal, who sees no stack trace. */
public final class CommandException extends RuntimeException {
    private final int exitCode;

    private CommandException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public static CommandException failed(String message, Throwable cause) {
        return new CommandException(ExitCode.FAILED, message, cause);
    }

    public static CommandException failed(String message) {
        return new CommandException(ExitCode.FAILED, message, null);
    }

    public static CommandException usage(String message) {
        return new CommandException(ExitCode.USAGE, message, null);
    }

    public static CommandException refused(String message) {
        return new CommandException(ExitCode.REFUSED, message, null);
    }

    int exitCode() {
        return exitCode;
    }
}
