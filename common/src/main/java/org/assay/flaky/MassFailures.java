package org.assay.flaky;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs in which so many tests fail that something else than the tests broke: a full disk, a missing
 * service. They are infrastructure events, kept apart from what is concluded of single tests.
 *
 * <p>A run is one when more than a share of the tests in it fail, of those that do not fail in
 * every run; with fewer than {@value #LEAST} such tests none is. An order, in one setting of the
 * factors, whose runs, two or more, all fail so is none: the order or the setting does it. One that
 * ran once cannot tell; run it again.
 *
 * <p>The share is Trunk's, 80 %, unless said otherwise.
 */
public final class MassFailures {
  /** The share that must be exceeded. */
  public static final double SHARE = 0.8;

  static final int LEAST = 5;

  private MassFailures() {}

  /**
   * The runs that are mass failures, in the order of the given ones.
   *
   * @param share in (0, 1]; with 1 none is
   */
  public static List<Run> of(Collection<Run> runs, double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share " + share + ": must be above 0 and at most 1");
    }
    Set<Integer> passed = new HashSet<>();
    for (Run run : runs) {
      for (int place = 0; place < run.order().size(); place++) {
        if (run.outcome(place) == Outcome.PASS) {
          passed.add(run.test(place));
        }
      }
    }
    List<Run> mass = new ArrayList<>();
    Map<List<Object>, int[]> ofOrder = new HashMap<>();
    for (Run run : runs) {
      int counted = 0;
      int failed = 0;
      for (int place = 0; place < run.order().size(); place++) {
        Outcome outcome = run.outcome(place);
        if (outcome.counts() && passed.contains(run.test(place))) {
          counted++;
          failed += outcome.failed() ? 1 : 0;
        }
      }
      if (counted >= LEAST) {
        boolean isMass = failed > share * counted;
        int[] tally = ofOrder.computeIfAbsent(condition(run), c -> new int[2]);
        tally[0]++;
        if (isMass) {
          tally[1]++;
          mass.add(run);
        }
      }
    }
    mass.removeIf(
        run -> {
          int[] tally = ofOrder.get(condition(run));
          return tally[0] > 1 && tally[1] == tally[0];
        });
    return Collections.unmodifiableList(mass);
  }

  private static List<Object> condition(Run run) {
    return List.of(run.order().id(), run.factors());
  }
}
