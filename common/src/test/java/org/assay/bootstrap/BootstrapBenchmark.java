package org.assay.bootstrap;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.assay.Task;
import org.assay.metric.Metrics;
import org.assay.metric.Target;
import org.assay.random.Keyed;
import org.assay.random.Lanes;
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
 * Nanoseconds per row and replicate of draws and of what they are tallied into, as rows grow beyond
 * the caches: the numbers of rows times batches are 10 million.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class BootstrapBenchmark {
  private static final int ROWS_AND_BATCHES = 10_000_000;
  private static final int CELLS = ROWS_AND_BATCHES * Lanes.WIDTH;

  /** Rows of a task that is cut by rows, and all rows when work is cut by replicates. */
  @Param({"65536", "1000000", "10000000"})
  public int rows;

  private long[] keys;
  private long[] lanes;
  private Draws draws;
  private Poisson poisson;
  private Replication cells;
  private Replication losses;
  private Replication areas;
  private Replication areasInOrder;

  /** Makes the rows. */
  @Setup
  public void make() {
    Keyed keyed = Keyed.of(1, "benchmark");
    double[] label = new double[rows];
    double[] score = new double[rows];
    keys = new long[rows];
    for (int i = 0; i < rows; i++) {
      score[i] = keyed.uniform(0, i);
      label[i] = keyed.uniform(1, i) < score[i] ? 1 : 0;
      keys[i] = keyed.bits(2, i);
    }
    lanes = new long[rows];
    draws = new Draws(1, 1000, Units.single(rows, null));
    poisson = new Poisson(1, 1000);
    poisson.fill(0, keys, lanes);
    cells = replication("accuracy", label, score);
    losses = replication("log-loss", label, score);
    areas = replication("roc-auc", label, score);
    double[] sorted = score.clone();
    Arrays.sort(sorted);
    double[] descending = new double[rows];
    Arrays.setAll(descending, i -> sorted[rows - 1 - i]);
    areasInOrder = replication("roc-auc", label, descending);
  }

  private static Replication replication(String metric, double[] label, double[] score) {
    double[] prediction = Arrays.stream(score).map(s -> s < .5 ? 0 : 1).toArray();
    Target target = new Target(Task.BINARY, 2, Target.Scores.PROBABILITY);
    return new Replication(
        label,
        null,
        List.of(new Scored(target, prediction, 1, score)),
        List.of(Metrics.named(metric)),
        List.of(Cut.ALL));
  }

  private void repeat(IntConsumer batch) {
    for (int b = 0; b < ROWS_AND_BATCHES / rows; b++) {
      batch.accept(b);
    }
  }

  /** Exact multinomial counts. */
  @Benchmark
  @OperationsPerInvocation(CELLS)
  public long[] multinomial() {
    repeat(b -> draws.fill(b, lanes));
    return lanes;
  }

  /** Poisson counts by key. */
  @Benchmark
  @OperationsPerInvocation(CELLS)
  public long[] poisson() {
    repeat(b -> poisson.fill(b, keys, lanes));
    return lanes;
  }

  /** Counts by cell. */
  @Benchmark
  @OperationsPerInvocation(CELLS)
  public Object[] accuracy() {
    return tallied(cells);
  }

  /** Sums of losses. */
  @Benchmark
  @OperationsPerInvocation(CELLS)
  public Object[] logLoss() {
    return tallied(losses);
  }

  /** Pairs, counts being gathered from all over memory. */
  @Benchmark
  @OperationsPerInvocation(CELLS)
  public Object[] rocAuc() {
    return tallied(areas);
  }

  /** Pairs of rows in the order of their scores. */
  @Benchmark
  @OperationsPerInvocation(CELLS)
  public Object[] rocAucInOrder() {
    return tallied(areasInOrder);
  }

  private Object[] tallied(Replication replication) {
    Object[] all = new Object[ROWS_AND_BATCHES / rows];
    repeat(b -> all[b] = replication.tally(lanes, null));
    return all;
  }
}
