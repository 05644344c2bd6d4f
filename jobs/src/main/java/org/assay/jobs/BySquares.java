package org.assay.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.assay.jobs.engine.Measurement;
import org.assay.metric.Metric;
import org.assay.metric.OfSquares;
import org.assay.metric.Squares;
import org.assay.metric.Value;

/**
 * Measures fits that left sums of squares over the rows held out in place of predictions: what
 * {@link Measurement} would find, to a relative error of 1e-9, at no cost per row.
 *
 * @param metrics each an {@link OfSquares}
 */
record BySquares(List<OfSquares> metrics) {

  /** For these metrics; empty when one needs more of the rows. */
  static Optional<BySquares> of(List<Metric<?>> metrics) {
    List<OfSquares> all = new ArrayList<>();
    for (Metric<?> metric : metrics) {
      if (!(metric instanceof OfSquares squares)) {
        return Optional.empty();
      }
      all.add(squares);
    }
    return Optional.of(new BySquares(all));
  }

  /**
   * The results, numbered as those of {@link Measurement}.
   *
   * @param fits all of a design of folds, in all of its replicates, numbered by their places in a
   *     list of more
   * @return empty when some sums are not known, or have lost too many digits
   */
  Optional<Measurement.Results> of(Map<Integer, CrossValidation.Fit> fits) {
    List<Measurement.Result> members = new ArrayList<>();
    Map<Integer, Squares> pools = new TreeMap<>();
    Map<Integer, Map<Integer, Long>> rows = new TreeMap<>(); // by series and pool
    for (Map.Entry<Integer, CrossValidation.Fit> entry : fits.entrySet()) {
      Measurement.Member member = entry.getValue().member();
      Squares own = entry.getValue().done().squares();
      if (own == null || own.items() == 0) {
        return Optional.empty();
      }
      Optional<Measurement.Result> result = result(entry.getKey(), own);
      if (result.isEmpty()) {
        return Optional.empty();
      }
      members.add(result.get());
      pools.merge(member.pool(), own, Squares::and);
      rows.computeIfAbsent(member.series(), s -> new HashMap<>())
          .merge(member.pool(), own.items(), Long::sum);
    }
    List<Measurement.Result> pooled = new ArrayList<>();
    for (Map.Entry<Integer, Squares> pool : pools.entrySet()) {
      Optional<Measurement.Result> result = result(pool.getKey(), pool.getValue());
      if (result.isEmpty()) {
        return Optional.empty();
      }
      pooled.add(result.get());
    }
    List<Measurement.Result> series = new ArrayList<>();
    rows.forEach(
        (number, byRepeat) -> // each repeat holds out the same rows, each once
        series.add(
                new Measurement.Result(
                    number,
                    "",
                    byRepeat.values().stream().mapToLong(n -> n).max().orElse(0),
                    List.of())));
    return Optional.of(new Measurement.Results(members, pooled, series));
  }

  private Optional<Measurement.Result> result(int number, Squares sums) {
    Value[] values = new Value[metrics.size()];
    for (int m = 0; m < values.length; m++) {
      Optional<Value> value = metrics.get(m).of(sums);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values[m] = value.get();
    }
    return Optional.of(
        new Measurement.Result(number, "", sums.items(), List.copyOf(Arrays.asList(values))));
  }
}
