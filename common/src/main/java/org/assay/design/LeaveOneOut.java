package org.assay.design;

import com.google.auto.service.AutoService;
import java.util.Arrays;
import java.util.Objects;
import org.assay.UserException;
import org.assay.config.Section;

/**
 * Leave-one-out cross-validation: as many replicates as rows, replicate i holds out the row of rank
 * i in canonical order.
 *
 * <p>Nothing is drawn at random, so repeats and stable assignment are refused; so is
 * stratification, as one row cannot be balanced. With groups it would split them, so it is refused
 * too: leave-one-group-out is what is meant. Needs 2 rows, and at most 2^31 - 1.
 *
 * <p>With {@code by = infinitesimal-jackknife} no row is left out in truth: its prediction follows
 * from the one fit to all rows, to first order in what the row weighs (the default is {@code by =
 * refits}).
 */
@AutoService(Scheme.class)
public final class LeaveOneOut implements Scheme {

  @Override
  public String kind() {
    return "leave-one-out";
  }

  @Override
  public Spec read(Section section, Plan.Options options) {
    if (options.grouped()) {
      throw section.wrong(
          "kind",
          "would split groups, and the data declare a group; use leave-one-group-out, or remove the group from the data");
    }
    options.refuseDraws(section, kind());
    options.refuseStratify(section, "one row at a time cannot be balanced");
    return section.choice("by", By.class, By.REFITS) == By.REFITS ? new Rowwise() : new Jackknife();
  }

  private enum By {
    REFITS,
    INFINITESIMAL_JACKKNIFE
  }

  /** Leave-one-out without refits. */
  record Jackknife() implements Spec {
    @Override
    public String label() {
      return "leave-one-out by the infinitesimal jackknife";
    }

    @Override
    public Design bind(Plan plan, Population population, long seed) {
      return bound(plan, population, seed, true);
    }
  }

  private record Rowwise() implements Spec {
    @Override
    public String label() {
      return "leave-one-out";
    }

    @Override
    public Design bind(Plan plan, Population population, long seed) {
      return bound(plan, population, seed, false);
    }
  }

  private static Design bound(Plan plan, Population population, long seed, boolean isByJackknife) {
    long n = population.size();
    if (n < 2) {
      throw UserException.input("leave-one-out needs at least 2 rows, and there is 1; add data");
    }
    if (n > Integer.MAX_VALUE) {
      throw UserException.input(
          "leave-one-out of "
              + n
              + " rows makes more than "
              + Integer.MAX_VALUE
              + " replicates; use k-fold");
    }
    return new Bound(population.blocks(), plan.fingerprint(population, seed), isByJackknife);
  }

  private record Bound(Blocks blocks, String fingerprint, boolean isByJackknife) implements Design {
    @Override
    public boolean isPartition() {
      return true;
    }

    @Override
    public int replicates() {
      return (int) blocks.rows();
    }

    @Override
    public Split split(int replicate) {
      return new Split(0, Objects.checkIndex(replicate, replicates()));
    }

    @Override
    public void fill(int replicate, Rows rows, int[] weight) {
      long place = Objects.checkIndex(replicate, replicates()) - blocks.start(rows);
      Arrays.fill(weight, 0, rows.size(), 1);
      if (place >= 0 && place < rows.size()) {
        weight[(int) place] = HELD_OUT;
      }
    }
  }
}
