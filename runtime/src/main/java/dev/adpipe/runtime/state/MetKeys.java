package dev.adpipe.runtime.state;

/**
 * The keys that a restore has met: a Bloom filter (B. H. Bloom, 1970), so that a key may be taken for met that was not, but
 * never the other way round. Its size is fixed; with far more keys than were expected it says yes ever more often, and saves
 * nothing.
 *
 * <p>Used by one thread.
 */
final class MetKeys {
    /** With four probes, 2 of 100 new keys are taken for met when all that were expected are there: (1 - e^(-4/10))^4. */
    private static final int BITS_PER_KEY = 10;

    private static final int PROBES = 4;

    private static final long FEWEST_BITS = 1 << 10;
    /** 4 MiB, for as long as a restore lasts. */
    private static final long MOST_BITS = 1 << 25;

    private final long[] words;
    private final int mask;

    /**
     * @param expected keys
     */
    MetKeys(long expected) {
        long bits = Long.highestOneBit(Math.min(MOST_BITS, Math.max(FEWEST_BITS, 2 * BITS_PER_KEY * expected - 1)));
        words = new long[(int) (bits / Long.SIZE)];
        mask = (int) (bits - 1);
    }

    /** Returns whether the key may have been added before. */
    boolean add(byte[] key) {
        long hash = hash(key);
        int probe = (int) hash;
        // Two hashes make all probes: Kirsch and Mitzenmacher, Less Hashing, Same Performance, 2006.
        int step = (int) (hash >>> 32) | 1;
        boolean met = true;
        for (int n = 0; n < PROBES; n++) {
            int word = (probe & mask) >>> 6;
            long bit = 1L << probe;
            met &= (words[word] & bit) != 0;
            words[word] |= bit;
            probe += step;
        }
        return met;
    }

    /** FNV-1a of 64 bits, and MurmurHash3's last step, so that every bit of the key is in each bit of the hash. */
    private static long hash(byte[] key) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : key) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
