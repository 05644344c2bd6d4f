package org.assay.design;

import java.util.Arrays;
import java.util.List;
import org.assay.UserException;
import org.assay.random.Keyed;

/**
 * Whole groups of a {@link LearningCurve}: the first of a random order of the training groups, as
 * many as bring the number of rows nearest to the size (of two as near the fewer), one at least.
 *
 * <p>Stratified, a group's stratum is that of most of its rows, of the first of several such; the
 * groups of a stratum are lined up at random, and each stands in the whole line at (rows before it
 * + half its rows) / rows of the stratum's groups, so that strata mix as evenly as whole groups
 * can. 4 bytes per group and replicate are kept.
 *
 * @param groups of the whole population
 * @param place by replicate and group: its place in the line
 * @param taken by replicate and size: how many of the line
 */
record GroupSubsets(Groups groups, int[][] place, int[][] taken) implements LearningCurve.Subsets {
  private static final long MOST_BYTES = 1L << 28;

  /**
   * The subsets of training rows.
   *
   * @param rows by replicate and size
   */
  static GroupSubsets of(
      Population population,
      List<Population> training,
      long[][] rows,
      boolean stratify,
      long seed) {
    Groups groups = new Groups(population.groups().key());
    if (4L * groups.size() * rows.length > MOST_BYTES) {
      throw UserException.input(
          "subsets of "
              + groups.size()
              + " groups in "
              + rows.length
              + " splits need more than "
              + (MOST_BYTES >> 20)
              + " MiB in every task; use fewer repeats, or folds");
    }
    Keyed function = Keyed.of(seed, "learning curve groups");
    int[][] place = new int[rows.length][groups.size()];
    int[][] taken = new int[rows.length][];
    for (int r = 0; r < rows.length; r++) {
      Population own = training.get(r);
      Integer[] line = line(own, stratify, function, r);
      long[] reached = new long[line.length + 1];
      for (int i = 0; i < line.length; i++) {
        reached[i + 1] = reached[i] + own.groups().count()[line[i]];
        place[r][groups.index(own.groups().key()[line[i]])] = i;
      }
      taken[r] = Arrays.stream(rows[r]).mapToInt(m -> nearest(reached, m)).toArray();
    }
    return new GroupSubsets(groups, place, taken);
  }

  private static int nearest(long[] reached, long m) {
    int best = 1;
    for (int i = 2; i < reached.length; i++) {
      if (Math.abs(reached[i] - m) < Math.abs(reached[best] - m)) {
        best = i;
      }
    }
    return best;
  }

  /** The groups in their order, by their numbers among those that train. */
  private static Integer[] line(Population own, boolean stratify, Keyed function, int replicate) {
    long[] key = own.groups().key();
    long[] size = own.groups().count();
    int[] stratum = stratify ? own.stratumOfGroups() : new int[key.length];
    Integer[] line = new Integer[key.length];
    Arrays.setAll(line, g -> g);
    Arrays.sort(
        line,
        (g, h) -> {
          int order =
              Long.compareUnsigned(
                  function.bits(replicate, key[g]), function.bits(replicate, key[h]));
          return order != 0 ? order : Long.compare(key[g], key[h]);
        });
    long[] total = new long[Arrays.stream(stratum).max().orElse(0) + 1];
    for (int g = 0; g < key.length; g++) {
      total[stratum[g]] += size[g];
    }
    long[] before = new long[total.length];
    double[] at = new double[key.length];
    for (int g : line) {
      at[g] = (before[stratum[g]] + 0.5 * size[g]) / total[stratum[g]];
      before[stratum[g]] += size[g];
    }
    Arrays.sort(line, (g, h) -> Double.compare(at[g], at[h])); // stable
    return line;
  }

  @Override
  public boolean[] taken(int replicate, int size, Rows training) {
    boolean[] in = new boolean[training.size()];
    for (int i = 0; i < in.length; i++) {
      in[i] = place[replicate][groups.index(training.group()[i])] < taken[replicate][size];
    }
    return in;
  }
}
