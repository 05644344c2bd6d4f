package org.assay.design;

import com.google.auto.service.AutoService;
import java.util.Objects;
import org.assay.UserException;
import org.assay.config.Section;

/**
 * K-fold cross-validation: {@code folds} (default 5) disjoint parts of all rows, each held out once
 * per repeat while the others train.
 *
 * <p>Which folds are the larger ones, when the rows cannot be divided evenly, is drawn anew in
 * every repeat, so a row is in every fold with the same probability. Replicate = repeat x folds +
 * fold.
 *
 * <p>Refused: more folds than rows, than groups, or (stratified) than rows of the smallest class;
 * repeats that whole groups make all identical. A class that occurs in fewer groups than folds is
 * not refused; its balance is then what whole groups allow.
 *
 * <p>Source: Stone, "Cross-validatory choice and assessment of statistical predictions", JRSS B 36
 * (1974), doi:10.1111/j.2517-6161.1974.tb00994.x.
 */
@AutoService(Scheme.class)
public final class KFold implements Scheme {

  @Override
  public String kind() {
    return "k-fold";
  }

  @Override
  public Spec read(Section section, Plan.Options options) {
    int folds = (int) section.integer("folds", 5, 2, 1_000_000);
    if ((long) folds * options.repeats() > Integer.MAX_VALUE) {
      throw section.wrong(
          "repeats",
          "with "
              + folds
              + " folds makes more than "
              + Integer.MAX_VALUE
              + " replicates; use fewer");
    }
    return new Folds(folds);
  }

  /** Equal folds, each held out once. */
  record Folds(int folds) implements Spec {
    @Override
    public String label() {
      return folds + "-fold";
    }

    @Override
    public Design bind(Plan plan, Population population, long seed) {
      Plan.Options options = plan.options();
      if (options.grouped()) {
        enough(population.groupCount(), "groups");
      } else {
        enough(population.size(), "rows");
      }
      if (options.stratify()) {
        int smallest = population.smallestStratum();
        long size = population.stratumSize(smallest);
        if (size < folds) {
          throw UserException.input(
              population.stratumName(smallest)
                  + " has "
                  + rows(size)
                  + ", and "
                  + folds
                  + " stratified folds need at least "
                  + folds
                  + " of every class; "
                  + (size < 2 ? "" : "use at most " + size + " folds, or ")
                  + "remove stratify");
        }
      }
      Allocation allocation = Allocation.equal(folds, options.repeats(), options, population, seed);
      if (allocation instanceof BalancedGroups groups && groups.isAlwaysTheSame()) {
        throw UserException.input(
            options.repeats()
                + " repeats of "
                + folds
                + " folds of "
                + population.groupCount()
                + " groups are all identical, for the"
                + " groups are too few or too unequal to be divided in other ways; use "
                + (plan.kind().equals("k-fold") ? "repeats = 1" : "k-fold"));
      }
      return new Bound(allocation, options.repeats(), folds, plan.fingerprint(population, seed));
    }

    private void enough(long units, String what) {
      if (units < folds) {
        throw UserException.input(
            folds
                + " folds need at least "
                + folds
                + " "
                + what
                + ", and there "
                + (units == 1 ? "is 1" : "are " + units)
                + "; "
                + (units < 2 ? "add data" : "use at most " + units + " folds"));
      }
    }

    static String rows(long n) {
      return n == 1 ? "1 row" : n + " rows";
    }
  }

  private record Bound(Allocation allocation, int repeats, int folds, String fingerprint)
      implements Design {
    @Override
    public boolean isPartition() {
      return true;
    }

    @Override
    public int replicates() {
      return repeats * folds;
    }

    @Override
    public Split split(int replicate) {
      Objects.checkIndex(replicate, replicates());
      return new Split(replicate / folds, replicate % folds);
    }

    @Override
    public void holders(int repeat, Rows rows, int[] replicate) {
      allocation.fill(repeat, rows, replicate);
      for (int i = 0; i < rows.size(); i++) {
        replicate[i] += repeat * folds;
      }
    }

    @Override
    public void fill(int replicate, Rows rows, int[] weight) {
      Split split = split(replicate);
      allocation.fill(split.repeat(), rows, weight);
      int heldOut = split.fold();
      for (int i = 0; i < rows.size(); i++) {
        weight[i] = weight[i] == heldOut ? HELD_OUT : 1;
      }
    }
  }
}
