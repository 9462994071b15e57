package dev.adpipe.local.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Free ports, each given out once. They lie below those that the system gives to outgoing connections: a broker that is
 * down must find its port free when it comes back, and meanwhile its clients connect all the time.
 */
public final class Ports {
    private static final int FIRST = 15_000;
    private static final int COUNT = 16_000;

    // Two runs at once must not try the same ports; the run's seed has no part in this.
    private final Random random = new Random();
    private final Set<Integer> given = new HashSet<>();

    public synchronized int next() {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = FIRST + random.nextInt(COUNT);
            if (isFree(port) && given.add(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + FIRST + " and " + (FIRST + COUNT));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
