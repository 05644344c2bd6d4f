package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assay.jobs.runner.Fixtures;
import org.assay.report.Tables;
import org.assay.report.TestDependency;
import org.assay.report.TestRun;
import org.assay.report.TestVerdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job finds what is planted in fixture projects, and nothing else. */
class FlakyTest {
  @TempDir Path dir;

  private RunContext run(String subject, String job) {
    return Shared.run(
        """
        name = t, seed = 7, output = "out"
        subjects.core { SUBJECT }
        jobs = [ { job = flaky, JOB } ]
        """
            .replace("SUBJECT", subject)
            .replace("JOB", job),
        dir.resolve("staging"));
  }

  private static Map<String, String> verdicts(RunContext context) {
    Map<String, String> verdicts = new TreeMap<>();
    for (TestVerdict verdict : context.rows(Tables.VERDICTS)) {
      verdicts.put(verdict.testId(), verdict.verdict());
    }
    return verdicts;
  }

  /** Role, test, others. */
  private static List<String> dependencies(RunContext context) {
    List<String> found = new ArrayList<>();
    for (TestDependency d : context.rows(Tables.DEPENDENCIES)) {
      found.add(d.role() + " " + d.testId() + " " + d.others());
    }
    return found;
  }

  /**
   * One class of five tests and one of seven: two classes together cover the pairs between them in
   * few orders.
   */
  @Test
  void findsVictimsPollutersAndCleaner() {
    RunContext context =
        run(
            Fixtures.junit("junit5", dir) + ", classes = [AlphaTest, BetaTest]",
            "same-order = 4, orders { kind = pair-cover, budget-runs = 6 }, confirm = 2, suspects = 7, cleaners = 4");
    Map<String, String> verdicts = verdicts(context);
    assertThat(verdicts).hasSize(12);
    verdicts.values().removeIf(v -> v.equals("STABLE_WITHIN"));
    assertThat(verdicts)
        .containsOnly(
            Map.entry("acme.AlphaTest#victim", "OD_VICTIM"),
            Map.entry("acme.AlphaTest#needsEmptyCache", "OD_VICTIM"),
            Map.entry("acme.AlphaTest#needsNoFile", "OD_VICTIM"),
            Map.entry("acme.AlphaTest#needsDefaultMode", "OD_VICTIM"));
    assertThat(dependencies(context))
        .contains(
            "POLLUTER acme.BetaTest#leaks [\"acme.AlphaTest#victim\"]",
            "POLLUTER acme.BetaTest#leavesFile [\"acme.AlphaTest#needsNoFile\"]",
            "POLLUTER acme.BetaTest#changesMode [\"acme.AlphaTest#needsDefaultMode\"]")
        .allMatch(d -> !d.startsWith("SETTER"));
    List<TestRun> runs = context.rows(Tables.TEST_RUNS);
    assertThat(runs.stream().filter(r -> r.orderId().equals("same-order-0000")))
        .hasSize(4 * 12)
        .allMatch(r -> r.attempt() == 0 && !r.worker().isEmpty());
    assertThat(context.rows(Tables.DEPENDENCIES).get(0).reproduce())
        .startsWith("assay reproduce out --subject core 'acme.BetaTest#");
    assertThat(context.inputs().get("subjects.core").notes())
        .anyMatch(note -> note.contains("ordered pairs of tests ran one directly after the other"));
  }

  /** Tests that end the process are found, run alone, and left out of the orders. */
  @Test
  void testsThatEndTheProcessDoNotHideTheOthers() {
    RunContext context =
        run(
            Fixtures.junit("junit5-rough", dir) + ", seconds-per-test = 2",
            "same-order = 2, orders = [], confirm = 2");
    assertThat(verdicts(context))
        .containsOnly(
            Map.entry("acme.RoughTest#exits", "ALWAYS_FAILS"),
            Map.entry("acme.RoughTest#halts", "ALWAYS_FAILS"),
            Map.entry("acme.RoughTest#hangs", "ALWAYS_FAILS"),
            Map.entry("acme.RoughTest#leavesAProcess", "ALWAYS_FAILS"),
            Map.entry("acme.RoughTest#seesTheMachine", "ALWAYS_FAILS"),
            Map.entry("acme.RoughTest#hasAHomeOfItsOwn", "STABLE_WITHIN"),
            Map.entry("acme.RoughTest#passes", "STABLE_WITHIN"),
            Map.entry("acme.RoughTest#writesALot", "STABLE_WITHIN"));
    assertThat(context.inputs().get("subjects.core").notes())
        .anyMatch(
            note ->
                note.startsWith("left out of orders")
                    && note.contains("acme.RoughTest#exits")
                    && note.contains("acme.RoughTest#hangs"));
  }

  /**
   * All that is planted. The coin falls on its bad side in none of 12 runs with probability 0.014, and
   * in all with 5e-7; then the test of that one is another.
   */
  @Test
  @Tag("slow")
  void findsThePlantedTruth() {
    RunContext context =
        run(
            Fixtures.junit("junit5", dir),
            "same-order = 12, orders { kind = pair-cover, budget-runs = 12 }");
    Map<String, String> verdicts = verdicts(context);
    verdicts.values().removeIf(v -> v.equals("STABLE_WITHIN"));
    assertThat(verdicts)
        .containsOnly(
            Map.entry("acme.GammaTest#alwaysFails", "ALWAYS_FAILS"),
            Map.entry("acme.GammaTest#tossesACoin", "NOD"),
            Map.entry("acme.GammaTest#needsInstalled", "OD_BRITTLE"),
            Map.entry("acme.AlphaTest#victim", "OD_VICTIM"),
            Map.entry("acme.AlphaTest#needsEmptyCache", "OD_VICTIM"),
            Map.entry("acme.AlphaTest#needsNoFile", "OD_VICTIM"),
            Map.entry("acme.AlphaTest#needsDefaultMode", "OD_VICTIM"));
    assertThat(dependencies(context))
        .containsExactlyInAnyOrder(
            "POLLUTER acme.BetaTest#leaks [\"acme.AlphaTest#victim\"]",
            "POLLUTER acme.BetaTest#fillsCache [\"acme.AlphaTest#needsEmptyCache\"]",
            "POLLUTER acme.BetaTest#fillsCacheToo [\"acme.AlphaTest#needsEmptyCache\"]",
            "CLEANER acme.BetaTest#clearsCache [\"acme.BetaTest#fillsCache\", \"acme.AlphaTest#needsEmptyCache\"]",
            "POLLUTER acme.BetaTest#leavesFile [\"acme.AlphaTest#needsNoFile\"]",
            "POLLUTER acme.BetaTest#changesMode [\"acme.AlphaTest#needsDefaultMode\"]",
            "SETTER acme.BetaTest#installs [\"acme.GammaTest#needsInstalled\"]");
  }
}
