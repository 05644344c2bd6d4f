package org.assay.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assay.Task;
import org.assay.bootstrap.Distribution;
import org.assay.bootstrap.IntervalMethod;
import org.assay.bootstrap.Means;
import org.assay.inference.Err632;
import org.assay.inference.Interval;
import org.assay.inference.LeaveOneOutBootstrap;
import org.assay.inference.MeanInterval;
import org.assay.inference.OutOfBag;
import org.assay.inference.PointEstimate;
import org.assay.jobs.engine.CellFiles;
import org.assay.jobs.engine.LeftOut;
import org.assay.jobs.engine.Measurement;
import org.assay.jobs.engine.NoInformation;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Slicing;
import org.assay.metric.Loss;
import org.assay.metric.MeanLossMetric;
import org.assay.metric.Metric;
import org.assay.metric.Target;
import org.assay.metric.Value;
import org.assay.report.Tables;

/**
 * What refits on bootstrap samples say of every metric of every series, by slice: the rows {@code
 * apparent}, {@code no-information}, {@code out-of-bag}, {@code loob}, {@code 632} and {@code
 * 632-plus} of the table of estimates.
 *
 * <p>Metrics that are a function of a mean loss, as rmse is, are estimated as that function of the
 * estimated mean loss. The intervals of {@code out-of-bag}, {@code 632} and {@code 632-plus} are
 * those that hold the values of that share of single replicates, "percentile-of-replicates"; they
 * are no confidence intervals of the value. That of {@code loob} is, from its standard error
 * ("normal").
 *
 * @param drawn what the plan draws
 * @param replicates how often
 */
record Refits(
    RunContext context,
    String job,
    String data,
    Frame frame,
    double level,
    LeftOut.Drawn drawn,
    int replicates,
    List<Metric<?>> metrics) {
  private static final String OF_REPLICATES = "percentile-of-replicates";

  /** The most labels of a regression that are collected. */
  private static final long MOST_NUMBERS = 20_000_000;

  /**
   * The metrics to measure: those of the report, followed by the plain mean losses of those that
   * are another function of one.
   */
  static List<Metric<?>> measured(List<Metric<?>> metrics) {
    List<Metric<?>> all = new ArrayList<>(metrics);
    for (Metric<?> metric : metrics) {
      if (isFunctionOfMean(metric)) {
        all.add(new PlainMean((MeanLossMetric) metric));
      }
    }
    return all;
  }

  private static boolean isFunctionOfMean(Metric<?> metric) {
    return Means.loss(metric).isPresent() && !Means.isOne(metric);
  }

  /** The mean loss that a metric is a function of. */
  private record PlainMean(MeanLossMetric metric) implements MeanLossMetric {
    @Override
    public String name() {
      return "mean-loss(" + metric.spec() + ")";
    }

    @Override
    public String refusal(Target target) {
      return metric.refusal(target);
    }

    @Override
    public Loss loss() {
      return metric.loss();
    }
  }

  /** Where among those measured the metric is that estimates are made of. */
  private int measuredAt(int metric) {
    int at = metrics.size();
    for (int m = 0; m < metric; m++) {
      at += isFunctionOfMean(metrics.get(m)) ? 1 : 0;
    }
    return isFunctionOfMean(metrics.get(metric)) ? at : metric;
  }

  private record Line(int series, String slice) {}

  /** A series on the rows of one slice. */
  private record Found(
      List<Measurement.Result> replicates,
      Measurement.Result apparent,
      List<Value> noInformation,
      LeftOut.Result[] loob,
      long n) {}

  /**
   * Adds the rows.
   *
   * @param fits the bootstrap's
   * @param results what they measured, by member
   * @param apparent the fits to all rows, tested on all rows
   */
  void report(
      List<Series> series,
      List<CrossValidation.Fit> fits,
      Measurement.Results results,
      List<CrossValidation.Fit> apparent) {
    Slicing slicing = frame.slicing();
    Map<Line, List<Measurement.Result>> byLine = new LinkedHashMap<>();
    for (Measurement.Result result : results.members()) {
      byLine
          .computeIfAbsent(
              new Line(fits.get(result.member()).series().number(), result.slice()),
              k -> new ArrayList<>())
          .add(result);
    }
    Map<Line, Long> rows = new LinkedHashMap<>();
    results.series().forEach(r -> rows.put(new Line(r.member(), r.slice()), r.n()));
    List<Metric<?>> measured = measured(metrics);
    Map<Line, Measurement.Result> onAll = apparent(apparent, measured);
    List<Value>[][] chance = noInformation(apparent, measured);
    List<Series> whole = series.stream().filter(s -> count(fits, s) == replicates).toList();
    List<Loss> losses = metrics.stream().flatMap(m -> Means.loss(m).stream()).distinct().toList();
    LeftOut.Results leftOut = leftOut(whole, fits, losses);
    for (Series one : series) {
      int failed = replicates - count(fits, one);
      int place = place(apparent, one);
      Set<String> slices = new LinkedHashSet<>(List.of(""));
      byLine.keySet().stream()
          .filter(l -> l.series() == one.number())
          .forEach(l -> slices.add(l.slice()));
      onAll.keySet().stream()
          .filter(l -> l.series() == one.number())
          .forEach(l -> slices.add(l.slice()));
      for (int slice = 0; slice < slicing.size(); slice++) {
        String name = slicing.name(slice);
        if (!slices.contains(name)) {
          continue;
        }
        Line line = new Line(one.number(), name);
        LeftOut.Result[] loob = new LeftOut.Result[metrics.size()];
        for (int m = 0; m < loob.length && whole.contains(one); m++) {
          int l = Means.loss(metrics.get(m)).map(losses::indexOf).orElse(-1);
          loob[m] = l < 0 ? null : leftOut.of(whole.indexOf(one), slice, l);
        }
        Found found =
            new Found(
                byLine.getOrDefault(line, List.of()),
                onAll.get(line),
                place < 0 || chance == null ? null : chance[place][slice],
                loob,
                rows.getOrDefault(line, 0L));
        for (int m = 0; m < metrics.size(); m++) {
          estimates(one, name, m, found, failed);
        }
      }
    }
  }

  private static int count(List<CrossValidation.Fit> fits, Series series) {
    return (int) fits.stream().filter(f -> f.series().equals(series)).count();
  }

  private static int place(List<CrossValidation.Fit> fits, Series series) {
    for (int f = 0; f < fits.size(); f++) {
      if (fits.get(f).series().equals(series)) {
        return f;
      }
    }
    return -1;
  }

  private Map<Line, Measurement.Result> apparent(
      List<CrossValidation.Fit> fits, List<Metric<?>> measured) {
    Map<Line, Measurement.Result> found = new LinkedHashMap<>();
    if (!fits.isEmpty()) {
      context.context().setJobDescription(job + ": measure the apparent values");
      Measurement.of(
              context.context(), frame, context.cells(), members(fits), measured, frame.slicing())
          .members()
          .forEach(r -> found.put(new Line(fits.get(r.member()).series().number(), r.slice()), r));
    }
    return found;
  }

  private static List<Measurement.Member> members(List<CrossValidation.Fit> fits) {
    return fits.stream()
        .map(f -> Measurement.Member.of(f.series().target(), f.member().cell()))
        .toList();
  }

  private boolean isTooLarge() {
    return frame.schema().task() == Task.REGRESSION && frame.rows() > MOST_NUMBERS;
  }

  private List<Value>[][] noInformation(List<CrossValidation.Fit> fits, List<Metric<?>> measured) {
    if (fits.isEmpty() || isTooLarge()) {
      return null;
    }
    context.context().setJobDescription(job + ": pair labels with predictions of other rows");
    return NoInformation.of(
        context.context(), frame, context.cells(), members(fits), measured, frame.slicing());
  }

  private LeftOut.Results leftOut(
      List<Series> whole, List<CrossValidation.Fit> fits, List<Loss> losses) {
    if (whole.isEmpty() || losses.isEmpty()) {
      return null;
    }
    List<List<CellFiles.Place>> places = new ArrayList<>();
    for (Series series : whole) {
      CellFiles.Place[] own = new CellFiles.Place[replicates];
      fits.stream()
          .filter(f -> f.series().equals(series))
          .forEach(f -> own[f.replicate()] = f.member().cell());
      places.add(new ArrayList<>(Arrays.asList(own)));
    }
    return LeftOut.of(
        context.context(),
        job,
        frame,
        context.cells(),
        places,
        losses,
        frame.slicing(),
        drawn,
        context.progress());
  }

  // ---- one metric of one series in one slice

  private void estimates(Series series, String slice, int metric, Found found, int failed) {
    Metric<?> own = metrics.get(metric);
    int at = measuredAt(metric);
    boolean chosen = series.isChosen();
    Value missing =
        Value.undefined(
            chosen
                ? "the setting is chosen in each replicate, and so there is no one fit to all rows"
                : "the fit to all rows failed, or the slice is empty");
    Value apparent = found.apparent() == null ? missing : found.apparent().values().get(at);
    Value chance =
        isTooLarge()
            ? Value.undefined("more than " + MOST_NUMBERS + " labels that are numbers")
            : found.noInformation() == null ? missing : found.noInformation().get(at);
    List<Value> values = replicates(found, at, failed);
    PointEstimate outOfBag = OutOfBag.of(values, failed);
    double[] numbers = values.stream().mapToDouble(Value::value).toArray();
    long all = found.apparent() == null ? found.n() : found.apparent().n();
    bare(series, slice, metric, "apparent", apparent, all, 1);
    bare(series, slice, metric, "no-information", chance, all, 1);
    List<Value> reported = replicates(found, metric, failed);
    PointEstimate mean = OutOfBag.of(reported, failed);
    spread(
        series,
        slice,
        metric,
        mean,
        reported.stream().mapToDouble(Value::value).toArray(),
        found.n());
    Value loob = loob(series, slice, metric, found, failed);
    Value err1 =
        Means.loss(own).isPresent()
            ? loob
            : Double.isNaN(outOfBag.value())
                ? Value.undefined(outOfBag.reason())
                : Value.of(outOfBag.value());
    blend(series, slice, metric, "632", List.of(apparent, err1), numbers, found.n(), failed);
    blend(
        series,
        slice,
        metric,
        "632-plus",
        List.of(apparent, err1, chance),
        numbers,
        found.n(),
        failed);
  }

  private List<Value> replicates(Found found, int at, int failed) {
    List<Value> values = new ArrayList<>();
    found.replicates().forEach(r -> values.add(r.values().get(at)));
    while (values.size() < replicates - failed) {
      values.add(Value.undefined("no row is left out"));
    }
    return values;
  }

  /** Adds the row of the leave-one-out bootstrap, and gives its mean loss. */
  private Value loob(Series series, String slice, int metric, Found found, int failed) {
    Metric<?> own = metrics.get(metric);
    LeftOut.Result result = found.loob()[metric];
    if (result == null) {
      Value none =
          Value.undefined(
              Means.loss(own).isEmpty()
                  ? own.spec() + " is no mean over rows"
                  : failed > 0
                      ? failed + " of " + replicates + " fits failed"
                      : "no row is left out by any replicate");
      bare(series, slice, metric, LeaveOneOutBootstrap.ESTIMATOR, none, found.n(), replicates);
      return none;
    }
    Value value = result.value();
    String reason = value.reason();
    double error = result.standardError().value();
    if (value.isDefined() && isFunctionOfMean(own)) {
      double step = 1e-4 * Math.abs(value.value());
      error *=
          step == 0
              ? Double.NaN
              : (Means.ofMean(own, value.value() + step).value()
                      - Means.ofMean(own, value.value() - step).value())
                  / (2 * step);
    }
    if (value.isDefined()) {
      List<String> notes = new ArrayList<>();
      if (result.never() > 0) {
        notes.add(result.never() + " rows are left out by no replicate and do not count");
      }
      if (!result.standardError().isDefined()) {
        notes.add(result.standardError().reason());
      }
      reason = String.join("; ", notes);
    }
    double number = value.isDefined() ? Means.ofMean(own, value.value()).value() : Double.NaN;
    // The interval of a mean of 2 values with this standard error.
    Interval interval =
        Double.isNaN(error) ? null : MeanInterval.normal(2, number, error * Math.sqrt(2), level);
    add(
        series,
        slice,
        metric,
        new PointEstimate(
            LeaveOneOutBootstrap.ESTIMATOR, number, error, interval, replicates, reason),
        found.n(),
        null,
        null);
    return value;
  }

  /**
   * Adds a row of an estimator between apparent values and those of rows left out.
   *
   * @param parts the apparent value, that of rows left out, and for .632+ that without information
   * @param ofReplicates single replicates' values of rows left out
   */
  private void blend(
      Series series,
      String slice,
      int metric,
      String estimator,
      List<Value> parts,
      double[] ofReplicates,
      long n,
      int failed) {
    Metric<?> own = metrics.get(metric);
    for (Value part : parts) {
      if (!part.isDefined()) {
        bare(series, slice, metric, estimator, part, n, replicates);
        return;
      }
    }
    double value = blend(own, parts, parts.get(1).value());
    double[] each = Arrays.stream(ofReplicates).map(v -> blend(own, parts, v)).toArray();
    spread(
        series,
        slice,
        metric,
        new PointEstimate(estimator, value, Double.NaN, null, replicates - failed, ""),
        each,
        n);
  }

  private static double blend(Metric<?> metric, List<Value> parts, double leftOut) {
    double mean =
        parts.size() == 2
            ? Err632.plain(parts.get(0).value(), leftOut)
            : Err632.plus(parts.get(0).value(), leftOut, parts.get(2).value(), metric.direction());
    return Double.isNaN(mean) ? mean : Means.ofMean(metric, mean).value();
  }

  private void bare(
      Series series, String slice, int metric, String estimator, Value value, long n, int fits) {
    Value own = value.isDefined() ? Means.ofMean(metrics.get(metric), value.value()) : value;
    add(
        series,
        slice,
        metric,
        new PointEstimate(estimator, own.value(), Double.NaN, null, fits, own.reason()),
        n,
        null,
        null);
  }

  /** Adds a row with the interval of single replicates' values. */
  private void spread(
      Series series, String slice, int metric, PointEstimate estimate, double[] values, long n) {
    if (Double.isNaN(estimate.value())) {
      add(series, slice, metric, estimate, n, null, null);
      return;
    }
    Distribution.Result result =
        Distribution.of(estimate.value(), n, values, estimate.reason())
            .interval(IntervalMethod.PERCENTILE, level, () -> Double.NaN);
    Interval interval = result.interval();
    String note =
        estimate.reason().isEmpty() || result.note().contains(estimate.reason())
            ? result.note()
            : estimate.reason() + (result.note().isEmpty() ? "" : "; " + result.note());
    add(
        series,
        slice,
        metric,
        new PointEstimate(
            estimate.estimator(),
            estimate.value(),
            estimate.standardError(),
            new Interval(OF_REPLICATES, level, interval.low(), interval.high()),
            estimate.replicates(),
            note),
        n,
        result.lowError(),
        result.highError());
  }

  private void add(
      Series series,
      String slice,
      int metric,
      PointEstimate estimate,
      long n,
      Double lowError,
      Double highError) {
    context.add(
        Tables.ESTIMATES,
        CrossValidationTables.row(
            job, data, series, slice, metrics.get(metric), estimate, n, lowError, highError));
  }
}
