package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.assay.report.ImportanceRow;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code method = native} against closed forms and Spark's own numbers. */
class NativeImportanceTest {
  @TempDir Path dir;

  private List<ImportanceRow> run(String conf) {
    return Shared.run(
            "name = t, seed = 3, output = unused\n" + conf.replace("DIR", dir.toString()),
            dir.resolve("cells"))
        .rows(Tables.IMPORTANCES);
  }

  private static Map<String, ImportanceRow> of(List<ImportanceRow> rows, String scale) {
    Map<String, ImportanceRow> all = new HashMap<>();
    rows.stream()
        .filter(r -> r.scale().equals(scale))
        .forEach(r -> assertThat(all.put(r.feature(), r)).isNull());
    return all;
  }

  /**
   * y = 3 x - 2 [k = b] + 5 [k = c]: least squares finds it, and the spreads are counted by hand.
   */
  private void sums() throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder("id,x,k,n,y\n");
    for (int i = 0; i < 60; i++) {
      double x = i % 10;
      String k = List.of("a", "b", "c").get(i % 3);
      double y = 3 * x + (k.equals("b") ? -2 : k.equals("c") ? 5 : 0);
      text.append(i + "," + x + "," + k + "," + random.nextGaussian() + "," + y + "\n");
    }
    Files.writeString(dir.resolve("sums.csv"), text);
  }

  @Test
  void coefficientsTimesSpreadsOfWhatAColumnWasEncodedInto() throws IOException {
    sums();
    List<ImportanceRow> rows =
        run(
            """
            data.d { path = "DIR/sums.csv", id = id, label = y, task = regression, encode = one-hot }
            models.m { estimator = linear-regression, params { regParam = 1e-9, elasticNetParam = 0 } }
            models.scaled { estimator = linear-regression, scale = standard, params { regParam = 1e-9 } }
            jobs = [ { job = importance, method = native, groups { both = [x, k] } } ]
            """);
    assertThat(rows).hasSize(8);
    for (String model : List.of("m", "scaled")) {
      Map<String, ImportanceRow> own =
          of(rows.stream().filter(r -> r.model().equals(model)).toList(), "coefficient");
      // x is 0 to 9 with equal shares.
      assertThat(own.get("x").value()).isCloseTo(3 * Math.sqrt(8.25), within(1e-5));
      // The three columns of k sum to 1, so their coefficients are determined up to a constant, and
      // a small penalty centres them: -1, -3, 4. Each has the spread sqrt(2) / 3.
      assertThat(own.get("k").value()).isCloseTo(8 * Math.sqrt(2) / 3, within(1e-5));
      assertThat(own.get("both").value())
          .isCloseTo(own.get("x").value() + own.get("k").value(), within(1e-12));
      assertThat(own.get("n").value()).isCloseTo(0, within(1e-5));
      assertThat(own.get("x"))
          .returns("", ImportanceRow::metric)
          .returns("native", ImportanceRow::method)
          .returns(1, ImportanceRow::rank)
          .returns("", ImportanceRow::test);
      assertThat(own.get("x").baseline()).isNaN();
      assertThat(own.get("x").reason()).contains("and not how well it predicts others");
    }
  }

  /** What Spark says of the slots of a vector, summed by hand over those of a column. */
  @Test
  void savedForestsSayWhatSparkSays() throws IOException {
    Dataset<Row> data =
        Shared.spark()
            .read()
            .option("header", "true")
            .option("inferSchema", "true")
            .csv(Shared.data("adult.csv").toString())
            .limit(2000);
    PipelineStage[] stages = {
      new StringIndexer()
          .setInputCols(new String[] {"sex", "workclass"})
          .setOutputCols(new String[] {"s", "w"})
          .setHandleInvalid("keep"),
      new OneHotEncoder()
          .setInputCols(new String[] {"s", "w"})
          .setOutputCols(new String[] {"sv", "wv"}),
      new VectorAssembler()
          .setInputCols(new String[] {"age", "wv", "capital_gain", "sv"})
          .setOutputCol("raw"),
      new StandardScaler().setInputCol("raw").setOutputCol("features"),
      new StringIndexer().setInputCol("income").setOutputCol("label"),
      new RandomForestClassifier().setNumTrees(5).setSeed(1)
    };
    PipelineModel fitted = new Pipeline().setStages(stages).fit(data);
    String path = dir.resolve("forest").toString();
    fitted.write().save(path);
    Map<String, ImportanceRow> rows =
        of(
            run(
                """
                data.d { path = "%s", id = id, label = income, features = [age, sex, workclass, capital_gain] }
                models.m { model = "%s", prediction = prediction }
                jobs = [ { job = importance, method = native, groups { person = [age, sex] } } ]
                """
                    .formatted(Shared.data("adult.csv"), path)),
            "impurity");
    double[] own =
        ((RandomForestClassificationModel) fitted.stages()[5]).featureImportances().toArray();
    int width = own.length;
    double sex = own[width - 2] + own[width - 1];
    assertThat(rows.get("age").value()).isEqualTo(own[0]);
    assertThat(rows.get("capital_gain").value()).isEqualTo(own[width - 3]);
    assertThat(rows.get("sex").value()).isCloseTo(sex, within(1e-15));
    assertThat(rows.get("workclass").value())
        .isCloseTo(1 - own[0] - own[width - 3] - sex, within(1e-12));
    assertThat(rows.get("person").value()).isCloseTo(own[0] + sex, within(1e-15));
  }

  @Test
  void columnsThatAPipelineMixesAreNotTakenApart() throws IOException {
    PipelineStage[] stages = {
      new VectorAssembler().setInputCols(new String[] {"alcohol", "hue"}).setOutputCol("two"),
      new PCA().setK(2).setInputCol("two").setOutputCol("turned"),
      new VectorAssembler()
          .setInputCols(new String[] {"turned", "proline"})
          .setOutputCol("features"),
      new RandomForestClassifier().setNumTrees(3).setSeed(1).setLabelCol("cultivar")
    };
    String path = dir.resolve("mixed").toString();
    new Pipeline().setStages(stages).write().save(path);
    List<ImportanceRow> rows =
        run(
            """
            data.d { path = "%s", id = id, label = cultivar, task = classification, features = [alcohol, hue, proline] }
            models.m { pipeline = "%s" }
            jobs = [ { job = importance, method = native, groups { two = [alcohol, hue] }, plan { kind = k-fold, folds = 2 } } ]
            """
                .formatted(Shared.data("wine.csv"), path));
    Map<String, ImportanceRow> own = of(rows, "impurity");
    assertThat(own.get("alcohol").value()).isNaN();
    assertThat(own.get("alcohol").reason())
        .isEqualTo("the pipeline mixes it with other columns before it learns");
    assertThat(own.get("two").value() + own.get("proline").value()).isCloseTo(1, within(1e-12));
    assertThat(own.get("two").spreadSplit()).isPositive();
  }

  @Test
  void boostedTreesCountTheirSplitsAndBaselinesSayNothing() throws IOException {
    sums();
    List<ImportanceRow> rows =
        run(
            """
            data.d { path = "DIR/sums.csv", id = id, label = y, task = regression, encode = one-hot }
            models.trees { estimator = xgboost, params { num_round = 3, max_depth = 2 } }
            models.base { estimator = baseline }
            jobs = [ { job = importance, method = native, groups { both = [x, k] } } ]
            """);
    assertThat(rows).hasSize(4 * 4 + 4);
    Map<String, ImportanceRow> weight = of(rows, "weight");
    Map<String, ImportanceRow> gain = of(rows, "gain");
    Map<String, ImportanceRow> total = of(rows, "total-gain");
    assertThat(weight.get("both").value())
        .isEqualTo(weight.get("x").value() + weight.get("k").value())
        .isBetween(1.0, 9.0);
    assertThat(gain.get("both").value())
        .isCloseTo(total.get("both").value() / weight.get("both").value(), within(1e-9));
    assertThat(rows.stream().filter(r -> r.model().equals("base")))
        .allSatisfy(
            r -> {
              assertThat(r.value()).isNaN();
              assertThat(r.rank()).isZero();
              assertThat(r.reason()).isEqualTo("a model of this kind says nothing of its inputs");
            });
  }
}
