package org.assay.random;

import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A random function: 64 independent-looking bits for every (replicate, row), fixed by (seed,
 * purpose).
 *
 * <p>Value = m(m(k + replicate * c1) + row * c2), where m is the 64-bit finalizer "variant 13" of
 * Stafford (2011), k mixes seed and purpose and c1, c2 are odd constants. For a fixed replicate it
 * is a SplitMix64 sequence read at random access. Stateless and thread-safe.
 *
 * <p>Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014,
 * doi:10.1145/2660193.2660195.
 */
public final class Keyed implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long C1 = 0xD1342543DE82EF95L;
  private static final long C2 = 0x9E3779B97F4A7C15L;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final long key;

  private Keyed(long key) {
    this.key = key;
  }

  /**
   * The function of a seed and a purpose.
   *
   * @param purpose what the numbers are for; functions of different purposes are unrelated
   */
  public static Keyed of(long seed, String purpose) {
    return new Keyed(mix(mix(seed + C2) ^ hash(purpose)));
  }

  /** The 64 bits of one row in one replicate. */
  public long bits(long replicate, long row) {
    return at(stream(replicate), row);
  }

  /**
   * What {@link #bits} makes of the replicate: the argument of {@link #at}. A loop over rows or
   * over replicates takes it once, which halves the work.
   */
  public long stream(long replicate) {
    return mix(key + replicate * C1);
  }

  /** The 64 bits of one row: {@code at(stream(replicate), row)} is {@code bits(replicate, row)}. */
  public static long at(long stream, long row) {
    return mix(stream + row * C2);
  }

  /** A uniform number in [0, 1), a multiple of 2^-53. */
  public double uniform(long replicate, long row) {
    return (bits(replicate, row) >>> 11) * 0x1.0p-53;
  }

  /**
   * A whole number in [0, n), uniform up to n / 2^64.
   *
   * @param n positive
   */
  public long below(long n, long replicate, long row) {
    long bits = bits(replicate, row);
    long high = Math.multiplyHigh(bits, n);
    return bits < 0 ? high + n : high;
  }

  /** A function for a part of this purpose, such as one fit of many. */
  public Keyed derive(long part) {
    return new Keyed(mix(mix(key ^ C1) + part * C2));
  }

  /**
   * A 64-bit hash of a text: FNV-1a over its UTF-8 bytes, finished by the mixer. Stable for ever.
   */
  public static long hash(String text) {
    long h = 0xCBF29CE484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      h = (h ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return mix(h);
  }

  /**
   * A 64-bit hash of {@code bytes[from .. to)}: a mixing step per 8 bytes, big-endian, then the
   * length. Stable for ever.
   */
  public static long hash(byte[] bytes, int from, int to) {
    long h = C1;
    int i = from;
    for (; i + 8 <= to; i += 8) {
      h = mix(h ^ (long) LONGS.get(bytes, i)) * C2;
    }
    long tail = 0;
    for (; i < to; i++) {
      tail = tail << 8 | bytes[i] & 0xFF;
    }
    return mix(mix(h ^ tail) ^ (to - from));
  }

  /** The 64-bit finalizer itself: a bijection whose output bits each depend on all input bits. */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
