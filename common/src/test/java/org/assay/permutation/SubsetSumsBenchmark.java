package org.assay.permutation;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assay.random.Keyed;
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
 * Nanoseconds per row and replicate of the sums behind sign flips, areas under the ROC curve and
 * mean differences: 100,000 rows, 4,096 replicates.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class SubsetSumsBenchmark {
  private static final int ROWS = 100_000;
  private static final int REPLICATES = 4_096;
  private static final int CELLS = ROWS * REPLICATES;

  /** What is summed: any numbers, signs a tenth of which are not 0, both again in 20 slices. */
  @Param({"numbers", "signs", "numbers-by-slice", "signs-by-slice"})
  public String column;

  private List<Column> columns;
  private long[][] sums;
  private Subsets flips;
  private Subsets half;
  private Subsets tenth;
  private Subsets pairs;

  /** Makes the columns. */
  @Setup
  public void make() {
    Keyed keyed = Keyed.of(1, "benchmark");
    double[] x = new double[ROWS];
    int[] codes = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      x[i] = keyed.uniform(0, i) - 0.5;
      if (column.startsWith("signs")) {
        x[i] = Math.abs(x[i]) > 0.45 ? Math.signum(x[i]) : 0;
      }
      codes[i] = (int) keyed.below(20, 1, i);
    }
    boolean sliced = column.endsWith("slice");
    columns = List.of(sliced ? Column.of(x).by(codes, 20) : Column.of(x));
    sums = new long[sliced ? 20 : 1][REPLICATES];
    Strata one = Strata.one(ROWS);
    flips = new Flips(keyed, ROWS);
    half = new Selections(keyed, one, new int[] {ROWS / 2});
    tenth = new Selections(keyed, one, new int[] {ROWS / 10});
    Arrays.setAll(codes, i -> i / 2);
    int[] ones = new int[ROWS / 2];
    Arrays.fill(ones, 1);
    pairs = new Selections(keyed, Strata.of(codes), ones);
  }

  /** Independent signs. */
  @Benchmark
  @OperationsPerInvocation(CELLS)
  public long[][] flips() {
    flips.sums(columns, 0, REPLICATES, sums);
    return sums;
  }

  /** Samples of half of the rows. */
  @Benchmark
  @OperationsPerInvocation(CELLS)
  public long[][] halfOfRows() {
    half.sums(columns, 0, REPLICATES, sums);
    return sums;
  }

  /** Samples of a tenth of the rows. */
  @Benchmark
  @OperationsPerInvocation(CELLS)
  public long[][] tenthOfRows() {
    tenth.sums(columns, 0, REPLICATES, sums);
    return sums;
  }

  /** One row of each of 50,000 pairs. */
  @Benchmark
  @OperationsPerInvocation(CELLS)
  public long[][] oneOfEachPair() {
    pairs.sums(columns, 0, REPLICATES, sums);
    return sums;
  }
}
