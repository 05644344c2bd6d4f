package org.assay.bootstrap;

import java.util.Arrays;
import org.assay.random.Lanes;

/**
 * The delete-a-group jackknife: replicate g is all units but those of group g, and groups are runs
 * of units of equal size (plus or minus one). With as many groups as units it is the jackknife.
 *
 * <p>It serves for the acceleration of BCa intervals, one sixth of the skewness of the influence of
 * a unit. Groups of d units keep that: sums over d independent units have a skewness smaller by
 * sqrt(d), and there are fewer of them by d. With {@value #GROUPS} groups the error of the
 * acceleration from grouping has a standard deviation of about 0.4 / {@value #GROUPS}, which moves
 * an end of a 95 % interval by 0.6 % of the standard error: a tenth of what 2,000 replicates leave
 * to chance.
 *
 * <p>Sources: B. Efron, "Better bootstrap confidence intervals", JASA 82, 1987,
 * doi:10.1080/01621459.1987.10478410; J. Shao and D. Tu, "The Jackknife and Bootstrap", 1995,
 * section 2.3.
 */
public final class Jackknife implements Resampling {
  private static final long serialVersionUID = 1L;

  /** Groups of more units than {@link #MOST}. */
  public static final int GROUPS = 256;

  /** The most units that are left out one by one. */
  public static final int MOST = 1000;

  private final int groups;
  private final Units units;

  /** One group per unit up to {@value #MOST} units, or {@value #GROUPS} groups of several. */
  public Jackknife(Units units) {
    this.units = units.withoutKeys();
    this.groups = units.count() <= MOST ? units.count() : GROUPS;
  }

  /** Whether every group is one unit. */
  public boolean isExact() {
    return groups == units.count();
  }

  /** What it is, for reports. */
  public String label() {
    return isExact() ? "jackknife" : "jackknife of " + groups + " groups";
  }

  @Override
  public int replicates() {
    return groups;
  }

  @Override
  public void fill(int batch, long[] lanes) {
    int count = units.count();
    long[] kept = units.of() == null ? lanes : new long[count];
    Arrays.fill(kept, 0x0101010101010101L);
    for (int k = 0; k < Lanes.WIDTH && batch * Lanes.WIDTH + k < groups; k++) {
      long group = (long) batch * Lanes.WIDTH + k;
      int from = (int) (count * group / groups);
      int to = (int) (count * (group + 1) / groups);
      for (int u = from; u < to; u++) {
        kept[u] &= ~(0xFFL << 8 * k);
      }
    }
    if (units.of() != null) {
      units.spread(kept, lanes);
    }
  }

  /**
   * The acceleration: sum of d<sub>g</sub><sup>3</sup> / (6 (sum of d<sub>g</sub><sup>2</sup>)
   * <sup>3/2</sup>) with d<sub>g</sub> = mean of the values - value<sub>g</sub>; 0 when the values
   * are all equal, NaN when one is NaN.
   *
   * @param values the statistic without each group
   */
  public static double acceleration(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double squares = 0;
    double cubes = 0;
    for (double value : values) {
      double d = mean - value;
      squares += d * d;
      cubes += d * d * d;
    }
    return squares == 0 ? 0 : cubes / (6 * squares * Math.sqrt(squares));
  }
}
