package org.assay.jobs.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assay.UserException;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Schema;
import org.assay.random.Keyed;

/** Which rows are measured together, and which of them may exchange values. */
final class Universes {

  /** Rows that are measured together, and their strata. */
  record Universe(Placement placement, List<Integer> replicates, List<Numbered> members) {}

  record Numbered(int number, Explainer.Member member) {}

  /** Which replicate tests a row, and its stratum among its rows. */
  record ByReplicate(
      Placement placement,
      int[] replicates,
      Explainer.Within within,
      int slot,
      double[] keys,
      org.assay.jobs.frame.Strata labels,
      Schema schema,
      Explainer.Condition condition)
      implements RowExchange.Strata {
    int inner() {
      if (condition != null) {
        return condition.conditioning().strata();
      }
      return switch (within) {
        case ALL, BLOCK -> 1;
        case STRATUM -> labels.names().size();
        case COLUMN -> keys.length;
      };
    }

    @Override
    public int[] of(Block block) {
      int[] strata = new int[block.size()];
      Arrays.fill(strata, -1);
      int[] conditioned = condition == null ? null : condition.of(schema, block);
      for (int k = 0; k < replicates.length; k++) {
        for (int row : placement.tested(replicates[k], block)) {
          int own =
              conditioned != null
                  ? conditioned[row]
                  : switch (within) {
                    case ALL, BLOCK -> 0;
                    case STRATUM -> labels.of(block.label(row));
                    case COLUMN -> Arrays.binarySearch(keys, block.numeric(slot, row));
                  };
          strata[row] = k * inner() + own;
        }
      }
      return strata;
    }
  }

  /** Strata times blocks, at most, where rows are shuffled. */
  private static final long MOST_PLACES = 1L << 24;

  private final Frame frame;
  private final Explainer.Settings settings;
  private final long seed;

  Universes(Frame frame, Explainer.Settings settings, long seed) {
    this.frame = frame;
    this.settings = settings;
    this.seed = seed;
  }

  /** The members, those together that are measured on the same rows. */
  List<Universe> of(List<Explainer.Member> members) {
    List<Universe> universes = new ArrayList<>();
    for (int number = 0; number < members.size(); number++) {
      Explainer.Member member = members.get(number);
      Universe found = null;
      for (Universe universe : universes) {
        boolean together =
            universe.replicates().contains(member.replicate())
                || member.placement().design().isPartition()
                    && universe.placement().design().split(universe.replicates().get(0)).repeat()
                        == member.placement().design().split(member.replicate()).repeat();
        if (haveSameRows(universe.placement(), member.placement()) && together) {
          found = universe;
        }
      }
      if (found == null) {
        found = new Universe(member.placement(), new ArrayList<>(), new ArrayList<>());
        universes.add(found);
      }
      if (!found.replicates().contains(member.replicate())) {
        found.replicates().add(member.replicate());
      }
      found.members().add(new Numbered(number, member));
    }
    return universes;
  }

  /** Whether two placements test the same rows in each replicate, whatever labels these have. */
  private static boolean haveSameRows(Placement a, Placement b) {
    return a.equals(b)
        || !a.needs().strata() && a.needs().equals(b.needs()) && a.design().equals(b.design());
  }

  /** How the rows of a universe exchange values. */
  RowExchange.Design design(Universe universe, Explainer.Condition condition) {
    double[] keys = {};
    int slot = -1;
    if (settings.within() == Explainer.Within.COLUMN) {
      int at = frame.keySlot(settings.column());
      slot = at;
      keys =
          frame
              .blocks()
              .map(
                  block -> {
                    double[] own = new double[block.size()];
                    Arrays.setAll(own, i -> block.numeric(at, i));
                    return Arrays.stream(own).sorted().distinct().toArray();
                  })
              .collect() // the distinct values of a block each
              .stream()
              .flatMapToDouble(Arrays::stream)
              .sorted()
              .distinct()
              .toArray();
    }
    ByReplicate strata =
        new ByReplicate(
            universe.placement(),
            universe.replicates().stream().mapToInt(Integer::intValue).toArray(),
            settings.within(),
            slot,
            keys,
            settings.within() == Explainer.Within.STRATUM ? frame.strata(settings.bins()) : null,
            frame.schema(),
            condition);
    org.assay.design.Design design = universe.placement().design();
    if (cut(frame.schema(), settings) == RowExchange.Cut.ROWS
        && (long) universe.replicates().size() * strata.inner() * frame.blockCount()
            > MOST_PLACES) {
      throw UserException.usage(
          "within = "
              + settings.column()
              + ": has "
              + strata.inner()
              + " values, too many for rows that are shuffled; raise memory until every task can hold all rows ("
              + org.assay.config.Section.bytes(2 * bytes(frame.schema()))
              + "), or use another column");
    }
    int first = universe.replicates().get(0);
    long part = design.isPartition() ? design.split(first).repeat() : first;
    return new RowExchange.Design(
        strata,
        universe.replicates().size() * strata.inner(),
        Keyed.of(seed, "importance donors").derive(part),
        settings.draw() == Explainer.Draw.SWITCH
            ? RowExchange.Draw.SWITCH
            : RowExchange.Draw.PERMUTATION);
  }

  /** Bytes that all rows take in a task, more or less. */
  static long bytes(Schema schema) {
    return schema.rows() * Frame.bytesPerRow(schema);
  }

  /** How rows come to their donors: from the data and the configuration alone. */
  static RowExchange.Cut cut(Schema schema, Explainer.Settings settings) {
    if (settings.within() == Explainer.Within.BLOCK) {
      return RowExchange.Cut.BLOCK;
    }
    return switch (settings.cut()) {
      case REPLICATES -> RowExchange.Cut.REPLICATES;
      case ROWS -> RowExchange.Cut.ROWS;
      case AUTO ->
          bytes(schema) <= settings.memory() / 2
              ? RowExchange.Cut.REPLICATES
              : RowExchange.Cut.ROWS;
    };
  }
}
