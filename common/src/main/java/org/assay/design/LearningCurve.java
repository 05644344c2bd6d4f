package org.assay.design;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.assay.UserException;
import org.assay.random.Keyed;

/**
 * The splits of a plan with their training rows cut to several sizes, for the score as a function
 * of the number of training rows. Test rows stay as they are.
 *
 * <p>The training rows of each replicate are put in an order of their own, at random, and a point
 * of the curve trains on the first of them; so a smaller subset is part of a larger one. Single
 * rows: sizes are exact, and stratified the order mixes the classes evenly ({@link RowSubsets}).
 * With groups: whole groups, as many as come nearest to the size, one at least ({@link
 * GroupSubsets}). The size of all training rows is the plan's own design, to the bit.
 *
 * <p>Two passes, as for {@link Nested}: one takes the {@link Population#census} of the {@link
 * Nested#training} rows of every block and replicate, and the driver binds; the other fills.
 */
public final class LearningCurve {
  private LearningCurve() {}

  /**
   * The designs of the sizes, in their order.
   *
   * @param plan a plan with sizes
   * @param uncut its design
   * @param population what that is bound to
   * @param training the population of each replicate's training rows
   * @throws UserException if a size is more than the training rows of a replicate, or less than one
   *     of them
   */
  public static List<Design> of(
      Plan plan, Design uncut, Population population, List<Population> training, long seed) {
    List<TrainSize> sizes = plan.trainSizes();
    long[][] rows = new long[training.size()][sizes.size()];
    for (int r = 0; r < rows.length; r++) {
      long all = training.get(r).size();
      for (int k = 0; k < sizes.size(); k++) {
        rows[r][k] = sizes.get(k).of(all);
        if (rows[r][k] < 1 || rows[r][k] > all) {
          throw refusal(sizes.get(k), uncut.split(r), all);
        }
      }
    }
    Subsets subsets =
        plan.options().grouped()
            ? GroupSubsets.of(population, training, rows, plan.options().stratify(), seed)
            : RowSubsets.of(training, rows, plan.options().stratify(), seed);
    List<Design> designs = new ArrayList<>();
    for (int k = 0; k < sizes.size(); k++) {
      designs.add(
          sizes.get(k).isAll()
              ? uncut
              : new Cut(uncut, subsets, k, fingerprint(uncut, sizes.get(k))));
    }
    return designs;
  }

  private static UserException refusal(TrainSize size, Design.Split split, long rows) {
    return UserException.input(
        size.text().replace("train-size=", "train-sizes: ")
            + (size.portion().isFraction()
                ? " of the " + KFold.Folds.rows(rows) + " that "
                : " is more than the " + KFold.Folds.rows(rows) + " that ")
            + "repeat "
            + split.repeat()
            + ", fold "
            + split.fold()
            + " trains on"
            + (size.portion().isFraction()
                ? " is none; use a larger share"
                : "; use a smaller number, or a share"));
  }

  private static String fingerprint(Design uncut, TrainSize size) {
    Keyed text = Keyed.of(0, uncut.fingerprint() + " " + size.text());
    return HexFormat.of().toHexDigits(text.bits(0, 0));
  }

  /** Which training rows each size has. */
  interface Subsets extends Serializable {

    /**
     * Tells the rows of a subset.
     *
     * @param size number of the size
     * @param training the replicate's training rows of a block
     * @return by row
     */
    boolean[] taken(int replicate, int size, Rows training);
  }

  private record Cut(Design uncut, Subsets subsets, int size, String fingerprint)
      implements Design {
    @Override
    public int replicates() {
      return uncut.replicates();
    }

    @Override
    public Split split(int replicate) {
      return uncut.split(replicate);
    }

    @Override
    public void fill(int replicate, Rows rows, int[] weight) {
      uncut.fill(replicate, rows, weight);
      int[] index = new int[rows.size()];
      int count = 0;
      for (int i = 0; i < rows.size(); i++) {
        if (weight[i] > 0) {
          index[count++] = i;
        }
      }
      boolean[] taken = subsets.taken(replicate, size, rows.subset(index, count));
      for (int j = 0; j < count; j++) {
        if (!taken[j]) {
          weight[index[j]] = UNUSED;
        }
      }
    }
  }
}
