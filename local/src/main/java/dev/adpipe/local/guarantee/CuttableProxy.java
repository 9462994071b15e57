package dev.adpipe.local.guarantee;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Forwards TCP connections to a port of this machine, and can cut them: {@link Mode#REFUSED} closes every connection,
 * {@link Mode#SILENT} keeps them and lets nothing through, as a dead network does. Thread-safe.
 */
final class CuttableProxy implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    enum Mode {
        OPEN,
        REFUSED,
        SILENT
    }

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Mode mode = Mode.OPEN;

    CuttableProxy(int port, int target) {
        this.target = target;
        try {
            server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy cannot listen on port " + port, e);
        }
        daemon("proxy-" + port, this::accept);
    }

    void set(Mode next) {
        mode = next;
        if (next != Mode.SILENT) {
            // Whoever sat through the silence has to connect anew: bytes that were swallowed are gone.
            sockets.forEach(CuttableProxy::closeQuietly);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                if (mode == Mode.REFUSED) {
                    closeQuietly(client);
                    continue;
                }
                sockets.add(client);
                daemon("proxy-connection", () -> connect(client));
            } catch (IOException e) {
                // Closed, or a client that went away while it was accepted.
            }
        }
    }

    private void connect(Socket client) {
        Socket broker = new Socket();
        sockets.add(broker);
        try {
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
            broker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 5_000);
            daemon("proxy-back", () -> copy(broker, client));
            copy(client, broker);
        } catch (IOException e) {
            // The broker is down: to the client the connection just ends.
            end(client, broker);
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (mode == Mode.OPEN) {
                    out.write(buffer, 0, n);
                }
            }
        } catch (IOException e) {
            // Either side has gone.
        } finally {
            end(from, to);
        }
    }

    private void end(Socket one, Socket other) {
        closeQuietly(one);
        closeQuietly(other);
        sockets.remove(one);
        sockets.remove(other);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more, open or not.
        }
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(CuttableProxy::closeQuietly);
    }
}
