package dev.adpipe.local.druid.server;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of this machine, or of the container that this process is in. */
final class Memory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";
    private static final long MIB = 1 << 20;

    private Memory() {}

    /**
     * @throws DruidException if less is available: the system would kill one process or another in the middle of its work
     */
    static void require(long bytes) {
        require(bytes, available());
    }

    static void require(long bytes, long available) {
        if (available < bytes) {
            throw new DruidException("Druid needs about " + bytes / MIB + " MiB of memory, and " + available / MIB
                    + " MiB are available");
        }
    }

    /** What can be had without swapping, in bytes. */
    static long available() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try {
            // Free in the JDK's sense counts what the system keeps files in as taken, though it gives that back at
            // once. The
            // total, in turn, is the container's where there is one.
            return Files.readAllLines(MEMINFO).stream()
                    .filter(line -> line.startsWith(AVAILABLE))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .map(available -> Math.min(available, system.getTotalMemorySize()))
                    .findFirst()
                    .orElseGet(system::getFreeMemorySize);
        } catch (IOException e) {
            return system.getFreeMemorySize();
        }
    }
}
