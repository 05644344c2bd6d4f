package org.assay.permutation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;
import org.assay.Task;
import org.assay.bootstrap.Scored;
import org.assay.inference.Midranks;
import org.assay.metric.Confusion;
import org.assay.metric.ConfusionMetric;
import org.assay.metric.Loss;
import org.assay.metric.MeanLoss;
import org.assay.metric.MeanLossMetric;
import org.assay.metric.Metric;
import org.assay.metric.RocAuc;
import org.assay.metric.Scorecard;
import org.assay.metric.Value;
import org.assay.random.Keyed;

/**
 * Metrics of models when labels are exchanged within strata: one hypothesis for each metric of each
 * model in turn, all of them by the same labels. The null hypothesis: within each stratum, labels
 * are unrelated to what the models say. Predictions, scores and weights stay with their rows.
 *
 * <p>Statistics are turned so that larger is better: a metric of which lower is better is negated.
 *
 * <p><b>Two classes, no weights.</b> A permutation of the labels is a choice of the rows that are
 * positive, and most metrics are functions of one sum over the rows chosen: those of a confusion
 * matrix of the true positives, mean losses of what a positive label costs more, the area under the
 * ROC curve of ranks. They cost some tenths of a nanosecond per row and replicate. Other metrics,
 * and all of weighted rows, are fed row by row.
 *
 * <p><b>Several classes, or numbers.</b> Labels are shuffled; confusion matrices are counted, mean
 * losses summed in the order of the rows, other metrics fed row by row: some tens of nanoseconds
 * per row and replicate.
 *
 * <p><b>Centre and spread.</b> Closed forms for areas and mean losses of two classes, and in one
 * stratum for metrics of their confusion matrix, by the hypergeometric distribution; otherwise NaN:
 * not known.
 *
 * <p><b>Ties.</b> Counts and ranks are exact. Losses of two classes are rounded to the unit of a
 * {@link FixedPoint}; the tolerance is one unit per row that was, otherwise 1e-12 of the value, and
 * for losses summed in doubles the bound of their rounding errors besides.
 *
 * <p>NaN where a metric is undefined. Source: M. Ojala and G. C. Garriga, "Permutation tests for
 * studying classifier performance", JMLR 11 (2010), test 1.
 */
public final class PermutedMetrics implements Statistics {
  private static final long serialVersionUID = 1L;

  /** Most true positives whose metric is looked up: 512 KiB. */
  private static final long TABLE = 1L << 16;

  private final Labels labels;
  private final double[] label;
  private final List<Column> columns = new ArrayList<>();
  private final List<Summed> summed = new ArrayList<>();
  private final List<Fed> fed = new ArrayList<>();
  private final int[] fedHypotheses;
  private final boolean[] isNegated;
  private final Value[] points;
  private final double[] observed;
  private final double[] center;
  private final double[] spread;
  private final double[] tolerance;
  private double nanoseconds;

  /**
   * Metrics of models.
   *
   * @param label class code or number of each row
   * @param weight of each row; null when all are 1
   * @param strata which rows may exchange their labels
   * @param scored what each model says of the rows; at least one
   * @param metrics what to measure; each must be possible for every model's target
   * @param exactUpTo most arrangements to enumerate; 0 to draw in any case
   */
  public PermutedMetrics(
      Keyed function,
      double[] label,
      double[] weight,
      Strata strata,
      List<Scored> scored,
      List<? extends Metric<?>> metrics,
      long exactUpTo) {
    int hypotheses = scored.size() * metrics.size();
    this.isNegated = new boolean[hypotheses];
    this.points = new Value[hypotheses];
    this.observed = new double[hypotheses];
    this.center = new double[hypotheses];
    this.spread = new double[hypotheses];
    this.tolerance = new double[hypotheses];
    Arrays.fill(center, Double.NaN);
    Arrays.fill(spread, Double.NaN);
    boolean binary = scored.get(0).target().task() == Task.BINARY;
    Rows rows = Rows.of(label, weight, strata);
    this.label = rows.label;
    this.labels =
        binary
            ? Chosen.of(function, rows, exactUpTo)
            : new Moved(Donors.within(function, rows.strata, exactUpTo), rows.label);
    for (int m = 0; m < scored.size(); m++) {
      prepare(m, rows, rows.ordered(scored.get(m)), metrics, binary && weight == null);
    }
    this.fedHypotheses =
        IntStream.range(0, hypotheses)
            .filter(k -> summed.stream().noneMatch(part -> part.hypothesis == k))
            .toArray();
    double[] values = new double[hypotheses];
    fed.forEach(part -> part.measure(this.label, values));
    for (Summed part : summed) {
      values[part.hypothesis] = part.of(chosen(columns.get(part.column)));
    }
    for (int k = 0; k < hypotheses; k++) {
      observed[k] = points[k].isDefined() ? turned(k, values[k]) : Double.NaN;
      center[k] = turned(k, center[k]);
      double sizes = Math.abs(observed[k]) + (Double.isNaN(center[k]) ? 0 : Math.abs(center[k]));
      tolerance[k] += 1e-12 * sizes;
    }
    if (!fed.isEmpty()) {
      nanoseconds += label.length * (binary ? 2.0 : 10.0);
    }
    if (!columns.isEmpty()) {
      nanoseconds += label.length * 0.15;
    }
    nanoseconds += 10.0 * hypotheses;
  }

  /**
   * How many ways there are to give these labels to these rows, as {@link #arrangements} counts.
   */
  public static long arrangements(double[] label, Strata strata, Task task) {
    long count = 1;
    for (int s = 0; s < strata.size() && count < Arrangements.MANY; s++) {
      int positives = 0;
      for (int place = strata.start(s); place < strata.start(s + 1); place++) {
        positives += label[strata.row(place)] == 1 ? 1 : 0;
      }
      count =
          Arrangements.times(
              count,
              task == Task.BINARY
                  ? Arrangements.combinations(strata.rows(s), positives)
                  : Arrangements.permutations(strata.rows(s)));
    }
    return count;
  }

  /** Rows in the order of their strata, so that a place is a row. */
  private record Rows(double[] label, double[] weight, int[] order, Strata strata) {
    static Rows of(double[] label, double[] weight, Strata strata) {
      if (label.length != strata.rows()) {
        throw new IllegalArgumentException(
            label.length + " labels for strata of " + strata.rows() + " rows: must be one per row");
      }
      int[] order = new int[label.length];
      int[] code = new int[label.length];
      for (int s = 0; s < strata.size(); s++) {
        for (int place = strata.start(s); place < strata.start(s + 1); place++) {
          order[place] = strata.row(place);
          code[place] = s;
        }
      }
      return new Rows(
          ordered(label, order),
          weight == null ? null : ordered(weight, order),
          order,
          strata.size() == 1 ? Strata.one(order.length) : Strata.of(code));
    }

    Scored ordered(Scored scored) {
      int width = scored.width();
      double[] scores = new double[order.length * width];
      for (int i = 0; i < order.length; i++) {
        System.arraycopy(scored.scores(), order[i] * width, scores, i * width, width);
      }
      return new Scored(scored.target(), ordered(scored.prediction(), order), width, scores);
    }

    private static double[] ordered(double[] x, int[] order) {
      double[] ordered = new double[order.length];
      Arrays.setAll(ordered, i -> x[order[i]]);
      return ordered;
    }

    int size() {
      return label.length;
    }
  }

  /** The labels of a replicate. */
  private interface Labels extends Serializable {
    long arrangements();

    void fill(long replicate, double[] label);
  }

  /** Two classes: which rows are positive. */
  private record Chosen(Subsets subsets, long positives) implements Labels {
    private static final long serialVersionUID = 1L;

    static Chosen of(Keyed function, Rows rows, long exactUpTo) {
      int[] sizes = new int[rows.strata.size()];
      long positives = 0;
      for (int s = 0; s < sizes.length; s++) {
        for (int place = rows.strata.start(s); place < rows.strata.start(s + 1); place++) {
          sizes[s] += rows.label[place] == 1 ? 1 : 0;
        }
        positives += sizes[s];
      }
      return new Chosen(Subsets.selections(function, rows.strata, sizes, exactUpTo), positives);
    }

    @Override
    public long arrangements() {
      return subsets.arrangements();
    }

    @Override
    public void fill(long replicate, double[] label) {
      long[] words = new long[(label.length + 63) >>> 6];
      subsets.fill(replicate, 1, words);
      for (int i = 0; i < label.length; i++) {
        label[i] = words[i >>> 6] >>> i & 1;
      }
    }
  }

  /** Any labels: whose each row is given. */
  private record Moved(Donors donors, double[] own) implements Labels {
    private static final long serialVersionUID = 1L;

    @Override
    public long arrangements() {
      return donors.arrangements();
    }

    @Override
    public void fill(long replicate, double[] label) {
      int[] donor = new int[label.length];
      donors.fill(replicate, donor);
      for (int i = 0; i < label.length; i++) {
        label[i] = own[donor[i]];
      }
    }
  }

  private void prepare(
      int model, Rows rows, Scored scored, List<? extends Metric<?>> wanted, boolean summable) {
    int first = model * wanted.size();
    Scorecard card = Scorecard.of(scored.target(), wanted);
    double[] scores = scored.width() == 0 ? null : new double[scored.width()];
    for (int i = 0; i < rows.size(); i++) {
      copy(scored, i, scores);
      card.add(
          rows.label[i], scored.prediction()[i], scores, rows.weight == null ? 1 : rows.weight[i]);
    }
    Map<Integer, ConfusionMetric> cells = new LinkedHashMap<>();
    Map<Loss, Map<Integer, MeanLossMetric>> losses = new LinkedHashMap<>();
    List<Integer> areas = new ArrayList<>();
    Map<Integer, Metric<?>> others = new LinkedHashMap<>();
    for (int j = 0; j < wanted.size(); j++) {
      Metric<?> metric = wanted.get(j);
      points[first + j] = card.value(j);
      isNegated[first + j] = metric.direction() == Metric.Direction.LOWER_IS_BETTER;
      if (rows.weight != null) {
        others.put(first + j, metric);
      } else if (metric instanceof ConfusionMetric confusion) {
        cells.put(first + j, confusion);
      } else if (metric instanceof MeanLossMetric loss) {
        losses.computeIfAbsent(loss.loss(), l -> new LinkedHashMap<>()).put(first + j, loss);
      } else if (metric instanceof RocAuc && summable) {
        areas.add(first + j);
      } else {
        others.put(first + j, metric);
      }
    }
    if (!cells.isEmpty()) {
      if (summable) {
        addCells(rows, scored, cells);
      } else {
        fed.add(new FedCells(scored.target().classes(), scored.prediction(), cells));
        nanoseconds += 2.0 * rows.size();
      }
    }
    losses.forEach((loss, by) -> addLosses(rows, scored, loss, by, summable));
    if (!areas.isEmpty()) {
      addAreas(rows, scored, areas);
    }
    if (!others.isEmpty()) {
      fed.add(new FedStates(scored, rows.weight, others));
      nanoseconds += 80.0 * rows.size() * others.size();
    }
  }

  private static void copy(Scored scored, int row, double[] scores) {
    if (scores != null) {
      System.arraycopy(scored.scores(), row * scores.length, scores, 0, scores.length);
    }
  }

  /** A function of the sum of a column over the rows chosen. */
  private interface Curve extends Serializable {
    double of(long sum);
  }

  private record Summed(int column, int hypothesis, Curve curve) implements Serializable {
    private static final long serialVersionUID = 1L;

    double of(long sum) {
      return curve.of(sum);
    }
  }

  private Chosen choice() {
    return (Chosen) labels;
  }

  /** The sum of a column over the rows that are positive. */
  private long chosen(Column column) {
    long sum = 0;
    Entries entries = column.entries();
    for (int e = 0; e < entries.size; e++) {
      sum += label[entries.rows[e]] == 1 ? entries.units[e] : 0;
    }
    return sum;
  }

  private int add(Column column, double nanosecondsPerRow) {
    columns.add(column);
    nanoseconds += nanosecondsPerRow * column.rows();
    return columns.size() - 1;
  }

  /** Metrics of a confusion matrix, by the number of true positives. */
  private record Cells(
      ConfusionMetric metric, long n, long positives, long predicted, long low, double[] table)
      implements Curve {
    private static final long serialVersionUID = 1L;

    static Cells of(ConfusionMetric metric, long n, long positives, long predicted) {
      long low = Math.max(0, positives + predicted - n);
      long size = Math.min(positives, predicted) - low + 1;
      Cells cells = new Cells(metric, n, positives, predicted, low, new double[0]);
      if (size > TABLE) {
        return cells;
      }
      double[] table = new double[(int) size];
      Arrays.setAll(table, i -> cells.measured(low + i));
      return new Cells(metric, n, positives, predicted, low, table);
    }

    @Override
    public double of(long sum) {
      return table.length == 0 ? measured(sum) : table[(int) (sum - low)];
    }

    private double measured(long truePositives) {
      Confusion confusion = new Confusion(2);
      confusion.add(1, 1, null, truePositives);
      confusion.add(1, 0, null, positives - truePositives);
      confusion.add(0, 1, null, predicted - truePositives);
      confusion.add(0, 0, null, n - positives - predicted + truePositives);
      return metric.value(confusion).value();
    }

    /** Mean and standard deviation when all choices of positives are equally likely. */
    double[] moments() {
      if (positives == 0 || predicted == 0 || positives == n || predicted == n) {
        return new double[] {of(low), 0};
      }
      HypergeometricDistribution choice =
          HypergeometricDistribution.of((int) n, (int) predicted, (int) positives);
      double reach = 40 * Math.sqrt(choice.getVariance()) + 1;
      long from = Math.max(low, (long) (choice.getMean() - reach));
      long to = Math.min(Math.min(positives, predicted), (long) (choice.getMean() + reach));
      double total = 0;
      double mean = 0;
      double squares = 0;
      for (long t = from; t <= to; t++) {
        double value = of(t);
        double probability = choice.probability((int) t);
        if (probability > 0 && !Double.isNaN(value)) {
          total += probability;
          double off = value - mean;
          mean += off * probability / total;
          squares += probability * off * (value - mean);
        }
      }
      return new double[] {mean, Math.sqrt(squares / total)};
    }
  }

  private void addCells(Rows rows, Scored scored, Map<Integer, ConfusionMetric> cells) {
    long[] called = new long[rows.size()];
    long predicted = 0;
    for (int i = 0; i < called.length; i++) {
      called[i] = scored.prediction()[i] == 1 ? 1 : 0;
      predicted += called[i];
    }
    int column = add(Column.whole(called), 0.03);
    for (Map.Entry<Integer, ConfusionMetric> metric : cells.entrySet()) {
      Cells curve = Cells.of(metric.getValue(), called.length, choice().positives, predicted);
      summed.add(new Summed(column, metric.getKey(), curve));
      if (rows.strata.size() == 1) {
        double[] moments = curve.moments();
        center[metric.getKey()] = moments[0];
        spread[metric.getKey()] = moments[1];
      }
    }
  }

  /** Twice the sum of the positives' ranks gives the area. */
  private record Area(long positives, long negatives) implements Curve {
    private static final long serialVersionUID = 1L;

    @Override
    public double of(long sum) {
      long concordance = sum - positives * (positives + 1);
      return positives == 0 || negatives == 0
          ? Double.NaN
          : concordance / (2.0 * positives * negatives);
    }
  }

  private void addAreas(Rows rows, Scored scored, List<Integer> hypotheses) {
    Column ranks = Column.whole(Midranks.of(scored.scores()).doubled());
    int column = add(ranks, 0.25);
    long positives = choice().positives;
    long negatives = rows.size() - positives;
    double[] moments = moments(rows.strata, ranks);
    for (int k : hypotheses) {
      summed.add(new Summed(column, k, new Area(positives, negatives)));
      center[k] =
          (moments[0] - (double) positives * (positives + 1)) / (2.0 * positives * negatives);
      spread[k] = moments[1] / (2.0 * positives * negatives);
    }
  }

  /** Metrics of a mean loss: that of negatives alone, and what a positive label costs more. */
  private record Mean(MeanLossMetric metric, Form form, FixedPoint scale, long base, long n)
      implements Curve {
    private static final long serialVersionUID = 1L;

    /** What a metric makes of the mean. */
    enum Form {
      MEAN,
      FUNCTION;

      /** That of a metric, found by some means that are no fixed points of usual functions. */
      static Form of(MeanLossMetric metric) {
        for (double mean : new double[] {0.25, 3, 7.5}) {
          if (metric.value(MeanLoss.of(metric.loss(), mean, 1)).value() != mean) {
            return FUNCTION;
          }
        }
        return MEAN;
      }
    }

    @Override
    public double of(long sum) {
      double total = scale.value(base + sum);
      return form == Form.MEAN
          ? total / n
          : metric.value(MeanLoss.of(metric.loss(), total, n)).value();
    }
  }

  private void addLosses(
      Rows rows, Scored scored, Loss loss, Map<Integer, MeanLossMetric> by, boolean summable) {
    int n = rows.size();
    double[] negative = new double[n];
    double[] more = new double[n];
    double largest = 0;
    double[] scores = scored.width() == 0 ? null : new double[scored.width()];
    for (int i = 0; i < n && summable; i++) {
      copy(scored, i, scores);
      negative[i] = loss.of(0, scored.prediction()[i], scores);
      more[i] = loss.of(1, scored.prediction()[i], scores) - negative[i];
      // false for NaN and infinities
      summable = Math.abs(negative[i]) + Math.abs(more[i]) <= Double.MAX_VALUE;
      largest = Math.max(largest, Math.max(Math.abs(negative[i]), Math.abs(more[i])));
    }
    if (!summable) {
      fed.add(new FedLosses(loss, scored, by));
      nanoseconds += 25.0 * n;
      by.keySet().forEach(k -> tolerance[k] += n * 0x1p-52 * Math.abs(points[k].value()));
      return;
    }
    FixedPoint scale = FixedPoint.of(n, largest);
    long base = 0;
    for (double x : negative) {
      base += scale.units(x);
    }
    Column extra = Column.part(0, more, scale);
    int column = add(extra, 0.25);
    double[] moments = moments(rows.strata, extra);
    for (Map.Entry<Integer, MeanLossMetric> metric : by.entrySet()) {
      Mean curve = new Mean(metric.getValue(), Mean.Form.of(metric.getValue()), scale, base, n);
      int k = metric.getKey();
      summed.add(new Summed(column, k, curve));
      if (curve.form == Mean.Form.MEAN) {
        center[k] = (base + moments[0]) * scale.unit() / n;
        spread[k] = moments[1] * scale.unit() / n;
        tolerance[k] = scale.value(extra.shape().rounded()) / n;
      } else {
        tolerance[k] = 1e-12 * Math.abs(points[k].value());
      }
    }
  }

  /**
   * Mean and standard deviation of a column's sum over all choices: of k of the n rows of a stratum
   * it has mean k * their mean and variance k (n - k) / n * theirs with n - 1.
   */
  private double[] moments(Strata strata, Column column) {
    double mean = 0;
    double variance = 0;
    Entries entries = column.entries();
    int e = 0;
    for (int s = 0; s < strata.size(); s++) {
      int n = strata.rows(s);
      long chosen = 0;
      for (int place = strata.start(s); place < strata.start(s + 1); place++) {
        chosen += label[place] == 1 ? 1 : 0;
      }
      int from = e;
      double total = 0;
      for (; e < entries.size && entries.rows[e] < strata.start(s + 1); e++) {
        total += entries.units[e];
      }
      if (n == 0) {
        continue;
      }
      double middle = total / n;
      mean += chosen * total / n;
      double squares = (n - (e - from)) * middle * middle;
      for (int i = from; i < e; i++) {
        squares += (entries.units[i] - middle) * (entries.units[i] - middle);
      }
      variance += n == 1 ? 0 : squares / (n - 1) * chosen * (n - chosen) / n;
    }
    return new double[] {mean, Math.sqrt(variance)};
  }

  /** Metrics of rows that are looked at one by one. */
  private interface Fed extends Serializable {
    void measure(double[] label, double[] values);
  }

  private record FedCells(int classes, double[] prediction, Map<Integer, ConfusionMetric> metrics)
      implements Fed {
    private static final long serialVersionUID = 1L;

    @Override
    public void measure(double[] label, double[] values) {
      long[] counts = new long[classes * classes];
      for (int i = 0; i < label.length; i++) {
        int row = (int) label[i];
        counts[row * classes + (int) prediction[i]]++;
      }
      Confusion confusion = new Confusion(classes);
      for (int row = 0; row < classes; row++) {
        for (int column = 0; column < classes; column++) {
          confusion.add(row, column, null, counts[row * classes + column]);
        }
      }
      metrics.forEach((k, metric) -> values[k] = metric.value(confusion).value());
    }
  }

  private record FedLosses(Loss loss, Scored scored, Map<Integer, MeanLossMetric> metrics)
      implements Fed {
    private static final long serialVersionUID = 1L;

    @Override
    public void measure(double[] label, double[] values) {
      double[] scores = scored.width() == 0 ? null : new double[scored.width()];
      double sum = 0;
      for (int i = 0; i < label.length; i++) {
        copy(scored, i, scores);
        sum += loss.of(label[i], scored.prediction()[i], scores);
      }
      MeanLoss mean = MeanLoss.of(loss, sum, label.length);
      metrics.forEach((k, metric) -> values[k] = metric.value(mean).value());
    }
  }

  private record FedStates(Scored scored, double[] weight, Map<Integer, Metric<?>> metrics)
      implements Fed {
    private static final long serialVersionUID = 1L;

    @Override
    public void measure(double[] label, double[] values) {
      Scorecard card = Scorecard.of(scored.target(), List.copyOf(metrics.values()));
      double[] scores = scored.width() == 0 ? null : new double[scored.width()];
      for (int i = 0; i < label.length; i++) {
        copy(scored, i, scores);
        card.add(label[i], scored.prediction()[i], scores, weight == null ? 1 : weight[i]);
      }
      int place = 0;
      for (int k : metrics.keySet()) {
        values[k] = card.value(place++).value();
      }
    }
  }

  private double turned(int hypothesis, double value) {
    return isNegated[hypothesis] ? -value : value;
  }

  @Override
  public int hypotheses() {
    return points.length;
  }

  @Override
  public long arrangements() {
    return labels.arrangements();
  }

  /** The metric of the rows as they are, not turned. */
  public Value point(int hypothesis) {
    return points[hypothesis];
  }

  /** The metric, negated when lower is better. */
  @Override
  public double observed(int hypothesis) {
    return observed[hypothesis];
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
    return tolerance[hypothesis];
  }

  /** About how long one replicate takes. */
  public double nanoseconds() {
    return nanoseconds;
  }

  @Override
  public void fill(long from, long to, double[][] values) {
    int count = Math.toIntExact(to - from);
    if (!columns.isEmpty()) {
      long[][] sums = new long[columns.size()][count];
      choice().subsets.sums(columns, from, to, sums);
      for (Summed part : summed) {
        double[] own = values[part.hypothesis];
        long[] sum = sums[part.column];
        for (int r = 0; r < count; r++) {
          own[r] = turned(part.hypothesis, part.of(sum[r]));
        }
      }
    }
    if (!fed.isEmpty()) {
      double[] permuted = new double[label.length];
      double[] row = new double[points.length];
      for (int r = 0; r < count; r++) {
        labels.fill(from + r, permuted);
        fed.forEach(part -> part.measure(permuted, row));
        for (int k : fedHypotheses) {
          values[k][r] = turned(k, row[k]);
        }
      }
    }
  }
}
