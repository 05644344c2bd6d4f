package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.assay.config.RunConfig;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Columns;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.store.RunStore;
import org.assay.permutation.Donors;
import org.assay.permutation.Strata;
import org.assay.random.Keyed;
import org.assay.report.Comparison;
import org.assay.report.Estimate;
import org.assay.report.Failure;
import org.assay.report.Replicate;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Permutation tests of learners that are fitted anew under each permutation. */
class LearnerTestTest {
  @TempDir Path folder;

  private RunStore run(String run, String conf) {
    Shared.spark();
    Runner.of(RunConfig.read(ConfigFactory.parseString(conf)), List.of())
        .run(run, false, Progress.silent());
    return RunStore.open(folder.resolve(run).toString(), new Configuration());
  }

  // ---- the same as a cross-validation of data whose labels are exchanged

  private static final String TUMOURS =
      """
      name = tumours, seed = 3, output = "%s"
      data.d { path = "%s", id = id, label = benign, features = [mean_texture, mean_symmetry, texture_error, kind], encode = one-hot }
      models.logit { estimator = logistic-regression, scale = standard, grid { regParam = [0.01, 1] } }
      models.trees { estimator = xgboost, params { num_round = 3 } }
      models.base { estimator = baseline, engine = cluster }
      jobs = [ { %s metrics = [log-loss, roc-auc], plan { %s } } ]
      """;

  private static final String KEPT =
      "job = permutation-test, replicates = 19, keep-replicates = true, adjust = max-t, ";

  /** 150 tumours with a text column. */
  private Path tumours() throws IOException {
    List<String> lines = Files.readAllLines(Shared.data("breast_cancer.csv")).subList(0, 151);
    List<String> rows = new ArrayList<>(List.of(lines.get(0) + ",kind"));
    for (int i = 1; i < lines.size(); i++) {
      rows.add(lines.get(i) + ",k" + i * i % 7);
    }
    return Files.write(folder.resolve("tumours.csv"), rows);
  }

  /** Rows whose labels are those of a permutation, as the definition has it. */
  private Path exchanged(Path csv, String conf, String within, long permutation)
      throws IOException {
    RunConfig config = RunConfig.read(ConfigFactory.parseString(conf));
    Columns further =
        new Columns(Map.of(), Map.of(), within.isEmpty() ? Map.of() : Map.of(within, "within"));
    Frame frame = Frame.read(Shared.spark(), config.data().get("d"), List.of(), further);
    List<Block> blocks = frame.blocks().collect();
    assertThat(blocks).hasSize(1);
    Block block = blocks.get(0);
    List<String> lines = new ArrayList<>(Files.readAllLines(csv));
    List<String> header = Arrays.asList(lines.get(0).split(",", -1));
    Map<String, Integer> line = new HashMap<>();
    for (int i = 1; i < lines.size(); i++) {
      line.put(lines.get(i).split(",", -1)[header.indexOf("id")], i);
    }
    int n = block.size();
    int[] code = new int[n];
    if (!within.isEmpty()) {
      double[] keys = frame.keys(within);
      double[] distinct = Arrays.stream(keys).sorted().distinct().toArray();
      Arrays.setAll(code, i -> Arrays.binarySearch(distinct, keys[i]));
    }
    int[] donor = new int[n];
    Donors.within(Keyed.of(config.seed(), "labels to learn from"), Strata.of(code), 0)
        .fill(permutation, donor);
    List<String> out = new ArrayList<>(lines);
    int label = header.indexOf("benign");
    for (int i = 0; i < n; i++) {
      String[] fields = lines.get(line.get(block.rowKey(i))).split(",", -1);
      fields[label] = lines.get(line.get(block.rowKey(donor[i]))).split(",", -1)[label];
      out.set(line.get(block.rowKey(i)), String.join(",", fields));
    }
    frame.close();
    assertThat(out).isNotEqualTo(lines);
    return Files.write(folder.resolve("exchanged" + permutation + within + ".csv"), out);
  }

  private static Map<String, Double> means(RunStore store, String run) {
    Map<String, Double> means = new HashMap<>();
    for (Estimate e : store.read(Tables.ESTIMATES, run)) {
      if (e.estimator().equals("mean-of-folds")) {
        means.put(e.model() + " " + e.params() + " " + e.metric(), e.value());
      }
    }
    return means;
  }

  @Test
  void eachReplicateIsACrossValidationOfExchangedLabels() throws IOException {
    replicatesAreCrossValidations(
        "", "models = [logit, trees],", "kind = k-fold, folds = 2, stratify = true", 6);
  }

  @Test
  void withinTheValuesOfAColumnToo() throws IOException {
    replicatesAreCrossValidations(
        "kind", "models = [logit],", "kind = k-fold, folds = 2, stratify = true", 4);
  }

  @Test
  void andFittedByTheCluster() throws IOException {
    replicatesAreCrossValidations("", "models = [base],", "kind = holdout, test = 0.3", 2);
  }

  private void replicatesAreCrossValidations(
      String within, String models, String plan, int hypotheses) throws IOException {
    Path csv = tumours();
    String conf =
        TUMOURS.formatted(
            folder.resolve("test"),
            csv,
            models + KEPT + (within.isEmpty() ? "" : "within = kind, "),
            plan);
    RunStore store = run("test", conf);
    assertThat(store.read(Tables.FAILURES, "test")).isEmpty();
    List<Replicate> replicates = store.read(Tables.REPLICATES, "test");
    assertThat(replicates).hasSize(hypotheses * 19);
    String validation = models + " job = cross-validate, keep = none, ";
    Map<String, Double> observed =
        means(run("cv", TUMOURS.formatted(folder.resolve("cv"), csv, validation, plan)), "cv");
    Map<String, Double> expected =
        means(
            run(
                "exchanged",
                TUMOURS.formatted(
                    folder.resolve("exchanged"),
                    exchanged(csv, conf, within, 13),
                    validation,
                    plan)),
            "exchanged");
    assertThat(expected).hasSize(hypotheses).isNotEqualTo(observed);
    replicates.stream()
        .filter(r -> r.replicate() == 12)
        .forEach(
            r ->
                assertThat(r.value())
                    .as(r.toString())
                    .isCloseTo(
                        expected.get(r.model() + " " + r.params() + " " + r.metric()),
                        within(1e-7)));
    List<Comparison> found = store.read(Tables.COMPARISONS, "test");
    assertThat(found).hasSize(hypotheses);
    for (Comparison c : found) {
      List<Replicate> own =
          replicates.stream()
              .filter(
                  r ->
                      c.modelA()
                              .equals(
                                  r.model() + (r.params().isEmpty() ? "" : " (" + r.params() + ")"))
                          && r.metric().equals(c.metric()))
              .toList();
      assertThat(own).hasSize(19);
      Replicate any = own.get(0);
      assertThat(c.statistic())
          .isCloseTo(
              observed.get(any.model() + " " + any.params() + " " + any.metric()), within(1e-7));
      double[] values = own.stream().mapToDouble(Replicate::value).toArray();
      boolean lower = c.metric().equals("log-loss");
      double tolerance = 1e-9 * Math.abs(c.statistic());
      long extreme =
          Arrays.stream(values)
              .filter(v -> lower ? v <= c.statistic() + tolerance : v >= c.statistic() - tolerance)
              .count();
      assertThat(c.pValue()).isEqualTo((extreme + 1) / 20.0);
      assertThat(c.pSmallest()).isEqualTo(0.05);
      assertThat(c.pAdjusted()).isGreaterThanOrEqualTo(c.pValue());
      assertThat(c.replicates()).isEqualTo(19);
      assertThat(c.n()).isEqualTo(plan.contains("holdout") ? 45 : 150);
      assertThat(c.effect())
          .isCloseTo(
              c.statistic() - (Arrays.stream(values).sum() + c.statistic()) / 20, within(1e-9));
      assertThat(c.reason())
          .startsWith("one-sided: better than chance; ")
          .contains("fitted anew under each permutation, ");
    }
  }

  /** Other order of rows, other cut, other rounds: the same to the bit. */
  @Test
  void theTestIsTheSameHoweverItIsCut() throws IOException {
    Path csv = tumours();
    List<String> lines = new ArrayList<>(Files.readAllLines(csv));
    String header = lines.remove(0);
    Collections.shuffle(lines, new Random(4));
    lines.add(0, header);
    Path shuffled = Files.write(folder.resolve("shuffled.csv"), lines);
    String conf =
        """
        name = cuts, seed = 5, output = "%s"
        data.d { path = "%s", id = id, label = benign, features = [mean_texture, mean_symmetry] }
        models.logit { estimator = logistic-regression, params { regParam = 0.01 } }
        models.bayes { estimator = naive-bayes, params { modelType = gaussian } }
        jobs = [ { job = permutation-test, metrics = [accuracy, log-loss], replicates = 30, keep-replicates = true, plan { kind = k-fold, folds = 4, %s }, cut = %s } ]
        """;
    for (String plan : List.of("", "stratify = true")) {
      String one = "one" + plan.length();
      String two = "two" + plan.length();
      RunStore first = run(one, conf.formatted(folder.resolve(one), csv, plan, "replicates"));
      RunStore second = run(two, conf.formatted(folder.resolve(two), shuffled, plan, "rows"));
      assertThat(second.read(Tables.REPLICATES, two))
          .hasSize(2 * 2 * 30)
          .containsExactlyElementsOf(first.read(Tables.REPLICATES, one));
      assertThat(second.read(Tables.COMPARISONS, two))
          .containsExactlyElementsOf(first.read(Tables.COMPARISONS, one));
    }
  }

  // ---- scikit-learn

  private static double[] theirs(String test) throws IOException {
    try (InputStream in = LearnerTestTest.class.getResourceAsStream("label-permutations.csv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith(test + ","))
          .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[1]))
          .toArray();
    }
  }

  /** Largest distance of two distribution functions. */
  private static double kolmogorov(double[] a, double[] b) {
    double most = 0;
    for (double x : a) {
      double below = Arrays.stream(a).filter(v -> v <= x).count() / (double) a.length;
      double theirs = Arrays.stream(b).filter(v -> v <= x).count() / (double) b.length;
      most = Math.max(most, Math.abs(below - theirs));
    }
    return most;
  }

  /**
   * scripts/regenerate-references/curves.py writes the observed score and 999 permuted ones of
   * {@code permutation_test_score}. Kolmogorov and Smirnov's distance of two samples of 999 from
   * one distribution is above 0.1 with probability 1e-4.
   */
  @Test
  void permutedScoresAreDistributedAsScikitLearns() throws IOException {
    String conf =
        """
        name = chance, seed = 8, output = "%s"
        data.d { path = "%s", id = id, where = "id < 90", label = progression, task = regression, features = [age, sex, s1, s3], derive { part = "id %% 5" }, fold = part }
        data.t { path = "%s", id = id, where = "id < 120", label = benign, features = [mean_symmetry, texture_error] }
        models.line { estimator = linear-regression }
        models.bayes { estimator = naive-bayes, params { modelType = gaussian } }
        jobs = [
          { job = permutation-test, name = line, data = d, models = [line], metrics = [r2], replicates = 999, keep-replicates = true, plan { kind = predefined } }
          { job = permutation-test, name = bayes, data = t, models = [bayes], metrics = [log-loss], replicates = 999, keep-replicates = true, plan { kind = k-fold, folds = 5, stratify = true } }
        ]
        """
            .formatted(
                folder.resolve("null"),
                Shared.data("diabetes.csv"),
                Shared.data("breast_cancer.csv"));
    RunStore store = run("null", conf);
    for (String test : List.of("line", "bayes")) {
      double[] all = theirs(test);
      assertThat(all).hasSize(1000);
      double[] ours =
          store.read(Tables.REPLICATES, "null").stream()
              .filter(r -> r.job().equals(test))
              .mapToDouble(r -> r.value())
              .toArray();
      assertThat(ours).hasSize(999);
      assertThat(kolmogorov(ours, Arrays.copyOfRange(all, 1, 1000))).as(test).isLessThan(0.1);
      Comparison found =
          store.read(Tables.COMPARISONS, "null").stream()
              .filter(c -> c.job().equals(test))
              .findFirst()
              .orElseThrow();
      if (test.equals("line")) { // the same folds
        assertThat(found.statistic()).isCloseTo(all[0], within(1e-9));
        double p = Arrays.stream(all).filter(v -> v >= all[0]).count() / 1000.0;
        assertThat(found.pLow()).isLessThan(p);
        assertThat(found.pHigh()).isGreaterThan(p);
      }
    }
  }

  // ---- edges

  @Test
  void whatCannotBeFittedCountsAsExtreme() {
    String conf =
        """
        name = edges, seed = 5, output = "%s"
        data.d { path = "%s", id = id, where = "id < 60", derive { count = "if(id = 7, -1, id)" }, label = count, task = regression, features = [mean_texture] }
        models.poisson { estimator = generalized-linear-regression, params { family = poisson } }
        jobs = [ { job = permutation-test, metrics = [mae], replicates = 19, plan { kind = k-fold, folds = 3 } } ]
        """
            .formatted(folder.resolve("edges"), Shared.data("breast_cancer.csv"));
    RunStore store = run("edges", conf);
    assertThat(store.read(Tables.COMPARISONS, "edges"))
        .singleElement()
        .satisfies(
            c -> {
              assertThat(c.pValue()).isNaN();
              assertThat(c.reason()).isEqualTo("some fits failed");
            });
    assertThat(store.read(Tables.FAILURES, "edges"))
        .singleElement()
        .extracting(Failure::cell)
        .isEqualTo("poisson (family=poisson), 40 fits");
  }
}
