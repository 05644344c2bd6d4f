package org.assay.bootstrap;

/** {@link Poisson} counts of units that are all known. */
public final class PoissonDraws implements Resampling {
  private static final long serialVersionUID = 1L;

  private final Poisson counts;
  private final Units units;

  /** Draws of these units, which must have keys. */
  public PoissonDraws(long seed, int replicates, Units units) {
    this.counts = new Poisson(seed, replicates);
    this.units = units;
  }

  @Override
  public int replicates() {
    return counts.replicates();
  }

  @Override
  public void fill(int batch, long[] lanes) {
    long[] keys = units.keys();
    long[] drawn = units.of() == null ? lanes : new long[keys.length];
    counts.fill(batch, keys, drawn);
    if (units.of() != null) {
      units.spread(drawn, lanes);
    }
  }
}
