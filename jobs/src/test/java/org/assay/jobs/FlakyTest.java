package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assay.UserException;
import org.assay.config.RunConfig;
import org.assay.flaky.Sprt;
import org.assay.jobs.runner.Fixtures;
import org.assay.report.ReportHash;
import org.assay.report.Tables;
import org.assay.report.TestDependency;
import org.assay.report.TestRun;
import org.assay.report.TestVerdict;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job finds what is planted in fixture projects, and nothing else. */
class FlakyTest {
  @TempDir Path dir;

  private static final String CONF =
      """
      name = t, seed = 7, output = "out"
      subjects.core { SUBJECT }
      jobs = [ { job = flaky, JOB } ]
      """;

  private RunContext run(String subject, String job) {
    return Shared.run(CONF.replace("SUBJECT", subject).replace("JOB", job), dir.resolve("staging"));
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

  private static final String DEMO =
      "kind = command, project = \"../conf/demo/suite\", command = [sh, run-tests.sh, \"{tests-file}\", \"{report}\", \"{executed-file}\"]";

  /** As the suite says of itself. */
  @Test
  void findsWhatIsPlantedInTheSuiteOfTheDemo() {
    RunContext context =
        run(
            DEMO,
            "same-order = 5, orders { kind = pair-cover, shuffle = method, budget-runs = 8 }, confirm = 3");
    Map<String, String> verdicts = verdicts(context);
    assertThat(verdicts).hasSize(8);
    verdicts.values().removeIf(v -> v.equals("STABLE_WITHIN"));
    assertThat(verdicts)
        .containsOnly(
            Map.entry("demo#reads-default", "OD_VICTIM"),
            Map.entry("demo#uses-table", "OD_BRITTLE"),
            Map.entry("demo#rounds", "ALWAYS_FAILS"));
    assertThat(dependencies(context))
        .containsExactlyInAnyOrder(
            "POLLUTER demo#sets-option [\"demo#reads-default\"]",
            "CLEANER demo#resets [\"demo#sets-option\", \"demo#reads-default\"]",
            "SETTER demo#creates-table [\"demo#uses-table\"]");
    List<TestRun> runs = context.rows(Tables.TEST_RUNS);
    assertThat(runs.stream().filter(r -> r.orderId().equals("same-order-0000")))
        .hasSize(5 * 8)
        .allMatch(r -> r.attempt() == 0 && r.worker().equals("driver"));
    assertThat(context.rows(Tables.DEPENDENCIES))
        .filteredOn(d -> d.role().equals("CLEANER"))
        .extracting(TestDependency::reproduce)
        .containsExactly(
            "assay reproduce out --subject core 'demo#sets-option' 'demo#resets' 'demo#reads-default'");
    assertThat(context.inputs().get("subjects.core").notes())
        .contains("56 of 56 ordered pairs of tests ran one directly after the other (100.0 %)");
  }

  /** Rounds that a plan has run already are not run again, nor counted twice, to confirm. */
  @Test
  void noRunCountsTwice() {
    RunContext context =
        run(
            DEMO,
            "same-order = 2, orders { kind = reverse, budget-runs = 4 }, confirm = 5, cleaners = 1");
    List<TestRun> runs = context.rows(Tables.TEST_RUNS);
    assertThat(runs.stream().filter(r -> r.orderId().startsWith("reverse")))
        .as("the rounds of the plan, and those that were missing to confirm")
        .hasSize(6 * 8);
    assertThat(runs)
        .extracting(r -> List.of(r.orderId(), r.round(), r.attempt(), r.position(), r.factors()))
        .doesNotHaveDuplicates();
  }

  /** Two runs hold the same rows, but for what may differ. */
  @Test
  void theReportIsTheSameInEveryRun() {
    String job =
        "same-order = 2, orders { kind = random, budget-runs = 4 }, confirm = 2, cleaners = 2";
    List<ReportHash> hashes = new ArrayList<>();
    for (String place : List.of("a", "b")) {
      RunContext context =
          Shared.run(
              "name = t, seed = 7, output = out, subjects.core { "
                  + DEMO
                  + " }, jobs = [ { job = flaky, "
                  + job
                  + " } ]",
              dir.resolve(place));
      ReportHash hash = new ReportHash();
      context.rows(Tables.ORDERS).forEach(row -> hash.add(Tables.ORDERS, row));
      context.rows(Tables.TEST_RUNS).forEach(row -> hash.add(Tables.TEST_RUNS, row));
      context.rows(Tables.VERDICTS).forEach(row -> hash.add(Tables.VERDICTS, row));
      context.rows(Tables.DEPENDENCIES).forEach(row -> hash.add(Tables.DEPENDENCIES, row));
      context.rows(Tables.FAILURE_CLUSTERS).forEach(row -> hash.add(Tables.FAILURE_CLUSTERS, row));
      hashes.add(hash);
    }
    assertThat(hashes.get(0)).isEqualTo(hashes.get(1));
    assertThat(hashes.get(0).rows()).isGreaterThan(100);
  }

  /** What was done is not done again, though the context is a new one. */
  @Test
  void runsThatAreKeptAreNotRunAgain() throws IOException {
    Path project = Files.createDirectory(dir.resolve("project"));
    Path count = dir.resolve("count");
    Files.writeString(
        project.resolve("run"), "#!/bin/sh\necho x >> $COUNT\nsh run-tests.sh \"$@\"\n");
    Files.copy(Path.of("../conf/demo/suite/run-tests.sh"), project.resolve("run-tests.sh"));
    String subject =
        DEMO.replace("../conf/demo/suite", project.toString()).replace("run-tests.sh", "run")
            + ", environment { COUNT = \""
            + count
            + "\" }";
    String job = "same-order = 3, orders { kind = reverse, budget-runs = 2 }, confirm = 2";
    run(subject, job);
    long first = Files.readAllLines(count).size();
    RunContext again = run(subject, job);
    assertThat(Files.readAllLines(count).size()).isEqualTo(first + 1); // that which finds the tests
    assertThat(verdicts(again)).containsEntry("demo#reads-default", "OD_VICTIM");
  }

  @Test
  void theBudgetIsKeptAndWhatIsLeftOutIsSaid() {
    RunContext context =
        run(DEMO, "same-order = 3, orders { kind = reverse, budget-runs = 5 }, runs = 6");
    assertThat(context.rows(Tables.TEST_RUNS)).hasSize(6 * 8);
    assertThat(context.inputs().get("subjects.core").notes())
        .anyMatch(
            note ->
                note.matches(
                    "[0-9]+ runs were left out, for the budget of 6 runs and 60.0 minutes was spent"));
  }

  /** Two tests heed one variable each; a third heeds none. */
  @Test
  void whatDependsOnTheEnvironmentIsAttributed() throws IOException {
    Path project = Files.createDirectory(dir.resolve("project"));
    Files.writeString(
        project.resolve("run"),
        """
        [ -s "$1" ] || printf 's#zone\\ns#seed\\ns#none\\n' > "$1"
        cases=
        while IFS= read -r id; do
          failure=
          [ "$id$TZ" != s#zoneAsia/Tokyo ] || failure='<failure/>'
          [ "$id$SEED" != s#seed1 ] || failure='<failure/>'
          cases="$cases<testcase classname='s' name='${id#s#}'>$failure</testcase>"
        done < "$1"
        echo "<testsuite>$cases</testsuite>" > "$2"
        """);
    RunContext context =
        run(
            "kind = command, project = \""
                + project
                + "\", command = [sh, run, \"{tests-file}\", \"{report}\"]",
            "same-order = 3, orders = [], factor-runs = 16,"
                + " factors { TZ = [UTC, Asia/Tokyo], SEED = [0, 1], LC_ALL = [C, C.UTF-8], cpu-load = [0, 1] }");
    assertThat(verdicts(context))
        .containsOnly(
            Map.entry("s#zone", "FACTOR"),
            Map.entry("s#seed", "FACTOR"),
            Map.entry("s#none", "STABLE_WITHIN"));
    assertThat(context.rows(Tables.VERDICTS))
        .extracting(TestVerdict::evidence)
        .contains(
            "TZ = Asia/Tokyo: failed in 8 of 8 runs, else in 0 of 8",
            "SEED = 1: failed in 8 of 8 runs, else in 0 of 8");
    assertThat(context.rows(Tables.FACTOR_EFFECTS))
        .filteredOn(e -> e.pAdjusted() <= 0.05)
        .extracting(
            e -> List.of(e.testId(), e.factor(), e.level(), e.failures(), e.runs(), e.value()))
        .containsExactlyInAnyOrder(
            List.of("s#zone", "TZ", "Asia/Tokyo", 8L, 8L, 1.0),
            List.of("s#seed", "SEED", "1", 8L, 8L, 1.0));
    // Newcombe's interval for 8 of 8 less 0 of 8: from Wilson's 0.6756 and 0.3244 at 95 %
    assertThat(context.rows(Tables.FACTOR_EFFECTS))
        .filteredOn(e -> e.testId().equals("s#zone"))
        .hasSize(4)
        .filteredOn(e -> e.factor().equals("TZ"))
        .allSatisfy(
            e -> {
              assertThat(e.ciLow()).isCloseTo(0.5412, within(1e-3));
              assertThat(e.ciHigh()).isEqualTo(1);
              assertThat(e.pValue()).isCloseTo(2 / 12870.0, within(1e-12));
              assertThat(e.reproduce())
                  .isEqualTo("assay reproduce out --subject core 's#zone' --factor TZ=Asia/Tokyo");
            });
    assertThat(context.rows(Tables.FAILURE_CLUSTERS))
        .singleElement()
        .satisfies(
            c -> {
              assertThat(c.fingerprint()).isEmpty();
              assertThat(c.failures()).isEqualTo(16);
              assertThat(c.testIds()).isEqualTo("[\"s#zone\", \"s#seed\"]");
            });
    assertThat(context.rows(Tables.TEST_RUNS))
        .filteredOn(r -> r.orderId().equals("factors-0000"))
        .hasSize(16 * 3)
        .allMatch(r -> r.factors().matches("LC_ALL=.*,SEED=.,TZ=.*,cpu-load=."));
  }

  /** Tests that end the process are found, run alone, and left out of the orders. */
  @Test
  @Tag("slow")
  void testsThatEndTheProcessDoNotHideTheOthers() {
    RunContext context =
        run(
            Fixtures.junit("junit5-rough", dir) + ", seconds-per-test = 5",
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
   * 14 cleaners in the polluter's class: an order drawn at random shows the victim with probability
   * 1/30, while orders that cover pairs show it within those that were announced.
   */
  @Test
  void ordersThatCoverPairsFindWhatRandomOrdersHardlyShow() {
    String subject =
        "kind = command, project = \""
            + Path.of("src/test/resources/fixtures/cleaners").toAbsolutePath()
            + "\", command = [sh, run-tests, \"{tests-file}\", \"{report}\", \"{executed-file}\"]";
    String job = "same-order = 2, orders { kind = pair-cover }, confirm = 3, cleaners = 14";
    assertThat(explained(subject, job))
        .contains("  orders      pair-cover: 30 runs of as many orders");
    RunContext context = run(subject, job);
    assertThat(context.rows(Tables.ORDERS).stream().filter(o -> o.kind().equals("pair-cover")))
        .hasSize(30);
    List<TestVerdict> victims =
        context.rows(Tables.VERDICTS).stream().filter(v -> v.failures() > 0).toList();
    assertThat(victims)
        .singleElement()
        .satisfies(
            v -> {
              assertThat(v.testId()).isEqualTo("lone#victim");
              assertThat(v.verdict()).isEqualTo("OD_VICTIM");
              assertThat(v.evidence())
                  .isEqualTo(
                      "a polluter is confirmed; given its culprits an order drawn at random (class-and-method) shows it"
                          + " with probability 0.0333: 89 orders for 95 %; in 1 of 30 orders that cover pairs a polluter"
                          + " ran directly before it");
            });
    assertThat(context.rows(Tables.DEPENDENCIES).stream().map(TestDependency::role))
        .filteredOn(role -> role.equals("CLEANER"))
        .hasSize(14);
  }

  private List<String> explained(String subject, String job) {
    RunConfig config =
        RunConfig.read(
            ConfigFactory.parseString(CONF.replace("SUBJECT", subject).replace("JOB", job)));
    Runner runner = Runner.of(config, List.of());
    try (RunContext context =
        new RunContext(Shared.spark(), config, runner.steps(), Progress.silent(), null, null)) {
      return runner.steps().get(0).explain(context);
    }
  }

  /** What is no variable of the environment: a process is run with it as the levels say. */
  @Test
  void conditionsOfAProcessAreVaried() throws IOException, InterruptedException {
    Process unshare = new ProcessBuilder("unshare", "-r", "-n", "true").start();
    Assumptions.assumeTrue(unshare.waitFor() == 0, "no user namespaces here");
    Assumptions.assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "one processor");
    String network = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    Path project = Files.createDirectory(dir.resolve("project"));
    Files.writeString(
        project.resolve("run"),
        """
        [ -s "$1" ] || printf 's#network\ns#processors\ns#memory\ns#none\n' > "$1"
        cases=
        while IFS= read -r id; do
          failure=
          case $id in
            s#network) [ "$(readlink /proc/self/ns/net)" = "$NET" ] || failure='<failure/>' ;;
            s#processors) [ "$(nproc)" -gt 1 ] || failure='<failure/>' ;;
            s#memory) [ "$(ulimit -v)" = unlimited ] || failure='<failure/>' ;;
          esac
          cases="$cases<testcase classname='s' name='${id#s#}'>$failure</testcase>"
        done < "$1"
        echo "<testsuite>$cases</testsuite>" > "$2"
        """);
    RunContext context =
        run(
            "kind = command, project = \""
                + project
                + "\", command = [sh, run, \"{tests-file}\", \"{report}\"], environment { NET = \""
                + network
                + "\" }",
            "same-order = 2, orders = [], factor-runs = 16,"
                + " factors { network = [on, off], processors = [all, 1], memory = [all, 1GiB], cpu-load = [0, 1] }");
    assertThat(context.rows(Tables.VERDICTS))
        .extracting(TestVerdict::evidence)
        .contains(
            "memory = 1GiB: failed in 8 of 8 runs, else in 0 of 8",
            "network = off: failed in 8 of 8 runs, else in 0 of 8",
            "processors = 1: failed in 8 of 8 runs, else in 0 of 8")
        .anyMatch(evidence -> evidence.startsWith("no failure in"));
  }

  /**
   * A test that fails always and two that never do are decided at once and after a while; the suite
   * is run no longer, and of it no more than up to the last test that is not decided.
   */
  @Test
  void runsEndWhenTestsAreDecided() throws IOException {
    Path project = Files.createDirectory(dir.resolve("project"));
    Files.writeString(
        project.resolve("run"),
        """
        [ -s "$1" ] || printf 's#first\\ns#second\\ns#bad\\n' > "$1"
        cases=
        while IFS= read -r id; do
          failure=
          [ $id != s#bad ] || failure='<failure/>'
          cases="$cases<testcase classname='s' name='${id#s#}'>$failure</testcase>"
        done < "$1"
        echo "<testsuite>$cases</testsuite>" > "$2"
        """);
    RunContext context =
        run(
            "kind = command, project = \""
                + project
                + "\", command = [sh, run, \"{tests-file}\", \"{report}\"]",
            "same-order = 4, orders = [], sequential { most = 100, low = 0.05, high = 0.5, alpha = 0.05, beta = 0.05 }");
    // ln(0.05 / 0.95) / ln(0.5 / 0.95) = 4.59 runs without failure: 5, in batches of 4
    assertThat(new Sprt(0.05, 0.5, 0.05, 0.05).runsForLow()).isEqualTo(5);
    assertThat(context.rows(Tables.VERDICTS))
        .extracting(v -> v.testId() + " " + v.failures() + "/" + v.runs() + " " + v.ciMethod())
        .containsExactly(
            "s#first 0/8 beta-mixture", "s#second 0/8 beta-mixture", "s#bad 4/4 beta-mixture");
    assertThat(context.rows(Tables.VERDICTS).get(0).evidence())
        .isEqualTo(
            "no failure in 8 runs: the rate is below 0.4389 at level 0.95; in the suite's own order its rate is called low"
                + " (sequential test of 0.0500 against 0.500)");
  }

  private void refused(String script, String message) throws IOException {
    Path project = Files.createDirectory(dir.resolve("project"));
    Files.writeString(project.resolve("run"), script);
    String subject =
        "kind = command, project = \""
            + project
            + "\", command = [sh, run, \"{tests-file}\", \"{report}\"], discover = [sh, \"-c\", \"echo s#a > $0; echo s#b >> $0\", \"{tests-file}\"]";
    assertThatThrownBy(() -> run(subject, "same-order = 3"))
        .isInstanceOf(UserException.class)
        .hasMessage(message)
        .extracting(e -> ((UserException) e).kind())
        .isEqualTo(UserException.Kind.INPUT);
  }

  @Test
  void testsThatAreAllSkippedAreRefused() throws IOException {
    refused(
        """
        for id in $(cat "$1"); do cases="$cases<testcase classname='s' name='${id#s#}'><skipped message='no database'/></testcase>"; done
        echo "<testsuite>$cases</testsuite>" > "$2"
        """,
        "subjects.core: 2 tests found, and none can be executed: in 3 runs none passed or failed, all were skipped: no database;"
            + " enable them, or provide what they ask for, such as variables in environment");
  }

  @Test
  void aRunnerThatWritesNoXmlIsRefused() throws IOException {
    refused(
        "echo nothing to do; exit 3",
        "subjects.core: of 3 runs in the suite's own order none ran as asked: the command left no JUnit XML at {report};"
            + " it ended with exit code 3, and said: nothing to do; mend that, and see it with: assay reproduce CONF TEST");
  }

  @Test
  void conditionsThatAMachineDoesNotHaveAreRefused() throws IOException {
    for (Path library :
        List.of(Path.of("/usr/lib/faketime"), Path.of("/usr/lib/x86_64-linux-gnu/faketime"))) {
      Assumptions.assumeTrue(Files.notExists(library), "there is a libfaketime here");
    }
    assertThatThrownBy(() -> run(DEMO, "factors { clock = [0, \"+2d\"] }"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(
            "the factor clock needs libfaketime, and there is none; install it; install what the tests need on every executor");
  }

  /** Rounds of an order that are run because a test failed in it are no matter of its rate. */
  @Test
  void rerunsOfAnOrderDoNotCountInTheRate() {
    RunContext context =
        run(
            DEMO,
            "same-order = 2, orders { kind = reverse, budget-runs = 2 }, confirm = 5, cleaners = 1");
    assertThat(
            context.rows(Tables.TEST_RUNS).stream().filter(r -> r.orderId().startsWith("reverse")))
        .hasSize(6 * 8);
    assertThat(context.rows(Tables.VERDICTS)).allMatch(v -> v.runs() == 4);
  }
}
