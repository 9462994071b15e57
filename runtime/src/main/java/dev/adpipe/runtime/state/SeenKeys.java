package dev.adpipe.runtime.state;

/**
 * Which keys a restore has met: a Bloom filter (Bloom, 1970), so that a key may be taken for met that was not, but never the other
 * way round. Its size is fixed; with far more keys than were expected it says yes ever more often, and saves nothing.
 *
 * <p>Used by one thread.
 */
final class SeenKeys {
    private static final int BITS_PER_KEY = 12;
    private static final int FEWEST_BITS = 1 << 13;
    /** 4 MiB, for as long as a restore lasts. */
    private static final int MOST_BITS = 1 << 25;
    /** Of each key; near {@code BITS_PER_KEY * ln 2} fewer are wrongly taken for met, but each costs a miss of the processor's cache. */
    private static final int PROBES = 4;

    private final long[] words;
    private final int mask;

    /**
     * @param keys expected
     */
    SeenKeys(long keys) {
        long wanted = Math.min(MOST_BITS, Math.max(FEWEST_BITS, keys * BITS_PER_KEY));
        int bits = Integer.highestOneBit(Math.toIntExact(wanted) * 2 - 1);
        words = new long[bits / Long.SIZE];
        mask = bits - 1;
    }

    /** Returns whether the key may have been added before. */
    boolean add(byte[] key) {
        long hash = hash(key);
        int probe = (int) hash;
        int step = (int) (hash >>> 32) | 1;
        boolean seen = true;
        for (int n = 0; n < PROBES; n++) {
            int bit = probe & mask;
            long word = words[bit >>> 6];
            seen &= (word >>> bit & 1) != 0;
            words[bit >>> 6] = word | 1L << bit;
            probe += step;
        }
        return seen;
    }

    /** FNV-1a, its bits mixed by the end of MurmurHash3, as both publish them. */
    private static long hash(byte[] key) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : key) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }
}
