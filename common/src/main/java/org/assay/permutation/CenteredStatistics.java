package org.assay.permutation;

/**
 * Statistics with centres and spreads that were estimated where they are not known in closed form.
 *
 * <p>A test stays valid when they come from replicates other than those that count, or from all
 * arrangements: given the data's orbit they do not tell which arrangement was observed.
 */
public final class CenteredStatistics implements Statistics {
  private static final long serialVersionUID = 1L;

  private final Statistics statistics;
  private final double[] center;
  private final double[] spread;

  /**
   * The same statistics about other centres.
   *
   * @param center of each hypothesis
   * @param spread of each hypothesis
   */
  public CenteredStatistics(Statistics statistics, double[] center, double[] spread) {
    this.statistics = statistics;
    this.center = center.clone();
    this.spread = spread.clone();
  }

  @Override
  public int hypotheses() {
    return statistics.hypotheses();
  }

  @Override
  public long arrangements() {
    return statistics.arrangements();
  }

  @Override
  public double observed(int hypothesis) {
    return statistics.observed(hypothesis);
  }

  @Override
  public double center(int hypothesis) {
    return center[hypothesis];
  }

  @Override
  public double spread(int hypothesis) {
    return spread[hypothesis];
  }

  @Override
  public double tolerance(int hypothesis) {
    return statistics.tolerance(hypothesis);
  }

  @Override
  public void fill(long from, long to, double[][] values) {
    statistics.fill(from, to, values);
  }
}
