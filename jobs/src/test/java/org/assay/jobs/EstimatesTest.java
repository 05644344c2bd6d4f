package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.assay.config.RunConfig;
import org.assay.jobs.store.RunStore;
import org.assay.report.Estimate;
import org.assay.report.Prediction;
import org.assay.report.Tables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cross-validation says its estimates stand on. */
class EstimatesTest {
  @TempDir Path folder;
  private Set<String> large;

  @BeforeEach
  void largeTumours() throws IOException {
    List<String> lines = Files.readAllLines(Shared.data("breast_cancer.csv"));
    List<String> header = Arrays.asList(lines.get(0).split(",", -1));
    large = new HashSet<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      if (Double.parseDouble(cells[header.indexOf("worst_radius")]) > 16) {
        large.add(cells[header.indexOf("id")]);
      }
    }
    assertThat(large).hasSizeBetween(100, 400);
  }

  private RunStore run(String keys, String models, String metric, String plan) {
    Shared.spark();
    String conf =
        """
        name = estimates, seed = 5, output = "%s"
        data.d { path = "%s", id = id, label = benign, derive { large = "worst_radius > 16" }, slices = [large], exclude = [large], %s }
        models { %s }
        jobs = [ { job = cross-validate, metrics = [%s], plan { %s } } ]
        """
            .formatted(
                folder.resolve("reports"),
                Shared.data("breast_cancer.csv"),
                keys,
                models,
                metric,
                plan);
    Runner.of(RunConfig.read(ConfigFactory.parseString(conf)), List.of())
        .run("r", false, Progress.silent());
    return RunStore.open(folder.resolve("reports").toString(), new Configuration());
  }

  private void countsDistinctRows(String plan, int least, int most) {
    RunStore store = run("", "base { estimator = baseline }", "accuracy", plan);
    List<Prediction> predictions = store.read(Tables.PREDICTIONS, "r");
    Set<String> all = new TreeSet<>();
    predictions.forEach(p -> all.add(p.rowKey()));
    assertThat(all).hasSizeBetween(least, most).hasSizeLessThan(predictions.size());
    Set<String> ofSlice = new TreeSet<>(all);
    ofSlice.retainAll(large);
    List<Estimate> estimates = store.read(Tables.ESTIMATES, "r");
    assertThat(estimates).hasSize(3 * 4);
    assertThat(estimates)
        .allSatisfy(
            e ->
                assertThat(e.n())
                    .as(e.estimator() + " of " + e.slice())
                    .isEqualTo(
                        switch (e.slice()) {
                          case "" -> all.size();
                          case "large=true" -> ofSlice.size();
                          default -> all.size() - ofSlice.size();
                        }));
  }

  @Test
  void aRowThatEveryRepeatHoldsOutCountsOnce() {
    countsDistinctRows("kind = k-fold, folds = 3, repeats = 2", 569, 569);
  }

  /** Four draws of 30 % reach 1 - 0.7^4 = 76 % of the rows, and some of them several times. */
  @Test
  void ofRandomSplitsTheRowsOfAnyCount() {
    countsDistinctRows("kind = shuffle-split, splits = 4, test = 0.3", 400, 460);
  }

  /**
   * One negative label, in fold 0: the fits that train on it fail, the one that holds it out does
   * not. What it measured is no estimate of the plan, of no slice.
   */
  @Test
  void aFoldThatFailedLeavesNoPooledValueOfAnySlice() {
    RunStore store =
        run(
            """
            derive { size = "if(id = 0, -1, worst_radius)", part = "id % 3" }, label = size, features = [mean_radius], fold = part
            """,
            "poisson { estimator = generalized-linear-regression, params { family = poisson } }",
            "mae",
            "kind = predefined");
    assertThat(store.read(Tables.FAILURES, "r")).hasSize(2);
    List<Estimate> estimates = store.read(Tables.ESTIMATES, "r");
    assertThat(estimates).hasSize(3 * 4);
    assertThat(estimates)
        .filteredOn(e -> e.estimator().equals("pooled-out-of-fold"))
        .hasSize(3)
        .allSatisfy(
            e -> {
              assertThat(e.value()).as(e.slice()).isNaN();
              assertThat(e.reason())
                  .isEqualTo("some fits failed, so the held-out rows are not all there");
            });
  }

  @Test
  void aTableOfPredictionsNamesItsFormat() throws IOException {
    StringBuilder table = new StringBuilder("id\tsize\n");
    for (int id = 0; id < 569; id++) {
      table
          .append(id)
          .append('\t')
          .append(large.contains(Integer.toString(id)) ? 0 : 1)
          .append('\n');
    }
    Path file = Files.writeString(folder.resolve("size.tsv"), table);
    Shared.spark();
    String conf =
        """
        name = table, output = "%s"
        data.d { path = "%s", id = id, label = benign }
        models.size { predictions = "%s", format = csv, options { sep = "\\t" }, prediction = size }
        jobs = [ { job = evaluate, metrics = [accuracy] } ]
        """
            .formatted(folder.resolve("reports"), Shared.data("breast_cancer.csv"), file);
    Runner.of(RunConfig.read(ConfigFactory.parseString(conf)), List.of())
        .run("r", false, Progress.silent());
    RunStore store = RunStore.open(folder.resolve("reports").toString(), new Configuration());
    assertThat(store.read(Tables.ESTIMATES, "r"))
        .singleElement()
        .satisfies(e -> assertThat(e.value()).isGreaterThan(0.85))
        .satisfies(e -> assertThat(e.n()).isEqualTo(569));
  }
}
