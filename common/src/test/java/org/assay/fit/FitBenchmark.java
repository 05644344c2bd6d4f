package org.assay.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assay.fit.LogisticRegression.Family;
import org.assay.random.Keyed;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Milliseconds of whole designs, one thread, 30 features. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class FitBenchmark {
  private static final int WIDTH = 30;
  private static final int FOLDS = 10;
  private static final int GROUPS = 1000;

  private Examples small;
  private Center smallCenter;
  private List<double[][]> folds;
  private List<Examples> large;
  private List<int[]> groupOf;
  private Center largeCenter;
  private List<Examples> wide;
  private Center wideCenter;
  private List<double[][]> counts;
  private double[][] once;
  private final Keyed keyed = Keyed.of(1, "benchmark");

  /** Makes rows. */
  @Setup
  public void make() {
    Drawn drawn = Drawn.of(1, 569, WIDTH);
    small = Examples.of(drawn.x(), drawn.class2());
    smallCenter = Center.of(List.of(small), WIDTH).ofClasses();
    folds = new ArrayList<>();
    for (int repeat = 0; repeat < 10; repeat++) {
      int r = repeat;
      int[] fold = IntStream.range(0, 569).map(i -> (int) keyed.below(FOLDS, r, i)).toArray();
      for (int k = 0; k < FOLDS; k++) {
        int held = k;
        folds.add(
            new double[][] {Arrays.stream(fold).mapToDouble(f -> f == held ? 0 : 1).toArray()});
      }
    }
    Drawn block = Drawn.of(2, 10_000, WIDTH);
    large = new ArrayList<>();
    groupOf = new ArrayList<>();
    for (int b = 0; b < 100; b++) {
      large.add(Examples.of(block.x(), block.number()));
      int number = b;
      groupOf.add(
          IntStream.range(0, 10_000).map(i -> (int) keyed.below(GROUPS, number, i)).toArray());
    }
    largeCenter = Center.of(large.subList(0, 1), WIDTH);
    wide = new ArrayList<>();
    for (int b = 0; b < 20; b++) {
      Drawn part = Drawn.of(100 + b, 5_000, WIDTH);
      wide.add(Examples.of(part.x(), part.class2()));
    }
    wideCenter = Center.of(wide, WIDTH).ofClasses();
    counts = new ArrayList<>();
    for (int f = 0; f < 200; f++) {
      double[][] times = new double[wide.size()][5_000];
      for (int b = 0; b < times.length; b++) {
        for (int i = 0; i < 5_000; i++) {
          double u = keyed.uniform(f, 5_000L * b + i);
          times[b][i] = u < 0.368 ? 0 : u < 0.736 ? 1 : u < 0.92 ? 2 : 3;
        }
      }
      counts.add(times);
    }
    once = new double[wide.size()][5_000];
    for (double[] times : once) {
      Arrays.fill(times, 1);
    }
  }

  /** 1,000 logistic fits of 569 rows: 10 folds, 10 repeats, 10 penalties. */
  @Benchmark
  public Object logistic() {
    List<Penalty> path =
        IntStream.range(0, 10).mapToObj(k -> Penalty.ridge(Math.pow(10, -k / 2.0))).toList();
    List<LogisticRegression> fits = new ArrayList<>();
    for (int f = 0; f < folds.size(); f++) {
      fits.add(new LogisticRegression(smallCenter, Form.DEFAULT, Family.BINOMIAL, 2, path));
    }
    Fit.finish(fits, smallCenter, List.of(small), folds);
    return fits;
  }

  /** 200 logistic fits of 100,000 rows: a bootstrap, from a pilot. */
  @Benchmark
  public Object bootstrap() {
    List<Penalty> path = List.of(Penalty.ridge(0.001));
    LogisticRegression pilot =
        LogisticRegression.pilot(wideCenter, Form.DEFAULT, Family.BINOMIAL, 2, path);
    Fit.finish(List.of(pilot), wideCenter, wide, List.<double[][]>of(once));
    List<LogisticRegression> fits = new ArrayList<>();
    for (int f = 0; f < counts.size(); f++) {
      fits.add(pilot.again());
    }
    Fit.finish(fits, wideCenter, wide, counts);
    return fits;
  }

  /** The same without a pilot. */
  @Benchmark
  public Object bootstrapAlone() {
    List<Penalty> path = List.of(Penalty.ridge(0.001));
    List<LogisticRegression> fits = new ArrayList<>();
    for (int f = 0; f < counts.size(); f++) {
      fits.add(new LogisticRegression(wideCenter, Form.DEFAULT, Family.BINOMIAL, 2, path));
    }
    Fit.finish(fits, wideCenter, wide, counts);
    return fits;
  }

  /** 10,000 ridge fits of 1,000,000 rows: 10 folds of micro-groups, 20 repeats, 50 penalties. */
  @Benchmark
  public Object ridge() {
    List<Moments> groups = new ArrayList<>();
    for (int g = 0; g < GROUPS; g++) {
      groups.add(Moments.ofNumbers(largeCenter));
    }
    Pass pass = new Pass(largeCenter);
    for (int b = 0; b < large.size(); b++) {
      pass.addByPart(large.get(b), groupOf.get(b), groups);
    }
    List<Penalty> path =
        IntStream.range(0, 50).mapToObj(k -> Penalty.ridge(Math.pow(10, -k / 8.0))).toList();
    List<Object> models = new ArrayList<>();
    for (int repeat = 0; repeat < 20; repeat++) {
      int r = repeat;
      int[] fold = IntStream.range(0, GROUPS).map(g -> (int) keyed.below(FOLDS, r, g)).toArray();
      List<Moments> parts = Parts.folds(groups, fold, FOLDS, () -> Moments.ofNumbers(largeCenter));
      for (Moments rest : Parts.complements(parts, () -> Moments.ofNumbers(largeCenter))) {
        LinearRegression fit = new LinearRegression(largeCenter, Form.DEFAULT, path);
        fit.take(rest);
        models.add(fit.models());
      }
    }
    return models;
  }
}
