package org.assay.jobs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assay.design.Design;
import org.assay.inference.FoldEstimates;
import org.assay.inference.Interval;
import org.assay.inference.PointEstimate;
import org.assay.inference.PooledEstimate;
import org.assay.jobs.engine.Cell;
import org.assay.jobs.engine.FoldTally;
import org.assay.jobs.engine.Measurement;
import org.assay.jobs.frame.Schema;
import org.assay.metric.Metric;
import org.assay.metric.Value;
import org.assay.report.Estimate;
import org.assay.report.Fold;
import org.assay.report.Score;
import org.assay.report.Tables;

/** The rows that a cross-validation adds to the report. */
record CrossValidationTables(
    RunContext context,
    String job,
    String data,
    CrossValidate.Settings settings,
    Points points,
    List<Metric<?>> metrics) {

  /**
   * The points of a learning curve; one without.
   *
   * @param designs of the points
   * @param tallies what these make of the rows
   * @param uncut what the plan itself makes of them
   */
  record Points(List<Design> designs, List<FoldTally> tallies, FoldTally uncut) {}

  /** A series on the rows of one slice. */
  private record Line(int series, String slice) {}

  /** Each fold's balance of classes and groups. */
  void folds(Schema schema, List<CrossValidation.Fit> fits) {
    for (int p = 0; p < points.designs().size(); p++) {
      int point = p;
      folds(
          schema,
          points.designs().get(p),
          points.tallies().get(p),
          fits.stream().filter(fit -> fit.series().point() == point).toList());
    }
  }

  private void folds(
      Schema schema, Design design, FoldTally tally, List<CrossValidation.Fit> fits) {
    long[] unseen = new long[design.replicates()];
    for (CrossValidation.Fit fit : fits) {
      unseen[fit.replicate()] = Math.max(unseen[fit.replicate()], fit.done().unseen());
    }
    List<String> classes = schema.task().isClassification() ? schema.classes() : List.of("");
    for (int r = 0; r < design.replicates(); r++) {
      for (int part = 0; part < FoldTally.PARTS.size(); part++) {
        if (part == 2 && tally.rows(r, part) == 0) {
          continue;
        }
        for (int c = 0; c < classes.size(); c++) {
          context.add(
              Tables.FOLDS,
              new Fold(
                  job,
                  data,
                  settings.plan().label(),
                  design.fingerprint(),
                  design.split(r).repeat(),
                  design.split(r).fold(),
                  FoldTally.PARTS.get(part),
                  classes.get(c),
                  tally.distinct(r, part, c),
                  tally.weight(r, part, c),
                  tally.groups(r, part, c),
                  part == 1 && c == 0 ? (Long) unseen[r] : null));
        }
      }
    }
  }

  /**
   * Every metric of every fit, by slice.
   *
   * @param results of the rows held out by each fit, followed by those of training rows if these
   *     are measured
   */
  void scores(List<CrossValidation.Fit> fits, Measurement.Results results) {
    for (Measurement.Result result : results.members()) {
      CrossValidation.Fit fit = fits.get(result.member() % fits.size());
      int point = fit.series().point();
      Design.Split split = fit.cell().split();
      for (int m = 0; m < metrics.size(); m++) {
        Value value = result.values().get(m);
        context.add(
            Tables.SCORES,
            new Score(
                job,
                data,
                fit.series().model().name(),
                result.slice(),
                metrics.get(m).spec(),
                fit.params(),
                settings.plan().label(),
                points.designs().get(point).fingerprint(),
                split.repeat(),
                split.fold(),
                result.member() < fits.size() ? "test" : "train",
                points.tallies().get(point).rows(fit.replicate(), 0),
                result.n(),
                value.value(),
                value.reason(),
                result.slice().isEmpty() ? (Double) fit.done().fitSeconds() : null));
      }
    }
  }

  /** What the folds and the pooled rows say of every metric of every series, by slice. */
  void estimates(
      List<Series> series,
      int repeats,
      List<CrossValidation.Fit> fits,
      Measurement.Results results) {
    Map<Line, Map<Integer, Measurement.Result>> folds = new LinkedHashMap<>(); // by replicate
    for (Measurement.Result result : results.members()) {
      CrossValidation.Fit fit = fits.get(result.member() % fits.size());
      int offset = result.member() < fits.size() ? 0 : series.size(); // of training rows
      folds
          .computeIfAbsent(
              new Line(offset + fit.series().number(), result.slice()), k -> new LinkedHashMap<>())
          .put(fit.replicate(), result);
    }
    Map<Line, Map<Integer, Measurement.Result>> pools = new LinkedHashMap<>(); // by repeat
    for (Measurement.Result result : results.pools()) {
      pools
          .computeIfAbsent(
              new Line(result.member() / repeats, result.slice()), k -> new LinkedHashMap<>())
          .put(result.member() % repeats, result);
    }
    Map<Line, Long> rows = new LinkedHashMap<>();
    for (Measurement.Result result : results.series()) {
      rows.put(new Line(result.member(), result.slice()), result.n());
    }
    for (Series one : series) {
      List<String> slices =
          new ArrayList<>(
              folds.keySet().stream()
                  .filter(line -> line.series() == one.number())
                  .map(Line::slice)
                  .toList());
      if (slices.isEmpty()) {
        slices.add("");
      }
      boolean isWhole =
          fits.stream().filter(fit -> fit.series().equals(one)).count() == replicates();
      for (String slice : slices) {
        Line line = new Line(one.number(), slice);
        Map<Integer, Measurement.Result> byReplicate = folds.getOrDefault(line, Map.of());
        Map<Integer, Measurement.Result> byRepeat = pools.getOrDefault(line, Map.of());
        long n = rows.getOrDefault(line, 0L);
        Line trained = new Line(series.size() + one.number(), slice);
        for (int m = 0; m < metrics.size(); m++) {
          for (PointEstimate estimate : ofFolds(byReplicate, slice, m)) {
            add(one, slice, m, estimate, n);
          }
          add(one, slice, m, pooled(byRepeat, repeats, isWhole, m), n);
          if (settings.predicts() == Cell.Predicts.TRAINED_TOO) {
            for (PointEstimate estimate :
                FoldEstimates.ofTraining(values(folds.getOrDefault(trained, Map.of()), slice, m))) {
              add(one, slice, m, estimate, rows.getOrDefault(trained, 0L));
            }
          }
        }
      }
    }
  }

  private int replicates() {
    return points.designs().get(0).replicates();
  }

  /**
   * Standard errors take splits for as dependent as those of the plan itself, also where training
   * sets are cut. Nadeau and Bengio's term n_test / n_train stands for the correlation of values
   * whose test sets are drawn from the same n = n_test + n_train rows, n_test / n, and cutting
   * training sets changes neither; what cut training sets have in common is a smaller share of
   * them. Simulated with 3 times 10 folds of 100 rows and four learners, intervals of 95 % cover in
   * 94 to 99 % of data sets at a tenth of the training rows, 96 to 97 % at a fifth, 96 to 97 % at
   * half and 91 to 97 % uncut; with the cut size in place of n_train standard errors are 3 to 4
   * times too large at a tenth. {@code scripts/regenerate-references/curve_intervals.py}.
   */
  private List<PointEstimate> ofFolds(
      Map<Integer, Measurement.Result> byReplicate, String slice, int metric) {
    int replicates = replicates();
    double trainSize = 0;
    double testSize = 0;
    for (int r = 0; r < replicates; r++) {
      trainSize += points.uncut().rows(r, 0) / (double) replicates;
      testSize += points.uncut().rows(r, 1) / (double) replicates;
    }
    return FoldEstimates.of(
        values(byReplicate, slice, metric), trainSize, testSize, settings.level());
  }

  private List<Value> values(
      Map<Integer, Measurement.Result> byReplicate, String slice, int metric) {
    Value missing =
        Value.undefined(
            slice.isEmpty() ? "the fit failed" : "no row of this slice, or the fit failed");
    List<Value> values = new ArrayList<>();
    for (int r = 0; r < replicates(); r++) {
      Measurement.Result result = byReplicate.get(r);
      values.add(result == null ? missing : result.values().get(metric));
    }
    return values;
  }

  private static PointEstimate pooled(
      Map<Integer, Measurement.Result> byRepeat, int repeats, boolean isWhole, int metric) {
    List<Value> values = new ArrayList<>();
    for (int repeat = 0; repeat < repeats; repeat++) {
      Measurement.Result result = byRepeat.get(repeat);
      values.add(
          !isWhole
              ? Value.undefined("some fits failed, so the held-out rows are not all there")
              : result == null
                  ? Value.undefined("some repeats have no row of this slice")
                  : result.values().get(metric));
    }
    return PooledEstimate.of(values);
  }

  private void add(Series series, String slice, int metric, PointEstimate estimate, long n) {
    Metric<?> of = metrics.get(metric);
    context.add(Tables.ESTIMATES, row(job, data, series, slice, of, estimate, n, null, null));
  }

  /**
   * An estimate of a series as a row of {@code estimates}.
   *
   * @param lowError Monte Carlo error of the interval's low end; null when it has none
   * @param highError of its high end
   */
  static Estimate row(
      String job,
      String data,
      Series series,
      String slice,
      Metric<?> metric,
      PointEstimate estimate,
      long n,
      Double lowError,
      Double highError) {
    Interval interval = estimate.interval();
    return new Estimate(
        job,
        data,
        series.model().name(),
        slice,
        metric.spec(),
        series.params(),
        estimate.estimator(),
        estimate.value(),
        estimate.standardError(),
        interval == null ? "" : interval.method(),
        interval == null ? Double.NaN : interval.level(),
        interval == null ? Double.NaN : interval.low(),
        interval == null ? Double.NaN : interval.high(),
        n,
        estimate.replicates(),
        estimate.reason(),
        lowError,
        highError);
  }
}
