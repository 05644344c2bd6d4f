package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assay.config.RunConfig;
import org.assay.importance.RowFunction;
import org.assay.jobs.frame.Columns;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.model.ModelFiles;
import org.assay.jobs.model.Scorer;
import org.assay.report.ImportanceRow;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trees read from ONNX files against ONNX Runtime. */
class OnnxTreesTest {
  private static final int WIDTH = 4;
  private static final int ROWS = 400;

  @TempDir Path dir;

  /** Rows whose numbers are few, so that many stand at thresholds; the label has so many values. */
  private void data(int classes) throws IOException {
    Random random = new Random(classes);
    StringBuilder text = new StringBuilder("id,a,b,c,d,y\n");
    for (int i = 0; i < ROWS; i++) {
      text.append(i);
      for (int j = 0; j < WIDTH; j++) {
        text.append(',').append(0.1 * random.nextInt(20));
      }
      text.append(',').append(classes == 0 ? random.nextInt(100) : i % classes).append('\n');
    }
    Files.writeString(dir.resolve("d.csv"), text);
  }

  /**
   * So many trees of up to four levels.
   *
   * @param ids classes or targets that leaves vote for
   * @param positive whether votes are shares that add up to one over all trees
   */
  private static OnnxFile.Trees trees(
      int trees, List<String> modes, int[] ids, boolean positive, Random random) {
    OnnxFile.Trees all = new OnnxFile.Trees();
    for (int tree = 0; tree < trees; tree++) {
      List<Integer> level = new ArrayList<>(List.of(0));
      int next = 1;
      for (int node = 0; node < level.size(); node++) {
        if (level.get(node) < 4 && random.nextInt(8) > 0) {
          all.split(
              tree,
              node,
              random.nextInt(WIDTH),
              modes.get(random.nextInt(modes.size())),
              0.1 * random.nextInt(20),
              next,
              next + 1,
              random.nextBoolean());
          level.add(level.get(node) + 1);
          level.add(level.get(node) + 1);
          next += 2;
          continue;
        }
        all.leaf(tree, node);
        double left = 1;
        for (int k = 0; k < ids.length; k++) {
          double share = k == ids.length - 1 ? left : left * random.nextDouble();
          left -= share;
          // A tree of many classes' boosting votes for one of them.
          if (positive || ids.length == 1 || k == tree % ids.length) {
            double vote = ids.length == 1 ? random.nextDouble() : share;
            all.vote(tree, node, ids[k], positive ? vote / trees : random.nextGaussian());
          }
        }
      }
    }
    return all;
  }

  private String conf(int classes) {
    return """
        name = t, seed = 3, output = unused
        data.d { path = "DIR/d.csv", id = id, label = y, task = TASK }
        models.m { onnx = "DIR/m.onnx" }
        """
        .replace("DIR", dir.toString())
        .replace("TASK", classes == 0 ? "regression" : "classification");
  }

  private Scorer scorer(OnnxFile file, int classes) throws IOException {
    data(classes);
    Files.write(dir.resolve("m.onnx"), file.bytes());
    RunConfig config =
        RunConfig.read(ConfigFactory.parseString(conf(classes) + "jobs = [ { job = evaluate } ]"));
    try (Frame frame =
        Frame.read(Shared.spark(), config.data().get("d"), List.of(), Columns.NONE)) {
      return ModelFiles.scorer(config.models().get("m"), frame.schema(), WIDTH);
    }
  }

  private static OnnxFile matrix() {
    return new OnnxFile().input("X", OnnxFile.FLOAT, -1, WIDTH);
  }

  private static OnnxFile classifier(String from, OnnxFile.Trees trees, int classes, String how) {
    OnnxFile file = from.equals("X") ? matrix() : matrix().identity("X", from);
    return file.output("label", OnnxFile.INT64, -1)
        .output("scores", OnnxFile.FLOAT, -1, classes)
        .trees(from, "label", "scores", trees, classes, how);
  }

  private static OnnxFile regressor(OnnxFile.Trees trees, String how) {
    return matrix()
        .output("out", OnnxFile.FLOAT, -1, 1)
        .trees("X", "out", trees, how, how.equals("SUM") ? 2.5 : 0);
  }

  private static final List<String> MODES =
      List.of("BRANCH_LEQ", "BRANCH_LT", "BRANCH_GT", "BRANCH_GTE");

  /** Of both the same answers, at thresholds, between and where numbers are missing. */
  @ParameterizedTest
  @CsvSource({"0,SUM", "0,AVERAGE", "2,LOGISTIC", "2,NONE", "3,NONE", "3,SOFTMAX"})
  void answersAreThoseOfTheFile(int classes, String how) throws IOException {
    Random random = new Random(classes + how.hashCode());
    int[] ids = classes == 3 ? new int[] {0, 1, 2} : new int[] {0};
    OnnxFile.Trees trees = trees(30, MODES, ids, how.equals("NONE"), random);
    OnnxFile file = classes == 0 ? regressor(trees, how) : classifier("X", trees, classes, how);
    Scorer scorer = scorer(file, classes);
    Scorer.Trees read = scorer.trees(WIDTH).orElseThrow();
    RowFunction asked = scorer.batch().orElseThrow();
    int n = 5000;
    double[] rows = new double[n * WIDTH];
    for (int at = 0; at < rows.length; at++) {
      int kind = random.nextInt(10);
      rows[at] =
          kind == 0 ? Double.NaN : kind < 6 ? 0.1 * random.nextInt(20) : 3 * random.nextDouble();
    }
    double[] right = new double[n * asked.outputs()];
    asked.predict(rows, n, right);
    int outputs = read.forest().outputs();
    double[] own = new double[n * outputs];
    read.forest().predict(rows, n, own);
    int chosenAlike = 0;
    for (int i = 0; i < n; i++) {
      if (classes == 0) {
        assertThat(own[i]).isCloseTo(right[i], within(1e-4));
        continue;
      }
      for (int k = 0; k < classes; k++) {
        int at = classes == 2 ? 1 : 1 + k;
        assertThat(own[i * outputs + (classes == 2 ? 1 : k)])
            .isCloseTo(right[i * asked.outputs() + at], within(1e-5));
      }
      double chosen = read.decision().of(own, i * outputs, outputs);
      chosenAlike += chosen == right[i * asked.outputs()] ? 1 : 0;
    }
    assertThat(chosenAlike).isEqualTo(classes == 0 ? 0 : n);
  }

  /** What this library has no trees for is asked as a whole. */
  @ParameterizedTest
  @CsvSource({"MIN", "MAX"})
  void otherSumsAreNotRead(String how) throws IOException {
    OnnxFile.Trees trees = trees(5, MODES, new int[] {0}, false, new Random(1));
    assertThat(scorer(regressor(trees, how), 0).trees(WIDTH)).isEmpty();
  }

  @Test
  void otherComparisonsAreNotRead() throws IOException {
    OnnxFile.Trees trees =
        trees(5, List.of("BRANCH_EQ", "BRANCH_LEQ"), new int[] {0}, false, new Random(1));
    assertThat(scorer(regressor(trees, "SUM"), 0).trees(WIDTH)).isEmpty();
  }

  /**
   * Of votes for both of two classes ONNX Runtime calls the second whatever has any vote for it.
   */
  @Test
  void answersThatFollowOtherRulesAreNotRead() throws IOException {
    OnnxFile.Trees trees = trees(5, MODES, new int[] {0, 1}, true, new Random(1));
    assertThat(scorer(classifier("X", trees, 2, "NONE"), 2).trees(WIDTH)).isEmpty();
    OnnxFile.Trees odds = trees(5, MODES, new int[] {0}, false, new Random(1));
    assertThat(scorer(classifier("X", odds, 2, "NONE"), 2).trees(WIDTH)).isEmpty();
  }

  /** The importances of the same file whose trees are hidden behind another operation. */
  @Test
  void importancesAreThoseOfTheWholeFile() throws IOException {
    data(3);
    OnnxFile.Trees trees = trees(20, MODES, new int[] {0, 1, 2}, false, new Random(5));
    String jobs =
        "jobs = [ { job = importance, method = [permutation, shapley], metrics = [log-loss, accuracy], repeats = 3, shapley { rows = 20, background = 10 } } ]";
    List<List<ImportanceRow>> both = new ArrayList<>();
    for (String from : List.of("X", "Z")) {
      Files.write(dir.resolve("m.onnx"), classifier(from, trees, 3, "SOFTMAX").bytes());
      both.add(Shared.run(conf(3) + jobs, dir.resolve("cells" + from)).rows(Tables.IMPORTANCES));
    }
    assertThat(both.get(0)).hasSize(12);
    for (int k = 0; k < both.get(0).size(); k++) {
      ImportanceRow own = both.get(0).get(k);
      ImportanceRow whole = both.get(1).get(k);
      assertThat(own.feature()).isEqualTo(whole.feature());
      assertThat(own.value()).isCloseTo(whole.value(), within(1e-6));
    }
  }
}
