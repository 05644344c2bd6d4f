package org.assay.inference;

import java.io.Serializable;
import org.assay.metric.Value;

/**
 * The leave-one-out bootstrap of a mean loss, "loob": for each row the mean of its loss over the
 * replicates that leave it out, then the weighted mean over rows.
 *
 * <p>With w<sub>i</sub> the weight of row i, N<sub>i</sub><sup>b</sup> how often replicate b draws
 * it, I<sub>i</sub><sup>b</sup> = [N<sub>i</sub><sup>b</sup> = 0] and Q<sub>i</sub><sup>b</sup> its
 * loss under the fit of replicate b:
 *
 * <pre>
 *   E_i = sum over b of I_i^b Q_i^b / sum over b of I_i^b
 *   Err = sum over i of w_i E_i / sum over i of w_i
 * </pre>
 *
 * <p>Its standard error is that of the delta method after the bootstrap: sqrt(sum of
 * D<sub>i</sub><sup>2</sup>), D<sub>i</sub> the derivative of Err by the mass of row i, over n. For
 * equal weights that is, with e<sub>n</sub> = (1 - 1/n)<sup>-n</sup>,
 *
 * <pre>
 *   D_i = (2 + 1/(n-1)) (E_i - Err) / n + e_n mean over b of (N_i^b - 1) q^b,
 *   q^b = sum over j of I_j^b Q_j^b / n
 * </pre>
 *
 * <p>Over all bootstrap samples, the expectation of (N<sub>i</sub> - 1) I<sub>j</sub> E<sub>j</sub>
 * is known, and with q<sup>b</sup> = sum of I<sub>j</sub><sup>b</sup> (Q<sub>j</sub><sup>b</sup> -
 * E<sub>j</sub>) / n in its place the same D<sub>i</sub> is
 *
 * <pre>
 *   D_i = (E_i - Err) / n + e_n mean over b of (N_i^b - 1) q^b
 * </pre>
 *
 * <p>which differs by nothing for all samples and by much less noise for some: of a constant
 * prediction what is left is exactly the standard error of a mean. That is what is computed here,
 * with weights, with the rows of a slice as those whose w<sub>i</sub> is not 0 (rows outside of it
 * have a D<sub>i</sub> too, for fits learn from them), and stratified with e<sub>n</sub> and n of
 * the row's stratum and E<sub>i</sub> - Err less its mean there. From the sum of squares the
 * expected squares of the noise in the means over B replicates are taken away.
 *
 * <p><b>Edge results.</b> Rows that no replicate leaves out do not count; without any row that one
 * does, undefined. The standard error is undefined when the noise that is taken away is not known
 * well enough, sqrt(2/n) of it being over a fifth of what is left: that takes many more rows than
 * replicates, and fits that vary much. It is that of the error of the rule at hand with samples of
 * n; not heeded is that E<sub>i</sub> is itself a mean over about .368 B replicates, which adds
 * about 1/(.368 B) of the variance of a row's loss over fits.
 *
 * <p>Holds sums over rows; those of parts merge in any fixed order to the same, but for rounding.
 * Not thread-safe.
 *
 * <p>Sources: Efron and Tibshirani, "Improvements on cross-validation: the .632+ bootstrap method",
 * JASA 92 (1997), doi:10.1080/01621459.1997.10474007; on the noise, Wager, Hastie and Efron,
 * "Confidence intervals for random forests: the jackknife and the infinitesimal jackknife", JMLR 15
 * (2014), section 3.2.
 */
public final class LeaveOneOutBootstrap implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The name of the estimator in reports. */
  public static final String ESTIMATOR = "loob";

  private static final double UNSURE = 0.2;

  private final int replicates;
  private long rows;
  private long never;
  private double weight;
  private double weightSquares;
  private double losses;
  private double lossSquares;
  private double products;

  /** By stratum. */
  private final double[] stratumWeight;

  private final double[] stratumLosses;

  /** By replicate: sums of (N - 1) w, of (N - 1) w E, and of e w I (Q - E). */
  private final double[] drawnWeight;

  private final double[] drawnLosses;
  private final double[] departures;

  /** No rows yet. */
  public LeaveOneOutBootstrap(int replicates, int strata) {
    this.replicates = replicates;
    stratumWeight = new double[strata];
    stratumLosses = new double[strata];
    drawnWeight = new double[replicates];
    drawnLosses = new double[replicates];
    departures = new double[replicates];
  }

  /** e<sub>n</sub> = (1 - 1/n)<sup>-n</sup>, what one over the chance to be left out is. */
  public static double factor(long n) {
    return Math.exp(-n * Math.log1p(-1.0 / n));
  }

  /**
   * Adds a row.
   *
   * @param weight positive
   * @param mean of its loss over the replicates that leave it out; NaN if there is none
   */
  public void add(int stratum, double weight, double mean) {
    if (Double.isNaN(mean)) {
      never++;
      return;
    }
    rows++;
    this.weight += weight;
    weightSquares += weight * weight;
    losses += weight * mean;
    lossSquares += weight * mean * (weight * mean);
    products += weight * (weight * mean);
    stratumWeight[stratum] += weight;
    stratumLosses[stratum] += weight * mean;
  }

  /** Adds how often a replicate draws a row that {@link #add} was told of, with a mean. */
  public void draw(int replicate, int times, double weight, double mean) {
    drawnWeight[replicate] += (times - 1) * weight;
    drawnLosses[replicate] += (times - 1) * (weight * mean);
  }

  /**
   * Adds what a replicate makes of a row that it leaves out.
   *
   * @param departure {@link #factor} of the row's stratum times its weight times its loss less its
   *     mean loss
   */
  public void depart(int replicate, double departure) {
    departures[replicate] += departure;
  }

  /** Adds the rows of another part. */
  public void merge(LeaveOneOutBootstrap next) {
    rows += next.rows;
    never += next.never;
    weight += next.weight;
    weightSquares += next.weightSquares;
    losses += next.losses;
    lossSquares += next.lossSquares;
    products += next.products;
    add(stratumWeight, next.stratumWeight);
    add(stratumLosses, next.stratumLosses);
    add(drawnWeight, next.drawnWeight);
    add(drawnLosses, next.drawnLosses);
    add(departures, next.departures);
  }

  private static void add(double[] to, double[] more) {
    for (int i = 0; i < to.length; i++) {
      to[i] += more[i];
    }
  }

  /** The estimate. */
  public Value value() {
    if (rows == 0) {
      return Value.undefined("no row is left out by any replicate");
    }
    double mean = losses / weight;
    return Double.isNaN(mean)
        ? Value.undefined("the sums are too large for doubles")
        : Value.of(mean);
  }

  /** Number of rows that no replicate leaves out. */
  public long never() {
    return never;
  }

  /** What {@link Influence#add} asks for: by replicate, the sum of departures. */
  public double[] departures() {
    return departures.clone();
  }

  /**
   * What all rows, those outside of the slice too, have in common with the replicates' departures.
   * Sums over rows, which merge.
   */
  public static final class Influence implements Serializable {
    private static final long serialVersionUID = 1L;

    /** By estimate: the sum over rows of C<sub>i</sub><sup>2</sup>. */
    private final double[] squares;

    /** By replicate: the sum over rows of (N - 1)<sup>2</sup>. */
    private final long[] spread;

    /** No rows yet. */
    public Influence(int estimates, int replicates) {
      squares = new double[estimates];
      spread = new long[replicates];
    }

    /**
     * Adds a row.
     *
     * @param mean over replicates of (N - 1) times the departures
     */
    public void add(int estimate, double mean) {
      squares[estimate] += mean * mean;
    }

    /** Adds how often a replicate draws a row. */
    public void draw(int replicate, int times) {
      spread[replicate] += (times - 1L) * (times - 1L);
    }

    /** Adds the rows of another part. */
    public void merge(Influence next) {
      LeaveOneOutBootstrap.add(squares, next.squares);
      for (int b = 0; b < spread.length; b++) {
        spread[b] += next.spread[b];
      }
    }
  }

  /**
   * The standard error.
   *
   * @param sizes number of rows of each stratum, in the slice or not
   * @param all of all rows
   * @param estimate this estimate's number there
   */
  public Value standardError(long[] sizes, Influence all, int estimate) {
    if (rows < 2) {
      return Value.undefined("needs 2 rows that replicates leave out");
    }
    double err = losses / weight;
    double own = lossSquares - 2 * err * products + err * err * weightSquares;
    long n = 0;
    for (int s = 0; s < sizes.length; s++) {
      double sum = stratumLosses[s] - err * stratumWeight[s];
      own -= sizes[s] == 0 ? 0 : sum * sum / sizes[s];
      n += sizes[s];
    }
    double cross = 0;
    double noise = 0;
    for (int b = 0; b < replicates; b++) {
      cross += departures[b] * (drawnLosses[b] - err * drawnWeight[b]);
      noise += all.spread[b] * (departures[b] * departures[b]);
    }
    double influence = all.squares[estimate];
    noise = (noise / replicates - influence) / (replicates - 1);
    double variance = own + 2 * cross / replicates + influence - noise;
    double rounding = 4 * n * 0x1p-53 * lossSquares;
    if (Double.isNaN(variance) || Double.isInfinite(variance)) {
      return Value.undefined("the sums are too large for doubles");
    }
    if (Math.abs(variance) <= rounding) {
      return Value.of(0);
    }
    return variance < 0 || Math.sqrt(2.0 / n) * noise > UNSURE * variance
        ? Value.undefined(
            replicates
                + " replicates are too few for the standard error of "
                + n
                + " rows under fits that vary so much; use more")
        : Value.of(Math.sqrt(variance) / weight);
  }
}
