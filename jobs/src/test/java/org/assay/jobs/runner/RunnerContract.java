package org.assay.jobs.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assay.flaky.Observation;
import org.assay.flaky.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every runner does: a runner's test gives a project of each of two kinds, and its truth. */
abstract class RunnerContract {
  @TempDir Path dir;

  /** A subject whose tests show all kinds of outcomes. */
  abstract String kinds(Path folder);

  /** The outcome of each of its tests when it runs alone. */
  abstract Map<String, Outcome> truth();

  /** A subject whose tests are rough with their process. */
  abstract String rough(Path folder);

  /** The id of a rough test of this Java name. */
  abstract String rough(String test);

  private List<Observation> run(String more, String... tests) {
    try (Trial trial = new Trial(Fixtures.subject(rough(dir) + more), line -> {})) {
      return trial.run(trial.numbers(List.of(tests).stream().map(this::rough).toList()));
    }
  }

  @Test
  void everyTestIsFoundAndHasItsOutcomeInAnyOrder() {
    List<String> tests = new ArrayList<>(truth().keySet());
    try (Trial trial = new Trial(Fixtures.subject(kinds(dir)), line -> {})) {
      assertThat(trial.tests()).containsExactlyInAnyOrderElementsOf(tests);
      List<String> interleaved = new ArrayList<>(tests);
      Collections.shuffle(interleaved, new java.util.Random(7));
      List<String> reversed = new ArrayList<>(trial.tests());
      Collections.reverse(reversed);
      for (List<String> order : List.of(trial.tests(), reversed, interleaved)) {
        List<Observation> observed = trial.run(trial.numbers(order)); // refuses another order
        Map<String, Outcome> found = new LinkedHashMap<>();
        for (int place = 0; place < order.size(); place++) {
          found.put(order.get(place), observed.get(place).outcome());
        }
        assertThat(found).containsExactlyInAnyOrderEntriesOf(truth());
      }
    }
  }

  @Test
  void anExitIsACrashAndTheRestIsMissing() {
    for (String rough : List.of("exits", "halts")) {
      List<Observation> observed = run("", "passes", rough, "writesALot");
      assertThat(observed)
          .extracting(Observation::outcome)
          .containsExactly(Outcome.PASS, Outcome.CRASH, Outcome.MISSING);
      assertThat(observed.get(1).message()).startsWith("the process ended with exit code ");
      assertThat(observed.get(2).message()).startsWith("not run: ");
    }
  }

  @Test
  void aTestThatTakesTooLongIsKilled() {
    List<Observation> observed = run(", seconds-per-test = 4", "passes", "hangs", "writesALot");
    assertThat(observed)
        .extracting(Observation::outcome)
        .containsExactly(Outcome.PASS, Outcome.TIMEOUT, Outcome.MISSING);
    assertThat(observed.get(1).message())
        .startsWith("killed after 4.0 s, the most a test may take");
  }

  @Test
  void anOrderThatTakesTooLongIsKilled() {
    List<Observation> observed = run(", seconds-per-order = 15", "passes", "hangs");
    assertThat(observed)
        .extracting(Observation::outcome)
        .containsExactly(Outcome.PASS, Outcome.TIMEOUT);
    assertThat(observed.get(1).message()).startsWith("killed after 15.0 s, the most an order may");
  }

  @Test
  void aProcessLeftBehindIsKilled() throws Exception {
    Observation observed = run("", "leavesAProcess").get(0);
    assertThat(observed.outcome()).isEqualTo(Outcome.FAIL);
    Matcher left = Pattern.compile("left ([0-9]+)").matcher(observed.message());
    assertThat(left.find()).isTrue();
    Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(left.group(1)));
    if (process.isPresent()) { // killed, and perhaps not yet collected by its new parent
      process.get().onExit().get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void aTestSeesItsOwnMachine() {
    String message = run(", environment { ACME = x }", "seesTheMachine").get(0).message();
    Matcher seen =
        Pattern.compile("environment \\[(.*?)\\] in (\\S+)", Pattern.DOTALL).matcher(message);
    assertThat(seen.find()).as(message).isTrue();
    List<String> allowed =
        List.of(
            "ACME",
            "ASSAY_ORDER",
            "HOME",
            "JAVA_HOME",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "PATH",
            "PYTEST_CURRENT_TEST",
            "PYTEST_VERSION",
            "PYTHONDONTWRITEBYTECODE",
            "TEMP",
            "TMP",
            "TMPDIR",
            "TZ");
    List<String> variables = List.of(seen.group(1).replace("'", "").split(", *", -1));
    assertThat(variables).contains("ACME", "HOME", "PATH").isSubsetOf(allowed);
    assertThat(Path.of(seen.group(2))).doesNotExist().isNotEqualTo(dir);
  }

  @Test
  void everyOrderHasAFreshTreeAndHome() {
    for (int i = 0; i < 2; i++) {
      assertThat(run("", "hasAHomeOfItsOwn").get(0))
          .extracting(Observation::outcome)
          .isEqualTo(Outcome.PASS);
    }
  }

  @Test
  void muchOutputIsReadAndCut() {
    assertThat(run(", output-limit = 1KiB", "writesALot", "exits").get(1).message())
        .hasSizeLessThan(2_000);
  }
}
