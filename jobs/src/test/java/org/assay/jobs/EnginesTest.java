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
import java.util.stream.Stream;
import org.assay.UserException;
import org.assay.config.ModelConfig;
import org.assay.config.RunConfig;
import org.assay.design.Plan;
import org.assay.jobs.engine.BatchPlan;
import org.assay.jobs.engine.Cell;
import org.assay.jobs.engine.CellFiles;
import org.assay.jobs.engine.Engine;
import org.assay.jobs.engine.Engines;
import org.assay.jobs.engine.Predictions;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Strata;
import org.assay.random.Keyed;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The engine {@code batched} beside Spark MLlib's own fits ({@code engine = cluster}): the same
 * predictions for the rows held out, whatever the learner, its parameters, weights, texts and
 * missing values; and the same to the bit however it cuts the work.
 */
class EnginesTest {
  @TempDir static Path folder;
  private static Path rows;

  /**
   * 300 rows: numbers of very different size, one with values missing, a text of four values of
   * which one is rare, weights from 0 to 3, and labels that depend on them.
   */
  @BeforeAll
  static void write() throws IOException {
    Keyed keyed = Keyed.of(7, "engines");
    StringBuilder text = new StringBuilder("id,a,b,c,t,w,two,three,number,count\n");
    for (int i = 0; i < 300; i++) {
      double a = 5 + 2 * (keyed.uniform(0, i) + keyed.uniform(1, i) - 1);
      double b = 1000 * keyed.uniform(2, i) * a;
      double c = 0.01 * (keyed.uniform(3, i) - 0.5);
      boolean missing = keyed.uniform(4, i) < 0.1;
      int kind = i % 97 == 5 ? 3 : (int) keyed.below(3, 5, i);
      double noise = 2 * (keyed.uniform(6, i) + keyed.uniform(7, i) + keyed.uniform(8, i) - 1.5);
      double score = (a - 5) + (b - 2500) / 2500 + 100 * c + (kind == 1 ? 0.7 : 0) + noise;
      text.append(
          String.format(
              java.util.Locale.ROOT,
              "r%d,%.6f,%s,%.8f,%s,%.3f,%s,%s,%.6f,%d%n",
              i,
              a,
              missing ? "" : String.format(java.util.Locale.ROOT, "%.4f", b),
              c,
              "k" + kind,
              i % 31 == 0 ? 0 : 3 * keyed.uniform(9, i),
              score > 0 ? "yes" : "no",
              score > 0.8 ? "high" : score > -0.8 ? "middle" : "low",
              20 + 3 * score,
              (int) Math.floor(Math.exp(0.4 * score) + keyed.uniform(10, i))));
    }
    rows = Files.writeString(folder.resolve("rows.csv"), text);
  }

  private static final String EXACT = "tol = 1.0e-12, maxIter = 10000";

  private record Case(String label, String more, String model) {
    @Override
    public String toString() {
      return label + ": " + model;
    }
  }

  static Stream<Case> cases() {
    String plain = "features = [a, c], ";
    String texts = "features = [a, b, c, t], impute = mean, encode = one-hot, ";
    String median = "features = [a, b, c, t], impute = median, encode = index, ";
    String weighted = "weight = w, ";
    List<Case> all = new ArrayList<>();
    for (String data : List.of(plain, texts, weighted + median)) {
      all.add(
          new Case(
              "two",
              data,
              "logistic-regression, grid { regParam = [0, 0.01, 1] }, params { " + EXACT + " }"));
      all.add(
          new Case(
              "number",
              data,
              "linear-regression, grid { regParam = [0, 0.1, 5] }, params { " + EXACT + " }"));
      all.add(
          new Case(
              "three",
              data,
              "logistic-regression, grid { regParam = [0.01, 0.3] }, params { " + EXACT + " }"));
      all.add(new Case("two", data, "naive-bayes, params { modelType = gaussian }"));
      all.add(new Case("three", data, "baseline"));
      all.add(new Case("number", data, "baseline"));
    }
    all.add(
        new Case(
            "two",
            texts + weighted,
            "logistic-regression, scale = standard, params { regParam = 0.02, elasticNetParam = 0.5, "
                + EXACT
                + " }"));
    all.add(
        new Case(
            "two",
            texts,
            "logistic-regression, params { regParam = 0.02, standardization = false, thresholds = [0.7, 0.3], "
                + EXACT
                + " }"));
    all.add(
        new Case(
            "two",
            plain,
            "logistic-regression, params { family = multinomial, regParam = 0.1, threshold = 0.3, "
                + EXACT
                + " }"));
    all.add(
        new Case(
            "three",
            plain,
            "logistic-regression, params { fitIntercept = false, regParam = 0.1, thresholds = [0.2, 0.5, 0.3], "
                + EXACT
                + " }"));
    all.add(
        new Case(
            "number",
            texts,
            "linear-regression, params { regParam = 0.3, elasticNetParam = 0.5, " + EXACT + " }"));
    all.add(
        new Case(
            "number",
            plain,
            "linear-regression, params { fitIntercept = false, standardization = false, regParam = 0.1 }"));
    all.add(
        new Case(
            "count",
            texts,
            "generalized-linear-regression, grid { regParam = [0, 0.1] }, params { family = poisson, tol = 1.0e-12, maxIter = 200 }"));
    all.add(
        new Case(
            "number",
            weighted + plain,
            "generalized-linear-regression, params { family = gamma, link = log, tol = 1.0e-12, maxIter = 200 }"));
    all.add(
        new Case(
            "number",
            plain,
            "generalized-linear-regression, grid { regParam = [0, 0.5] }, params { family = gaussian }"));
    all.add(
        new Case(
            "two",
            "features = [a, t], encode = index, ",
            "naive-bayes, grid { smoothing = [1.0, 0.1] }"));
    return all.stream();
  }

  /** What a run leaves. */
  private record Left(List<Engine.Outcome> outcomes, CellFiles files, Frame frame) {
    Predictions of(int cell, int block) {
      try (CellFiles.Reader reader = files.reader()) {
        return reader.read(outcomes.get(cell).place().orElseThrow(), block);
      }
    }
  }

  private static final String PLAN = "kind = k-fold, folds = 2, repeats = 2";

  private Left run(Case of, String engine, BatchPlan.Cut cut, String plan) throws IOException {
    return run(of, engine, cut, plan, Integer.MAX_VALUE);
  }

  /** The cells of the first replicates. */
  private Left run(Case of, String engine, BatchPlan.Cut cut, String plan, int replicates)
      throws IOException {
    CellFiles files =
        new CellFiles(
            new org.apache.hadoop.fs.Path(Files.createTempDirectory(folder, "cells").toUri()),
            Shared.spark().sparkContext().hadoopConfiguration());
    return run(of, engine, plan, replicates, new Engines.Options(1 << 30, cut, 2), files);
  }

  private Left run(
      Case of, String engine, String plan, int replicates, Engines.Options options, CellFiles files)
      throws IOException {
    String task = of.label().equals("count") ? "regression" : "";
    RunConfig config =
        RunConfig.read(
            ConfigFactory.parseString(
                """
                name = engines, seed = 5, output = unused
                data.d { path = "%s", id = id, label = %s, %s %s }
                models.m { engine = %s, estimator = %s }
                jobs = [ { job = cross-validate, plan { %s } } ]
                """
                    .formatted(
                        rows,
                        of.label(),
                        task.isEmpty() ? "" : "task = " + task + ",",
                        of.more(),
                        engine,
                        of.model(),
                        plan)));
    Plan read = Plan.read(config.jobs().get(0).section().section("plan"), false);
    Frame frame =
        Frame.read(
            Shared.spark(),
            config.dataOf(config.jobs().get(0).section()),
            config.modelsOf(config.jobs().get(0).section()),
            org.assay.jobs.frame.Columns.NONE);
    Strata strata = frame.strata(10);
    Placement placement =
        new Placement(
            read.bind(frame.population(read.needs(), strata).named(strata.names()), 5),
            read.needs(),
            strata);
    ModelConfig model = config.modelsOf(config.jobs().get(0).section()).get(0);
    List<Cell> cells = new ArrayList<>();
    for (Map<String, Object> setting : model.settings()) {
      for (int r = 0; r < Math.min(replicates, placement.design().replicates()); r++) {
        cells.add(
            new Cell(frame.identity(), model, setting, placement, r, Cell.Predicts.TESTED, 5));
      }
    }
    Engines engines = new Engines(Shared.spark(), frame, () -> files, options);
    return new Left(engines.run("test", cells, Progress.silent()), files, frame);
  }

  /** MLlib's fits are carried to 10^-12; the same answers are promised to 10^-6. */
  @ParameterizedTest
  @MethodSource("cases")
  void batchedSaysWhatMllibConvergesTo(Case of) throws IOException {
    Left ours = run(of, "batched", BatchPlan.Cut.AUTO, PLAN);
    Left theirs = run(of, "cluster", BatchPlan.Cut.AUTO, PLAN, 1);
    assertThat(ours.outcomes()).hasSize(4 * theirs.outcomes().size()).isNotEmpty();
    int compared = 0;
    for (int setting = 0; setting < theirs.outcomes().size(); setting++) {
      int cell = 4 * setting; // the first of four replicates
      assertThat(ours.outcomes().get(cell).reason()).isEmpty();
      assertThat(theirs.outcomes().get(setting).reason()).isEmpty();
      assertThat(ours.outcomes().get(cell).done().orElseThrow().unseen())
          .isEqualTo(theirs.outcomes().get(setting).done().orElseThrow().unseen());
      for (int block = 0; block < ours.frame().blockCount(); block++) {
        Predictions a = ours.of(cell, block);
        Predictions b = theirs.of(setting, block);
        assertThat(a.row()).isEqualTo(b.row());
        assertThat(a.width()).isEqualTo(b.width());
        assertThat(a.scores()).containsExactly(b.scores(), within(1e-6));
        if (a.width() == 0) {
          for (int i = 0; i < a.size(); i++) {
            double scale = Math.max(1, Math.abs(b.prediction()[i]));
            assertThat(a.prediction()[i]).isCloseTo(b.prediction()[i], within(1e-6 * scale));
          }
        } else {
          assertThat(a.prediction()).isEqualTo(b.prediction());
        }
        compared += a.size();
      }
    }
    assertThat(compared).isEqualTo(150 * theirs.outcomes().size());
  }

  static Stream<Case> everyThird() {
    List<Case> all = cases().toList();
    return java.util.stream.IntStream.range(0, all.size())
        .filter(c -> c % 3 == 0)
        .mapToObj(all::get);
  }

  @ParameterizedTest
  @MethodSource("everyThird")
  void cutsAgreeToTheBit(Case of) throws IOException {
    Left whole = run(of, "batched", BatchPlan.Cut.REPLICATES, PLAN);
    Left rows = run(of, "batched", BatchPlan.Cut.ROWS, PLAN);
    for (int cell = 0; cell < whole.outcomes().size(); cell++) {
      for (int block = 0; block < whole.frame().blockCount(); block++) {
        Predictions a = whole.of(cell, block);
        Predictions b = rows.of(cell, block);
        assertThat(a.row()).isEqualTo(b.row()).isNotEmpty();
        assertThat(a.prediction()).isEqualTo(b.prediction());
        assertThat(a.scores()).isEqualTo(b.scores());
      }
    }
  }

  /**
   * XGBoost by tasks that share the rows of a fit finds the trees of one task, but for the borders
   * of bins and the order of sums: 20,000 rows in two blocks, numbers and categories with weights.
   */
  @ParameterizedTest
  @ValueSource(strings = {"two", "three", "number"})
  void xgboostOfManyTasksSaysWhatThatOfOneSays(String label) throws IOException {
    Path many = folder.resolve("many.csv");
    if (!Files.exists(many)) {
      List<String> lines = Files.readAllLines(rows);
      StringBuilder text = new StringBuilder(lines.get(0) + "\n");
      for (int i = 0; i < 20_000; i++) {
        text.append('q')
            .append(i)
            .append(lines.get(1 + i % 300).replaceFirst("^r[0-9]+", ""))
            .append('\n');
      }
      Files.writeString(many, text);
    }
    Path few = rows;
    rows = many;
    try {
      String data = "weight = w, features = [a, b, c, t], impute = median, encode = index, ";
      Case of =
          new Case(
              label,
              data,
              "xgboost, params { num_round = 10, max_depth = 3, subsample = 1, colsample_bytree = 0.8, seed = 7, lambda = 2 }");
      Left one = run(of, "task", BatchPlan.Cut.AUTO, "kind = k-fold, folds = 2", 1);
      Left shared = run(of, "cluster", BatchPlan.Cut.AUTO, "kind = k-fold, folds = 2", 1);
      assertThat(shared.outcomes().get(0).reason()).isEmpty();
      assertThat(shared.frame().blockCount()).isGreaterThan(1);
      for (int block = 0; block < shared.frame().blockCount(); block++) {
        Predictions a = one.of(0, block);
        Predictions b = shared.of(0, block);
        assertThat(b.row()).isEqualTo(a.row()).isNotEmpty();
        assertThat(b.scores()).containsExactly(a.scores(), within(1e-3));
        if (a.width() == 0) {
          assertThat(b.prediction()).containsExactly(a.prediction(), within(1e-2));
        }
      }
    } finally {
      rows = few;
    }
  }

  /** Labels outside a family's range fail the fits, each with the reason, and nothing else. */
  @Test
  void fitsThatCannotBeFailWithTheReason() throws IOException {
    Case of =
        new Case(
            "number",
            "features = [a, c], ",
            "generalized-linear-regression, params { family = binomial }");
    for (BatchPlan.Cut cut : List.of(BatchPlan.Cut.REPLICATES, BatchPlan.Cut.ROWS)) {
      Left left = run(of, "batched", cut, PLAN);
      assertThat(left.outcomes()).hasSize(4);
      for (Engine.Outcome outcome : left.outcomes()) {
        assertThat(outcome.place()).isEmpty();
        assertThat(outcome.reason())
            .startsWith("a label of ")
            .endsWith("for family = binomial: must be in [0, 1]; choose another family");
      }
    }
  }

  /**
   * What is left of a run that was stopped is fitted as if it had not been: from the same pilot,
   * although the replicates that are left are too few to be worth one.
   */
  @Test
  void whatIsLeftIsFittedAsInTheWholeRun() throws IOException {
    Case of =
        new Case("two", "features = [a, c], ", "logistic-regression, params { regParam = 0.01 }");
    Path cells = Files.createTempDirectory(folder, "cells");
    CellFiles files =
        new CellFiles(
            new org.apache.hadoop.fs.Path(cells.toUri()),
            Shared.spark().sparkContext().hadoopConfiguration());
    // So little memory that each replicate is a batch of its own.
    Engines.Options little = new Engines.Options(256, BatchPlan.Cut.ROWS, 2);
    Left whole = run(of, "batched", PLAN, Integer.MAX_VALUE, little, files);
    assertThat(whole.outcomes())
        .hasSize(4)
        .extracting(o -> o.place().orElseThrow().bundle())
        .doesNotHaveDuplicates();
    double[] before = whole.of(3, 0).scores();
    Files.delete(
        cells.resolve(whole.outcomes().get(3).place().orElseThrow().bundle()).resolve("_DONE"));
    Left resumed = run(of, "batched", PLAN, Integer.MAX_VALUE, little, files);
    assertThat(resumed.of(3, 0).scores()).isEqualTo(before).isNotEmpty();
  }

  /** Every engine says why it cannot fit a model, and which can. */
  @Test
  void enginesRefuseWithTheReasonAndTheWayOut() {
    String plain = "features = [a, c], ";
    refused(
        new Case("two", plain, "random-forest"),
        "batched",
        "models.m.engine = batched: random-forest is no sum over rows; use cluster, or leave it out");
    refused(
        new Case("two", plain, "random-forest"),
        "task",
        "models.m.engine = task: random-forest does not train in one task; use cluster, or leave it out");
    refused(
        new Case("two", plain, "xgboost, params { early_stopping_rounds = 3 }"),
        "cluster",
        "models.m.engine = cluster: early_stopping_rounds sets rows aside in one task; set num_round, by a grid if need be; use task, or leave it out");
    refused(
        new Case("two", plain, "xgboost, params { tree_method = exact }"),
        "cluster",
        "models.m.engine = cluster: tree_method = exact takes all rows in one task; use hist or approx; use task, or leave it out");
    refused(
        new Case("number", plain, "linear-regression, params { loss = huber }"),
        "batched",
        "models.m.engine = batched: loss = huber is no sum of squares; use cluster, or leave it out");
    refused(
        new Case("two", plain, "logistic-regression, params { maxIter = 5 }"),
        "batched",
        "models.m.engine = batched: maxIter = 5 ends before the optimum that this engine goes to (from 100 on it can); use cluster, or leave it out");
    refused(
        new Case("two", plain, "xgboost, params { objective = \"count:poisson\" }"),
        "auto",
        "models.m.estimator = xgboost: objective = count:poisson is not for such a label; known: binary:logistic; change its params, raise memory, or use a sample of the rows by data.d.where");
  }

  private void refused(Case of, String engine, String message) {
    assertThatThrownBy(() -> run(of, engine, BatchPlan.Cut.AUTO, PLAN))
        .isInstanceOf(UserException.class)
        .hasMessage(message);
  }

  /** A fit in a task says the same whatever other fits there are, and its failure is its own. */
  @Test
  void fitsInTasks() throws IOException {
    String texts = "features = [a, b, c, t], impute = mean, encode = index, ";
    Left one =
        run(
            new Case("three", texts, "xgboost, params { num_round = 5 }"),
            "auto",
            BatchPlan.Cut.AUTO,
            PLAN);
    Left grid =
        run(
            new Case(
                "three", texts, "xgboost, params { max_depth = 6 }, grid { num_round = [3, 5] }"),
            "task",
            BatchPlan.Cut.AUTO,
            PLAN);
    assertThat(one.outcomes()).hasSize(4);
    assertThat(grid.outcomes()).hasSize(8);
    for (int fold = 0; fold < 4; fold++) {
      Predictions a = one.of(fold, 0);
      Predictions b = grid.of(4 + fold, 0);
      assertThat(a.row()).isEqualTo(b.row()).isNotEmpty();
      assertThat(a.scores()).isEqualTo(b.scores()).isNotEqualTo(grid.of(fold, 0).scores());
      for (int i = 0; i < a.size(); i++) {
        double[] p = new double[3];
        a.scores(i, p);
        assertThat(p[0] + p[1] + p[2]).isCloseTo(1, within(1e-6));
        assertThat(p[(int) a.prediction()[i]]).isEqualTo(Math.max(p[0], Math.max(p[1], p[2])));
      }
    }
    Left failed =
        run(
            new Case(
                "two",
                texts,
                "xgboost, params { early_stopping_rounds = 2, validation_fraction = 1.0e-9 }"),
            "task",
            BatchPlan.Cut.AUTO,
            PLAN);
    assertThat(failed.outcomes())
        .hasSize(4)
        .allSatisfy(o -> assertThat(o.place()).isEmpty())
        .allSatisfy(
            o ->
                assertThat(o.reason())
                    .contains("leaves 1")
                    .contains("rows to train on; both parts need some"));
  }
}
