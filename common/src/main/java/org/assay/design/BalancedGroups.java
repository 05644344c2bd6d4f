package org.assay.design;

import java.util.Arrays;
import org.assay.UserException;
import org.assay.random.Keyed;
import org.assay.random.Permutation;

/**
 * Whole groups in parts whose sizes are as near to their shares as a greedy pass brings them.
 *
 * <p>With g_s the rows of a group in stratum s, N_s the rows of the stratum, n_ps those already in
 * part p and q_p the share of the part, a group goes to the part with the least increase of sum_ps
 * (n_ps / (N_s q_p) - 1)^2 q_p, that is the least sum_s g_s (2 n_ps + g_s) / (N_s^2 q_p); ties go
 * to the part with the fewest rows for its share, then at random. Without strata and with equal
 * shares that is the part with the fewest rows, and sizes differ by no more than the largest group
 * has rows. For groups of one row it is Sainte-Lague's rule.
 *
 * <p>The larger groups come first: in classes of sum_s (g_s / N_s)^2 by powers of two, in random
 * order within a class. (To go strictly by size, as scikit-learn's GroupKFold and
 * StratifiedGroupKFold do, leaves only ties to chance, and repeats would all but repeat each
 * other.) Every group is in every one of equal parts with the same probability. In a test part
 * smaller than the training part, a group that is large for it is seldom or never: k-fold holds out
 * every group. A test or training part that stays empty gets the last group of a part that can
 * spare one.
 *
 * <p>The parts of all repeats are kept, 2 bytes per group and repeat.
 *
 * <p>Source of the greedy rule: Graham, "Bounds on multiprocessing timing anomalies", SIAM J. Appl.
 * Math. 17 (1969), doi:10.1137/0117039.
 */
record BalancedGroups(Groups groups, char[][] parts) implements Allocation {
  private static final long MOST_BYTES = 1L << 28;

  static BalancedGroups of(
      Deal deal, int repeats, boolean stratify, Population population, long seed) {
    Counts size = population.groups();
    int n = size.distinct();
    if (2L * n * repeats > MOST_BYTES) {
      throw UserException.input(
          repeats
              + " balanced draws of "
              + n
              + " groups need more than "
              + (MOST_BYTES >> 20)
              + " MiB in every task; draw fewer, or use assign = stable");
    }
    double[] shares = deal.shares();
    if (shares.length > Character.MAX_VALUE) {
      throw UserException.input(
          shares.length + " parts of whole groups: must be at most " + (int) Character.MAX_VALUE);
    }
    Members members = Members.of(population, stratify);
    Keyed function = Keyed.of(seed, "balanced groups");
    char[][] parts = new char[repeats][];
    for (int repeat = 0; repeat < repeats; repeat++) {
      parts[repeat] =
          greedy(members, size.count(), shares, deal instanceof Deal.RoundRobin, function, repeat);
    }
    return new BalancedGroups(new Groups(size.key()), parts);
  }

  /**
   * Whether all repeats, of which there are several, divide the groups in the same way, up to the
   * order of the parts.
   */
  boolean isAlwaysTheSame() {
    for (int repeat = 1; repeat < parts.length; repeat++) {
      int[] label = new int[1 << Character.SIZE];
      for (int g = 0; g < groups.size(); g++) {
        int one = parts[0][g] + 1;
        int other = label[parts[repeat][g]];
        if (other != 0 && other != one) {
          return false;
        }
        label[parts[repeat][g]] = one;
      }
    }
    return parts.length > 1;
  }

  @Override
  public void fill(int repeat, Rows rows, int[] part) {
    char[] of = parts[repeat];
    for (int i = 0; i < rows.size(); i++) {
      part[i] = of[groups.index(rows.group()[i])];
    }
  }

  /** The strata of each group: entries start[g] to start[g + 1] of stratum and rows. */
  private record Members(int[] start, int[] stratum, long[] rows, double[] total) {

    static Members of(Population population, boolean stratify) {
      Counts groups = population.groups();
      int n = groups.distinct();
      int[] start = new int[n + 1];
      if (!stratify) {
        Arrays.setAll(start, g -> g);
        return new Members(start, new int[n], groups.count(), new double[] {population.size()});
      }
      Counts pairs = population.groupStrata();
      int strata = population.strata().distinct();
      int[] stratum = new int[pairs.distinct()];
      for (int i = 0; i < stratum.length; i++) {
        start[(int) (pairs.key()[i] / strata) + 1] = i + 1;
        stratum[i] = (int) (pairs.key()[i] % strata);
      }
      return new Members(
          start,
          stratum,
          pairs.count(),
          Arrays.stream(population.strata().count()).asDoubleStream().toArray());
    }

    int sizeClass(int g) {
      double sum = 0;
      for (int i = start[g]; i < start[g + 1]; i++) {
        double fraction = rows[i] / total[stratum[i]];
        sum += fraction * fraction;
      }
      return Math.getExponent(sum);
    }
  }

  private static char[] greedy(
      Members members, long[] size, double[] shares, boolean equal, Keyed function, int repeat) {
    int n = size.length;
    Integer[] order = new Integer[n];
    int[] sizeClass = new int[n];
    long[] random = new long[n];
    for (int g = 0; g < n; g++) {
      order[g] = g;
      sizeClass[g] = members.sizeClass(g);
      random[g] = function.bits(repeat, g);
    }
    Arrays.sort(
        order,
        (g, h) ->
            sizeClass[g] != sizeClass[h]
                ? Integer.compare(sizeClass[h], sizeClass[g])
                : Long.compare(random[g], random[h]));

    int count = shares.length;
    double[][] load = new double[count][members.total.length];
    long[] rows = new long[count];
    int[] held = new int[count];
    char[] part = new char[n];
    for (int g : order) {
      int best = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int p = 0; p < count; p++) {
        double cost = 0;
        for (int i = members.start[g]; i < members.start[g + 1]; i++) {
          int s = members.stratum[i];
          double m = members.rows[i];
          cost += m * (2 * load[p][s] + m) / (members.total[s] * members.total[s]);
        }
        cost /= shares[p];
        if (cost < least || (cost == least && rows[p] / shares[p] < rows[best] / shares[best])) {
          least = cost;
          best = p;
        }
      }
      for (int i = members.start[g]; i < members.start[g + 1]; i++) {
        load[best][members.stratum[i]] += members.rows[i];
      }
      rows[best] += size[g];
      held[best]++;
      part[g] = (char) best;
    }
    if (equal) {
      Permutation label = Permutation.of(function.derive(1), repeat, count);
      for (int g = 0; g < n; g++) {
        part[g] = (char) label.at(part[g]);
      }
    } else {
      spare(order, part, held);
    }
    return part;
  }

  /** Sees to it that parts 0 (test) and 1 (train) have a group. */
  private static void spare(Integer[] order, char[] part, int[] held) {
    for (int empty = 0; empty < 2; empty++) {
      for (int i = order.length - 1; held[empty] == 0 && i >= 0; i--) {
        int donor = part[order[i]];
        if (donor > 1 || held[donor] > 1) {
          held[donor]--;
          held[empty]++;
          part[order[i]] = (char) empty;
        }
      }
    }
  }
}
