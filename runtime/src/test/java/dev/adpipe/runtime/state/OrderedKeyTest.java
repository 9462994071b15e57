package dev.adpipe.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderedKeyTest {
    @Test
    void bytesSortAsKeysDo() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            OrderedKey a = any(random);
            OrderedKey b = any(random);
            assertThat(Integer.signum(Arrays.compareUnsigned(a.encode(), b.encode())))
                    .as("%s and %s, seed %s", a, b, seed)
                    .isEqualTo(Integer.signum(a.compareTo(b)));
            assertThat(OrderedKey.decode(a.encode())).isEqualTo(a);
        }
    }

    private static OrderedKey any(Random random) {
        byte[] key = new byte[random.nextInt(3)];
        random.nextBytes(key);
        long[] orders = {Long.MIN_VALUE, -1, 0, 1, 255, 256, Long.MAX_VALUE, random.nextLong()};
        return new OrderedKey(orders[random.nextInt(orders.length)], key);
    }
}
