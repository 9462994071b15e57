package dev.adpipe.local.druid.server;

import dev.adpipe.local.druid.node.DruidNodes;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where this module's classes are; those of {@link DruidNodes} need nothing else on the class path. */
final class OurClasses {
    private OurClasses() {}

    /** A folder, or a jar. */
    static Path location() {
        try {
            return Path.of(DruidNodes.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("adpipe's own classes are at no path", e);
        }
    }
}
