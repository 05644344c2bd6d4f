package org.assay.flaky;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Failures with one {@link Fingerprint}, of whatever tests: many tests that fail for one reason are
 * one thing to mend.
 *
 * @param fingerprint theirs; empty for failures without a message
 * @param message the first of their messages, by text
 * @param failures how many
 * @param runs in how many runs
 * @param tests the numbers of the tests, ascending
 */
public record FailureCluster(
    String fingerprint, String message, int failures, int runs, List<Integer> tests)
    implements Serializable {

  /** The clusters of all failures, largest first; equal ones by their fingerprint. */
  public static List<FailureCluster> of(Collection<Run> runs) {
    Map<String, Tally> tallies = new TreeMap<>();
    for (Run run : runs) {
      TreeSet<String> seen = new TreeSet<>();
      for (int place = 0; place < run.order().size(); place++) {
        Observation observation = run.observations().get(place);
        if (observation.outcome().failed()) {
          Tally tally = tallies.computeIfAbsent(observation.fingerprint(), f -> new Tally());
          tally.failures++;
          tally.tests.add(run.test(place));
          tally.runs += seen.add(observation.fingerprint()) ? 1 : 0;
          if (tally.message == null || observation.message().compareTo(tally.message) < 0) {
            tally.message = observation.message();
          }
        }
      }
    }
    List<FailureCluster> clusters = new ArrayList<>();
    tallies.forEach(
        (fingerprint, tally) ->
            clusters.add(
                new FailureCluster(
                    fingerprint,
                    tally.message,
                    tally.failures,
                    tally.runs,
                    List.copyOf(tally.tests))));
    clusters.sort(
        Comparator.comparingInt(FailureCluster::failures)
            .reversed()
            .thenComparing(FailureCluster::fingerprint));
    return clusters;
  }

  private static final class Tally {
    private String message;
    private int failures;
    private int runs;
    private final TreeSet<Integer> tests = new TreeSet<>();
  }
}
