package org.assay.inference;

import java.io.Serializable;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The mean over train/test splits of one data set, with Nadeau and Bengio's correction for the
 * overlap of their training sets.
 *
 * <p>For the values x<sub>1</sub> .. x<sub>m</sub> of m splits, with mean x&#772; and s<sup>2</sup>
 * = sum (x<sub>i</sub> - x&#772;)<sup>2</sup> / (m - 1):
 *
 * <pre>
 *   naive standard error      s sqrt(1 / m)
 *   corrected standard error  s sqrt(1 / m + nTest / nTrain)
 *   interval                  mean -+ t(m - 1; (1 + level) / 2) * corrected standard error
 * </pre>
 *
 * <p>The naive one takes the splits for independent and is far too small: with 10 times 10 folds
 * the corrected one is 3.5 times as large. The correction supposes that values of two splits
 * correlate as nTest / (nTrain + nTest). It was derived for random splits; for cross-validation,
 * repeated or not, it is the usual approximation.
 *
 * <p><b>Edge results.</b> No splits: everything is NaN. One split: its value is the mean; the rest
 * is NaN, for one value shows no spread. A value that is NaN or infinite: everything is NaN, for
 * dropping the split would be a choice made by its result. All values equal: standard errors are
 * exactly 0 and the interval has no width. Each of these is said in {@link #note}.
 *
 * <p>The mean and the sum of squares are taken in two passes, the relative error of s is about m
 * times 1e-16. Pure and thread-safe.
 *
 * <p>Source: C. Nadeau and Y. Bengio, "Inference for the generalization error", Machine Learning
 * 52, 2003, doi:10.1023/A:1024068626366. The use for repeated cross-validation: R. R. Bouckaert and
 * E. Frank, "Evaluating the replicability of significance tests for comparing learning algorithms",
 * PAKDD 2004, doi:10.1007/978-3-540-24775-3_3.
 *
 * @param m number of splits
 * @param mean mean of their values
 * @param sd standard deviation of the values, with m - 1
 * @param naiveError sd / sqrt(m); for comparison only
 * @param standardError the corrected standard error
 * @param interval the interval for the expected value, method "corrected-t"
 * @param note what is special about this result, as a sentence without full stop; empty when
 *     nothing is
 */
public record CorrectedT(
    int m,
    double mean,
    double sd,
    double naiveError,
    double standardError,
    Interval interval,
    String note)
    implements Serializable {

  /** The name of the method in configurations and reports. */
  public static final String METHOD = "corrected-t";

  /**
   * The corrected mean of values measured on splits.
   *
   * @param values one per split
   * @param nTrain mean number of training rows of a split, positive
   * @param nTest mean number of test rows of a split, positive
   * @param level of the interval, in (0, 1)
   * @throws IllegalArgumentException if a size or the level is out of its range
   */
  public static CorrectedT of(double[] values, double nTrain, double nTest, double level) {
    checkSize("nTrain", nTrain);
    checkSize("nTest", nTest);
    Interval.checkLevel(level);
    int m = values.length;
    if (m == 0) {
      return undefined(m, Double.NaN, level, "no splits");
    }
    int bad = 0;
    boolean equal = true;
    for (double value : values) {
      bad += Double.isFinite(value) ? 0 : 1;
      equal &= value == values[0];
    }
    if (bad > 0) {
      return undefined(
          m, Double.NaN, level, bad + " of " + m + " values are undefined or infinite");
    }
    if (m == 1) {
      return undefined(m, values[0], level, "one split shows no spread");
    }
    if (equal) {
      // Not left to rounding: the mean of equal numbers is that number.
      Interval point = new Interval(METHOD, level, values[0], values[0]);
      return new CorrectedT(
          m,
          values[0],
          0,
          0,
          0,
          point,
          "all " + m + " values are equal, so the interval has no width");
    }
    double mean = mean(values);
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double sd = Math.sqrt(squares / (m - 1));
    double error = sd * Math.sqrt(1.0 / m + nTest / nTrain);
    double reach = TDistribution.of(m - 1).inverseSurvivalProbability((1 - level) / 2) * error;
    if (!Double.isFinite(reach)) {
      return undefined(m, Double.NaN, level, "the values are too large for doubles");
    }
    return new CorrectedT(
        m,
        mean,
        sd,
        sd / Math.sqrt(m),
        error,
        new Interval(METHOD, level, mean - reach, mean + reach),
        "");
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    // A second pass takes back what rounding has left.
    double rest = 0;
    for (double value : values) {
      rest += value - mean;
    }
    return mean + rest / values.length;
  }

  private static CorrectedT undefined(int m, double mean, double level, String note) {
    return new CorrectedT(
        m, mean, Double.NaN, Double.NaN, Double.NaN, Interval.undefined(METHOD, level), note);
  }

  private static void checkSize(String name, double n) {
    if (!(n > 0 && n <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          name + " " + n + ": must be positive, the mean number of rows per split");
    }
  }
}
