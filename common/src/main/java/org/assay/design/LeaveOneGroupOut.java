package org.assay.design;

import com.google.auto.service.AutoService;
import java.util.Objects;
import org.assay.UserException;
import org.assay.config.Section;

/**
 * Leave-one-group-out cross-validation: as many replicates as groups, replicate g holds out all
 * rows of the group whose key is g-th in ascending order.
 *
 * <p>Nothing is drawn at random, so repeats and stable assignment are refused; so is
 * stratification. Needs a declared group, and 2 groups.
 */
@AutoService(Scheme.class)
public final class LeaveOneGroupOut implements Scheme {

  @Override
  public String kind() {
    return "leave-one-group-out";
  }

  @Override
  public Spec read(Section section, Plan.Options options) {
    if (!options.grouped()) {
      throw section.wrong(
          "kind",
          "needs groups, and the data declare none; add `group = COLUMN` to the data, or use leave-one-out or k-fold");
    }
    options.refuseDraws(section, kind());
    options.refuseStratify(section, "the groups are given, so their classes cannot be balanced");
    return new Groupwise();
  }

  private record Groupwise() implements Spec {
    @Override
    public String label() {
      return "leave-one-group-out";
    }

    @Override
    public Plan.Needs needs() {
      return new Plan.Needs(false, true, false, false);
    }

    @Override
    public Design bind(Plan plan, Population population, long seed) {
      if (population.groupCount() < 2) {
        throw UserException.input(
            "leave-one-group-out needs at least 2 groups, and there is "
                + population.groupCount()
                + "; add data of other groups");
      }
      return new Bound(population.groups().key(), plan.fingerprint(population, seed));
    }
  }

  private record Bound(long[] group, String fingerprint) implements Design {
    @Override
    public boolean isPartition() {
      return true;
    }

    @Override
    public int replicates() {
      return group.length;
    }

    @Override
    public Split split(int replicate) {
      return new Split(0, Objects.checkIndex(replicate, group.length));
    }

    @Override
    public void fill(int replicate, Rows rows, int[] weight) {
      long heldOut = group[Objects.checkIndex(replicate, group.length)];
      for (int i = 0; i < rows.size(); i++) {
        weight[i] = rows.group()[i] == heldOut ? HELD_OUT : 1;
      }
    }
  }
}
