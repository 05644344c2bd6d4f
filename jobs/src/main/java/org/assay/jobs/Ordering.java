package org.assay.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assay.importance.Rankings;
import org.assay.importance.Stability;
import org.assay.inference.Interval;
import org.assay.jobs.engine.InputSet;
import org.assay.random.Keyed;
import org.assay.report.RankingRow;
import org.assay.report.Tables;

/**
 * The single columns that a method ordered, of one model, slice and metric.
 *
 * @param names of the columns whose importance is known
 * @param values their importances
 * @param bySplit by split and column; empty where there are no splits
 */
record Ordering(
    Explained.Line line,
    String method,
    String slice,
    String metric,
    String scale,
    List<String> names,
    double[] values,
    double[][] bySplit) {

  static Ordering of(
      Explained.Line line,
      String method,
      String slice,
      String metric,
      String scale,
      List<Explained.Found> found) {
    List<Explained.Found> singles =
        found.stream()
            .filter(f -> f.set().kind() == InputSet.Kind.SINGLE && !Double.isNaN(f.value()))
            .toList();
    int splits = singles.stream().mapToInt(f -> f.bySplit().length).min().orElse(0);
    double[][] bySplit = new double[splits][singles.size()];
    for (int k = 0; k < splits; k++) {
      for (int f = 0; f < singles.size(); f++) {
        bySplit[k][f] = singles.get(f).bySplit()[k];
      }
    }
    return new Ordering(
        line,
        method,
        slice,
        metric,
        scale,
        singles.stream().map(f -> f.set().name()).toList(),
        singles.stream().mapToDouble(Explained.Found::value).toArray(),
        bySplit);
  }

  /**
   * Adds to the report how far all orders of each model agree, and how steady each is over splits;
   * of all rows, not of slices.
   */
  static void compare(Explained all) {
    Importance.Comparing how = all.settings().comparing();
    if (how.top() == 0) {
      return;
    }
    all.context().progress().say(all.name() + ": compare the orders of inputs");
    List<Ordering> orders = all.orders().stream().filter(o -> o.slice().isEmpty()).toList();
    for (int i = 0; i < orders.size(); i++) {
      Ordering a = orders.get(i);
      if (a.bySplit().length > 1) {
        a.stability(all, how);
      }
      for (Ordering b : orders.subList(i + 1, orders.size())) {
        if (a.line().equals(b.line())) {
          a.compare(all, b, how);
        }
      }
    }
  }

  private Keyed function(Explained all, String other) {
    return Keyed.of(
        all.seed(),
        "importance rankings " + method + " " + metric + " " + scale + " with " + other);
  }

  private void compare(Explained all, Ordering other, Importance.Comparing how) {
    List<String> common = new ArrayList<>(names);
    common.retainAll(other.names);
    double[] a = common.stream().mapToDouble(n -> values[names.indexOf(n)]).toArray();
    double[] b = common.stream().mapToDouble(n -> other.values[other.names.indexOf(n)]).toArray();
    if (common.size() < 2) {
      all.context()
          .add(
              Tables.RANKINGS,
              row(
                  all,
                  other,
                  "kendall",
                  how.top(),
                  Double.NaN,
                  Double.NaN,
                  Interval.none(all.settings().level()),
                  Double.NaN,
                  common.size(),
                  0,
                  "fewer than two columns are in both orders"));
      return;
    }
    for (Rankings.Agreement agreement :
        Rankings.compare(
            a,
            b,
            how.top(),
            function(all, other.method + " " + other.metric + " " + other.scale),
            how.permutations())) {
      all.context()
          .add(
              Tables.RANKINGS,
              row(
                  all,
                  other,
                  agreement.measure(),
                  Math.min(how.top(), common.size()),
                  agreement.value(),
                  Double.NaN,
                  Interval.none(all.settings().level()),
                  agreement.p().p(),
                  common.size(),
                  0,
                  Double.isNaN(agreement.value()) ? "all columns of an order are tied" : ""));
    }
  }

  private void stability(Explained all, Importance.Comparing how) {
    int top = how.top();
    boolean isDefined =
        top < names.size()
            && Arrays.stream(bySplit).flatMapToDouble(Arrays::stream).noneMatch(Double::isNaN);
    if (!isDefined) {
      all.context()
          .add(
              Tables.RANKINGS,
              row(
                  all,
                  null,
                  "stability",
                  top,
                  Double.NaN,
                  Double.NaN,
                  Interval.none(all.settings().level()),
                  Double.NaN,
                  names.size(),
                  bySplit.length,
                  top < names.size()
                      ? "an importance of a split is undefined"
                      : "the first " + top + " of " + names.size() + " columns are all of them"));
      return;
    }
    boolean[][] chosen =
        Arrays.stream(bySplit).map(v -> Rankings.top(v, top)).toArray(boolean[][]::new);
    Stability stability =
        Stability.of(chosen, all.settings().level(), function(all, "splits"), how.permutations());
    all.context()
        .add(
            Tables.RANKINGS,
            row(
                all,
                null,
                "stability",
                top,
                stability.value(),
                stability.standardError(),
                stability.interval(),
                stability.p().p(),
                names.size(),
                bySplit.length,
                "splits share training rows: the interval is for this run, and too narrow for new data"));
  }

  private RankingRow row(
      Explained all,
      Ordering other,
      String measure,
      int top,
      double value,
      double stdError,
      Interval interval,
      double p,
      int features,
      int splits,
      String reason) {
    boolean none = !interval.isDefined();
    return new RankingRow(
        all.name(),
        all.data().name(),
        line.series().model().name(),
        line.series().params(),
        method,
        metric,
        scale,
        other == null ? "" : other.method,
        other == null ? "" : other.metric,
        other == null ? "" : other.scale,
        measure,
        top,
        value,
        stdError,
        none ? "" : interval.method(),
        none ? Double.NaN : interval.level(),
        interval.low(),
        interval.high(),
        p,
        features,
        splits,
        reason);
  }
}
