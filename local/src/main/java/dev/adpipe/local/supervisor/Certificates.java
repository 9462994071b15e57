package dev.adpipe.local.supervisor;

import dev.adpipe.local.CommandException;
import dev.adpipe.schemas.definition.DruidSettings.Store;
import dev.adpipe.schemas.definition.DruidSettings.Tls;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** The certificates of {@code output.sink.tls}. Stateless. */
final class Certificates {
    private Certificates() {}

    static SSLContext context(Tls tls) {
        try {
            // Null stands for what Java itself would use.
            TrustManager[] trusted = null;
            if (tls.truststore().isPresent()) {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(open(tls.truststore().get(), "truststore"));
                trusted = factory.getTrustManagers();
            }
            KeyManager[] own = null;
            if (tls.keystore().isPresent()) {
                Store store = tls.keystore().get();
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(open(store, "keystore"), store.password().toCharArray());
                own = factory.getKeyManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, trusted, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw CommandException.failed("output.sink.tls cannot be used: " + e.getMessage(), e);
        }
    }

    /** PKCS12 or JKS, by what the file says itself. */
    private static KeyStore open(Store store, String key) throws GeneralSecurityException {
        try {
            return KeyStore.getInstance(store.file().toFile(), store.password().toCharArray());
        } catch (IOException e) {
            throw CommandException.failed(
                    "output.sink.tls." + key + " = " + store.file() + ": " + e.getMessage()
                            + "; it must be a PKCS12 or JKS file, and " + key + "-password its password",
                    e);
        }
    }
}
