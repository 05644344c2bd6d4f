package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assay.UserException;
import org.assay.report.Estimate;
import org.assay.report.ImportanceRow;
import org.assay.report.Tables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models in ONNX files, which are written here by hand. */
class OnnxTest {
  private static final Map<String, String> NAMES =
      Map.of(
          "neg_mean_squared_error",
          "mse",
          "neg_log_loss",
          "log-loss",
          "roc_auc",
          "roc-auc",
          "accuracy",
          "accuracy");

  @TempDir Path dir;

  @BeforeEach
  void data() throws IOException {
    Files.writeString(
        dir.resolve("d.csv"), "id,a,b,y\n0,1,2,10\n1,2,0,20\n2,3,1,30\n3,4,5,40\n4,5,3,50\n");
  }

  private RunContext run(String conf) {
    return Shared.run(
        "name = t, seed = 3, output = unused\n" + conf.replace("DIR", dir.toString()),
        dir.resolve("cells"));
  }

  private void write(OnnxFile file) throws IOException {
    Files.write(dir.resolve("m.onnx"), file.bytes());
  }

  private static OnnxFile matrix(int width) {
    return new OnnxFile()
        .input("X", OnnxFile.FLOAT, -1, width)
        .output("out", OnnxFile.FLOAT, -1, 1);
  }

  private static final String REGRESSION =
      """
      data.d { path = "DIR/d.csv", id = id, label = y, task = regression }
      models.m { onnx = "DIR/m.onnx" }
      """;

  /** 10 a is the label: nothing is lost until a is permuted, 2 * 100 * var(a) = 400 then. */
  @ParameterizedTest
  @ValueSource(strings = {"cut = replicates", "cut = rows", "within = block"})
  void aRegressorAsJobsSeeIt(String keys) throws IOException {
    write(matrix(2).regressor("X", "out", 0, 10, 0));
    RunContext report =
        run(
            REGRESSION
                + "jobs = [ { job = evaluate, metrics = [mse] }, { job = importance, metrics = [mse], repeats = 300, "
                + keys
                + " } ]");
    assertThat(report.rows(Tables.ESTIMATES)).extracting(Estimate::value).first().isEqualTo(0.0);
    List<ImportanceRow> rows = report.rows(Tables.IMPORTANCES);
    assertThat(rows).extracting(ImportanceRow::feature).containsExactly("a", "b");
    double error = rows.get(0).spreadShuffle() / Math.sqrt(300);
    assertThat(rows.get(0).value()).isCloseTo(400, within(5 * error));
    assertThat(error).isBetween(1.0, 20.0);
    assertThat(rows.get(1).value()).isZero();
  }

  /** Of 10 a a row's share is 10 (a - 3): 20, 10, 0, 10 and 20. Of its inputs it says nothing. */
  @Test
  void methodsThatAskModelsOfOtherRows() throws IOException {
    write(matrix(2).regressor("X", "out", 0, 10, 0));
    List<ImportanceRow> rows =
        run(REGRESSION + "jobs = [ { job = importance, method = [shapley, native] } ]")
            .rows(Tables.IMPORTANCES);
    assertThat(rows)
        .extracting(ImportanceRow::method, ImportanceRow::feature, ImportanceRow::value)
        .containsExactly(
            tuple("shapley", "a", 12.0),
            tuple("shapley", "b", 0.0),
            tuple("native", "a", Double.NaN),
            tuple("native", "b", Double.NaN));
    assertThat(rows.get(2).reason()).isEqualTo("a model of this kind says nothing of its inputs");
  }

  @Test
  void aTreeWithOneInputPerColumn() throws IOException {
    write(
        new OnnxFile()
            .input("b", OnnxFile.FLOAT, -1, 1)
            .input("a", OnnxFile.FLOAT, -1, 1)
            .output("out", OnnxFile.FLOAT, -1, 1)
            .concat(List.of("a", "b"), "X")
            .stump("X", "out", 0, 2.5, 15, 40));
    RunContext report = run(REGRESSION + "jobs = [ { job = evaluate, metrics = [mae] } ]");
    // |10 - 15|, |20 - 15|, |30 - 40|, 0, |50 - 40|
    assertThat(report.rows(Tables.ESTIMATES).get(0).value()).isEqualTo(6);
  }

  private String refused(String conf) {
    Throwable[] thrown = new Throwable[1];
    assertThatThrownBy(() -> run(conf)).satisfies(t -> thrown[0] = t);
    assertThat(thrown[0]).isInstanceOf(UserException.class);
    return thrown[0].getMessage().replace(dir.toString(), "DIR");
  }

  private static final String IMPORTANCE =
      "jobs = [ { job = importance, metrics = [mse], repeats = 2 } ]";

  @Test
  void badFiles() throws IOException {
    String where = "models.m.onnx = DIR/m.onnx: ";
    assertThat(refused(REGRESSION + IMPORTANCE)).isEqualTo(where + "there is no such file");
    Files.writeString(dir.resolve("m.onnx"), "no model");
    assertThat(refused(REGRESSION + IMPORTANCE))
        .startsWith(where + "is no ONNX model that ONNX Runtime can open: ");
    write(matrix(3).regressor("X", "out", 0, 10, 0, 1));
    assertThat(refused(REGRESSION + IMPORTANCE))
        .isEqualTo(
            where
                + "takes 'X' of the shape [-1, 3], and data.d has rows of 2 numbers: a, b; name the features that it was made of by data.d.features, in their order");
    write(
        new OnnxFile()
            .input("a", OnnxFile.FLOAT, -1, 1)
            .input("c", OnnxFile.FLOAT, -1, 1)
            .output("out", OnnxFile.FLOAT, -1, 1)
            .concat(List.of("a", "c"), "X")
            .regressor("X", "out", 0, 1, 2));
    assertThat(refused(REGRESSION + IMPORTANCE))
        .isEqualTo(
            where
                + "has no input 'b', which is a feature of data.d; its inputs are a, c; exclude the column by data.d.exclude");
    assertThat(refused(REGRESSION.replace("label = y", "label = y, exclude = [b]") + IMPORTANCE))
        .isEqualTo(
            where
                + "takes an input 'c' that is no feature of data.d; features are a; give it data with the columns that it reads");
    write(
        new OnnxFile()
            .input("a", OnnxFile.FLOAT, -1, 2)
            .input("b", OnnxFile.FLOAT, -1, 1)
            .output("out", OnnxFile.FLOAT, -1, 1)
            .concat(List.of("a", "b"), "X")
            .regressor("X", "out", 0, 1, 2, 3));
    assertThat(refused(REGRESSION + IMPORTANCE))
        .contains("takes 'a' of the shape [-1, 2], and the column of data.d has the shape [-1, 1]");
    write(matrix(2).regressor("X", "out", 0, 10, 0));
    assertThat(refused(REGRESSION.replace("m.onnx\"", "m.onnx\", prediction = outt") + IMPORTANCE))
        .isEqualTo(
            where
                + "makes no output 'outt', which prediction names (did you mean 'out'?); it makes 'out' (FLOAT [-1, 1])");
    assertThat(
            refused(
                REGRESSION.replace("task = regression", "task = classification")
                    + IMPORTANCE.replace("mse", "accuracy")))
        .endsWith(
            "makes 1 number per row in 'out'; must be 5, one per class of the label, in their order");
  }

  private static JsonNode reference(String name) throws IOException {
    try (InputStream in = OnnxTest.class.getResourceAsStream("onnx.json")) {
      return new ObjectMapper().readTree(in).get(name);
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /**
   * Importances of a linear model in a file against scikit-learn's of the same model, within 5
   * standard errors of both draws.
   */
  private void likeScikitLearn(String name, String keys, int repeats) throws IOException {
    JsonNode reference = reference(name);
    List<String> numbers = texts(reference.get("numbers"));
    List<String> columns = texts(reference.get("texts"));
    List<String> classes = texts(reference.get("classes"));
    List<Double> weights = new ArrayList<>();
    reference.get("coefficients").forEach(w -> weights.add(w.asDouble()));
    double[] w = weights.stream().mapToDouble(Double::doubleValue).toArray();
    double intercept = reference.get("intercept").asDouble();
    OnnxFile file = new OnnxFile();
    if (columns.isEmpty()) {
      file.input("X", OnnxFile.FLOAT, -1, numbers.size());
    } else {
      List<String> parts = new ArrayList<>(numbers);
      numbers.forEach(n -> file.input(n, OnnxFile.FLOAT, -1, 1));
      for (int t = 0; t < columns.size(); t++) {
        file.input(columns.get(t), OnnxFile.STRING, -1, 1);
        file.oneHot(
            columns.get(t), columns.get(t) + "_hot", texts(reference.get("categories").get(t)));
        parts.add(columns.get(t) + "_hot");
      }
      file.concat(parts, "X");
    }
    if (classes.isEmpty()) {
      file.output("variable", OnnxFile.FLOAT, -1, 1).regressor("X", "variable", intercept, w);
    } else {
      boolean named = !classes.equals(List.of("0", "1"));
      file.output("label", named ? OnnxFile.STRING : OnnxFile.INT64, -1)
          .output("probabilities", OnnxFile.FLOAT, -1, 2)
          .classifier("X", "label", "probabilities", named ? classes : null, intercept, w);
    }
    write(file);
    List<String> metrics = new ArrayList<>();
    reference.get("importances").fieldNames().forEachRemaining(m -> metrics.add(NAMES.get(m)));
    List<ImportanceRow> rows =
        run("""
                data.d { path = "%s", id = id, label = %s%s }
                models.m { onnx = "DIR/m.onnx" }
                jobs = [ { job = importance, metrics = [%s], repeats = %d } ]
                """
                .formatted(
                    Shared.data(name + ".csv"),
                    reference.get("label").asText(),
                    keys,
                    String.join(", ", metrics),
                    repeats))
            .rows(Tables.IMPORTANCES);
    assertThat(rows).hasSize(metrics.size() * (numbers.size() + columns.size()));
    for (ImportanceRow row : rows) {
      String theirs =
          NAMES.entrySet().stream()
              .filter(n -> n.getValue().equals(row.metric()))
              .findFirst()
              .orElseThrow()
              .getKey();
      JsonNode both = reference.get("importances").get(theirs).get(row.feature());
      double error =
          Math.hypot(
              row.spreadShuffle() / Math.sqrt(repeats),
              both.get(1).asDouble() / Math.sqrt(reference.get("repeats").asInt() - 1));
      double value = both.get(0).asDouble();
      assertThat(row.value())
          .as(row.metric() + " of " + row.feature())
          .isCloseTo(value, within(5 * error + 1e-6 * Math.max(1, Math.abs(value))));
    }
  }

  @Test
  void wisconsin() throws IOException {
    likeScikitLearn("breast_cancer", "", 200);
  }

  @Test
  void diabetes() throws IOException {
    likeScikitLearn("diabetes", ", task = regression", 200);
  }

  @Test
  void californiaHousing() throws IOException {
    likeScikitLearn(
        "california_housing",
        ", task = regression, exclude = [ocean_proximity], where = \"total_bedrooms is not null\"",
        50);
  }

  /** Six columns of numbers and eight of texts, each an input of its own. */
  @Test
  @Tag("slow")
  void adult() throws IOException {
    likeScikitLearn("adult", "", 20);
  }
}
