package org.assay.inference;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assay.metric.Metric.Direction;

/**
 * Values of one metric of several models on several data sets. Element [d][m] belongs to data set d
 * and model m. Values may be NaN: a test then has no result, and says so.
 *
 * @param values one row per data set, all of the same length of at least 2
 * @param models number of models; needed where there are no data sets
 * @param direction which way the metric is better
 */
public record ScoreTable(double[][] values, int models, Direction direction) implements Evidence {
  private static final long serialVersionUID = 1L;

  public ScoreTable {
    values = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
    if (models < 2) {
      throw new IllegalArgumentException(
          "a table of " + models + " models: must be at least 2, to be compared");
    }
    for (int d = 0; d < values.length; d++) {
      if (values[d].length != models) {
        throw new IllegalArgumentException(
            "data set "
                + d
                + " has "
                + values[d].length
                + " values: must be one per model, "
                + models);
      }
    }
  }

  @Override
  public Kind kind() {
    return Kind.SCORE_TABLE;
  }

  /** Number of data sets. */
  public int n() {
    return values.length;
  }

  /** The values of one model. */
  public double[] of(int model) {
    return Arrays.stream(values).mapToDouble(row -> row[model]).toArray();
  }

  /** Value of model a minus value of model b on every data set. */
  public double[] differences(int a, int b) {
    return Arrays.stream(values).mapToDouble(row -> row[a] - row[b]).toArray();
  }

  /**
   * The same, rounded to 12 decimal digits of the largest value of either: differences that are
   * equal but for rounding become so.
   */
  double[] roundedDifferences(int a, int b) {
    double largest = 0;
    for (double[] row : values) {
      largest = Math.max(largest, Math.max(Math.abs(row[a]), Math.abs(row[b])));
    }
    int digits = 11 - (int) Math.floor(Math.log10(largest));
    return Arrays.stream(differences(a, b))
        .map(
            d ->
                d == 0 || Double.isInfinite(d) || Double.isNaN(d)
                    ? d
                    : new BigDecimal(d).setScale(digits, RoundingMode.HALF_EVEN).doubleValue())
        .toArray();
  }

  /** All pairs of models, (0, 1), (0, 2) .. (1, 2) .. */
  List<Subject> pairs() {
    List<Subject> pairs = new ArrayList<>();
    for (int a = 0; a < models; a++) {
      for (int b = a + 1; b < models; b++) {
        pairs.add(new Subject(a, b));
      }
    }
    return pairs;
  }

  /** The table of two of the models. */
  public ScoreTable pair(int a, int b) {
    return new ScoreTable(
        Arrays.stream(values).map(row -> new double[] {row[a], row[b]}).toArray(double[][]::new),
        2,
        direction);
  }

  /** Why nothing can be ranked or compared: no data sets, or NaN; empty when all is well. */
  String defect() {
    if (n() == 0) {
      return "no data sets";
    }
    int bad = 0;
    for (double[] row : values) {
      for (double value : row) {
        bad += Double.isFinite(value) ? 0 : 1;
      }
    }
    return bad == 0 ? "" : bad + " of " + n() * models + " values are undefined or infinite";
  }
}
