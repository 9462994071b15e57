package dev.adpipe.local.guarantee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.local.process.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

class CuttableProxyTest {
    private static final int SOON_MS = 300;
    private static final int PATIENCE_MS = 10_000;

    @Test
    void itForwardsUntilItIsCutAndAgainAfterwards() throws IOException {
        int front = new Ports().next();
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                CuttableProxy proxy = new CuttableProxy(front, server.getLocalPort())) {
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), front);
                    Socket accepted = server.accept()) {
                assertThat(answer(client, accepted, PATIENCE_MS)).isEqualTo('x');

                proxy.set(CuttableProxy.Mode.SILENT);
                assertThatThrownBy(() -> answer(client, accepted, SOON_MS)).isInstanceOf(SocketTimeoutException.class);

                proxy.set(CuttableProxy.Mode.OPEN);
                client.setSoTimeout(PATIENCE_MS);
                assertThat(ended(client))
                        .as("what sat through the silence is closed")
                        .isTrue();
            }
            proxy.set(CuttableProxy.Mode.REFUSED);
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), front)) {
                client.setSoTimeout(PATIENCE_MS);
                assertThat(ended(client)).isTrue();
            }
            proxy.set(CuttableProxy.Mode.OPEN);
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), front);
                    Socket accepted = server.accept()) {
                assertThat(answer(client, accepted, PATIENCE_MS)).isEqualTo('x');
            }
        }
    }

    private static int answer(Socket client, Socket accepted, int patience) throws IOException {
        accepted.setSoTimeout(patience);
        client.getOutputStream().write('x');
        return accepted.getInputStream().read();
    }

    private static boolean ended(Socket client) {
        try {
            return client.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}
