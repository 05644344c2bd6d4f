package org.assay.bootstrap;

import org.assay.random.Keyed;
import org.assay.random.Lanes;

/**
 * Independent Poisson(1) counts: the same unit is drawn equally often in every data set that it is
 * in, and no other unit need be known.
 *
 * <p>By inversion of 32 random bits: the probability of each count is right to 2^-32, and counts
 * above 12, of probability 7e-11 together, do not occur. Compared with {@link Draws} the number of
 * items varies from replicate to replicate, which adds nothing to the variance of a ratio of sums
 * to first order. There are no strata: a stratum has as many items as it happens to.
 *
 * <p>A table over the first 12 bits gives the count at once, but in the 8 in 4,096 cells that hold
 * a bound between two counts.
 *
 * <p>Source: J. A. Hanley and B. MacGibbon, "Creating non-parametric bootstrap samples using
 * Poisson frequencies", Computer Methods and Programs in Biomedicine 83, 2006,
 * doi:10.1016/j.cmpb.2006.04.006.
 */
public final class Poisson implements KeyedResampling {
  private static final long serialVersionUID = 1L;
  private static final int MOST = 12;

  /** P(count <= c) in units of 2^-32, for c from 0. */
  private static final long[] BELOW = new long[MOST];

  private static final int CELL = 20;

  /** The count of uniform numbers with these first bits; -1 where it depends on the others. */
  private static final byte[] GUIDE = new byte[1 << 32 - CELL];

  static {
    double term = Math.exp(-1);
    double sum = 0;
    for (int c = 0; c < MOST; c++) {
      sum += term;
      term /= c + 1;
      BELOW[c] = Math.round(sum * 0x1.0p32);
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
    long first = (long) batch * (Lanes.WIDTH / 2);
    long s0 = function.stream(first);
    long s1 = function.stream(first + 1);
    long s2 = function.stream(first + 2);
    long s3 = function.stream(first + 3);
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] =
          pair(Keyed.at(s0, keys[i]))
              | pair(Keyed.at(s1, keys[i])) << 16
              | pair(Keyed.at(s2, keys[i])) << 32
              | pair(Keyed.at(s3, keys[i])) << 48;
    }
  }

  /** Two counts. */
  private static long pair(long bits) {
    return count(bits >>> 32) | count(bits & 0xFFFFFFFFL) << 8;
  }

  private static long count(long uniform) {
    long count = GUIDE[(int) (uniform >>> CELL)];
    return count < 0 ? search(uniform) : count;
  }

  private static long search(long uniform) {
    int c = 0;
    while (c < MOST && uniform >= BELOW[c]) {
      c++;
    }
    return c;
  }
}
