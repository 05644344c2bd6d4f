package org.assay.flaky;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assay.inference.Adjustment;
import org.assay.inference.FisherExact;
import org.assay.order.Suite;
import org.assay.order.TestId;

/**
 * What past builds say of tests, without running any: a test that passed and failed on one commit
 * cannot be trusted, whatever changed between the two was not the code.
 *
 * <pre>
 *   passed and failed on one commit    INFRASTRUCTURE when, within commits, it goes with the host (Fisher's
 *                                      exact test, adjusted over all tests), else UNDECIDED
 *   failed only where it never passed  ALWAYS_FAILS when it never passed at all, else UNDECIDED: broken
 *                                      there, or flaky and seen once
 *   never failed                       STABLE_WITHIN
 * </pre>
 *
 * <p>Rates are those on commits with two or more outcomes of the test of which one is a pass: on
 * others nobody knows whether the test or the code was wrong. That leaves out commits on which a
 * flaky test failed each time, so it is a little too low; and builds that ran again because a test
 * failed make it too high. Every attempt of a build that reruns failures counts as an outcome of
 * its commit. A build in which more than a share of tests failed (five or more, in their first
 * attempts) is a mass failure, and counts for nothing.
 *
 * <p>{@link #limits()} says what such evidence cannot support. Histories of parts merge to that of
 * all builds, in any order. Memory: a few numbers per test, commit and host. Not thread-safe.
 */
public final class History implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * One build.
   *
   * @param name its own, such as its night or its path; unique
   * @param commit what was built; empty when it is not known, and then nothing can be compared with
   *     it
   * @param host where; empty when it is not known
   * @param cases its tests, of all its reports; tests of two modules that have one name must differ
   *     in their container, or they are taken for one test
   */
  public record Build(String name, String commit, String host, List<JUnitXml.Case> cases)
      implements Serializable {}

  /**
   * What is concluded.
   *
   * @param suite all tests that were ever seen, by name
   * @param verdicts one for each, by its number
   * @param builds how many builds count
   * @param massFailures the names of builds that do not
   */
  public record Conclusions(
      Suite suite, List<Verdict> verdicts, long builds, List<String> massFailures)
      implements Serializable {}

  /** Failures and outcomes of each test by commit and host. */
  private final SortedMap<TestId, SortedMap<String, SortedMap<String, long[]>>> tallies =
      new TreeMap<>();

  private final Set<String> massFailures = new HashSet<>();
  private final double massShare;
  private long builds;

  /**
   * No builds yet.
   *
   * @param massShare the share of failing tests above which a build is a mass failure, such as
   *     {@link MassFailures#SHARE}
   */
  public History(double massShare) {
    this.massShare = massShare;
  }

  /** Adds a build. */
  public void add(Build build) {
    long counted = build.cases().stream().filter(c -> c.first().outcome().counts()).count();
    long failed = build.cases().stream().filter(c -> c.first().outcome().failed()).count();
    if (counted >= MassFailures.LEAST && failed > massShare * counted) {
      massFailures.add(build.name());
      return;
    }
    builds++;
    // Without a commit it can only be compared with itself.
    String commit = build.commit().isEmpty() ? "build " + build.name() : build.commit();
    for (JUnitXml.Case test : build.cases()) {
      SortedMap<String, SortedMap<String, long[]>> ofTest =
          tallies.computeIfAbsent(test.id(), id -> new TreeMap<>());
      for (JUnitXml.Attempt attempt : test.attempts()) {
        if (attempt.outcome().counts()) {
          long[] tally =
              ofTest
                  .computeIfAbsent(commit, c -> new TreeMap<>())
                  .computeIfAbsent(build.host(), h -> new long[2]);
          tally[0] += attempt.outcome().failed() ? 1 : 0;
          tally[1]++;
        }
      }
    }
  }

  /** Adds the builds of another part. */
  public void merge(History other) {
    builds += other.builds;
    massFailures.addAll(other.massFailures);
    other.tallies.forEach(
        (test, commits) -> {
          SortedMap<String, SortedMap<String, long[]>> own =
              tallies.computeIfAbsent(test, id -> new TreeMap<>());
          commits.forEach(
              (commit, hosts) ->
                  hosts.forEach(
                      (host, tally) -> {
                        long[] sum =
                            own.computeIfAbsent(commit, c -> new TreeMap<>())
                                .computeIfAbsent(host, h -> new long[2]);
                        sum[0] += tally[0];
                        sum[1] += tally[1];
                      }));
        });
  }

  /** What evidence of this kind cannot support, as sentences for people. */
  public static List<String> limits() {
    return List.of(
        "Reports do not say in which order tests ran: whether order matters cannot be told, and no"
            + " polluter can be named.",
        "A failure on a commit on which the test never passed may be a real one.",
        "Builds that were started again because they failed show flaky tests more often than they are.",
        "A test that is not seen to fail was run as often as it says, under the conditions of those"
            + " builds and no others.",
        "Hosts and times were not assigned at random: a test that goes with the host may go with what was"
            + " built there.");
  }

  /**
   * The conclusions.
   *
   * @throws IllegalStateException if no test was ever seen
   */
  public Conclusions conclude(Verdicts.Settings settings) {
    if (tallies.isEmpty()) {
      throw new IllegalStateException("no test in " + builds + " builds");
    }
    Suite suite = Suite.of(tallies.keySet());
    double[] p = new double[suite.size()];
    List<FailureRate> rates = new ArrayList<>();
    for (int t = 0; t < p.length; t++) {
      SortedMap<String, SortedMap<String, long[]>> commits = tallies.get(suite.test(t));
      p[t] = hostP(commits);
      rates.add(rate(commits));
    }
    double[] adjusted = Adjustment.BH.adjust(p);
    BetaPrior prior = BetaPrior.fit(rates);
    List<Verdict> verdicts = new ArrayList<>();
    for (int t = 0; t < p.length; t++) {
      verdicts.add(
          verdict(t, tallies.get(suite.test(t)), rates.get(t), p[t], adjusted[t], prior, settings));
    }
    return new Conclusions(
        suite,
        Collections.unmodifiableList(verdicts),
        builds,
        massFailures.stream().sorted().toList());
  }

  private static Verdict verdict(
      int test,
      SortedMap<String, SortedMap<String, long[]>> commits,
      FailureRate known,
      double p,
      double adjusted,
      BetaPrior prior,
      Verdicts.Settings settings) {
    long failures = 0;
    long outcomes = 0;
    long conflicts = 0;
    for (SortedMap<String, long[]> hosts : commits.values()) {
      long[] sum = sum(hosts);
      failures += sum[0];
      outcomes += sum[1];
      conflicts += sum[0] > 0 && sum[0] < sum[1] ? 1 : 0;
    }
    VerdictKind kind;
    String evidence;
    FailureRate rate = known;
    if (outcomes == 0) {
      kind = VerdictKind.NOT_RUN;
      evidence = "it neither passed nor failed in any build";
    } else if (failures == 0) {
      kind = VerdictKind.STABLE_WITHIN;
      rate = new FailureRate(0, outcomes);
      evidence =
          String.format(
              Locale.ROOT,
              "no failure in %d outcomes on %d commits: the rate is below %.4g at level %s",
              outcomes,
              commits.size(),
              rate.bound(settings.level()),
              settings.level());
    } else if (failures == outcomes) {
      kind = VerdictKind.ALWAYS_FAILS;
      rate = new FailureRate(failures, outcomes);
      evidence = "it failed in each of " + outcomes + " outcomes on " + commits.size() + " commits";
    } else if (conflicts == 0) {
      kind = VerdictKind.UNDECIDED;
      evidence =
          "it failed "
              + failures
              + " times, only on commits on which it never passed: broken there, or flaky and not"
              + " run again";
    } else {
      boolean byHost = adjusted <= settings.fdr();
      kind = byHost ? VerdictKind.INFRASTRUCTURE : VerdictKind.UNDECIDED;
      evidence =
          "on "
              + conflicts
              + " of "
              + commits.size()
              + " commits it passed and failed"
              + (byHost ? ", and within them it goes with the host" : "");
    }
    return new Verdict(
        test,
        kind,
        kind,
        rate.runs(),
        rate.failures(),
        rate.value(),
        rate.interval(settings.stopping(), settings.level()),
        rate.runs() == 0 ? Double.NaN : prior.mean(rate),
        p,
        adjusted,
        rate.rerunsFor95(),
        evidence);
  }

  private static long[] sum(SortedMap<String, long[]> hosts) {
    long[] sum = new long[2];
    for (long[] tally : hosts.values()) {
      sum[0] += tally[0];
      sum[1] += tally[1];
    }
    return sum;
  }

  /** Over the commits on which it is known whether the test or the code was wrong. */
  private static FailureRate rate(SortedMap<String, SortedMap<String, long[]>> commits) {
    long failures = 0;
    long outcomes = 0;
    for (SortedMap<String, long[]> hosts : commits.values()) {
      long[] sum = sum(hosts);
      if (sum[1] > 1 && sum[0] < sum[1]) {
        failures += sum[0];
        outcomes += sum[1];
      }
    }
    return new FailureRate(failures, outcomes);
  }

  /** Each host against the others within commits; the smallest p times the number of hosts. */
  private static double hostP(SortedMap<String, SortedMap<String, long[]>> commits) {
    Set<String> names = new HashSet<>();
    commits.values().forEach(hosts -> names.addAll(hosts.keySet()));
    String[] hosts = names.toArray(String[]::new);
    Arrays.sort(hosts);
    double least = Double.NaN;
    int made = 0;
    for (String host : hosts) {
      FisherExact test = new FisherExact();
      for (Map<String, long[]> tallies : commits.values()) {
        long[] own = tallies.getOrDefault(host, new long[2]);
        long[] all = new long[2];
        tallies
            .values()
            .forEach(
                tally -> {
                  all[0] += tally[0];
                  all[1] += tally[1];
                });
        test.add(own[0], own[1], all[0] - own[0], all[1] - own[1]);
      }
      if (test.isInformative()) {
        made++;
        double p = test.twoSided();
        least = p >= least ? least : p;
      }
    }
    return made == 0 ? Double.NaN : Math.min(1, least * (hosts.length == 2 ? 1 : made));
  }
}
