package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.assay.UserException;
import org.assay.config.RunConfig;
import org.assay.jobs.store.RunStore;
import org.assay.report.Estimate;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code from}: predictions of an earlier cross-validation of the run. */
class FromTest {
  private static final String BOOTSTRAP =
      "job = bootstrap, metrics = [accuracy, roc-auc, log-loss], replicates = 200, interval = [bca, percentile], stratify = true";

  @TempDir Path folder;

  private String conf(String rest) {
    return """
        name = from, seed = 5, output = "%s"
        data.d { path = "%s", id = id, label = benign, slices = [{ column = worst_radius, edges = [16] }],
                 features = [mean_texture, mean_smoothness] }
        """
            .formatted(folder.resolve("reports"), Shared.data("breast_cancer.csv"))
        + rest;
  }

  private static Runner runner(String conf, String... only) {
    Shared.spark();
    return Runner.of(RunConfig.read(ConfigFactory.parseString(conf)), List.of(only));
  }

  private List<Estimate> bootstrapped(String conf, String runId) {
    assertThat(runner(conf).run(runId, false, Progress.silent()).exitCode()).isZero();
    return RunStore.open(folder.resolve("reports").toString(), new Configuration())
        .read(Tables.ESTIMATES, runId)
        .stream()
        .filter(e -> e.job().equals("sure"))
        .toList();
  }

  private static final String MODELS =
      """
      models { base { estimator = baseline }
               tree { estimator = decision-tree, grid { maxDepth = [1, 3] } } }
      """;

  private static String cv(String plan) {
    return "{ job = cross-validate, name = cv, plan { " + plan + " } }";
  }

  private static List<Object> numbers(Estimate e) {
    return List.of(
        e.slice(),
        e.metric(),
        e.estimator(),
        e.value(),
        e.stdError(),
        e.ciMethod(),
        e.ciLow(),
        e.ciHigh(),
        e.n(),
        e.replicates(),
        e.reason());
  }

  /** The same predictions by way of the sealed run's table give the same report to the bit. */
  @Test
  void predictionsOfThisRunAreThoseOfTheSealedOne() {
    List<Estimate> here =
        bootstrapped(
            conf(
                MODELS
                    + "jobs = [ "
                    + cv("kind = k-fold, folds = 3, repeats = 2")
                    + ", { name = sure, from = cv, "
                    + BOOTSTRAP
                    + " } ]"),
            "r1");
    List<Estimate> there =
        bootstrapped(
            conf(
                """
                models { base.predictions { output = "OUT", run-id = r1, job = cv, model = base }
                         shallow.predictions { output = "OUT", run-id = r1, job = cv, model = tree, params = "maxDepth=1" }
                         deep.predictions { output = "OUT", run-id = r1, job = cv, model = tree, params = "maxDepth=3" } }
                jobs = [ { name = sure, models = [base, shallow, deep], %s } ]
                """
                    .replace("OUT", folder.resolve("reports").toString())
                    .formatted(BOOTSTRAP)),
            "r2");
    assertThat(here.stream().map(FromTest::numbers).toList())
        .hasSize(3 * 3 * 3 * 3)
        .isEqualTo(there.stream().map(FromTest::numbers).toList());
    assertThat(
            here.stream()
                .map(e -> e.model() + " " + e.params())
                .distinct()
                .collect(Collectors.toList()))
        .containsExactly("base ", "tree maxDepth=1", "tree maxDepth=3");
    assertThat(here)
        .filteredOn(e -> e.slice().isEmpty())
        .allSatisfy(e -> assertThat(e.n()).isEqualTo(569));
  }

  @Test
  void explainNamesWhoAnswersBeforeAnythingIsFitted() {
    Runner runner =
        runner(
            conf(
                MODELS
                    + "jobs = [ "
                    + cv("kind = k-fold, folds = 3")
                    + ", { name = sure, from = cv, "
                    + BOOTSTRAP
                    + " } ]"));
    try (RunContext context =
        new RunContext(
            Shared.spark(),
            RunConfig.read(
                ConfigFactory.parseString(conf(MODELS + "jobs = [ " + cv("kind = k-fold") + " ]"))),
            runner.steps(),
            Progress.silent(),
            null,
            null)) {
      assertThat(runner.steps().get(1).explain(context))
          .contains("  models      base, tree (maxDepth=1), tree (maxDepth=3)");
    }
  }

  @Test
  void rowsThatAreNotAllHeldOutOnceAreRefused() {
    Runner runner =
        runner(
            conf(
                MODELS
                    + "jobs = [ "
                    + cv("kind = holdout, test = 0.2")
                    + ", { name = sure, from = cv, "
                    + BOOTSTRAP
                    + " } ]"));
    assertThatThrownBy(() -> runner.run("r3", false, Progress.silent()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("from = \"cv\": the plan of job 'cv' (holdout")
        .hasMessageContaining(
            " holds out 114 of the 569 rows in its first repeat, and each must be predicted once; take one that holds out all of them, such as k-fold");
  }

  @Test
  void theJobThatPredictsMustRun() {
    Runner runner =
        runner(
            conf(
                MODELS
                    + "jobs = [ "
                    + cv("kind = k-fold")
                    + ", { name = sure, from = cv, "
                    + BOOTSTRAP
                    + " } ]"),
            "sure");
    assertThatThrownBy(() -> runner.run("r4", false, Progress.silent()))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "jobs[1].from = cv: job 'cv' measured nothing in this run; do not leave it out by --only");
  }
}
