package dev.adpipe.runtime.state;

/**
 * Tells of keys that they have never been added. Of others it is not sure, and less so the more there are: about one in
 * twenty-five new keys looks familiar when three million have been added.
 *
 * <p>A Bloom filter of two mebibytes; used by one thread.
 */
final class SeenKeys {
    private static final int BITS = 1 << 24;
    private static final int PROBES = 4;

    private final long[] words = new long[BITS / Long.SIZE];

    void add(byte[] key) {
        long hash = hash(key);
        for (int probe = 0; probe < PROBES; probe++) {
            int bit = bit(hash, probe);
            words[bit >>> 6] |= 1L << bit;
        }
    }

    /** False: certainly not added. */
    boolean mayHold(byte[] key) {
        long hash = hash(key);
        for (int probe = 0; probe < PROBES; probe++) {
            int bit = bit(hash, probe);
            if ((words[bit >>> 6] & (1L << bit)) == 0) {
                return false;
            }
        }
        return true;
    }

    private static int bit(long hash, int probe) {
        return (int) (hash + probe * ((hash >>> 32) | 1)) & (BITS - 1);
    }

    /** FNV-1a, its bits mixed well (as in MurmurHash3) since it leaves the upper ones of short keys alike. */
    private static long hash(byte[] key) {
        long hash = 0xcbf29ce484222325L;
        for (byte octet : key) {
            hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
