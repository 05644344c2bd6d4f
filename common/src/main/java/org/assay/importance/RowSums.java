package org.assay.importance;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assay.bootstrap.Means;
import org.assay.metric.Confusion;
import org.assay.metric.ConfusionMetric;
import org.assay.metric.ExplainedVariance;
import org.assay.metric.Loss;
import org.assay.metric.Metric;
import org.assay.metric.R2;
import org.assay.metric.Target;
import org.assay.metric.Value;

/**
 * Sums over rows of which metrics are functions: of the weights and of weighted losses for means
 * and functions of one, of the cells of a confusion matrix, of squares of labels and residuals.
 * What a metric would be without some rows follows from the sums without theirs.
 *
 * <p>Metrics that rank have no such sums. Immutable, thread-safe.
 */
public final class RowSums implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The most classes whose cells are counted. */
  private static final int MOST_CLASSES = 10;

  /** What is summed. */
  private enum Kind {
    LOSS,
    CELLS,
    RESIDUALS
  }

  private record Part(Kind kind, Loss loss, int at, int size) implements Serializable {}

  private final Target target;
  private final List<Metric<?>> metrics;
  private final List<Part> parts = new ArrayList<>();

  /** Of each metric its part; null without sums. */
  private final Part[] of;

  private final int size;

  /** The sums of which these metrics are functions, those that are. */
  public RowSums(Target target, List<Metric<?>> metrics) {
    this.target = target;
    this.metrics = List.copyOf(metrics);
    this.of = new Part[metrics.size()];
    int next = 0;
    for (int m = 0; m < of.length; m++) {
      Part part = part(metrics.get(m), next);
      if (part != null) {
        Part known =
            parts.stream()
                .filter(
                    p -> p.kind() == part.kind() && java.util.Objects.equals(p.loss(), part.loss()))
                .findFirst()
                .orElse(null);
        if (known == null) {
          parts.add(part);
          next += part.size();
        }
        of[m] = known == null ? part : known;
      }
    }
    this.size = next;
  }

  private Part part(Metric<?> metric, int at) {
    Optional<Loss> loss = Means.loss(metric);
    if (loss.isPresent()) {
      return new Part(Kind.LOSS, loss.get(), at, 2);
    }
    if (metric instanceof ConfusionMetric && target.classes() <= MOST_CLASSES) {
      return new Part(Kind.CELLS, null, at, target.classes() * target.classes());
    }
    if (metric instanceof R2 || metric instanceof ExplainedVariance) {
      return new Part(Kind.RESIDUALS, null, at, 5);
    }
    return null;
  }

  /** Number of sums. */
  public int size() {
    return size;
  }

  /** Whether a metric is a function of them. */
  public boolean has(int metric) {
    return of[metric] != null;
  }

  /**
   * What a row adds to the sums.
   *
   * @param scores as for {@link org.assay.metric.State#add}
   * @param terms receives as many numbers as there are sums
   */
  public void terms(
      double label, double prediction, double[] scores, double weight, double[] terms) {
    for (Part part : parts) {
      int at = part.at();
      switch (part.kind()) {
        case LOSS -> {
          terms[at] = weight;
          terms[at + 1] = weight == 0 ? 0 : weight * part.loss().of(label, prediction, scores);
        }
        case CELLS -> {
          java.util.Arrays.fill(terms, at, at + part.size(), 0);
          terms[at + ((int) label) * target.classes() + (int) prediction] = weight;
        }
        case RESIDUALS -> {
          double residual = label - prediction;
          terms[at] = weight;
          terms[at + 1] = weight * residual;
          terms[at + 2] = weight * residual * residual;
          terms[at + 3] = weight * label;
          terms[at + 4] = weight * label * label;
        }
      }
    }
  }

  /**
   * Adds a row to sums, and to those of its group and of another one: what {@link #terms} gives,
   * where it is not 0.
   *
   * @param sums have their first number at {@code at}
   * @param byGroup by number of the sum, then by group
   * @param groups number of groups
   * @param group the row's group
   * @param other another group; -1 for none
   */
  public void add(
      double label,
      double prediction,
      double[] scores,
      double weight,
      double[] sums,
      int at,
      double[] byGroup,
      int groups,
      int group,
      int other) {
    if (weight == 0) {
      return;
    }
    for (Part part : parts) {
      add(part, label, prediction, scores, weight, sums, at, byGroup, groups, group, other);
    }
  }

  private void add(
      Part part,
      double label,
      double prediction,
      double[] scores,
      double weight,
      double[] sums,
      int at,
      double[] byGroup,
      int groups,
      int group,
      int other) {
    int first = part.at();
    switch (part.kind()) {
      case LOSS -> {
        double loss = weight * part.loss().of(label, prediction, scores);
        add(weight, sums, at, byGroup, groups, group, other, first);
        add(loss, sums, at, byGroup, groups, group, other, first + 1);
      }
      case CELLS ->
          add(
              weight,
              sums,
              at,
              byGroup,
              groups,
              group,
              other,
              first + ((int) label) * target.classes() + (int) prediction);
      case RESIDUALS -> {
        double residual = label - prediction;
        add(weight, sums, at, byGroup, groups, group, other, first);
        add(weight * residual, sums, at, byGroup, groups, group, other, first + 1);
        add(weight * residual * residual, sums, at, byGroup, groups, group, other, first + 2);
        add(weight * label, sums, at, byGroup, groups, group, other, first + 3);
        add(weight * label * label, sums, at, byGroup, groups, group, other, first + 4);
      }
    }
  }

  /**
   * Adds rows, one after the other as {@link #add}.
   *
   * @param row where label, weight and groups of each are
   * @param n number of rows
   * @param weight null for 1
   * @param scores row after row, {@code width} each
   * @param own group by row
   * @param donor another group by row; null for none
   */
  public void addAll(
      int[] row,
      int first,
      int n,
      double[] label,
      double[] weight,
      double[] prediction,
      double[] scores,
      int width,
      double[] sums,
      int at,
      double[] byGroup,
      int groups,
      int[] own,
      int[] donor) {
    double[] score = width == 0 ? null : new double[width];
    for (Part part : parts) {
      if (part.kind() == Kind.LOSS) {
        Loss of = part.loss();
        int weights = part.at() * groups;
        int losses = weights + groups;
        double allWeights = sums[at + part.at()];
        double allLosses = sums[at + part.at() + 1];
        if (width <= 1 && weight == null) {
          for (int i = 0; i < n; i++) {
            int r = row[first + i];
            if (width == 1) {
              score[0] = scores[i];
            }
            double loss = of.of(label[r], prediction[i], score);
            allLosses += loss;
            int group = own[r];
            byGroup[weights + group]++;
            byGroup[losses + group] += loss;
            if (donor != null) {
              group = donor[r];
              byGroup[weights + group]++;
              byGroup[losses + group] += loss;
            }
          }
          sums[at + part.at()] = allWeights + n;
          sums[at + part.at() + 1] = allLosses;
          continue;
        }
        for (int i = 0; i < n; i++) {
          int r = row[first + i];
          double w = weight == null ? 1 : weight[r];
          if (w == 0) {
            continue;
          }
          if (width == 1) {
            score[0] = scores[i];
          } else if (width > 0) {
            System.arraycopy(scores, i * width, score, 0, width);
          }
          double loss = w * of.of(label[r], prediction[i], score);
          allWeights += w;
          allLosses += loss;
          int group = own[r];
          byGroup[weights + group] += w;
          byGroup[losses + group] += loss;
          if (donor != null) {
            group = donor[r];
            byGroup[weights + group] += w;
            byGroup[losses + group] += loss;
          }
        }
        sums[at + part.at()] = allWeights;
        sums[at + part.at() + 1] = allLosses;
        continue;
      }
      for (int i = 0; i < n; i++) {
        int r = row[first + i];
        double w = weight == null ? 1 : weight[r];
        if (w != 0) {
          add(
              part,
              label[r],
              prediction[i],
              null,
              w,
              sums,
              at,
              byGroup,
              groups,
              own[r],
              donor == null ? -1 : donor[r]);
        }
      }
    }
  }

  private static void add(
      double term,
      double[] sums,
      int at,
      double[] byGroup,
      int groups,
      int group,
      int other,
      int number) {
    sums[at + number] += term;
    byGroup[number * groups + group] += term;
    if (other >= 0) {
      byGroup[number * groups + other] += term;
    }
  }

  /**
   * A metric of rows with these sums, to the accuracy of the sums; NaN when it is undefined.
   *
   * @param metric one that is a function of them
   */
  public double value(int metric, double[] sums) {
    Part part = of[metric];
    int at = part.at();
    return switch (part.kind()) {
      case LOSS ->
          sums[at] > 0
              ? Means.ofMean(metrics.get(metric), sums[at + 1] / sums[at]).value()
              : Double.NaN;
      case CELLS -> {
        Confusion confusion = new Confusion(target.classes());
        for (int c = 0; c < part.size(); c++) {
          int label = c / target.classes();
          int prediction = c % target.classes();
          confusion.add(label, prediction, null, Math.max(0, sums[at + c]));
        }
        yield value((ConfusionMetric) metrics.get(metric), confusion).value();
      }
      case RESIDUALS -> {
        double weight = sums[at];
        double scatter = sums[at + 4] - sums[at + 3] * sums[at + 3] / weight;
        double left =
            metrics.get(metric) instanceof R2
                ? sums[at + 2]
                : sums[at + 2] - sums[at + 1] * sums[at + 1] / weight;
        yield weight > 0 && scatter > 0 ? 1 - left / scatter : Double.NaN;
      }
    };
  }

  private static Value value(ConfusionMetric metric, Confusion confusion) {
    return metric.value(confusion);
  }
}
