package org.assay.fit;

import java.util.ArrayList;
import java.util.List;
import org.assay.UserException;

/**
 * Naive Bayes, as MLlib's {@code NaiveBayes} has it.
 *
 * <p><b>Definition.</b> With N_c the weight of class c among the training rows, S_cj the weighted
 * sum of feature j in it, C the number of classes that occur in training, p that of features and s
 * the smoothing:
 *
 * <ul>
 *   <li>prior of the discrete kinds: (N_c + s) / (sum N + C s); Gaussian: N_c / sum N
 *   <li>multinomial: theta_cj = (S_cj + s) / (sum over j of S_cj + p s); the log of a class's
 *       probability is log prior + sum of x_j log theta_cj, up to a constant
 *   <li>Bernoulli: theta_cj = (S_cj + s) / (N_c + 2 s); features are 0 or 1
 *   <li>complement: theta as in multinomial from all other classes' sums, the log of a class's
 *       probability is - sum of x_j log theta_cj, without prior
 *   <li>Gaussian: means, and variances (over n) plus 10^-9 of the largest variance of any feature
 *       over all rows; no smoothing
 * </ul>
 *
 * <p><b>Edges.</b> A class without training rows has probability 0, and the others are what they
 * would be if it did not exist. (MLlib numbers the classes that are left anew when the one that is
 * missing is not the last, and so predicts the wrong ones.) A feature below 0, or for Bernoulli
 * other than 0 and 1, is refused by {@link #check}.
 *
 * <p><b>Accuracy.</b> Gaussian variances are of centred sums, where MLlib subtracts squares of
 * means from means of squares. Sums of counts are exact.
 */
public final class NaiveBayes implements Fit {

  /** MLlib's {@code modelType}. */
  public enum Kind {
    MULTINOMIAL,
    COMPLEMENT,
    BERNOULLI,
    GAUSSIAN;

    /** Where sums should start from: counts are summed as they are. */
    public Center center(Center means) {
      return this == GAUSSIAN ? means.ofClasses() : Center.zero(means.width());
    }
  }

  private final Center center;
  private final Kind kind;
  private final int classes;
  private final double[] smoothing;
  private List<NaiveBayesModel> models;

  /**
   * One fit of all values of smoothing.
   *
   * @param center as {@link Kind#center} has it
   * @param smoothing each 0 or more
   */
  public NaiveBayes(Center center, Kind kind, int classes, double... smoothing) {
    for (double s : smoothing) {
      if (!(s >= 0 && s < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("smoothing = " + s + ": must be 0 or more, finite");
      }
    }
    this.center = center;
    this.kind = kind;
    this.classes = classes;
    this.smoothing = smoothing.clone();
  }

  /**
   * Checks values that the kind can learn from.
   *
   * @param times how often each row counts; those that do not are not checked
   * @throws UserException naming the first value that it cannot
   */
  public static void check(Kind kind, Examples rows, double[] times) {
    if (kind == Kind.GAUSSIAN) {
      return;
    }
    boolean binary = kind == Kind.BERNOULLI;
    for (int at = 0; at < rows.features().length; at++) {
      double value = rows.features()[at];
      if (times[at / rows.width()] == 0) {
        continue;
      }
      if (binary ? value != 0 && value != 1 : !(value >= 0 && value < Double.POSITIVE_INFINITY)) {
        throw UserException.input(
            "a feature with the value "
                + value
                + ": modelType = "
                + (binary
                    ? "bernoulli learns from 0 and 1 alone"
                    : "multinomial and complement learn from counts, 0 or more")
                + "; choose modelType = gaussian");
      }
    }
  }

  @Override
  public boolean isFirst() {
    return models == null;
  }

  @Override
  public Center center() {
    return center;
  }

  @Override
  public ClassSums sums() {
    return new ClassSums(center, classes);
  }

  @Override
  public boolean take(Sums total) {
    ClassSums sums = (ClassSums) total;
    models = new ArrayList<>();
    for (double s : smoothing) {
      models.add(kind == Kind.GAUSSIAN ? gaussian(sums) : discrete(sums, s));
    }
    return false;
  }

  @Override
  public List<NaiveBayesModel> models() {
    return models;
  }

  private NaiveBayesModel discrete(ClassSums sums, double s) {
    double total = sums.totalWeight();
    int p = center.width();
    int present = 0;
    double[] all = new double[p];
    for (int c = 0; c < classes; c++) {
      if (sums.weight[c] > 0) {
        present++;
        Sums.add(all, sums.sum[c]);
      }
    }
    double[] prior = new double[classes];
    double[][] theta = new double[classes][];
    double priorDenominator = Math.log(total + present * s);
    for (int c = 0; c < classes; c++) {
      if (!(sums.weight[c] > 0)) {
        prior[c] = Double.NEGATIVE_INFINITY;
        continue;
      }
      prior[c] = Math.log(sums.weight[c] + s) - priorDenominator;
      double[] of = sums.sum[c];
      double events = 0;
      double[] row = new double[p];
      for (int j = 0; j < p; j++) {
        row[j] = kind == Kind.COMPLEMENT ? all[j] - of[j] : of[j];
        events += row[j];
      }
      double denominator =
          Math.log(kind == Kind.BERNOULLI ? sums.weight[c] + 2 * s : events + p * s);
      for (int j = 0; j < p; j++) {
        double log = Math.log(row[j] + s) - denominator;
        row[j] = kind == Kind.COMPLEMENT ? -log : log;
      }
      theta[c] = row;
    }
    return new NaiveBayesModel(kind, prior, theta, null);
  }

  private NaiveBayesModel gaussian(ClassSums sums) {
    double total = sums.totalWeight();
    int p = center.width();
    double widest = 0;
    for (int j = 0; j < p; j++) {
      double sum = 0;
      double squares = 0;
      for (int c = 0; c < classes; c++) {
        sum += sums.sum[c][j];
        squares += sums.squares[c][j];
      }
      widest = Math.max(widest, squares / total - sum / total * (sum / total));
    }
    double[] prior = new double[classes];
    double[][] mean = new double[classes][];
    double[][] variance = new double[classes][];
    for (int c = 0; c < classes; c++) {
      double weight = sums.weight[c];
      prior[c] = Math.log(weight) - Math.log(total);
      if (weight > 0) {
        mean[c] = new double[p];
        variance[c] = new double[p];
        for (int j = 0; j < p; j++) {
          double m = sums.sum[c][j] / weight;
          mean[c][j] = m + center.features()[j];
          variance[c][j] = 1e-9 * widest + Math.max(0, sums.squares[c][j] / weight - m * m);
        }
      }
    }
    return new NaiveBayesModel(kind, prior, mean, variance);
  }
}
