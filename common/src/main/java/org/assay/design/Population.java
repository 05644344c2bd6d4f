package org.assay.design;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.assay.random.Keyed;

/**
 * What a design is bound to: how many rows stand in each block, and the sizes of their strata,
 * groups, times and predefined folds as far as the plan asked for them.
 *
 * <p>The rank of a row is its place in canonical order: the rows of lower blocks, then the rows
 * before it in its block. Its rank within its stratum counts rows of that stratum only. A block
 * without rows may be left out of the census.
 *
 * <p>Its size is O(blocks x strata + distinct groups, times and pairs of both). Immutable and
 * thread-safe.
 */
public final class Population implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Keyed MIX = Keyed.of(0, "population");

  private final Blocks blocks;
  private final long[] stratumSize;
  private final long[][] stratumStart;
  private final Counts strata;
  private final Counts groups;
  private final Counts times;
  private final Counts folds;
  private final Counts groupStrata;
  private final Counts groupTimes;
  private final Counts groupFolds;
  private final List<String> names;
  private final long digest;

  private Population(
      Blocks blocks,
      long[] stratumSize,
      long[][] stratumStart,
      Counts[] counts,
      List<String> names) {
    this.blocks = blocks;
    this.stratumSize = stratumSize;
    this.stratumStart = stratumStart;
    this.strata = counts[0];
    this.groups = counts[1];
    this.times = counts[2];
    this.folds = counts[3];
    this.groupStrata = counts[4];
    this.groupTimes = counts[5];
    this.groupFolds = counts[6];
    this.names = names;
    this.digest = digest(blocks, counts);
  }

  /** What one block contributes. Takes O(m log m) time for m rows. */
  public static Census census(Rows rows) {
    int n = rows.size();
    Counts strata = rows.stratum() == null ? null : Counts.of(rows.stratum(), n);
    Counts groups = rows.group() == null ? null : Counts.of(first(rows.group(), n));
    Counts times = rows.time() == null ? null : Counts.of(first(rows.time(), n));
    Counts folds = rows.fold() == null ? null : Counts.of(rows.fold(), n);
    if (strata != null && strata.distinct() > 0 && strata.key()[0] < 0) {
      throw new IllegalArgumentException(
          "stratum " + strata.key()[0] + " in block " + rows.block() + ": codes start at 0");
    }
    return new Census(
        rows.block(),
        n,
        strata,
        groups,
        times,
        folds,
        joint(groups, rows.group(), strata, n, i -> rows.stratum()[i]),
        joint(groups, rows.group(), times, n, i -> rows.time()[i]),
        joint(groups, rows.group(), folds, n, i -> rows.fold()[i]));
  }

  /**
   * The population whose blocks these are, in any order.
   *
   * @throws IllegalArgumentException if a block occurs twice, or some blocks have strata, groups,
   *     times or folds and others not
   */
  public static Population of(List<Census> blocks) {
    int count = blocks.stream().mapToInt(b -> b.block() + 1).max().orElse(0);
    Census[] at = new Census[count];
    for (Census census : blocks) {
      if (at[census.block()] != null) {
        throw new IllegalArgumentException(
            "block " + census.block() + " occurs twice in the census");
      }
      at[census.block()] = census;
    }
    long[] blockStart = new long[count + 1];
    List<Census> filled = new ArrayList<>();
    for (int b = 0; b < count; b++) {
      blockStart[b + 1] = blockStart[b] + (at[b] == null ? 0 : at[b].size());
      if (at[b] != null && at[b].size() > 0) {
        filled.add(at[b]);
      }
    }
    Counts strata = merge(filled, Census::strata, "strata");
    Counts groups = merge(filled, Census::groups, "groups");
    Counts times = merge(filled, Census::times, "times");
    Counts folds = merge(filled, Census::folds, "folds");
    Counts[] counts = {
      strata,
      groups,
      times,
      folds,
      pairs(filled, groups, strata, Census::strata, Census::groupStrata),
      pairs(filled, groups, times, Census::times, Census::groupTimes),
      pairs(filled, groups, folds, Census::folds, Census::groupFolds)
    };
    long[] stratumSize = null;
    long[][] stratumStart = null;
    if (strata != null) {
      int width =
          strata.distinct() == 0 ? 0 : Math.toIntExact(strata.key()[strata.distinct() - 1] + 1);
      stratumSize = new long[width];
      stratumStart = new long[count][];
      for (int b = 0; b < count; b++) {
        stratumStart[b] = stratumSize.clone();
        if (at[b] != null && at[b].size() > 0) {
          Counts here = at[b].strata();
          for (int i = 0; i < here.distinct(); i++) {
            stratumSize[(int) here.key()[i]] += here.count()[i];
          }
        }
      }
    }
    return new Population(new Blocks(blockStart), stratumSize, stratumStart, counts, List.of());
  }

  /**
   * The same with names for the strata, such as the classes of a label, by code; messages use them.
   */
  public Population named(List<String> strata) {
    Counts[] counts = {this.strata, groups, times, folds, groupStrata, groupTimes, groupFolds};
    return new Population(blocks, stratumSize, stratumStart, counts, List.copyOf(strata));
  }

  /** Number of rows. */
  public long size() {
    return blocks.rows();
  }

  /** Number of distinct groups; 0 when the census had none. */
  public int groupCount() {
    return groups == null ? 0 : groups.distinct();
  }

  /** Number of stratum codes, used or not; 0 when the census had none. */
  public int stratumCount() {
    return stratumSize == null ? 0 : stratumSize.length;
  }

  /** Number of rows of a stratum. */
  public long stratumSize(int stratum) {
    return stratumSize[stratum];
  }

  /** Whether it knows the rows' strata, groups, times and folds. */
  Plan.Needs known() {
    return new Plan.Needs(strata != null, groups != null, times != null, folds != null);
  }

  Blocks blocks() {
    return blocks;
  }

  /** By stratum; null when there are no strata. */
  long[] stratumSizes() {
    return stratumSize;
  }

  /**
   * By block and stratum, how many rows of the stratum stand in lower blocks; null when there are
   * no strata.
   */
  long[][] stratumStart() {
    return stratumStart;
  }

  Counts strata() {
    return strata;
  }

  Counts groups() {
    return groups;
  }

  Counts times() {
    return times;
  }

  Counts folds() {
    return folds;
  }

  /**
   * Pairs (g, s), coded as g x number of distinct strata + s, by their places among the distinct
   * ones.
   */
  Counts groupStrata() {
    return groupStrata;
  }

  /**
   * Pairs (g, t), coded as g x number of distinct times + t, by their places among the distinct
   * ones.
   */
  Counts groupTimes() {
    return groupTimes;
  }

  /**
   * Pairs (g, f), coded as g x number of distinct folds + f, by their places among the distinct
   * ones.
   */
  Counts groupFolds() {
    return groupFolds;
  }

  /** How messages call a stratum: {@code class 'gold'}, or {@code class 2} when it has no name. */
  String stratumName(int stratum) {
    return "class "
        + (stratum < names.size() ? "'" + names.get(stratum) + "'" : Integer.toString(stratum));
  }

  /** The stratum with the fewest rows among those that have any; the first of several. */
  int smallestStratum() {
    int smallest = -1;
    for (int s = 0; s < stratumSize.length; s++) {
      if (stratumSize[s] > 0 && (smallest < 0 || stratumSize[s] < stratumSize[smallest])) {
        smallest = s;
      }
    }
    return smallest;
  }

  /**
   * The stratum of each group, in order of their keys, by its place among the strata that occur:
   * that of most of its rows, the first of several such.
   */
  int[] stratumOfGroups() {
    int[] stratum = new int[groups.distinct()];
    long[] most = new long[stratum.length];
    for (int p = 0; p < groupStrata.distinct(); p++) {
      int group = (int) (groupStrata.key()[p] / strata.distinct());
      if (groupStrata.count()[p] > most[group]) {
        most[group] = groupStrata.count()[p];
        stratum[group] = (int) (groupStrata.key()[p] % strata.distinct());
      }
    }
    return stratum;
  }

  /** 64 bits that stand for the whole summary, names apart. */
  long digest() {
    return digest;
  }

  private static long digest(Blocks blocks, Counts[] parts) {
    long h = digest(1, blocks.start());
    for (Counts counts : parts) {
      h = counts == null ? MIX.bits(h, 0) : digest(digest(h, counts.key()), counts.count());
    }
    return h;
  }

  private static long digest(long h, long[] values) {
    h = MIX.bits(h, values.length);
    for (long value : values) {
      h = MIX.bits(h, value);
    }
    return h;
  }

  private static long[] first(long[] values, int n) {
    return values.length == n ? values : Arrays.copyOf(values, n);
  }

  private interface Column {
    long at(int row);
  }

  private static Counts joint(Counts groups, long[] group, Counts other, int n, Column column) {
    if (groups == null || other == null) {
      return null;
    }
    long[] code = new long[n];
    for (int i = 0; i < n; i++) {
      code[i] = (long) groups.index(group[i]) * other.distinct() + other.index(column.at(i));
    }
    return Counts.of(code);
  }

  private static Counts merge(List<Census> blocks, Function<Census, Counts> part, String what) {
    List<Counts> parts = blocks.stream().map(part).filter(Objects::nonNull).toList();
    if (!parts.isEmpty() && parts.size() < blocks.size()) {
      throw new IllegalArgumentException("some blocks have " + what + " and others have none");
    }
    return parts.isEmpty() ? null : Counts.merge(parts);
  }

  /** Pairs in codes of their block, put into codes of the population. */
  private static Counts pairs(
      List<Census> blocks,
      Counts groups,
      Counts other,
      Function<Census, Counts> part,
      Function<Census, Counts> pairs) {
    if (groups == null || other == null) {
      return null;
    }
    List<Counts> recoded = new ArrayList<>();
    for (Census block : blocks) {
      Counts theirs = part.apply(block);
      Counts local = pairs.apply(block);
      int[] group = groups.places(block.groups());
      int[] place = other.places(theirs);
      long[] code = new long[local.distinct()];
      for (int i = 0; i < code.length; i++) {
        // Both codes ascend with (group, other), so the order of pairs is kept.
        int g = (int) (local.key()[i] / theirs.distinct());
        int o = (int) (local.key()[i] % theirs.distinct());
        code[i] = (long) group[g] * other.distinct() + place[o];
      }
      recoded.add(new Counts(code, local.count()));
    }
    return Counts.merge(recoded);
  }

  /**
   * What one block contributes to a {@link Population}: counts of what its rows hold, never the
   * rows.
   */
  public static final class Census implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int block;
    private final int size;
    private final Counts strata;
    private final Counts groups;
    private final Counts times;
    private final Counts folds;
    private final Counts groupStrata;
    private final Counts groupTimes;
    private final Counts groupFolds;

    private Census(
        int block,
        int size,
        Counts strata,
        Counts groups,
        Counts times,
        Counts folds,
        Counts groupStrata,
        Counts groupTimes,
        Counts groupFolds) {
      this.block = block;
      this.size = size;
      this.strata = strata;
      this.groups = groups;
      this.times = times;
      this.folds = folds;
      this.groupStrata = groupStrata;
      this.groupTimes = groupTimes;
      this.groupFolds = groupFolds;
    }

    /** Number of the block. */
    public int block() {
      return block;
    }

    /** Number of rows in it. */
    public int size() {
      return size;
    }

    private Counts strata() {
      return strata;
    }

    private Counts groups() {
      return groups;
    }

    private Counts times() {
      return times;
    }

    private Counts folds() {
      return folds;
    }

    private Counts groupStrata() {
      return groupStrata;
    }

    private Counts groupTimes() {
      return groupTimes;
    }

    private Counts groupFolds() {
      return groupFolds;
    }
  }
}
