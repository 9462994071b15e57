package dev.adpipe.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;

/** Asks the person at the terminal whether to go on. */
final class Confirmation {
    static final String ANSWERS = "adpipe.answers";

    private Confirmation() {}

    /**
     * @throws CommandException if there is nobody to ask
     */
    static boolean given(PrintWriter out) {
        // The launcher knows whether somebody sits at the input.
        if (!Boolean.getBoolean(ANSWERS)) {
            throw CommandException.refused(
                    "there is no terminal to ask at; to do what is said above: --yes. Nothing was changed");
        }
        out.print("Go on? [y/N] ");
        out.flush();
        try {
            // Not closed: it is the process's own.
            String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            return answer != null && List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
        } catch (IOException e) {
            throw CommandException.failed("the answer cannot be read: " + e.getMessage() + ". Nothing was changed", e);
        }
    }
}
