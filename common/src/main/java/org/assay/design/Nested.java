package org.assay.design;

import java.util.HexFormat;
import org.assay.UserException;
import org.assay.random.Keyed;

/**
 * Designs inside designs: an inner plan bound to the training rows of one replicate of an outer
 * design, to choose among models without looking at the rows that the outer replicate holds out.
 *
 * <p>Ranks, strata, groups and times of the inner design are those among the outer training rows.
 * Two passes: one takes the {@link Population#census} of the {@link #training} rows of every block
 * for every outer replicate, and the driver binds one inner design for each by {@link #bind}; the
 * other fills.
 *
 * <p>Source: Varma and Simon, "Bias in error estimation when using cross-validation for model
 * selection", BMC Bioinformatics 7 (2006), doi:10.1186/1471-2105-7-91.
 */
public final class Nested {
  private Nested() {}

  /**
   * The rows of a block that an outer replicate trains on, each once, as a block of the same
   * number.
   */
  public static Rows training(Design outer, int replicate, Rows rows) {
    int[] weight = new int[rows.size()];
    outer.fill(replicate, rows, weight);
    int[] index = new int[rows.size()];
    int count = 0;
    for (int i = 0; i < weight.length; i++) {
      if (weight[i] > 0) {
        index[count++] = i;
      }
    }
    return rows.subset(index, count);
  }

  /**
   * The inner design of one outer replicate, over whole blocks: rows that the outer replicate does
   * not train on are {@link Design#UNUSED}; the others are what the inner design makes of them,
   * training weights multiplied by the outer ones. Its random numbers are those of a seed of its
   * own, made from the seed and the replicate.
   *
   * @param inner a plan that is not nested
   * @param training the population of the outer replicate's training rows
   * @throws UserException if the inner plan cannot be bound to it; the message names the outer
   *     replicate
   */
  public static Design bind(
      Plan inner, Design outer, int replicate, Population training, long seed) {
    Design.Split split = outer.split(replicate);
    long innerSeed = Keyed.of(seed, "nested").bits(replicate, 0);
    try {
      return new Composed(outer, replicate, inner.bind(training, innerSeed));
    } catch (UserException e) {
      String message =
          "inner plan of repeat "
              + split.repeat()
              + ", fold "
              + split.fold()
              + ": "
              + e.getMessage();
      throw e.kind() == UserException.Kind.USAGE
          ? UserException.usage(message)
          : UserException.input(message);
    }
  }

  private record Composed(Design outer, int outerReplicate, Design inner) implements Design {
    @Override
    public int replicates() {
      return inner.replicates();
    }

    @Override
    public boolean isPartition() {
      // An outer design that is none may count rows more than once, as a bootstrap does.
      return inner.isPartition() && outer.isPartition();
    }

    @Override
    public Split split(int replicate) {
      return inner.split(replicate);
    }

    @Override
    public void fill(int replicate, Rows rows, int[] weight) {
      outer.fill(outerReplicate, rows, weight);
      int[] index = new int[rows.size()];
      int count = 0;
      for (int i = 0; i < rows.size(); i++) {
        if (weight[i] > 0) {
          index[count++] = i;
        } else {
          weight[i] = UNUSED;
        }
      }
      int[] within = new int[count];
      inner.fill(replicate, rows.subset(index, count), within);
      for (int j = 0; j < count; j++) {
        weight[index[j]] = within[j] > 0 ? within[j] * weight[index[j]] : within[j];
      }
    }

    @Override
    public String fingerprint() {
      Keyed text = Keyed.of(outerReplicate, outer.fingerprint() + " " + inner.fingerprint());
      return HexFormat.of().toHexDigits(text.bits(0, 0));
    }
  }
}
