package org.assay.design;

import com.google.auto.service.AutoService;
import java.math.RoundingMode;
import java.util.Objects;
import org.assay.UserException;
import org.assay.config.Section;

/**
 * Repeated random splits (Monte Carlo cross-validation): {@code splits} (default 10) times,
 * independently, a part {@code test} (default 0.2) of the rows is held out and a part {@code train}
 * (default: all others) is trained on; what is left is unused.
 *
 * <p>Each is a fraction between 0 and 1 or a number of rows. A test fraction is rounded up and a
 * training fraction down, as in scikit-learn's ShuffleSplit, but in decimals: 0.07 of 100 rows are
 * 7. Stratified, every class has its share of the test rows within 1; with groups, whole groups
 * come as near to these sizes as {@link BalancedGroups} can, and both parts have at least one.
 *
 * <p>Every split is a repeat of its own with the one fold 0, for it is a new draw; so {@code
 * repeats} is refused. Also refused: an empty part, more rows than there are; fewer than 2 groups;
 * stratified, a class with 1 row or a part with fewer rows than classes.
 */
@AutoService(Scheme.class)
public final class ShuffleSplit implements Scheme {

  @Override
  public String kind() {
    return "shuffle-split";
  }

  @Override
  public Spec read(Section section, Plan.Options options) {
    options.refuseRepeats(section, "every one of the splits is a new draw already; use splits");
    int splits = (int) section.integer("splits", 10, 1, 1_000_000);
    return Drawn.read(section, options, splits + (splits == 1 ? " split" : " splits"), splits);
  }

  /**
   * Independent draws of a test and a training part.
   *
   * @param train null for all rows that are not in the test part
   */
  record Drawn(String name, int splits, Portion test, Portion train) implements Spec {

    static Drawn read(Section section, Plan.Options options, String name, int splits) {
      Portion test = Portion.read(section, "test", Portion.fraction(0.2));
      Portion train = Portion.read(section, "train", null);
      if (options.assign() == Plan.Assign.STABLE) {
        fraction(section, "test", test);
        fraction(section, "train", train);
      }
      if (train != null
          && test.isFraction()
          && train.isFraction()
          && test.fraction() + train.fraction() > 1 + 1e-12) {
        throw section.wrong(
            "train",
            "with test = " + test.label() + " is more than all rows; make one of them smaller");
      }
      return new Drawn(name, splits, test, train);
    }

    private static void fraction(Section section, String key, Portion portion) {
      if (portion != null && !portion.isFraction()) {
        throw section.wrong(
            key, "a stable part has no fixed number of rows; use a fraction, or assign = balanced");
      }
    }

    @Override
    public String label() {
      return name + ", test " + test.label() + (train == null ? "" : ", train " + train.label());
    }

    @Override
    public Design bind(Plan plan, Population population, long seed) {
      Plan.Options options = plan.options();
      if (options.grouped() && population.groupCount() < 2) {
        throw UserException.input(
            plan.kind()
                + " needs at least 2 groups, and there is "
                + population.groupCount()
                + "; add data of other groups");
      }
      Allocation allocation;
      if (options.assign() == Plan.Assign.STABLE) {
        double rest = train == null ? 1 - test.fraction() : train.fraction();
        allocation = StableParts.split(test.fraction(), rest, options.grouped(), seed);
      } else {
        Deal.Split deal = division(population);
        if (options.stratify() && !options.grouped()) {
          checkClasses(population, deal);
        }
        allocation = Allocation.balanced(deal, splits, options, population, seed);
      }
      return new Bound(allocation, splits, plan.fingerprint(population, seed));
    }

    private Deal.Split division(Population population) {
      long n = population.size();
      long held = test.of(n, RoundingMode.CEILING);
      long kept = train == null ? n - held : train.of(n, RoundingMode.FLOOR);
      if (held + Math.max(kept, 0) > n) {
        throw UserException.input(
            "test = "
                + test.label()
                + (train == null ? "" : " and train = " + train.label())
                + " is more than the "
                + n
                + " rows there are; use less");
      }
      if (kept < 1) {
        throw UserException.input(
            (train == null ? "test = " + test.label() : "train = " + train.label())
                + " of "
                + KFold.Folds.rows(n)
                + " leaves no row to train on; "
                + (train == null ? "hold out less, or " : "train on more, or ")
                + "add data");
      }
      return new Deal.Split(n, held, kept);
    }

    private static void checkClasses(Population population, Deal.Split deal) {
      int smallest = population.smallestStratum();
      if (population.stratumSize(smallest) < 2) {
        throw UserException.input(
            population.stratumName(smallest)
                + " has 1 row, and a stratified split needs at least 2 of every class; remove stratify, "
                + "or the row");
      }
      int classes = population.strata().distinct();
      if (deal.test() < classes || deal.train() < classes) {
        throw UserException.input(
            "a stratified split of "
                + classes
                + " classes needs at least as many rows to train and to test on, and there are "
                + deal.train()
                + " and "
                + deal.test()
                + "; enlarge the smaller part, or remove stratify");
      }
    }
  }

  private record Bound(Allocation allocation, int replicates, String fingerprint)
      implements Design {
    @Override
    public Split split(int replicate) {
      return new Split(Objects.checkIndex(replicate, replicates), 0);
    }

    @Override
    public void fill(int replicate, Rows rows, int[] weight) {
      allocation.fill(Objects.checkIndex(replicate, replicates), rows, weight);
      for (int i = 0; i < rows.size(); i++) {
        weight[i] = weight[i] == 0 ? HELD_OUT : weight[i] == 1 ? 1 : UNUSED;
      }
    }
  }
}
