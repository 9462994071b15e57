package dev.adpipe.local.demo;

import java.io.Console;
import java.io.PrintWriter;
import java.util.List;

/** Where the view goes: redrawn in place on a terminal, otherwise not at all. Used by one thread. */
final class Screen {
    private static final String HOME = "\u001b[H";
    private static final String CLEAR = "\u001b[2J";
    private static final String CLEAR_LINE_END = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";

    private final PrintWriter out;
    private boolean drawn;

    Screen(PrintWriter out) {
        this.out = out;
    }

    /** Draws over what was drawn before. */
    void draw(List<String> lines) {
        // A line that is too long for the terminal is cut, not wrapped: what follows would be pushed out of place.
        StringBuilder text = new StringBuilder(NO_WRAP).append(drawn ? HOME : CLEAR + HOME);
        lines.forEach(line -> text.append(line).append(CLEAR_LINE_END).append('\n'));
        out.print(text.append(CLEAR_BELOW).append(WRAP));
        out.flush();
        drawn = true;
    }

    /** Whether standard output is a terminal. */
    @SuppressWarnings("SystemConsoleNull") // null is only one of the answers dealt with
    static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since Java 22 there is a console in any case, and this method that tells.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot ask whether standard output is a terminal", e);
        }
    }
}
