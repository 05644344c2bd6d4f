package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.RunConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one key {@code memory} of the jobs that bring rows to one place. */
class MemoryTest {
  private static final String ADULT =
      """
      name = t, output = unused
      data.d { path = "%s", id = id, label = income, where = "id %% 8 = 0" }
      models { logit { prediction = logit_prediction, score = logit_score }
               forest { prediction = forest_prediction, score = forest_score } }
      """
          .formatted(Shared.data("adult_predictions.csv"));

  private static List<String> explain(String job) {
    RunConfig config = RunConfig.read(ConfigFactory.parseString(ADULT + "jobs = [ " + job + " ]"));
    Runner runner = Runner.of(config, List.of());
    try (RunContext context =
        new RunContext(Shared.spark(), config, runner.steps(), Progress.silent(), null, null)) {
      return runner.steps().get(0).explain(context);
    }
  }

  /** 1357 rows: what is needed is worked out beside each. */
  @Test
  void explainShowsWhatIsNeededAndTheBoundInEveryJob() {
    Map<String, String> needed =
        Map.of(
            // key, label and scratch 24, slices 4, per model 8 + 8 and its cells 2: 64 bytes
            "{ job = bootstrap, metrics = [accuracy], MEMORY }", "85KiB",
            // the same, with nothing drawn 60 bytes
            "{ job = compare, metrics = [accuracy], MEMORY }", "80KiB",
            // drawn 64 bytes; 10000 replicates of two models, of their difference, and a copy
            "{ job = compare, metrics = [accuracy], tests = [paired-bootstrap], MEMORY }", "397KiB",
            // 60 bytes and 13 for the difference
            "{ job = compare, metrics = [brier], MEMORY }", "97KiB",
            // label 8, per model 8 + 8 + 8; 4 KiB for the slice
            "{ job = permutation-test, metrics = [accuracy], MEMORY }", "78KiB",
            // 8 + 16 bytes; 2 KiB for the slice
            "{ job = permutation-test, test = independence, values = logit_score, against = forest_score, MEMORY }",
                "34KiB");
    needed.forEach(
        (job, bytes) -> {
          assertThat(explain(job.replace("MEMORY", "memory = 512MiB")))
              .contains(
                  "  memory      about "
                      + bytes
                      + " of memory = 512MiB, on the driver and on each executor");
          assertThat(explain(job.replace("MEMORY", "")))
              .anyMatch(line -> line.contains(" of memory = 1GiB, on the driver"));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ job = bootstrap, memory = 1MiB }",
        "{ job = compare, memory = 1MiB }",
        "{ job = permutation-test, memory = 1MiB }",
        "{ job = permutation-test, test = independence, values = logit_score, against = forest_score, memory = 1MiB }"
      })
  void hasOneRangeInAllJobs(String job) {
    assertThatThrownBy(() -> explain(job))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith(
            "jobs[0].memory = \"1MiB\": must be a size between 16MiB and 1PiB, such as 2GiB");
  }

  private static void check(String memory, long rows, int width, long needed) {
    RunConfig config =
        RunConfig.read(
            ConfigFactory.parseString(ADULT + "jobs = [ { job = compare, " + memory + " } ]"));
    DataConfig data = config.data().get("d");
    Memory.read(config.jobs().get(0).section()).check(data, rows, width, needed);
  }

  @Test
  void refusesWhatIsLarger() {
    check("", 1L << 30, 1, 1L << 30);
    assertThatThrownBy(() -> check("", 20_000_000, 1, (1L << 30) + 1))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "jobs[0].memory: the 20000000 rows of data.d take about 1GiB on the driver and on each executor, more than 1GiB; raise it, and give them three times that, or test a sample of the rows by data.d.where");
    assertThatThrownBy(() -> check("memory = 1TiB", 300_000_000, 10, 30L << 30))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith(
            "jobs[0].memory = \"1TiB\": the 300000000 rows of data.d take about 30GiB on the driver and on each executor, and no array holds more than 2^30 numbers; test a sample of the rows by data.d.where");
  }
}
