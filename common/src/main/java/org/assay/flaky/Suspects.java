package org.assay.flaky;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import org.assay.inference.Adjustment;
import org.assay.inference.FisherExact;
import org.assay.order.Suite;

/**
 * Which tests to suspect of making another one fail (or pass), best first.
 *
 * <p>Two rankings are merged, the better place counts: by Fisher's exact test on "x ran before it",
 * and by how closely x ran before it in the runs with the effect. Tests that never ran before it in
 * a run with the effect are no suspects.
 *
 * <p>It only ranks. Tests that run before a polluter in most orders are associated with its effect
 * as well, and on real suites the first one named is often the wrong one: only runs made for it,
 * {@link Investigation}, confirm.
 */
public final class Suspects {

  /** What is to be explained. */
  public enum Effect {
    /** That the test fails: suspects are polluters. */
    FAILS,
    /** That the test passes: suspects are setters, or cleaners. */
    PASSES;

    /** Whether an outcome that counts shows it. */
    public boolean isSeenIn(Outcome outcome) {
      return this == FAILS ? outcome.failed() : outcome == Outcome.PASS;
    }
  }

  /**
   * One suspect.
   *
   * @param test its number
   * @param effects runs with the effect in which it ran before
   * @param before runs in which it ran before
   * @param pValue of Fisher's test that the effect is more likely after it
   * @param pAdjusted over all tests, by Benjamini and Hochberg's method
   * @param distance mean number of places between the two in the runs with the effect; 1 is
   *     directly before
   */
  public record Suspect(
      int test, int effects, int before, double pValue, double pAdjusted, double distance)
      implements Serializable {}

  private Suspects() {}

  /**
   * The suspects, best first; equal ones by their number.
   *
   * @param test the number of the test whose outcome is to be explained
   */
  public static List<Suspect> of(Suite suite, Collection<Run> runs, int test, Effect effect) {
    return of(suite, runs, -1, test, effect);
  }

  /**
   * The suspects among the tests that ran between two: of the runs in which one ran before the
   * other.
   *
   * @param after the number of the test that must have run before, such as a polluter; -1 for none
   */
  static List<Suspect> of(Suite suite, Collection<Run> runs, int after, int test, Effect effect) {
    int n = suite.size();
    int[] before = new int[n];
    int[] effects = new int[n];
    long[] distance = new long[n];
    int all = 0;
    int allEffects = 0;
    for (Run run : runs) {
      int place = placeOf(run, test);
      if (place < 0 || !run.outcome(place).counts()) {
        continue;
      }
      int start = after < 0 ? 0 : placeOf(run, after) + 1;
      if (after >= 0 && (start == 0 || start > place)) {
        continue;
      }
      boolean seen = effect.isSeenIn(run.outcome(place));
      all++;
      allEffects += seen ? 1 : 0;
      for (int i = start; i < place; i++) {
        int x = run.test(i);
        before[x]++;
        if (seen) {
          effects[x]++;
          distance[x] += place - i;
        }
      }
    }
    double[] p = new double[n];
    for (int x = 0; x < n; x++) {
      p[x] =
          x == test || before[x] == 0
              ? Double.NaN
              : FisherExact.greater(
                  effects[x], before[x], allEffects - effects[x], all - before[x]);
    }
    double[] adjusted = Adjustment.BH.adjust(p);
    List<Suspect> suspects = new ArrayList<>();
    for (int x = 0; x < n; x++) {
      if (x != test && effects[x] > 0) {
        suspects.add(
            new Suspect(
                x, effects[x], before[x], p[x], adjusted[x], (double) distance[x] / effects[x]));
      }
    }
    return merged(
        suspects,
        Comparator.comparingDouble(Suspect::pValue)
            .thenComparingDouble(Suspect::distance)
            .thenComparingInt(Suspect::test),
        Comparator.comparingDouble(Suspect::distance)
            .thenComparingDouble(Suspect::pValue)
            .thenComparingInt(Suspect::test));
  }

  private static List<Suspect> merged(
      List<Suspect> suspects, Comparator<Suspect> one, Comparator<Suspect> other) {
    List<Suspect> first = suspects.stream().sorted(one).toList();
    List<Suspect> second = suspects.stream().sorted(other).toList();
    LinkedHashSet<Suspect> merged = new LinkedHashSet<>();
    for (int i = 0; i < first.size(); i++) {
      merged.add(first.get(i));
      merged.add(second.get(i));
    }
    return List.copyOf(merged);
  }

  /** The place of a test in a run; -1 when it takes no part. */
  static int placeOf(Run run, int test) {
    int[] tests = run.order().tests();
    for (int place = 0; place < tests.length; place++) {
      if (tests[place] == test) {
        return place;
      }
    }
    return -1;
  }
}
