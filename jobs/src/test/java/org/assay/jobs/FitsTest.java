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
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.assay.UserException;
import org.assay.config.RunConfig;
import org.assay.jobs.model.Learners;
import org.assay.report.Estimate;
import org.assay.report.Score;
import org.assay.report.Selection;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every learner, saved pipelines and models, and nested plans, on real data. */
class FitsTest {
  @TempDir Path folder;

  private RunContext run(String conf) {
    RunConfig config = RunConfig.read(ConfigFactory.parseString("name = fits, seed = 3\n" + conf));
    Runner runner = Runner.of(config, List.of());
    RunContext context =
        new RunContext(
            Shared.spark(),
            config,
            runner.steps(),
            Progress.silent(),
            null,
            new org.apache.hadoop.fs.Path(folder.resolve("cells").toUri()));
    runner.steps().forEach(step -> step.run(context));
    context.close();
    return context;
  }

  private static Map<String, Double> means(RunContext context, String metric) {
    return context.rows(Tables.SCORES).stream()
        .filter(s -> s.metric().equals(metric) && s.slice().isEmpty())
        .collect(
            Collectors.groupingBy(
                Score::model, TreeMap::new, Collectors.averagingDouble(Score::value)));
  }

  /** Each learner must be far better than the baseline on data that are known to be easy. */
  @Test
  void everyClassifierLearns() {
    RunContext context =
        run(
            """
            data.d { path = "%s", id = id, label = benign }
            models {
              baseline { estimator = baseline }
              decision-tree { estimator = decision-tree }
              factorization-machines { estimator = factorization-machines, scale = standard, params { stepSize = 0.1, maxIter = 50 } }
              gbt { estimator = gbt, params { maxIter = 5 } }
              linear-svc { estimator = linear-svc, params { maxIter = 20 } }
              logistic-regression { estimator = logistic-regression }
              multilayer-perceptron { estimator = multilayer-perceptron, scale = standard, params { hiddenLayers = [4] } }
              naive-bayes { estimator = naive-bayes, params { modelType = gaussian } }
              one-vs-rest { estimator = one-vs-rest, params { classifier = logistic-regression, regParam = 0.01 } }
              random-forest { estimator = random-forest }
              xgboost { estimator = xgboost, params { num_round = 20 } }
            }
            jobs = [ { job = cross-validate, plan { kind = holdout, test = 0.3, stratify = true }, metrics = [accuracy, roc-auc] } ]
            """
                .formatted(Shared.data("breast_cancer.csv")));
    assertThat(context.rows(Tables.FAILURES)).isEmpty();
    Map<String, Double> accuracy = means(context, "accuracy");
    assertThat(accuracy.remove("baseline")).isBetween(0.6, 0.65);
    assertThat(accuracy)
        .hasSize(10)
        .allSatisfy((model, value) -> assertThat(value).as(model).isGreaterThan(0.88));
    Map<String, Double> auc = means(context, "roc-auc");
    assertThat(auc.remove("baseline")).isEqualTo(0.5);
    assertThat(auc)
        .hasSize(10)
        .allSatisfy((model, value) -> assertThat(value).as(model).isGreaterThan(0.85));
  }

  @Test
  void everyRegressorLearns() {
    RunContext context =
        run(
            """
            data.d { path = "%s", id = id, label = progression, task = regression }
            models {
              baseline { estimator = baseline }
              decision-tree { estimator = decision-tree, params { maxDepth = 3 } }
              factorization-machines { estimator = factorization-machines, scale = standard, params { maxIter = 200, stepSize = 1.0, factorSize = 2 } }
              gbt { estimator = gbt, params { maxIter = 5, maxDepth = 2 } }
              generalized-linear-regression { estimator = generalized-linear-regression }
              linear-regression { estimator = linear-regression }
              random-forest { estimator = random-forest }
              xgboost { estimator = xgboost, params { num_round = 20 } }
            }
            jobs = [ { job = cross-validate, plan { kind = holdout, test = 0.3, stratify = true }, metrics = [rmse, r2] } ]
            """
                .formatted(Shared.data("diabetes.csv")));
    assertThat(context.rows(Tables.FAILURES)).isEmpty();
    Map<String, Double> rmse = means(context, "rmse");
    double baseline = rmse.remove("baseline");
    assertThat(rmse)
        .hasSize(7)
        .allSatisfy((model, value) -> assertThat(value).as(model).isLessThan(baseline));
    assertThat(rmse.get("generalized-linear-regression"))
        .isCloseTo(rmse.get("linear-regression"), org.assertj.core.api.Assertions.within(1e-6));
  }

  @Test
  void learnersAreAllTestedHere() throws IOException {
    String source = Files.readString(Path.of("src/test/java/org/assay/jobs/FitsTest.java"));
    assertThat(new TreeSet<>(Learners.all().keySet()))
        .allSatisfy(name -> assertThat(source).contains("{ estimator = " + name));
  }

  /** A pipeline with encoders of its own gives what the same learner gives by name. */
  @Test
  void savedPipelineIsFittedInEachFold() throws IOException {
    Dataset<Row> data =
        Shared.spark()
            .read()
            .option("header", "true")
            .option("inferSchema", "true")
            .csv(Shared.data("breast_cancer.csv").toString());
    String[] features =
        List.of(data.columns()).stream()
            .filter(c -> !c.equals("id") && !c.equals("benign"))
            .toArray(String[]::new);
    VectorAssembler assembler =
        new VectorAssembler().setInputCols(features).setOutputCol("features");
    LogisticRegression logistic =
        new LogisticRegression()
            .setLabelCol("benign")
            .setRegParam(0.01)
            .setTol(1e-12)
            .setMaxIter(500);
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {assembler, logistic});
    String unfitted = folder.resolve("unfitted").toString();
    pipeline.write().save(unfitted);
    RunContext context =
        run(
            """
            data.d { path = "%s", id = id, label = benign }
            models.saved { pipeline = "%s" }
            models.named { estimator = logistic-regression, params { regParam = 0.01, tol = 1e-12, maxIter = 500 } }
            jobs = [ { job = cross-validate, plan { kind = k-fold, folds = 2, stratify = true }, metrics = [accuracy, log-loss] } ]
            """
                .formatted(Shared.data("breast_cancer.csv"), unfitted));
    assertThat(context.rows(Tables.FAILURES)).isEmpty();
    Map<String, Double> loss = means(context, "log-loss");
    assertThat(loss.get("saved"))
        .isCloseTo(loss.get("named"), org.assertj.core.api.Assertions.within(1e-6));

    String fitted = folder.resolve("fitted").toString();
    pipeline.fit(data).write().save(fitted);
    RunContext evaluated =
        run(
            """
            data.d { path = "%s", id = id, label = benign }
            models.prod { model = "%s" }
            jobs = [ { job = evaluate, metrics = [accuracy, roc-auc] } ]
            """
                .formatted(Shared.data("breast_cancer.csv"), fitted));
    assertThat(evaluated.rows(Tables.ESTIMATES))
        .hasSize(2)
        .allSatisfy(e -> assertThat(e.value()).isGreaterThan(0.97));

    assertThatThrownBy(
            () ->
                run(
                    """
            data.d { path = "%s", id = id, label = benign }
            models.prod { model = "%s" }
            jobs = [ { job = evaluate } ]
            """
                        .formatted(Shared.data("breast_cancer.csv"), unfitted)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("must be a saved org.apache.spark.ml.PipelineModel");

    // what is saved may name any class; only allowed ones are made
    try (var files = Files.walk(Path.of(unfitted))) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith("part-")).toList()) {
        Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
        Files.writeString(
            file,
            Files.readString(file)
                .replace(
                    "org.apache.spark.ml.classification.LogisticRegression", "com.evil.Stage"));
      }
    }
    assertThatThrownBy(
            () ->
                run(
                    """
            data.d { path = "%s", id = id, label = benign }
            models.saved { pipeline = "%s" }
            jobs = [ { job = cross-validate, plan { kind = k-fold, folds = 2 } } ]
            """
                        .formatted(Shared.data("breast_cancer.csv"), unfitted)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("names the class com.evil.Stage, which is not allowed");
  }

  /**
   * Texts as label: the pipeline's own indexer orders classes by frequency, so it must end in class
   * names.
   */
  @Test
  void savedPipelineMayPredictTexts() throws IOException {
    Dataset<Row> data =
        Shared.spark()
            .read()
            .option("header", "true")
            .option("inferSchema", "true")
            .csv(Shared.data("wine.csv").toString())
            .selectExpr("*", "concat('c', cultivar) as name");
    StringIndexer indexer = new StringIndexer().setInputCol("name").setOutputCol("index");
    VectorAssembler assembler =
        new VectorAssembler()
            .setInputCols(new String[] {"alcohol", "flavanoids", "proline"})
            .setOutputCol("features");
    LogisticRegression logistic = new LogisticRegression().setLabelCol("index");
    IndexToString names =
        new IndexToString()
            .setInputCol("prediction")
            .setOutputCol("answer")
            .setLabels(indexer.fit(data).labelsArray()[0]);
    String saved = folder.resolve("texts").toString();
    new Pipeline()
        .setStages(new PipelineStage[] {indexer, assembler, logistic, names})
        .fit(data)
        .write()
        .save(saved);
    RunContext context =
        run(
            """
            data.d { path = "%s", id = id, label = name, derive { name = "concat('c', cultivar)" }, exclude = [cultivar] }
            models.prod { model = "%s", prediction = answer }
            jobs = [ { job = evaluate, metrics = [accuracy] } ]
            """
                .formatted(Shared.data("wine.csv"), saved));
    assertThat(context.rows(Tables.ESTIMATES))
        .singleElement()
        .extracting(Estimate::value)
        .matches(v -> (double) v > 0.9);
  }

  @Test
  void nestedPlanSelectsInsideTheOuterTrainingRows() {
    RunContext context =
        run(
            """
            data.d { path = "%s", id = id, label = benign }
            models.tree { estimator = decision-tree, grid { maxDepth = [1, 3] } }
            jobs = [ { job = cross-validate, metrics = [accuracy, log-loss], select = one-standard-error, select-by = accuracy,
              plan { kind = nested, outer { kind = k-fold, folds = 2, stratify = true }, inner { kind = k-fold, folds = 2, stratify = true } } } ]
            """
                .formatted(Shared.data("breast_cancer.csv")));
    assertThat(context.rows(Tables.FAILURES)).isEmpty();
    List<Selection> selections = context.rows(Tables.SELECTIONS);
    assertThat(selections).hasSize(4).filteredOn(Selection::selected).hasSize(2);
    assertThat(selections).allSatisfy(s -> assertThat(s.value()).isBetween(0.8, 1.0));
    assertThat(context.rows(Tables.SCORES))
        .hasSize(4)
        .allSatisfy(s -> assertThat(s.params()).startsWith("maxDepth="));
  }

  /** A fit that fails is a row; the others go on. */
  @Test
  void failedFitIsARow() {
    RunContext context =
        run(
            """
            data.d { path = "%s", id = id, label = benign }
            models.wrong { estimator = multilayer-perceptron, params { layers = [3, 2] } }
            models.right { estimator = baseline }
            jobs = [ { job = cross-validate, plan { kind = k-fold, folds = 2 }, metrics = [accuracy] } ]
            """
                .formatted(Shared.data("breast_cancer.csv")));
    assertThat(context.rows(Tables.FAILURES))
        .hasSize(2)
        .allSatisfy(f -> assertThat(f.model()).isEqualTo("wrong"))
        .allSatisfy(
            f ->
                assertThat(f.reason())
                    .startsWith("the estimator refuses these rows or its parameters: ")
                    .endsWith("; mend the model's params, its scale or encode, or the data")
                    .doesNotContain("Exception"));
    assertThat(context.rows(Tables.SCORES))
        .hasSize(2)
        .allSatisfy(s -> assertThat(s.model()).isEqualTo("right"));
    assertThat(context.rows(Tables.ESTIMATES))
        .filteredOn(e -> e.model().equals("wrong") && e.estimator().equals("mean-of-folds"))
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.value()).isNaN();
              assertThat(e.reason()).isEqualTo("2 of 2 folds have no value: the fit failed");
            });
  }
}
