package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assay.jobs.runner.Fixtures;
import org.assay.report.Tables;
import org.assay.report.TestDependency;
import org.assay.report.TestRun;
import org.assay.report.TestVerdict;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job finds exactly what is planted in one project each of JUnit 4, JUnit 5 and pytest. What it
 * finds is the table of {@code src/test/resources/fixtures/TRUTH.md}, which is compared with every
 * run, and written anew by {@code ./mvnw -Pplanted test -pl jobs -am -Dtest=PlantedTest
 * -Dassay.write-truth=true -Dsurefire.failIfNoSpecifiedTests=false}.
 *
 * <p>Nothing here is luck: what fails by chance takes its chance from a deck of cards, see {@code
 * Deck} in the projects, and orders are drawn with a fixed seed.
 */
@Tag("planted")
class PlantedTest {
  private static final Path TRUTH = Path.of("src/test/resources/fixtures/TRUTH.md");

  private static final String HEAD =
      """
      # What is planted in fixture projects, and what the job finds

      Written by `PlantedTest`, which compares it with what it finds in every run; its comment says how it is written anew. "fails with" are the
      outcomes of the runs in which a test failed. Tests that are not named are stable, and found so.
      """;

  /** Orders: 20 runs in the suite's own, 24 that cover pairs, 5 runs to confirm. */
  private static final String ORDERS =
      "same-order = 20, orders { kind = pair-cover, budget-runs = 24 }, confirm = 5";

  private static final String ROUGH = "same-order = 2, orders = [], confirm = 2";

  @TempDir Path dir;

  /** What is planted in one test, and how it must show. */
  private record Plant(
      String test, String what, String verdict, String failsWith, String culprits) {
    String row() {
      return "| "
          + cell(test)
          + " | "
          + what
          + " | "
          + verdict
          + " | "
          + failsWith
          + " | "
          + cell(culprits)
          + " |";
    }

    private static String cell(String text) {
      return text.isEmpty() ? "" : "`" + text.replace("|", "\\|").replace("\n", "\\n") + "`";
    }
  }

  /** The plants of one project, by the names of its framework. */
  private static final class Names {
    private final boolean isPython;
    private final List<Plant> plants = new ArrayList<>();

    Names(boolean isPython) {
      this.isPython = isPython;
    }

    /** {@code Alpha#needsNoFile} as the framework names it. */
    String id(String name) {
      String[] parts = name.split("#", -1);
      return isPython
          ? "tests/test_" + snake(parts[0]) + ".py#test_" + snake(parts[1])
          : "acme." + parts[0] + "Test#" + parts[1];
    }

    private static String snake(String camel) {
      return camel.replaceAll("(?<=.)([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
    }

    void plant(String name, String what, String verdict, String failsWith, String... culprits) {
      raw(
          id(name),
          what,
          verdict,
          failsWith,
          List.of(culprits).stream().map(this::culprit).toList());
    }

    void raw(String id, String what, String verdict, String failsWith, List<String> culprits) {
      plants.add(new Plant(id, what, verdict, failsWith, String.join("; ", culprits)));
    }

    /** {@code POLLUTER Beta#leaks} in the framework's names. */
    private String culprit(String text) {
      int space = text.indexOf(' ');
      return text.substring(0, space + 1) + id(text.substring(space + 1));
    }

    void common() {
      String fail = "FAIL";
      plant(
          "Alpha#victim",
          "victim of one polluter, in another class; static state",
          "OD_VICTIM",
          fail,
          "POLLUTER Beta#leaks");
      plant(
          "Alpha#startsAtZero",
          "victim of one polluter, in its own class",
          "OD_VICTIM",
          fail,
          "POLLUTER Alpha#counts");
      plant(
          "Alpha#needsEmptyCache",
          "victim of two polluters; one test cleans",
          "OD_VICTIM",
          fail,
          "CLEANER Beta#clearsCache",
          "POLLUTER Beta#fillsCache",
          "POLLUTER Beta#fillsCacheToo");
      plant(
          "Alpha#needsNoFile",
          "victim by a file of the work tree",
          "OD_VICTIM",
          fail,
          "POLLUTER Beta#leavesFile");
      plant(
          "Alpha#needsDefaultMode",
          isPython ? "victim by the environment of the process" : "victim by a system property",
          "OD_VICTIM",
          fail,
          "POLLUTER Beta#changesMode");
      plant(
          "Alpha#isUpset",
          "after its polluter it fails in 4 of 5 runs",
          "NDOD",
          fail,
          "POLLUTER Beta#shakes");
      plant(
          "Gamma#needsInstalled",
          "brittle, with a setter",
          "OD_BRITTLE",
          fail,
          "SETTER Beta#installs");
      plant("Gamma#tossesACoin", "fails in 30 % of runs", "NOD", fail);
      plant("Gamma#seldomFails", "fails in 3 % of runs", "NOD", fail);
      plant("Gamma#alwaysFails", "always fails", "ALWAYS_FAILS", fail);
    }

    void factors(String zone, String locale, String hashes) {
      plant("Factors#needsTimeZone", "fails in another time zone", "FACTOR " + zone, "FAIL");
      plant("Factors#needsLocale", "fails in another locale", "FACTOR " + locale, "FAIL");
      plant("Factors#needsHashes", "fails with other hashes", "FACTOR " + hashes, "FAIL");
      plant("Factors#needsAProcessor", "fails under load", "FACTOR cpu-load = 24", "FAIL");
    }

    void rough() {
      plant("Rough#exits", "ends the process, as if all were well", "ALWAYS_FAILS", "CRASH");
      plant("Rough#crashes", "crashes the process", "ALWAYS_FAILS", "CRASH");
      plant("Rough#hangs", "hangs", "ALWAYS_FAILS", "TIMEOUT");
    }
  }

  @Test
  void junit4() throws IOException {
    Names names = new Names(false);
    names.common();
    names.raw(
        "acme.OddTest#checks[line\nend]",
        "victim with an odd name",
        "OD_VICTIM",
        "FAIL",
        List.of("POLLUTER acme.OddTest#leavesMuch[[x] 'y' \"\u00fc\u4e2d\"]"));
    names.raw(
        "acme.TearDownTest#passesItself", "its teardown fails", "ALWAYS_FAILS", "ERROR", List.of());
    javaProject("JUnit 4", "junit4", Fixtures.junit4("junit4", dir), names);
  }

  @Test
  void junit5() throws IOException {
    Names names = new Names(false);
    names.common();
    names.raw(
        "acme.OddTest#pr\u00fcft\u4e2d",
        "victim with an odd name",
        "OD_VICTIM",
        "FAIL",
        List.of("POLLUTER acme.OddTest#leaves$Much"));
    names.raw(
        "acme.OddTest$TearDown#passesItself",
        "its teardown fails",
        "ALWAYS_FAILS",
        "ERROR",
        List.of());
    javaProject("JUnit 5", "junit5", Fixtures.junit("junit5", dir), names);
  }

  private void javaProject(String title, String name, String subject, Names names)
      throws IOException {
    names.factors(
        "TZ = Asia/Tokyo",
        "JAVA_TOOL_OPTIONS = -Duser.language=tr",
        "JDK_JAVA_OPTIONS = -XX:+UnlockExperimentalVMOptions -XX:hashCode=2");
    names.rough();
    String factors =
        "factors { TZ = [UTC, Asia/Tokyo], JAVA_TOOL_OPTIONS = [\"-Duser.language=en\", \"-Duser.language=tr\"],"
            + " JDK_JAVA_OPTIONS = [\"-Dacme=1\", \"-XX:+UnlockExperimentalVMOptions -XX:hashCode=2\"], cpu-load = [0, 24] }";
    check(
        title,
        name,
        names,
        List.of(
            run(
                subject + ", classes = [AlphaTest, BetaTest, GammaTest, OddTest, TearDownTest]",
                ORDERS),
            run(
                subject + ", classes = [FactorsTest], exclusive = true",
                "same-order = 3, orders = [], factor-runs = 16, " + factors),
            run(subject + ", classes = [RoughTest], seconds-per-test = 5", ROUGH)));
  }

  @Test
  void pytest() throws IOException {
    Assumptions.assumeTrue(Fixtures.hasPytest(), "there is no Python with pytest here");
    Names names = new Names(true);
    names.common();
    names.raw(
        "tests/test_odd.py#test_checks[line\\nend]",
        "victim with an odd name",
        "OD_VICTIM",
        "FAIL",
        List.of("POLLUTER tests/test_odd.py#test_leaves_much[[x]::y 'z' \"\\xfc\\u4e2d\"]"));
    names.raw(
        "tests/test_odd.py#test_teardown",
        "its teardown fails",
        "ALWAYS_FAILS",
        "ERROR",
        List.of());
    names.factors("TZ = Asia/Tokyo", "LC_ALL = C", "PYTHONHASHSEED = 1");
    names.rough();
    String subject = Fixtures.pytest("pytest", dir);
    String factors =
        "factors { TZ = [UTC, Asia/Tokyo], LC_ALL = [C.UTF-8, C], PYTHONHASHSEED = [0, 1], cpu-load = [0, 24] }";
    check(
        "pytest",
        "pytest",
        names,
        List.of(
            run(
                subject
                    + ", pytest-args = [tests/test_alpha.py, tests/test_beta.py, tests/test_gamma.py, tests/test_odd.py]",
                ORDERS),
            run(
                subject
                    + ", pytest-args = [tests/test_factors.py], exclusive = true, environment { PYTHONHASHSEED = 0, LC_ALL = C.UTF-8 }",
                "same-order = 3, orders = [], factor-runs = 16, " + factors),
            run(subject + ", pytest-args = [tests/test_rough.py], seconds-per-test = 5", ROUGH)));
  }

  private RunContext run(String subject, String job) throws IOException {
    Path decks = Files.createTempDirectory(dir, "decks");
    String environment = "environment { DECKS = \"" + decks + "\" }";
    return Shared.run(
        "name = t, seed = 7, output = out, subjects.core { "
            + subject
            + ", "
            + environment
            + " }, jobs = [ { job = flaky, "
            + job
            + " } ]",
        decks.resolve("staging"));
  }

  /** Compares what was found with what is planted, and the document with both. */
  private static void check(String title, String project, Names names, List<RunContext> parts)
      throws IOException {
    Map<String, Plant> found = new LinkedHashMap<>();
    Map<String, String> what =
        names.plants.stream().collect(Collectors.toMap(Plant::test, Plant::what));
    for (RunContext part : parts) {
      found.putAll(found(part, what));
    }
    StringBuilder table = new StringBuilder();
    table
        .append("\nProject `")
        .append(project)
        .append("`, ")
        .append(found.size())
        .append(" tests.\n\n")
        .append(
            "| test | planted | verdict found | fails with | culprits found |\n|---|---|---|---|---|\n");
    found.values().stream()
        .filter(plant -> !plant.verdict().equals("STABLE_WITHIN"))
        .forEach(plant -> table.append(plant.row()).append('\n'));
    if (Boolean.getBoolean("assay.write-truth")) {
      write(title, table.toString());
    }
    found.values().removeIf(plant -> plant.verdict().equals("STABLE_WITHIN"));
    assertThat(found.values()).containsExactlyInAnyOrderElementsOf(names.plants);
    assertThat(sections().get(title)).isEqualTo(table.toString());
  }

  private static Map<String, Plant> found(RunContext part, Map<String, String> what) {
    Map<String, TreeSet<String>> culprits = new TreeMap<>();
    for (TestDependency d : part.rows(Tables.DEPENDENCIES)) {
      List<String> others =
          com.typesafe.config.ConfigFactory.parseString("o = " + d.others()).getStringList("o");
      culprits
          .computeIfAbsent(others.get(others.size() - 1), x -> new TreeSet<>())
          .add(d.role() + " " + d.testId());
    }
    Map<String, TreeSet<String>> outcomes = new TreeMap<>();
    for (TestRun run : part.rows(Tables.TEST_RUNS)) {
      if (!List.of("PASS", "SKIP", "MISSING").contains(run.outcome())) {
        outcomes.computeIfAbsent(run.testId(), x -> new TreeSet<>()).add(run.outcome());
      }
    }
    Map<String, Plant> found = new TreeMap<>();
    for (TestVerdict v : part.rows(Tables.VERDICTS)) {
      String factor =
          v.verdict().equals("FACTOR")
              ? " " + v.evidence().substring(0, v.evidence().indexOf(": failed"))
              : "";
      found.put(
          v.testId(),
          new Plant(
              v.testId(),
              what.getOrDefault(v.testId(), "nothing"),
              v.verdict() + factor,
              String.join(", ", outcomes.getOrDefault(v.testId(), new TreeSet<>())),
              String.join("; ", culprits.getOrDefault(v.testId(), new TreeSet<>()))));
    }
    return found;
  }

  /** The document's parts by their titles. */
  private static Map<String, String> sections() throws IOException {
    Map<String, String> sections = new TreeMap<>();
    if (Files.exists(TRUTH)) {
      for (String section : Files.readString(TRUTH).split("\n## ", -1)) {
        int end = section.indexOf('\n');
        if (!section.startsWith("# ")) {
          sections.put(section.substring(0, end), section.substring(end + 1));
        }
      }
    }
    return sections;
  }

  private static void write(String title, String table) throws IOException {
    Map<String, String> sections = sections();
    sections.put(title, table);
    StringBuilder text = new StringBuilder(HEAD);
    sections.forEach((name, body) -> text.append("\n## ").append(name).append('\n').append(body));
    Files.writeString(TRUTH, text);
  }
}
