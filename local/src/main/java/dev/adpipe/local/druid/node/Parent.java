package dev.adpipe.local.druid.node;

import java.io.IOException;

/** The process that started this one, and when to end with it. */
final class Parent {
    private Parent() {}

    /**
     * Ends this process when its parent's end of standard input is closed, which the system does however the parent ended: no
     * orphan stays after a {@code kill -9}.
     */
    static void endWithIt() {
        Thread thread = new Thread(Parent::awaitEnd, "parent-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Ctrl-C goes to all processes of a terminal, also to this one, but its parent wants answers yet. A signal's handler is set
     * by a class of the JDK that the compiler warns of in any case.
     */
    static void ignoreInterrupts() throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object ignore = handler.getField("SIG_IGN").get(null);
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance("INT"), ignore);
    }

    private static void awaitEnd() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever said.
            }
        } catch (IOException e) {
            // The same as its end.
        }
        Runtime.getRuntime().halt(0);
    }
}
