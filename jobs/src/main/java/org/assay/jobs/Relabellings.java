package org.assay.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import org.assay.design.Population;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Relabelling;
import org.assay.permutation.Donors;
import org.assay.permutation.Strata;
import org.assay.random.Keyed;

/**
 * A plan over rows whose labels are exchanged, permutation by permutation.
 *
 * @param frame the rows
 * @param observed the plan over the rows as they are
 * @param first the permutation 0
 * @param bind binds the plan to a population under a permutation; asked where the plan looks at
 *     labels
 */
record Relabellings(
    Frame frame,
    Placement observed,
    Relabelling first,
    BiFunction<Population, Relabelling, Placement> bind) {

  /**
   * Labels exchanged as the seed says.
   *
   * @param within the name of what labels are exchanged within; empty for all rows
   * @param strata those, by row in canonical order
   */
  static Relabelling first(Frame frame, long seed, String within, Strata strata, double[] labels) {
    return new Relabelling(
        "labels within " + within,
        Donors.within(Keyed.of(seed, "labels to learn from"), strata, 0),
        labels,
        frame.starts(),
        0);
  }

  /** The plan over the labels as they are (0) and under permutations, [from, to). */
  List<Placement> placements(long from, long to) {
    List<Relabelling> relabellings =
        LongStream.range(Math.max(1, from), to).mapToObj(first::another).toList();
    List<Placement> placements = new ArrayList<>();
    if (from == 0) {
      placements.add(observed);
    }
    if (!observed.needs().strata()) {
      relabellings.forEach(
          r ->
              placements.add(
                  new Placement(observed.design(), observed.needs(), observed.strata(), r)));
      return placements;
    }
    List<Population> populations =
        frame.populations(observed.needs(), observed.strata(), relabellings);
    for (int k = 0; k < relabellings.size(); k++) {
      placements.add(bind.apply(populations.get(k), relabellings.get(k)));
    }
    return placements;
  }
}
