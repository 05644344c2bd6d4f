package org.assay.permutation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assay.inference.Midranks;
import org.assay.random.Keyed;

/**
 * Statistics that are linear in the sum of a column over a subset of the rows, which makes them a
 * thousand times cheaper than others: mean differences of pairs, differences of two means, areas
 * under the ROC curve.
 *
 * <pre>  statistic = (offset + factor * sum) / divisor + shift  </pre>
 *
 * <p>with offset, factor and sum in whole units, so that equal sums give equal bits.
 *
 * <p><b>Ties.</b> Numbers that are no multiples of the unit are rounded to it, so sums that are
 * equal in exact arithmetic differ by up to as many units as there are such numbers. The tolerance
 * is that many units and 2<sup>-50</sup> of the statistic for the rounding of the last operations;
 * for areas, and wherever all numbers are multiples of the unit, the first part is 0.
 *
 * <p>NaN where the divisor is 0: a slice without rows, a sample of none or of all rows.
 */
public final class LinearStatistics implements Statistics {
  private static final long serialVersionUID = 1L;

  private final Subsets subsets;
  private final List<Column> columns;
  private final Hypothesis[] hypotheses;

  /** One linear function of the sums of one slice of a column. */
  private record Hypothesis(
      FixedPoint scale,
      long offset,
      long factor,
      double divisor,
      double shift,
      double observed,
      double center,
      double tolerance,
      double spread)
      implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    double of(long sum) {
      return scale.value(offset + factor * sum) / divisor + shift;
    }

    /** With what was observed, and a tolerance for sums that are off by so many units in all. */
    Hypothesis observing(long sum, double center, double spread, int rounded) {
      double observed = divisor == 0 ? Double.NaN : of(sum);
      double sizes = Math.abs(observed) + Math.abs(shift) + Math.abs(center);
      double tolerance =
          scale.value(rounded) * Math.abs(factor) / 2 / Math.abs(divisor) + sizes * 0x1p-50;
      return new Hypothesis(
          scale, offset, factor, divisor, shift, observed, center, tolerance, spread);
    }
  }

  private LinearStatistics(Subsets subsets, List<Column> columns, Hypothesis[] hypotheses) {
    this.subsets = subsets;
    this.columns = columns;
    this.hypotheses = hypotheses;
  }

  /**
   * Means of paired differences, one hypothesis for each slice of each column in turn: (sum over
   * its rows of s<sub>i</sub> x<sub>i</sub>) / weight, with signs s<sub>i</sub> that are +1 as
   * observed. The null hypothesis: within each pair the two values may be exchanged. All columns
   * share the signs.
   *
   * <p>For weighted means x<sub>i</sub> is the difference times the weight of the row. When all
   * rows of a group must flip together, give columns that are {@link Column#joined}.
   *
   * <p>Rows that are 0 in every column do not count among the arrangements.
   *
   * @param columns all of the same rows
   * @param weights of each slice of each column in turn, the total weight of its rows: their number
   *     when unweighted
   * @param exactUpTo most arrangements to enumerate; 0 to draw in any case
   */
  public static LinearStatistics pairedMeans(
      Keyed function, List<Column> columns, double[] weights, long exactUpTo) {
    int rows = columns.isEmpty() ? 0 : columns.get(0).rows();
    int[] live = new int[rows];
    int lives = 0;
    for (Column column : columns) {
      if (column.rows() != rows || column.shape().firstRow() != 0) {
        throw new IllegalArgumentException("columns of different rows: must all hold all rows");
      }
      Entries entries = column.entries();
      for (int e = 0; e < entries.size; e++) {
        live[entries.rows[e]] = 1;
      }
    }
    int[] units = new int[rows];
    for (int row = 0; row < rows; row++) {
      units[row] = live[row] == 1 ? lives++ : -1;
    }
    int count = lives;
    Subsets subsets = Subsets.flips(function, count, exactUpTo);
    boolean exact = subsets.arrangements() != Arrangements.MANY;
    List<Column> used =
        exact ? columns.stream().map(column -> column.joined(units, count)).toList() : columns;
    int slices = columns.stream().mapToInt(Column::slices).sum();
    if (weights.length != slices) {
      throw new IllegalArgumentException(
          weights.length + " weights for " + slices + " slices of columns: must be one each");
    }
    Hypothesis[] hypotheses = new Hypothesis[slices];
    int k = 0;
    for (Column column : columns) {
      for (int slice = 0; slice < column.slices(); slice++, k++) {
        hypotheses[k] =
            new Hypothesis(column.scale(), column.total(slice), -2, weights[k], 0, 0, 0, 0, 0)
                .observing(
                    0, 0, Math.sqrt(column.squares(slice)) / weights[k], column.shape().rounded());
      }
    }
    return new LinearStatistics(
        exact ? subsets : new Flips(function, rows), List.copyOf(used), hypotheses);
  }

  /**
   * Areas under the ROC curve of several scores, with labels exchanged within strata:
   *
   * <pre>  (sum of the positives' midranks - p (p + 1) / 2) / (p n)  </pre>
   *
   * for p positives and n negatives. Exact in whole numbers: ranks are doubled.
   *
   * <p>The null hypothesis: labels are unrelated to scores within each stratum. All scores share
   * the permuted labels.
   *
   * @param positive of each row, whether its label is
   * @param scores of each model, one score per row; no NaN
   * @param exactUpTo most arrangements to enumerate; 0 to draw in any case
   */
  public static LinearStatistics rocAucs(
      Keyed function, Strata strata, boolean[] positive, double[][] scores, long exactUpTo) {
    Labels labels = Labels.of(function, strata, positive, exactUpTo);
    double pairs = (double) labels.chosen * labels.others();
    Column[] columns = new Column[scores.length];
    Hypothesis[] hypotheses = new Hypothesis[scores.length];
    for (int k = 0; k < scores.length; k++) {
      long[] ranks = Midranks.of(scores[k]).doubled();
      columns[k] = Column.whole(labels.ordered(ranks));
      long offset = -(labels.chosen * (labels.chosen + 1));
      hypotheses[k] =
          labels.judged(
              new Hypothesis(FixedPoint.WHOLE, offset, 1, 2 * pairs, 0, 0, 0, 0, 0), columns[k]);
    }
    return new LinearStatistics(labels.subsets, List.of(columns), hypotheses);
  }

  /**
   * Differences of two means, of the rows chosen minus that of the others, with the choice
   * exchanged within strata. Strata of two rows, one of each sample, make it a paired test.
   *
   * @param first of each row, whether it is in the first sample
   * @param x of each column, one number per row, finite
   * @param exactUpTo most arrangements to enumerate; 0 to draw in any case
   */
  public static LinearStatistics meanDifferences(
      Keyed function, Strata strata, boolean[] first, double[][] x, long exactUpTo) {
    Labels labels = Labels.of(function, strata, first, exactUpTo);
    // sum / n1 - (total - sum) / n2 = sum / (n1 n2 / n) - total / n2
    double divisor = (double) labels.chosen * labels.others() / first.length;
    Column[] columns = new Column[x.length];
    Hypothesis[] hypotheses = new Hypothesis[x.length];
    for (int k = 0; k < x.length; k++) {
      columns[k] = Column.of(labels.ordered(x[k]));
      double shift = -columns[k].scale().value(columns[k].total(0)) / labels.others();
      hypotheses[k] =
          labels.judged(
              new Hypothesis(columns[k].scale(), 0, 1, divisor, shift, 0, 0, 0, 0), columns[k]);
    }
    return new LinearStatistics(labels.subsets, List.of(columns), hypotheses);
  }

  /** Two samples in the order of the strata. */
  private record Labels(Strata strata, boolean[] first, int[] sizes, long chosen, Subsets subsets) {

    static Labels of(Keyed function, Strata strata, boolean[] first, long exactUpTo) {
      if (first.length != strata.rows()) {
        throw new IllegalArgumentException(
            first.length + " labels for strata of " + strata.rows() + " rows: must be one per row");
      }
      int[] sizes = new int[strata.size()];
      for (int s = 0; s < sizes.length; s++) {
        for (int place = strata.start(s); place < strata.start(s + 1); place++) {
          sizes[s] += first[strata.row(place)] ? 1 : 0;
        }
      }
      return new Labels(
          strata,
          first,
          sizes,
          IntStream.of(sizes).asLongStream().sum(),
          Subsets.selections(function, strata, sizes, exactUpTo));
    }

    long others() {
      return first.length - chosen;
    }

    long[] ordered(long[] x) {
      long[] ordered = new long[checked(x.length)];
      Arrays.setAll(ordered, place -> x[strata.row(place)]);
      return ordered;
    }

    double[] ordered(double[] x) {
      double[] ordered = new double[checked(x.length)];
      Arrays.setAll(ordered, place -> x[strata.row(place)]);
      return ordered;
    }

    private int checked(int rows) {
      if (rows != first.length) {
        throw new IllegalArgumentException(
            rows + " numbers for " + first.length + " labels: must be one per row");
      }
      return rows;
    }

    /**
     * With what was observed, and mean and standard deviation over all choices: in a stratum the
     * sum of k of n numbers has mean k * their mean and variance k (n - k) / n * theirs with n - 1.
     */
    Hypothesis judged(Hypothesis hypothesis, Column column) {
      long sum = 0;
      double mean = 0;
      double variance = 0;
      Entries entries = column.entries();
      int e = 0;
      for (int s = 0; s < sizes.length; s++) {
        int from = e;
        long total = 0;
        for (; e < entries.size && entries.rows[e] < strata.start(s + 1); e++) {
          total += entries.units[e];
          sum += first[strata.row(entries.rows[e])] ? entries.units[e] : 0;
        }
        int n = strata.rows(s);
        if (n == 0) {
          continue;
        }
        double center = (double) total / n;
        mean += sizes[s] * center;
        // Rows that are 0 have no entry.
        double squares = (n - (e - from)) * center * center;
        for (int i = from; i < e; i++) {
          squares += (entries.units[i] - center) * (entries.units[i] - center);
        }
        variance += n == 1 ? 0 : squares / (n - 1) * sizes[s] * (n - sizes[s]) / n;
      }
      double unit = hypothesis.scale.value(1);
      double center = (hypothesis.offset + mean) * unit / hypothesis.divisor + hypothesis.shift;
      double spread = Math.sqrt(variance) * unit / hypothesis.divisor;
      return hypothesis.observing(sum, center, spread, column.shape().rounded());
    }
  }

  @Override
  public int hypotheses() {
    return hypotheses.length;
  }

  @Override
  public long arrangements() {
    return subsets.arrangements();
  }

  @Override
  public double observed(int hypothesis) {
    return hypotheses[hypothesis].observed;
  }

  @Override
  public double center(int hypothesis) {
    return hypotheses[hypothesis].center;
  }

  @Override
  public double spread(int hypothesis) {
    return hypotheses[hypothesis].spread;
  }

  @Override
  public double tolerance(int hypothesis) {
    return hypotheses[hypothesis].tolerance;
  }

  @Override
  public void fill(long from, long to, double[][] values) {
    long[][] sums = new long[hypotheses.length][Math.toIntExact(to - from)];
    subsets.sums(columns, from, to, sums);
    for (int k = 0; k < hypotheses.length; k++) {
      for (int r = 0; r < sums[k].length; r++) {
        values[k][r] = hypotheses[k].divisor == 0 ? Double.NaN : hypotheses[k].of(sums[k][r]);
      }
    }
  }
}
