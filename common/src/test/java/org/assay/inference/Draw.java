package org.assay.inference;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.assay.random.Keyed;

/** Numbers of one simulation, drawn one after the other. */
public final class Draw {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private final Keyed random;
  private final long simulation;
  private long next;

  /** The numbers of simulation number {@code simulation} of a study. */
  public Draw(String study, long simulation) {
    this.random = Keyed.of(20_261_124, study);
    this.simulation = simulation;
  }

  public double uniform() {
    return random.uniform(simulation, next++);
  }

  public double normal() {
    // Centres of the 2^53 cells: never 0 or 1.
    return NORMAL.inverseCumulativeProbability(uniform() + 0x1.0p-54);
  }

  /** Standard normal numbers. */
  public double[] normals(int n) {
    double[] numbers = new double[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = normal();
    }
    return numbers;
  }

  /** The places 0 .. n - 1 in random order. */
  int[] order(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = (int) (uniform() * (i + 1));
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** How often each of the outcomes came up in n draws. */
  long[] multinomial(int n, double... probabilities) {
    long[] counts = new long[probabilities.length];
    double[] ends = probabilities.clone();
    Arrays.parallelPrefix(ends, Double::sum);
    for (int i = 0; i < n; i++) {
      double u = uniform();
      int k = 0;
      while (k < ends.length - 1 && u >= ends[k]) {
        k++;
      }
      counts[k]++;
    }
    return counts;
  }

  PairedOutcomes outcomes(int n, double onlyA, double onlyB) {
    double rest = 1 - onlyA - onlyB;
    long[] c = multinomial(n, rest * 0.2, onlyA, onlyB, rest * 0.8);
    return new PairedOutcomes(c[0], c[1], c[2], c[3]);
  }
}
