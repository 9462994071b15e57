package dev.adpipe.local.demo;

import dev.adpipe.local.druid.server.Fetched;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** Tells how far Druid's jars are: on a terminal in one line, elsewhere in one every few seconds. Used by one thread. */
final class FetchProgress implements Consumer<Fetched> {
    private static final long LINE_EVERY_NANOS = 5_000_000_000L;

    private final PrintWriter out;
    private final boolean redraw;
    private boolean begun;
    private long nextLine;

    FetchProgress(PrintWriter out, boolean redraw) {
        this.out = out;
        this.redraw = redraw;
    }

    @Override
    public void accept(Fetched fetched) {
        if (!begun) {
            out.println(
                    "Druid is started here for the first time: Maven looks for its jars, and fetches those it has not"
                            + " got");
            nextLine = System.nanoTime();
        } else if (redraw) {
            out.print("\r  " + fetched);
        } else if (System.nanoTime() - nextLine >= 0) {
            out.println("  " + fetched);
            nextLine = System.nanoTime() + LINE_EVERY_NANOS;
        }
        begun = true;
        out.flush();
    }

    /** They are there. */
    void end() {
        if (begun) {
            out.println(redraw ? "\r  Druid's jars are there                    " : "  Druid's jars are there");
            out.flush();
        }
    }
}
