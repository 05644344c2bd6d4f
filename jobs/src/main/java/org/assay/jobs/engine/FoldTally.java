package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.assay.design.Design;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.metric.ExactSum;

/**
 * What each replicate makes of the rows: how many of each class, with which weight and from how
 * many groups, it trains on, holds out and leaves unused. Exactly mergeable.
 */
public final class FoldTally implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The parts of a split as reports name them. */
  public static final List<String> PARTS = List.of("train", "test", "unused");

  /** Distinct groups are counted when replicates times groups stay below this. */
  private static final long GROUPS = 20_000_000;

  private final int classes;
  private final long[] rows;
  private final long[] distinct;
  private final ExactSum[] weight;
  private final long[][] groups;

  private FoldTally(int replicates, int classes, boolean grouped) {
    this.classes = classes;
    int cells = replicates * PARTS.size() * classes;
    rows = new long[cells];
    distinct = new long[cells];
    weight = new ExactSum[cells];
    Arrays.setAll(weight, c -> new ExactSum());
    groups = grouped ? new long[cells][0] : null;
  }

  /** The tally of all replicates, by one pass over the blocks. */
  public static FoldTally of(Frame frame, Placement placement, long groupCount) {
    int replicates = placement.design().replicates();
    int classes = Math.max(1, frame.schema().classCount());
    boolean grouped = groupCount > 0 && groupCount * replicates <= GROUPS;
    boolean byFolds = placement.design().isPartition() && !grouped;
    FoldTally all =
        frame
            .blocks()
            .map(
                block -> {
                  FoldTally tally = new FoldTally(replicates, classes, grouped);
                  if (byFolds) {
                    tally.addFolds(block, placement);
                    return tally;
                  }
                  for (int r = 0; r < replicates; r++) {
                    tally.add(block, r, placement.weights(r, block));
                  }
                  return tally;
                })
            .treeReduce(FoldTally::merge);
    return byFolds ? all.withOthers(placement.design()) : all;
  }

  /** Adds the rows of a block to the folds that hold them out, repeat by repeat. */
  private void addFolds(Block block, Placement placement) {
    Design design = placement.design();
    for (int r = 0; r < design.replicates(); r++) {
      int repeat = design.split(r).repeat();
      if (r > 0 && design.split(r - 1).repeat() == repeat) {
        continue;
      }
      int[] holder = placement.holders(repeat, block);
      for (int i = 0; i < holder.length; i++) {
        int c = classes == 1 ? 0 : (int) block.label(i);
        // Rows that none holds out are unused in all replicates: noted with the first.
        int at = holder[i] < 0 ? at(r, 2, c) : at(holder[i], 1, c);
        rows[at]++;
        distinct[at]++;
        weight[at].add(block.weight(i));
      }
    }
  }

  /** Completes folds: each trains on the rows that the others of its repeat hold out. */
  private FoldTally withOthers(Design design) {
    int first = 0;
    while (first < design.replicates()) {
      int end = first + 1;
      while (end < design.replicates()
          && design.split(end).repeat() == design.split(first).repeat()) {
        end++;
      }
      for (int c = 0; c < classes; c++) {
        long sum = 0;
        ExactSum before = new ExactSum();
        for (int r = first; r < end; r++) {
          sum += rows[at(r, 1, c)];
          weight[at(r, 0, c)].merge(before);
          before.merge(weight[at(r, 1, c)]);
        }
        ExactSum after = new ExactSum();
        for (int r = end - 1; r >= first; r--) {
          weight[at(r, 0, c)].merge(after);
          after.merge(weight[at(r, 1, c)]);
          rows[at(r, 0, c)] = sum - rows[at(r, 1, c)];
          distinct[at(r, 0, c)] = rows[at(r, 0, c)];
          if (r > first) {
            rows[at(r, 2, c)] = rows[at(first, 2, c)];
            distinct[at(r, 2, c)] = rows[at(first, 2, c)];
            weight[at(r, 2, c)].merge(weight[at(first, 2, c)]);
          }
        }
      }
      first = end;
    }
    return this;
  }

  private void add(Block block, int replicate, int[] weights) {
    long[][] seen = new long[PARTS.size() * classes][];
    int[] count = new int[PARTS.size() * classes];
    for (int i = 0; i < weights.length; i++) {
      int part = weights[i] > 0 ? 0 : weights[i] == 0 ? 1 : 2;
      int c = classes == 1 ? 0 : (int) block.label(i);
      int at = at(replicate, part, c);
      int times = Math.max(1, weights[i]);
      rows[at] += times;
      distinct[at]++;
      for (int k = 0; k < times; k++) {
        weight[at].add(block.weight(i));
      }
      if (groups != null) {
        int local = part * classes + c;
        if (seen[local] == null) {
          seen[local] = new long[weights.length];
        }
        seen[local][count[local]++] = block.group(i);
      }
    }
    for (int local = 0; groups != null && local < seen.length; local++) {
      if (seen[local] != null) {
        groups[replicate * seen.length + local] =
            Arrays.stream(seen[local], 0, count[local]).sorted().distinct().toArray();
      }
    }
  }

  private int at(int replicate, int part, int c) {
    return (replicate * PARTS.size() + part) * classes + c;
  }

  private FoldTally merge(FoldTally other) {
    for (int c = 0; c < rows.length; c++) {
      rows[c] += other.rows[c];
      distinct[c] += other.distinct[c];
      weight[c].merge(other.weight[c]);
      if (groups != null) {
        groups[c] =
            LongStream.concat(Arrays.stream(groups[c]), Arrays.stream(other.groups[c]))
                .sorted()
                .distinct()
                .toArray();
      }
    }
    return this;
  }

  /** Rows of a class in a part; rows that count k times in training count k times. */
  public long rows(int replicate, int part, int c) {
    return rows[at(replicate, part, c)];
  }

  /** Rows of a class in a part, each once. */
  public long distinct(int replicate, int part, int c) {
    return distinct[at(replicate, part, c)];
  }

  /** Rows of all classes in a part. */
  public long rows(int replicate, int part) {
    long sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += rows(replicate, part, c);
    }
    return sum;
  }

  /** Their total weight. */
  public double weight(int replicate, int part, int c) {
    return weight[at(replicate, part, c)].value();
  }

  /** How many groups they are from; null when groups were not counted. */
  public Long groups(int replicate, int part, int c) {
    return groups == null ? null : (Long) (long) groups[at(replicate, part, c)].length;
  }
}
