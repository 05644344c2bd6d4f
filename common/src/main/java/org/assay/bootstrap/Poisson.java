package org.assay.bootstrap;

import org.assay.random.Keyed;

/**
 * Independent Poisson(1) counts: the same unit is drawn equally often in every data set that it is
 * in, and no other unit need be known.
 *
 * <p>By inversion of 48 random bits: the probability of each count is right to 2^-48, and counts
 * above 16, of probability 1e-15 together, do not occur. Compared with {@link Draws} the number of
 * items varies from replicate to replicate, which adds nothing to the variance of a ratio of sums
 * to first order. There are no strata: a stratum has as many items as it happens to.
 *
 * <p>Four replicates share a word of 64 bits. A table over the first 12 of the 16 bits of each
 * gives the count at once, but in the few of 4,096 cells that hold a bound between two counts:
 * there 32 bits more are made.
 *
 * <p>Source: J. A. Hanley and B. MacGibbon, "Creating non-parametric bootstrap samples using
 * Poisson frequencies", Computer Methods and Programs in Biomedicine 83, 2006,
 * doi:10.1016/j.cmpb.2006.04.006.
 */
public final class Poisson implements KeyedResampling {
  private static final long serialVersionUID = 1L;
  private static final int MOST = 16;

  /** P(count <= c) in units of 2^-48, for c from 0. */
  private static final long[] BELOW = new long[MOST];

  /** Bits of a uniform number beyond those that the table reads. */
  private static final int CELL = 36;

  /** The count of uniform numbers with these first bits; -1 where it depends on the others. */
  private static final byte[] GUIDE = new byte[1 << 48 - CELL];

  static {
    double term = Math.exp(-1);
    double sum = 0;
    for (int c = 0; c < MOST; c++) {
      sum += term;
      term /= c + 1;
      BELOW[c] = Math.round(sum * 0x1.0p48);
    }
    for (int cell = 0; cell < GUIDE.length; cell++) {
      long first = search((long) cell << CELL);
      long last = search((cell + 1L << CELL) - 1);
      GUIDE[cell] = (byte) (first == last ? first : -1);
    }
  }

  private final int replicates;
  private final Keyed function;

  /** This many replicates. */
  public Poisson(long seed, int replicates) {
    this.replicates = replicates;
    this.function = Keyed.of(seed, "poisson bootstrap");
  }

  @Override
  public int replicates() {
    return replicates;
  }

  @Override
  public void fill(int batch, long[] keys, long[] lanes) {
    long first = function.stream(2L * batch);
    long second = function.stream(2L * batch + 1);
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = four(Keyed.at(first, keys[i])) | four(Keyed.at(second, keys[i])) << 32;
    }
  }

  /** Four counts. */
  private static long four(long bits) {
    int a = GUIDE[(int) (bits >>> 4) & 0xFFF];
    int b = GUIDE[(int) (bits >>> 20) & 0xFFF];
    int c = GUIDE[(int) (bits >>> 36) & 0xFFF];
    int d = GUIDE[(int) (bits >>> 52)];
    if ((a | b | c | d) < 0) {
      return count(bits, 0) | count(bits, 16) << 8 | count(bits, 32) << 16 | count(bits, 48) << 24;
    }
    return a | b << 8 | c << 16 | d << 24;
  }

  /** One of them, whatever it depends on. */
  private static long count(long bits, int shift) {
    return search((bits >>> shift & 0xFFFF) << 32 | Keyed.mix(bits + shift + 1) >>> 32);
  }

  private static long search(long uniform) {
    int c = 0;
    while (c < MOST && uniform >= BELOW[c]) {
      c++;
    }
    return c;
  }
}
