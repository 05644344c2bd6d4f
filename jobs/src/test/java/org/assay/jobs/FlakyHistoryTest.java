package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assay.UserException;
import org.assay.config.RunConfig;
import org.assay.report.Failure;
import org.assay.report.Tables;
import org.assay.report.TestVerdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verdicts from reports of past builds. */
class FlakyHistoryTest {
  @TempDir Path dir;

  private void report(String build, String commit, String host, String file, String... cases)
      throws IOException {
    Path folder = Files.createDirectories(dir.resolve("past/" + build + "/" + commit + "@" + host));
    Files.writeString(
        folder.resolve(file), "<testsuite name='s'>" + String.join("", cases) + "</testsuite>");
  }

  private static String test(String name, boolean fails) {
    return "<testcase classname='a.T' name='"
        + name
        + "'>"
        + (fails ? "<failure message='no'/>" : "")
        + "</testcase>";
  }

  private String conf(String more) {
    return """
        name = past, output = out
        subjects.past { kind = history, reports = "DIR/past", pattern = ".*/(?<build>[0-9]+)/(?<commit>[^/@]+)@(?<host>[^/]+)/[^/]+" MORE }
        jobs = [ { job = flaky } ]
        """
        .replace("DIR", dir.toString())
        .replace("MORE", more);
  }

  private RunContext run(String conf) {
    RunConfig config = RunConfig.read(ConfigFactory.parseString(conf));
    Runner runner = Runner.of(config, List.of());
    RunContext context =
        new RunContext(Shared.spark(), config, runner.steps(), Progress.silent(), null, null);
    runner.steps().forEach(step -> step.run(context));
    return context;
  }

  /**
   * Twelve builds of six commits on two hosts: one test is stable, one is broken on the last
   * commit, one failed on one of two builds of a commit, one fails on one host alone.
   */
  @Test
  void sameCommitDifferentOutcomes() throws IOException {
    for (int build = 0; build < 12; build++) {
      int commit = build / 2;
      String host = build % 2 == 0 ? "blue" : "red";
      report(
          Integer.toString(build),
          "c" + commit,
          host,
          "TEST-1.xml",
          test("stable", false),
          test("broken", commit == 5),
          test("flaky", build == 3));
      report(
          Integer.toString(build),
          "c" + commit,
          host,
          "TEST-2.xml",
          test("byHost", host.equals("red")));
    }
    Files.writeString(dir.resolve("past/notes.txt"), "not a report");
    report("3", "c1", "red", "TEST-3.xml", "<broken");
    RunContext context = run(conf(""));
    Map<String, TestVerdict> verdicts = new TreeMap<>();
    context.rows(Tables.VERDICTS).forEach(v -> verdicts.put(v.testId(), v));
    assertThat(verdicts.keySet())
        .containsExactly("a.T#broken", "a.T#byHost", "a.T#flaky", "a.T#stable");
    assertThat(verdicts.get("a.T#stable"))
        .returns("STABLE_WITHIN", TestVerdict::verdict)
        .returns(12L, TestVerdict::runs);
    assertThat(verdicts.get("a.T#broken").verdict()).isEqualTo("UNDECIDED");
    assertThat(verdicts.get("a.T#broken").evidence()).contains("on which it never passed");
    assertThat(verdicts.get("a.T#flaky").verdict()).isEqualTo("UNDECIDED");
    assertThat(verdicts.get("a.T#flaky").evidence())
        .startsWith("on 1 of 6 commits it passed and failed");
    // (6 of 6 against 0 of 6 within pairs) has p = 2 / 2^6, times three p-values of tests that
    // failed
    assertThat(verdicts.get("a.T#byHost").verdict()).isIn("INFRASTRUCTURE", "UNDECIDED");
    assertThat(verdicts.get("a.T#byHost").pValue()).isEqualTo(2.0 / 64);
    assertThat(context.rows(Tables.FAILURES)).singleElement().returns("unreadable", Failure::kind);
    assertThat(context.inputs().get("subjects.past").notes())
        .anyMatch(note -> note.startsWith("Reports do not say in which order tests ran"))
        .anyMatch(note -> note.startsWith("1 files were left out"));
    assertThat(context.rows(Tables.TEST_RUNS)).isEmpty();
  }

  @Test
  void whatIsWrongIsRefused() throws IOException {
    refused(
        "jobs = [ { job = flaky, same-order = 3 } ]",
        "is for suites that are run; past builds are read");
    refused(
        "subjects.past.pattern = \"(\"",
        "pattern = \"(\": is no regular expression: Unclosed group");
    refused(
        "subjects.past.pattern = \"(?<night>.*)\"",
        "has a group named night; known: build, commit, host");
    refused(
        "subjects.past.reports = \"/no/such\"",
        "reports: there is nothing at /no/such; name a file, a folder or a glob");
    Files.createDirectories(dir.resolve("past"));
    refused("", "none is an .xml whose path matches");
    report("1", "c", "h", "TEST.xml", "");
    refused("", "subjects.past: no tests found in 1 reports; name JUnit XML in reports");
  }

  private void refused(String more, String message) {
    assertThatThrownBy(() -> run(conf("") + more + "\n"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }
}
