package org.assay.permutation;

import java.util.concurrent.TimeUnit;
import org.assay.random.Keyed;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds per row and replicate of whole statistics: 100,000 rows, half of them in the first
 * sample, 256 replicates.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class StatisticsBenchmark {
  private static final int ROWS = 100_000;
  private static final int REPLICATES = 256;
  private static final int CELLS = ROWS * REPLICATES;

  private final double[][] values = new double[1][REPLICATES];
  private final int[] donor = new int[ROWS];
  private LinearStatistics areas;
  private Spearman spearman;
  private EnergyDistance energy;
  private DistanceCorrelation distances;
  private Donors donors;

  /** Makes the statistics. */
  @Setup
  public void make() {
    Keyed keyed = Keyed.of(1, "benchmark");
    double[] x = new double[ROWS];
    double[] y = new double[ROWS];
    boolean[] first = new boolean[ROWS];
    for (int i = 0; i < ROWS; i++) {
      x[i] = keyed.below(50_000, 0, i);
      y[i] = keyed.uniform(1, i);
      first[i] = i % 2 == 0;
    }
    Strata one = Strata.one(ROWS);
    areas = LinearStatistics.rocAucs(keyed, one, first, new double[][] {x}, 0);
    spearman = new Spearman(keyed, one, x, y, 0);
    energy = EnergyDistance.of(keyed, one, first, x, 0);
    distances = new DistanceCorrelation(keyed, one, x, y, 0);
    donors = Donors.within(keyed, one, 0);
  }

  /** The area under the ROC curve. */
  @Benchmark
  @OperationsPerInvocation(CELLS)
  public double[][] rocAuc() {
    areas.fill(0, REPLICATES, values);
    return values;
  }

  /** Spearman's correlation. */
  @Benchmark
  @OperationsPerInvocation(CELLS)
  public double[][] spearman() {
    spearman.fill(0, REPLICATES, values);
    return values;
  }

  /** The energy distance of numbers. */
  @Benchmark
  @OperationsPerInvocation(CELLS)
  public double[][] energyDistance() {
    energy.fill(0, REPLICATES, values);
    return values;
  }

  /** The correlation of distances. */
  @Benchmark
  @OperationsPerInvocation(CELLS)
  public double[][] distanceCorrelation() {
    distances.fill(0, REPLICATES, values);
    return values;
  }

  /** The donors alone, for any metric. */
  @Benchmark
  @OperationsPerInvocation(CELLS)
  public int[] donors() {
    for (int r = 0; r < REPLICATES; r++) {
      donors.fill(r, donor);
    }
    return donor;
  }
}
