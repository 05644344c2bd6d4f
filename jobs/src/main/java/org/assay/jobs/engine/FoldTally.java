package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
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
    return frame
        .blocks()
        .map(
            block -> {
              FoldTally tally = new FoldTally(replicates, classes, grouped);
              for (int r = 0; r < replicates; r++) {
                tally.add(block, r, placement.weights(r, block));
              }
              return tally;
            })
        .treeReduce(FoldTally::merge);
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
