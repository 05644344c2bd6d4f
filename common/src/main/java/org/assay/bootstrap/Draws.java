package org.assay.bootstrap;

import org.assay.random.Keyed;
import org.assay.random.Multinomial;

/**
 * The bootstrap's own draws: from each stratum as many units with replacement as it has, exactly
 * multinomial.
 *
 * <p>Source: B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7,
 * 1979, doi:10.1214/aos/1176344552; whole groups: A. C. Davison and D. V. Hinkley, "Bootstrap
 * Methods and their Application", 1997, section 3.8.
 */
public final class Draws implements Resampling {
  private static final long serialVersionUID = 1L;

  private final int replicates;
  private final Units units;
  private final Multinomial[] strata;

  /** Draws of these units. */
  public Draws(long seed, int replicates, Units units) {
    this.replicates = replicates;
    this.units = units.withoutKeys();
    this.strata = new Multinomial[units.sizes().length];
    Keyed function = Keyed.of(seed, "bootstrap");
    for (int s = 0; s < strata.length; s++) {
      strata[s] = new Multinomial(function.derive(s), units.sizes()[s]);
    }
  }

  @Override
  public int replicates() {
    return replicates;
  }

  @Override
  public void fill(int batch, long[] lanes) {
    long[] drawn = units.of() == null ? lanes : new long[units.count()];
    int at = 0;
    for (Multinomial stratum : strata) {
      stratum.fill(batch, drawn, at);
      at += stratum.units();
    }
    if (units.of() != null) {
      units.spread(drawn, lanes);
    }
  }
}
