package org.assay.design;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.assay.random.Keyed;
import org.assay.random.Permutation;

/**
 * Single rows of a {@link LearningCurve}: of each stratum the first of a random order of its own,
 * as many as Webster's rule gives it, so that all sizes are exact, overall. The j-th row of a
 * stratum of n (from 0) stands at (j + 1/2) / n, ties by stratum; of m rows the first m in that
 * line are taken. So a stratum's number never falls as m grows, and is within 1 of its share with
 * up to three strata, seldom further off with more.
 *
 * <p>Source of the rule: M. L. Balinski and H. P. Young, "Fair representation", 1982.
 *
 * @param blocks of each replicate's training rows
 * @param sizes by replicate and stratum
 * @param starts by replicate, block and stratum, how many rows of the stratum stand in lower
 *     blocks; null without strata
 * @param taken by replicate, size and stratum
 */
record RowSubsets(
    Keyed function, Blocks[] blocks, long[][] sizes, long[][][] starts, long[][][] taken)
    implements LearningCurve.Subsets {

  /**
   * The subsets of training rows.
   *
   * @param rows by replicate and size
   */
  static RowSubsets of(List<Population> training, long[][] rows, boolean stratify, long seed) {
    int replicates = rows.length;
    Blocks[] blocks = new Blocks[replicates];
    long[][] sizes = new long[replicates][];
    long[][][] starts = stratify ? new long[replicates][][] : null;
    long[][][] taken = new long[replicates][][];
    for (int r = 0; r < replicates; r++) {
      Population own = training.get(r);
      blocks[r] = own.blocks();
      sizes[r] = stratify ? own.stratumSizes() : new long[] {own.size()};
      if (stratify) {
        starts[r] = own.stratumStart();
      }
      taken[r] = new long[rows[r].length][];
      for (int k = 0; k < rows[r].length; k++) {
        taken[r][k] = shares(sizes[r], rows[r][k]);
      }
    }
    return new RowSubsets(Keyed.of(seed, "learning curve"), blocks, sizes, starts, taken);
  }

  /** Divides m among strata. */
  static long[] shares(long[] sizes, long m) {
    long all = Arrays.stream(sizes).sum();
    long[] shares = new long[sizes.length];
    long sum = 0;
    for (int s = 0; s < sizes.length; s++) {
      // floor(m n / all + 1/2)
      BigInteger twice = product(m, sizes[s]).shiftLeft(1).add(BigInteger.valueOf(all));
      shares[s] = twice.divide(BigInteger.valueOf(all).shiftLeft(1)).longValueExact();
      sum += shares[s];
    }
    for (; sum < m; sum++) {
      int next = -1;
      for (int s = 0; s < sizes.length; s++) {
        if (shares[s] < sizes[s]
            && (next < 0 || isBefore(shares[s], sizes[s], shares[next], sizes[next]))) {
          next = s;
        }
      }
      shares[next]++;
    }
    for (; sum > m; sum--) {
      int last = -1;
      for (int s = 0; s < sizes.length; s++) {
        if (shares[s] > 0
            && (last < 0 || !isBefore(shares[s] - 1, sizes[s], shares[last] - 1, sizes[last]))) {
          last = s;
        }
      }
      shares[last]--;
    }
    return shares;
  }

  /** Whether row i of n comes before row j of m. */
  private static boolean isBefore(long i, long n, long j, long m) {
    return product(2 * i + 1, m).compareTo(product(2 * j + 1, n)) < 0;
  }

  private static BigInteger product(long a, long b) {
    return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
  }

  @Override
  public boolean[] taken(int replicate, int size, Rows training) {
    long start = blocks[replicate].start(training);
    boolean[] in = new boolean[training.size()];
    if (in.length == 0) {
      return in;
    }
    long[] rank = starts == null ? new long[] {start} : starts[replicate][training.block()].clone();
    Permutation[] permutations = new Permutation[rank.length];
    for (int i = 0; i < in.length; i++) {
      int s = starts == null ? 0 : training.stratum()[i];
      if (permutations[s] == null) {
        permutations[s] = Permutation.of(function.derive(s), replicate, sizes[replicate][s]);
      }
      in[i] = permutations[s].at(rank[s]++) < taken[replicate][size][s];
    }
    return in;
  }
}
