package org.assay.design;

import com.google.auto.service.AutoService;
import java.util.Arrays;
import java.util.Objects;
import org.assay.UserException;
import org.assay.config.Section;

/**
 * Cross-validation with the folds of the data's fold column: one replicate per code that occurs, in
 * ascending order, and its {@link Design.Split#fold} is the code.
 *
 * <p>As scikit-learn's PredefinedSplit, but a row without a fold (a negative code) is refused
 * instead of always trained on. Nothing is drawn at random, so repeats, stratification and stable
 * assignment are refused. Also refused: fewer than 2 folds, and, with groups, a group with rows in
 * more than one fold.
 */
@AutoService(Scheme.class)
public final class Predefined implements Scheme {

  @Override
  public String kind() {
    return "predefined";
  }

  @Override
  public Spec read(Section section, Plan.Options options) {
    options.refuseRepeats(
        section, "predefined folds are not drawn at random, so a repeat would be identical");
    options.refuseStratify(
        section, "predefined folds are given, so their classes cannot be balanced");
    options.refuseStable(section, "predefined folds are not assigned at random");
    return new Given();
  }

  private record Given() implements Spec {
    @Override
    public String label() {
      return "predefined folds";
    }

    @Override
    public Plan.Needs needs() {
      return new Plan.Needs(false, false, false, true);
    }

    @Override
    public Design bind(Plan plan, Population population, long seed) {
      Counts folds = population.folds();
      long missing = 0;
      for (int f = 0; f < folds.distinct() && folds.key()[f] < 0; f++) {
        missing += folds.count()[f];
      }
      if (missing > 0) {
        throw UserException.input(
            KFold.Folds.rows(missing)
                + " of "
                + population.size()
                + (missing == 1 ? " has" : " have")
                + " no predefined fold, and every row needs one; fill the fold column, or remove the rows without");
      }
      if (folds.distinct() < 2) {
        throw UserException.input(
            "predefined folds leave no row to train on: all "
                + population.size()
                + " rows are in fold "
                + folds.key()[0]
                + ", and at least 2 folds are needed; use another fold column, or k-fold");
      }
      if (plan.options().grouped()) {
        checkGroups(population);
      }
      int[] codes = Arrays.stream(folds.key()).mapToInt(Math::toIntExact).toArray();
      return new Bound(codes, plan.fingerprint(population, seed));
    }

    private static void checkGroups(Population population) {
      Counts pairs = population.groupFolds();
      int split = pairs.distinct() - population.groupCount();
      if (split > 0) {
        long folds = population.folds().distinct();
        int groups = 0;
        for (int i = 1; i < pairs.distinct(); i++) {
          boolean again = pairs.key()[i] / folds == pairs.key()[i - 1] / folds;
          boolean first = i < 2 || pairs.key()[i - 2] / folds != pairs.key()[i] / folds;
          groups += again && first ? 1 : 0;
        }
        throw UserException.input(
            groups
                + " of "
                + population.groupCount()
                + " groups "
                + (groups == 1 ? "has" : "have")
                + " rows in more than one predefined fold, and rows of a group never split; mend the fold column, or remove the group"
                + " from the data");
      }
    }
  }

  private record Bound(int[] codes, String fingerprint) implements Design {
    @Override
    public boolean isPartition() {
      return true;
    }

    @Override
    public int replicates() {
      return codes.length;
    }

    @Override
    public Split split(int replicate) {
      return new Split(0, codes[Objects.checkIndex(replicate, codes.length)]);
    }

    @Override
    public void fill(int replicate, Rows rows, int[] weight) {
      int heldOut = codes[Objects.checkIndex(replicate, codes.length)];
      for (int i = 0; i < rows.size(); i++) {
        weight[i] = rows.fold()[i] == heldOut ? HELD_OUT : 1;
      }
    }
  }
}
