package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.assay.UserException;
import org.assay.report.ImportanceRow;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Importances on the rows of further tables: {@code evaluate}. */
class FurtherDataTest {
  @TempDir Path dir;

  private RunContext run(String conf) {
    return Shared.run(
        "name = t, seed = 3, output = unused\n" + conf.replace("DIR", dir.toString()),
        dir.resolve("cells"));
  }

  private static final List<String> INPUTS =
      List.of("age", "workclass", "education", "native_country", "hours_per_week");

  /** Rows of Adult, some of which have countries that the others lack. */
  private static String adult(String name, String where, List<String> features, String keys) {
    return """
        data.%s { path = "%s", id = id, label = income, where = "%s", features = [%s], encode = one-hot, nulls = ["?"], impute = most-frequent%s }
        """
        .formatted(name, Shared.data("adult.csv"), where, String.join(", ", features), keys);
  }

  /**
   * Two halves, each explained by models of the other, are the two splits of a plan over both: the
   * baselines are the same, and so are the means of importances within the chance of the draw.
   * Columns of one half stand in another order, and its countries have other codes.
   */
  @Test
  void aTableMeasuredByModelsOfAnotherIsASplitThatTheyHaveNotSeen() {
    List<String> reversed = new ArrayList<>(INPUTS);
    Collections.reverse(reversed);
    String conf =
        adult("a", "id % 16 = 0", INPUTS, "")
            + adult("b", "id % 16 = 1", INPUTS, "")
            + adult("b-reversed", "id % 16 = 1", reversed, "")
            + adult("both", "id % 16 < 2", INPUTS, ", derive { half = \"id % 16\" }, fold = half")
            + """
              models {
                logit { estimator = logistic-regression, params { regParam = 0.01 } }
                boosted { estimator = xgboost, params { num_round = 10 } }
                tree { estimator = decision-tree, engine = cluster }
              }
              jobs = [
                { job = importance, name = ab, data = a, evaluate = [b-reversed], KEYS }
                { job = importance, name = ba, data = b, evaluate = [a], plan { kind = holdout, test = 0.5 }, KEYS }
                { job = importance, name = both, data = both, plan { kind = predefined }, KEYS }
              ]
              """
                .replace(
                    "KEYS",
                    "metrics = [log-loss, accuracy], repeats = 20, groups { work = [workclass, hours_per_week] }");
    List<ImportanceRow> rows = run(conf).rows(Tables.IMPORTANCES);
    List<ImportanceRow> ab = of(rows, "ab", "b-reversed");
    List<ImportanceRow> ba = of(rows, "ba", "a");
    List<ImportanceRow> both = of(rows, "both", "both");
    assertThat(both).hasSize(3 * 2 * 6);
    for (ImportanceRow joint : both) {
      ImportanceRow one = like(joint, ab);
      ImportanceRow other = like(joint, ba);
      assertThat((one.baseline() + other.baseline()) / 2).isCloseTo(joint.baseline(), within(1e-9));
      double mean = (one.value() + other.value()) / 2;
      double error =
          Math.sqrt(
              square(error(joint)) + square(error(one)) / 4 + square(error(other)) / 4 + 1e-24);
      assertThat(mean).isCloseTo(joint.value(), within(5 * error));
      assertThat(one.reason()).doesNotContain("fitted to");
      assertThat(one.spreadSplit()).isNaN();
      assertThat(one.n() + other.n()).isEqualTo(joint.n());
    }
    assertThat(of(rows, "ab", "a"))
        .hasSize(36)
        .allSatisfy(
            r ->
                assertThat(r.reason())
                    .contains("measured on the rows that the model was fitted to"));
    assertThat(of(rows, "ba", "b")).hasSize(36);
  }

  private static List<ImportanceRow> of(List<ImportanceRow> rows, String job, String data) {
    return rows.stream().filter(r -> r.job().equals(job) && r.data().equals(data)).toList();
  }

  private static ImportanceRow like(ImportanceRow row, List<ImportanceRow> among) {
    List<ImportanceRow> found =
        among.stream()
            .filter(
                r ->
                    r.model().equals(row.model())
                        && r.metric().equals(row.metric())
                        && r.feature().equals(row.feature()))
            .toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static double error(ImportanceRow row) {
    return row.spreadShuffle() / Math.sqrt(row.repeats());
  }

  private static double square(double x) {
    return x * x;
  }

  /**
   * Saved models do not care where a job's other rows are: the same lines as of the table alone.
   */
  @Test
  void savedModelsAreMeasuredAsOnTheTableAlone() throws Exception {
    String[] features = {"alcohol", "flavanoids", "proline"};
    Dataset<Row> wine =
        Shared.spark()
            .read()
            .option("header", "true")
            .option("inferSchema", "true")
            .csv(Shared.data("wine.csv").toString())
            .withColumn("cultivar", functions.col("cultivar").cast("double"));
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new VectorAssembler().setInputCols(features).setOutputCol("features"),
                  new LogisticRegression().setLabelCol("cultivar").setRegParam(0.1)
                });
    pipeline.fit(wine).write().save(dir.resolve("fitted").toString());
    pipeline.write().save(dir.resolve("unfitted").toString());
    try (InputStream in = FurtherDataTest.class.getResourceAsStream("xgboost.json")) {
      Files.write(
          dir.resolve("m.json"),
          new ObjectMapper().writeValueAsBytes(new ObjectMapper().readTree(in).at("/wine/model")));
    }
    List<ImportanceRow> rows =
        run("""
                data { a { path = "%1$s", id = id, label = cultivar, task = classification, where = "id %% 3 > 0" }
                       b { path = "%1$s", id = id, label = cultivar, task = classification, where = "id %% 3 = 0", slices = [{ column = hue, edges = [1] }] } }
                models { spark { model = "DIR/fitted" }, boosted { xgboost = "DIR/m.json" }, refitted { pipeline = "DIR/unfitted" } }
                jobs = [
                  { job = importance, name = further, data = a, evaluate = [b], KEYS }
                  { job = importance, name = alone, data = b, models = [spark, boosted], KEYS }
                ]
                """
                .formatted(Shared.data("wine.csv"))
                .replace(
                    "KEYS",
                    "metrics = [log-loss, accuracy], repeats = 3, within = stratum, groups { two = [alcohol, hue] }"))
            .rows(Tables.IMPORTANCES);
    List<String> further = lines(of(rows, "further", "b"));
    assertThat(further).hasSize(3 * 3 * 2 * 14);
    assertThat(further).containsAll(lines(of(rows, "alone", "b")));
    Dataset<Row> answered =
        pipeline.fit(wine.where("id % 3 > 0")).transform(wine.where("id % 3 = 0"));
    double right = answered.where("prediction = cultivar").count() / 60.0;
    assertThat(of(rows, "further", "b"))
        .filteredOn(r -> r.model().equals("refitted") && r.metric().equals("accuracy"))
        .filteredOn(r -> r.slice().isEmpty())
        .hasSize(14)
        .allSatisfy(r -> assertThat(r.baseline()).isCloseTo(right, within(1e-12)))
        .allSatisfy(r -> assertThat(r.reason()).doesNotContain("fitted to"));
  }

  /** All that a line says, but its job's name and its time. */
  private static List<String> lines(List<ImportanceRow> rows) {
    return rows.stream().map(r -> r.in(0).toString().replaceFirst("job=[a-z]+", "")).toList();
  }

  /** Every method that asks models of rows is asked of all tables, the others of the first. */
  @Test
  void methodsThatFitAnewStayWithTheirRows() throws IOException {
    Files.writeString(dir.resolve("a.csv"), table("0,1,u,0\n1,3,v,1\n2,2,u,1\n3,5,w,1\n4,0,w,0\n"));
    Files.writeString(dir.resolve("b.csv"), table("0,2,v,1\n1,4,x,1\n2,1,u,0\n3,3,x,0\n"));
    RunContext ran =
        run(
            """
            data { a { path = "DIR/a.csv", id = id, label = y, encode = index }
                   b { path = "DIR/b.csv", id = id, label = y, encode = index } }
            models.m { estimator = logistic-regression, params { regParam = 0.1 } }
            jobs = [ { job = importance, data = a, evaluate = [b], metrics = [log-loss], repeats = 3, rankings { top = 1, permutations = 19 }
                       method = [permutation, e-switch, conditional, shapley, sage, sensitivity, deletion, native, drop-column, pimp, forward-selection]
                       pimp { permutations = 19 }, forward-selection { inner { kind = k-fold, folds = 2 } } } ]
            """);
    List<ImportanceRow> rows = ran.rows(Tables.IMPORTANCES);
    assertThat(
            rows.stream().filter(r -> r.data().equals("b")).map(ImportanceRow::method).distinct())
        .containsExactly(
            "permutation", "e-switch", "conditional", "shapley", "sage", "sensitivity");
    assertThat(
            rows.stream().filter(r -> r.data().equals("a")).map(ImportanceRow::method).distinct())
        .contains("native", "drop-column", "pimp", "forward-selection");
    assertThat(ran.rows(Tables.CURVES)).anySatisfy(c -> assertThat(c.data()).isEqualTo("b"));
    assertThat(ran.rows(Tables.RANKINGS)).anySatisfy(c -> assertThat(c.data()).isEqualTo("b"));
    assertThat(ran.rows(Tables.FAILURES)).isEmpty();
  }

  private static String table(String rows) {
    StringBuilder text = new StringBuilder("id,x,t,y\n");
    List<String> lines = rows.lines().toList();
    for (int copy = 0; copy < 8; copy++) {
      for (String line : lines) {
        text.append(copy).append(line).append('\n');
      }
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id,x,y;0,1,0;1,2,1             | | data.b.features: 't' of data.a is not among them; models need all of the features that they were fitted to
          id,x,t,y;0,1,u,2;1,2,v,1       | | data.b.label: is one of 1, 2, and that of data.a is one of 0, 1; models are measured by the same label
          id,x,t,y;0,u,u,0;1,v,v,1       | | data.b.features: 'x' is a text, and in data.a a number; set data.b.schema, or derive it
          id,x,t,y;0,,u,0;1,2,v,1        | , impute = mean | data.b.features: 'x' is missing in 1 row, and in no row of data.a, so that models know of nothing to put there; leave these rows out by data.b.where, or derive it
          id,x,t,y;0,1,u,0;1,2,v,1       | , method = native | jobs[0].evaluate = ["b"]: is for methods that ask fitted models of rows, such as permutation, and none is asked for; add one to method, or remove this
          id,x,t,y;0,1,u,0;1,2,v,1       | , evaluate = [a] | jobs[0].evaluate = ["a"]: names the data that models are explained on anyway; remove 'a'
          id,x,t,y;0,1,u,0;1,2,v,1       | , evaluate = [c] | jobs[0].evaluate = ["c"]: no such data set; known: a, b
          """)
  void whatCannotBeMeasuredIsRefused(String other, String keys, String message) throws IOException {
    String more = keys == null ? "" : keys;
    Files.writeString(dir.resolve("a.csv"), table("0,1,u,0\n1,3,v,1\n"));
    Files.writeString(dir.resolve("b.csv"), other.replace(';', '\n') + "\n");
    String data = more.contains("impute") ? more : "";
    String job = more.contains("impute") ? "" : more;
    assertThatThrownBy(
            () ->
                run(
                    """
                    data { a { path = "DIR/a.csv", id = id, label = y, encode = index }
                           b { path = "DIR/b.csv", id = id, label = y, encode = index%s } }
                    models.m { estimator = logistic-regression, params { regParam = 0.1 } }
                    jobs = [ { job = importance, data = a, evaluate = [b], metrics = [log-loss], repeats = 1%s } ]
                    """
                        .formatted(data, job)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }
}
