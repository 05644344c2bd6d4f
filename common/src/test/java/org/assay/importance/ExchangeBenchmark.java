package org.assay.importance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assay.random.Keyed;
import org.assay.random.Permutation;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds per row of all 30 features of a model exchanged, one by one: 8,192 rows, donors from
 * the same block. A forest of full trees of depth 8 whose thresholds halve the rows is the worst
 * that a forest of that depth can be.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ExchangeBenchmark {
  private static final int ROWS = 8_192;
  private static final int WIDTH = 30;
  private static final int CHUNK = 1_024;

  /** The model. */
  @Param({"logistic", "forest-100-depth-8", "boosted-100-depth-5"})
  public String model;

  private final double[] rows = new double[ROWS * WIDTH];
  private final int[] donor = new int[ROWS];
  private Exchange exchange;
  private Exchange.Prepared prepared;
  private double[][] out;

  /** Makes rows and model. */
  @Setup
  public void make() {
    Keyed keyed = Keyed.of(1, "benchmark");
    Arrays.setAll(rows, i -> keyed.uniform(0, i));
    Permutation permutation = Permutation.of(keyed, 0, ROWS);
    Arrays.setAll(donor, i -> (int) permutation.at(i));
    String[] names = new String[WIDTH];
    Arrays.setAll(names, j -> "x" + j);
    FeatureGroups groups = FeatureGroups.singles(List.of(names));
    if (model.equals("logistic")) {
      double[] weights = new double[WIDTH];
      Arrays.setAll(weights, j -> keyed.uniform(1, j) - 0.5);
      double[] largest = new double[WIDTH];
      Arrays.fill(largest, 1);
      exchange =
          new LinearExchange(
              groups, new double[1], new double[][] {weights}, Link.LOGISTIC, largest);
    } else {
      int depth = model.startsWith("forest") ? 8 : 5;
      List<Forest.Tree> trees = new ArrayList<>();
      for (int t = 0; t < 100; t++) {
        trees.add(full(keyed, t, depth));
      }
      Forest forest =
          new Forest(WIDTH, new double[1], trees, depth == 8 ? Link.IDENTITY : Link.LOGISTIC);
      exchange = new ForestExchange(groups, forest);
    }
    prepared = exchange.prepare(rows, ROWS);
    out = new double[WIDTH][CHUNK * exchange.outputs()];
  }

  /** A tree whose thresholds are quantiles of what arrives there. */
  private static Forest.Tree full(Keyed keyed, int t, int depth) {
    int size = (1 << depth + 1) - 1;
    int splits = (1 << depth) - 1;
    int[] feature = new int[size];
    double[] threshold = new double[size];
    int[] left = new int[size];
    int[] right = new int[size];
    double[][] value = new double[size][];
    for (int n = 0; n < size; n++) {
      feature[n] = (int) keyed.below(WIDTH, 2L + t, n);
      threshold[n] = Math.rint(256 * (0.3 + 0.4 * keyed.uniform(200L + t, n))) / 256;
      left[n] = n < splits ? 2 * n + 1 : -1;
      right[n] = n < splits ? 2 * n + 2 : -1;
      value[n] = n < splits ? null : new double[] {keyed.uniform(400L + t, n) / 100};
    }
    return new Forest.Tree(feature, threshold, left, right, value, -1);
  }

  /** All features exchanged, rows prepared already. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public double[][] exchange() {
    int[] part = new int[CHUNK];
    for (int from = 0; from < ROWS; from += CHUNK) {
      System.arraycopy(donor, from, part, 0, CHUNK);
      exchange.exchange(prepared, from, from + CHUNK, prepared, part, out);
    }
    return out;
  }

  /** Rows prepared. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public Exchange.Prepared prepare() {
    return exchange.prepare(rows, ROWS);
  }

  /** Rows predicted as they are, prepared already; 30 of these are what a plain way would take. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public double[] predict() {
    double[] own = new double[ROWS * exchange.outputs()];
    exchange.predict(prepared, 0, ROWS, own);
    return own;
  }
}
