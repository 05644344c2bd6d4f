package org.assay.inference;

import java.util.Arrays;

/**
 * The differences of two models in five repeats of two folds, as both 5x2cv tests read them. With
 * the differences x<sub>r1</sub> and x<sub>r2</sub> of repeat r:
 *
 * @param first x_11, of the first fold of the first repeat
 * @param mean mean of all ten
 * @param squares sum of all ten x_rf^2
 * @param variances sum over repeats of s_r^2 = (x_r1 - x_r2)^2 / 2
 * @param defect why there is no test; empty when there is one
 */
record FiveByTwoDifferences(
    double first, double mean, double squares, double variances, String defect) {

  /** Why these splits are no 5x2cv; null when they are. */
  static String refusal(FoldScores scores) {
    if (scores.splits() == FoldScores.Splits.FOLDS && scores.repeats() == 5 && scores.hasFolds(2)) {
      return null;
    }
    return "needs 5 repeats of 2 folds, found "
        + (scores.splits() == FoldScores.Splits.RANDOM ? "random splits" : scores.shape());
  }

  static FiveByTwoDifferences of(FoldScores scores) {
    double[] x = scores.differences();
    long bad = Arrays.stream(x).filter(d -> !Double.isFinite(d)).count();
    double squares = 0;
    double variances = 0;
    for (int r = 0; r < 5; r++) {
      double apart = x[2 * r] - x[2 * r + 1];
      apart = Math.abs(apart) <= scores.rounding() ? 0 : apart;
      variances += apart * apart / 2;
      squares += x[2 * r] * x[2 * r] + x[2 * r + 1] * x[2 * r + 1];
    }
    String defect =
        bad > 0
            ? bad + " of 10 values are undefined or infinite"
            : variances == 0
                ? "the two differences of every repeat are equal, so there is no spread"
                : "";
    return new FiveByTwoDifferences(x[0], Arrays.stream(x).sum() / 10, squares, variances, defect);
  }
}
