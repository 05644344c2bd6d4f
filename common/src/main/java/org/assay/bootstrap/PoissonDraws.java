package org.assay.bootstrap;

import org.assay.random.Keyed;
import org.assay.random.Lanes;

/**
 * Independent Poisson(1) counts, a function of the unit's key alone: the same unit is drawn equally
 * often in every data set that it is in, and no other unit need be known.
 *
 * <p>By inversion of 32 random bits: the probability of each count is right to 2^-32, and counts
 * above 12, of probability 7e-11 together, do not occur. Compared with {@link Draws} the number of
 * items varies from replicate to replicate, which adds nothing to the variance of a ratio of sums
 * to first order.
 *
 * <p>Source: J. A. Hanley and B. MacGibbon, "Creating non-parametric bootstrap samples using
 * Poisson frequencies", Computer Methods and Programs in Biomedicine 83, 2006,
 * doi:10.1016/j.cmpb.2006.04.006.
 */
public final class PoissonDraws implements Resampling {
  private static final long serialVersionUID = 1L;
  private static final int MOST = 12;

  /** P(count <= c) in units of 2^-32, for c from 0. */
  private static final long[] BELOW = new long[MOST];

  static {
    double term = Math.exp(-1);
    double sum = 0;
    for (int c = 0; c < MOST; c++) {
      sum += term;
      term /= c + 1;
      BELOW[c] = Math.round(sum * 0x1.0p32);
    }
  }

  private final int replicates;
  private final Units units;
  private final Keyed function;

  /** Draws of these units, which must have keys. */
  public PoissonDraws(long seed, int replicates, Units units) {
    this.replicates = replicates;
    this.units = units;
    this.function = Keyed.of(seed, "poisson bootstrap");
  }

  @Override
  public int replicates() {
    return replicates;
  }

  @Override
  public void fill(int batch, long[] lanes) {
    long[] keys = units.keys();
    long[] drawn = units.of() == null ? lanes : new long[keys.length];
    for (int u = 0; u < keys.length; u++) {
      drawn[u] = lanes(function, batch, keys[u]);
    }
    if (units.of() != null) {
      units.spread(drawn, lanes);
    }
  }

  /** The counts of one unit in the eight replicates of a batch. */
  static long lanes(Keyed function, int batch, long key) {
    long lanes = 0;
    for (int pair = 0; pair < Lanes.WIDTH / 2; pair++) {
      long bits = function.bits((long) batch * (Lanes.WIDTH / 2) + pair, key);
      lanes |= count(bits >>> 32) << 16 * pair;
      lanes |= count(bits & 0xFFFFFFFFL) << 16 * pair + 8;
    }
    return lanes;
  }

  private static long count(long uniform) {
    if (uniform < BELOW[0]) {
      return 0;
    }
    int c = 1;
    while (c < MOST && uniform >= BELOW[c]) {
      c++;
    }
    return c;
  }
}
