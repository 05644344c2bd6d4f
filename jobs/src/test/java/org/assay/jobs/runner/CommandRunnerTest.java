package org.assay.jobs.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assay.UserException;
import org.assay.flaky.Observation;
import org.assay.flaky.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandRunnerTest {
  private static final String PROVED =
      "[\"./run-tests\", \"{tests-file}\", \"{report}\", \"{executed-file}\"]";
  private static final String UNPROVED = "[\"./run-tests\", \"{tests-file}\", \"{report}\"]";

  @TempDir Path dir;

  @BeforeEach
  void project() throws IOException {
    Path program = dir.resolve("run-tests");
    Files.copy(Path.of("src/test/resources/fixtures/command/run-tests"), program);
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  private Trial trial(String command, String more) {
    return new Trial(
        Fixtures.subject("kind = command, project = \"" + dir + "\", command = " + command + more),
        line -> {});
  }

  private static List<Outcome> outcomes(Trial trial, String... tests) {
    return trial.run(trial.numbers(List.of(tests))).stream().map(Observation::outcome).toList();
  }

  @Test
  void testsAreFoundByARunOfAllAndRunInAnyOrder() {
    for (String command : List.of(PROVED, UNPROVED)) {
      try (Trial trial = trial(command, "")) {
        assertThat(trial.tests())
            .containsExactlyInAnyOrder(
                "suite#passes", "suite#leaks", "suite#late", "suite#retried");
        assertThat(outcomes(trial, "suite#late", "suite#leaks", "suite#passes"))
            .containsExactly(Outcome.PASS, Outcome.PASS, Outcome.PASS);
        assertThat(outcomes(trial, "suite#leaks", "suite#passes", "suite#late"))
            .containsExactly(Outcome.PASS, Outcome.PASS, Outcome.FAIL);
      }
    }
  }

  /** What the program itself tries again has failed. */
  @Test
  void theFirstAttemptCounts() {
    try (Trial trial = trial(PROVED, "")) {
      assertThat(outcomes(trial, "suite#retried")).containsExactly(Outcome.FAIL);
    }
  }

  @Test
  void testsAreListedByACommandAndADeathIsACrash() throws IOException {
    Path list =
        Files.writeString(
            dir.resolve("list"),
            "#!/bin/sh\necho suite#dies > $1\necho suite#late >> $1\necho suite#passes >> $1\n");
    assertThat(list.toFile().setExecutable(true)).isTrue();
    try (Trial trial = trial(PROVED, ", discover = [\"./list\", \"{tests-file}\"]")) {
      assertThat(trial.tests()).containsExactly("suite#dies", "suite#late", "suite#passes");
      // without the report the outcomes of what ran before are lost; what was running is known
      assertThat(outcomes(trial, "suite#dies", "suite#late"))
          .containsExactly(Outcome.CRASH, Outcome.MISSING);
    }
  }

  private void refusedRun(String more, String message, String... tests) {
    try (Trial trial = trial(PROVED, ", discover = [\"./list\", \"{tests-file}\"]" + more)) {
      int[] numbers = trial.numbers(List.of(tests));
      assertThatThrownBy(() -> trial.run(numbers))
          .isInstanceOf(UserException.class)
          .hasMessageStartingWith("subjects.core: " + message);
    }
  }

  @Test
  void anOrderThatDidNotRunAsAskedIsRefused() throws IOException {
    Path list =
        Files.writeString(
            dir.resolve("list"), "#!/bin/sh\nprintf 'suite#late\\nsuite#passes\\n' > $1\n");
    assertThat(list.toFile().setExecutable(true)).isTrue();
    refusedRun(
        ", environment { MISORDER = 1 }",
        "the order did not run as asked: at place 0 ran the test of place 1",
        "suite#passes",
        "suite#late");
    refusedRun(
        ", environment { NOTHING = 1 }",
        "the command left no JUnit XML at {report}; it ended with exit code 3, and said: nothing to do",
        "suite#passes");
    refusedRun(
        ", environment { HOSTILE = 1 }",
        "the report report.xml is no readable JUnit XML: it has a document type declaration, which is refused; it ended with exit code 0",
        "suite#passes");
  }
}
