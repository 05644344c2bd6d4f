package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.assay.bootstrap.Companions;
import org.assay.bootstrap.Jackknife;
import org.assay.bootstrap.KeyedJackknife;
import org.assay.bootstrap.Poisson;
import org.assay.bootstrap.PoissonDraws;
import org.assay.bootstrap.Replicates;
import org.assay.bootstrap.Replication;
import org.assay.config.ModelConfig;
import org.assay.config.RunConfig;
import org.assay.jobs.engine.BootstrapPlan;
import org.assay.jobs.engine.Items;
import org.assay.jobs.engine.Measurement;
import org.assay.jobs.engine.RowResampler;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.store.RunStore;
import org.assay.metric.Metric;
import org.assay.metric.Metrics;
import org.assay.report.Estimate;
import org.assay.report.Manifest;
import org.assay.report.Replicate;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cut by rows gives what the cut by replicates gives, however finely rows are divided. */
class RowResamplerTest {
  private static final int REPLICATES = 20;

  @TempDir Path dir;

  private static final List<String> BINARY =
      List.of(
          "accuracy",
          "f1",
          "log-loss",
          "roc-auc",
          "average-precision",
          "expected-calibration-error");

  private static final List<String> SUMS =
      List.of("log-loss", "standard-error(log-loss)", "average-precision", "rmse");

  private static final String ADULT =
      """
      name = rows, seed = 3, output = unused
      data.d { path = "%s", id = id, label = income, %s slices = [sex, [sex, race]]
        derive { coarse = "round(logit_score, 1)", flat = "0.25" } }
      models.logit { prediction = logit_prediction, score = logit_score }
      models.coarse { score = coarse }
      models.flat { score = flat }
      jobs = [ { job = evaluate, metrics = [accuracy] } ]
      """;

  /** A frame and the answers of its models. */
  private record Given(
      Frame frame, List<Items.Answers> answers, List<ModelConfig> models, RunContext context) {
    static Given of(String conf, Path cells) {
      RunConfig config = RunConfig.read(ConfigFactory.parseString(conf));
      Runner runner = Runner.of(config, List.of());
      RunContext context =
          new RunContext(
              Shared.spark(),
              config,
              runner.steps(),
              Progress.silent(),
              null,
              new org.apache.hadoop.fs.Path(cells.toUri()));
      Job.Step step = runner.steps().get(0);
      Frame frame = context.frame(step.data());
      Map<String, Measurement.Member> members =
          ScoredModels.answers(context, frame, "test", step.data(), step.models());
      return new Given(
          frame,
          step.models().stream()
              .map(
                  m ->
                      new Items.Answers(
                          List.of(members.get(m.name())), ScoredModels.width(frame, m)))
              .toList(),
          step.models(),
          context);
    }

    JavaSparkContext spark() {
      return context.context();
    }
  }

  private static BootstrapPlan plan(int slices, int batches, int groups, int ranges) {
    return new BootstrapPlan(
        BootstrapPlan.Cutting.ROWS,
        BootstrapPlan.Weights.POISSON,
        slices,
        batches,
        groups,
        ranges,
        0,
        0,
        1,
        "");
  }

  private static void check(Given given, List<String> names, BootstrapPlan plan, int least) {
    List<Metric<?>> metrics = new ArrayList<>();
    names.forEach(name -> metrics.add(Metrics.named(name)));
    names.forEach(name -> Companions.standardError(Metrics.named(name)).ifPresent(metrics::add));
    Frame frame = given.frame();
    int slices = frame.slicing().size();
    Items items = Items.of(given.spark(), frame, null, given.answers(), frame.slicing(), null);
    Replicates expected =
        new Replication(
                items.label(),
                items.weight(),
                items.scored(),
                metrics,
                items.cuts(frame.slicing(), 0, slices))
            .measure(new PoissonDraws(3, REPLICATES, items.units()));
    int compared = 0;
    try (RowResampler rows =
        new RowResampler(
            given.spark(),
            frame,
            Items.Reader.of(frame, null, given.answers(), frame.slicing(), null),
            metrics,
            plan,
            Progress.silent())) {
      assertThat(rows.counts()).isEqualTo(items.counts(slices));
      for (int from = 0; from < slices; from += plan.slices()) {
        int to = Math.min(slices, from + plan.slices());
        Replicates found = rows.run("test", new Poisson(3, REPLICATES), from, to);
        for (int m = 0; m < given.models().size(); m++) {
          for (int j = 0; j < metrics.size(); j++) {
            boolean sums = SUMS.contains(metrics.get(j).spec());
            for (int s = from; s < to; s++) {
              assertThat(found.of(m, j, s - from))
                  .as("%s of %s in %s", metrics.get(j).spec(), m, frame.slicing().name(s))
                  .containsExactly(expected.of(m, j, s), within(sums ? 1e-12 : 0));
              compared++;
            }
          }
        }
      }
    }
    given.context().close();
    assertThat(compared).isGreaterThanOrEqualTo(least);
  }

  @ParameterizedTest
  @CsvSource({"100, 100, 256, 1", "5, 2, 1, 3", "4, 1, 3, 41"})
  void replicatesAreThoseOfTheOtherCut(int slices, int batches, int groups, int ranges) {
    Given given = Given.of(ADULT.formatted(Shared.data("adult_predictions.csv"), ""), dir);
    check(given, BINARY, plan(slices, batches, groups, ranges), 3 * 6 * 10);
  }

  @Test
  void groupsAreDrawnWhole() {
    Given given =
        Given.of(ADULT.formatted(Shared.data("adult_predictions.csv"), "group = education,"), dir);
    check(given, BINARY, plan(100, 2, 2, 5), 3 * 6 * 10);
  }

  @Test
  void weightsOfRowsCount() {
    Given given =
        Given.of(
            """
            name = rows, seed = 3, output = unused
            data.d { path = "%s", id = id, label = median_house_value, weight = housing_median_age, derive { p = "40000 * median_income" }, slices = [{ column = households, quantiles = 3 }] }
            models.m { prediction = p }
            jobs = [ { job = evaluate, metrics = [mae] } ]
            """
                .formatted(Shared.data("california_housing.csv")),
            dir);
    check(given, List.of("mae", "r2", "rmse", "explained-variance"), plan(10, 2, 2, 1), 12);
  }

  /** Rows that are equal in all their columns are as many rows, each drawn by itself. */
  @Test
  void equalRowsAreDrawnEachByItself() throws IOException {
    int n = 4000;
    Path file =
        Files.writeString(
            dir.resolve("equal.csv"),
            "y,p\n"
                + IntStream.range(0, n)
                    .mapToObj(i -> i % 4 == 0 ? "1,0" : "1,1")
                    .collect(Collectors.joining("\n", "", "\n0,0\n")));
    Given given =
        Given.of(
            """
            name = rows, output = unused
            data.d { path = "%s", label = y }
            models.m { prediction = p }
            jobs = [ { job = evaluate, metrics = [accuracy] } ]
            """
                .formatted(file),
            dir);
    List<Metric<?>> accuracy = List.of(Metrics.named("accuracy"));
    Items items =
        Items.of(
            given.spark(), given.frame(), null, given.answers(), given.frame().slicing(), null);
    double[] values =
        new Replication(
                items.label(),
                null,
                items.scored(),
                accuracy,
                items.cuts(given.frame().slicing(), 0, 1))
            .measure(new PoissonDraws(1, 1000, items.units()))
            .of(0, 0, 0);
    double mean = java.util.Arrays.stream(values).average().orElseThrow();
    double variance = java.util.Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / 999;
    // 3/4 * 1/4 / n, within 6 sd of a variance of 1,000 normal values: error probability 1e-8.
    assertThat(variance).isCloseTo(.1875 / n, within(.1875 / n * 6 * Math.sqrt(2.0 / 999)));
  }

  private static final String REPORT =
      """
      name = rows, seed = 3, output = "%s"
      data.d { path = "%s", id = id, label = income, slices = [sex] }
      models.logit { prediction = logit_prediction, score = logit_score }
      models.forest { prediction = forest_prediction, score = forest_score }
      jobs = [ { job = bootstrap, metrics = [accuracy, log-loss, roc-auc, average-precision], replicates = 40, cut = %s, weights = poisson, keep-replicates = true } ]
      """;

  private static Manifest run(Path output, Path data, String cut) {
    RunConfig config =
        RunConfig.read(ConfigFactory.parseString(REPORT.formatted(output, data, cut)));
    return Runner.of(config, List.of()).run("r", false, Progress.silent()).manifest();
  }

  private static Map<String, Double> replicates(RunStore store) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Replicate r : store.read(Tables.REPLICATES, "r")) {
      values.put(r.model() + " " + r.slice() + " " + r.metric() + " " + r.replicate(), r.value());
    }
    return values;
  }

  /**
   * Shuffled rows in other files give the same report to the bit; the other cut the same values.
   */
  @Test
  void theReportDependsOnTheRowsAlone() throws IOException {
    Shared.spark();
    Path data = Shared.data("adult_predictions.csv");
    Manifest first = run(dir.resolve("first"), data, "rows");
    List<String> lines = new ArrayList<>(Files.readAllLines(data));
    String header = lines.remove(0);
    Collections.shuffle(lines, new Random(4));
    Path shuffled = Files.createDirectories(dir.resolve("shuffled.csv"));
    for (int f = 0; f < 5; f++) {
      int from = lines.size() * f / 5;
      List<String> part = new ArrayList<>(lines.subList(from, lines.size() * (f + 1) / 5));
      part.add(0, header);
      Files.write(shuffled.resolve(f + ".csv"), part);
    }
    Manifest second = run(dir.resolve("second"), shuffled, "rows");
    assertThat(second.reportHash()).isEqualTo(first.reportHash());

    run(dir.resolve("third"), data, "replicates");
    RunStore rows = RunStore.open(dir.resolve("first").toString(), new Configuration());
    RunStore replicates = RunStore.open(dir.resolve("third").toString(), new Configuration());
    Map<String, Double> byRows = replicates(rows);
    Map<String, Double> byReplicates = replicates(replicates);
    assertThat(byRows).hasSize(2 * 3 * 4 * 40).hasSameSizeAs(byReplicates);
    byReplicates.forEach(
        (key, value) ->
            assertThat(byRows.get(key))
                .as(key)
                .isCloseTo(
                    value,
                    within(key.contains("log-loss") || key.contains("precision") ? 1e-12 : 0)));
    // Accelerations differ by the groups of the jackknife, with sd 0.4 / 256 each, which moves an
    // end by 1 % of the standard error at 3 of these sd.
    Map<String, Estimate> ends = new LinkedHashMap<>();
    rows.read(Tables.ESTIMATES, "r")
        .forEach(e -> ends.put(e.model() + e.slice() + e.metric() + e.estimator(), e));
    for (Estimate e : replicates.read(Tables.ESTIMATES, "r")) {
      Estimate same = ends.get(e.model() + e.slice() + e.metric() + e.estimator());
      assertThat(same.value()).isCloseTo(e.value(), within(1e-12));
      assertThat(same.n()).isEqualTo(e.n());
      if (e.ciMethod().equals("bca")) {
        assertThat(same.ciLow()).isCloseTo(e.ciLow(), within(.1 * e.stdError()));
      }
    }
  }

  /** Of few units, groups of the jackknife by key are of one, two or three, or empty. */
  @Test
  void ofFewUnitsTheJackknifeByKeyIsNearlyThePlainOne() {
    Given given =
        Given.of(
            """
            name = rows, output = unused
            data.d { path = "%s", id = id, label = benign, derive { p = "1 / (1 + exp(worst_radius - 16))" } }
            models.m { score = p }
            jobs = [ { job = evaluate, metrics = [accuracy] } ]
            """
                .formatted(Shared.data("breast_cancer.csv")),
            dir);
    List<Metric<?>> metrics = List.of(Metrics.named("log-loss"));
    Items items =
        Items.of(
            given.spark(), given.frame(), null, given.answers(), given.frame().slicing(), null);
    double plain =
        Jackknife.acceleration(
            new Replication(
                    items.label(),
                    null,
                    items.scored(),
                    metrics,
                    items.cuts(given.frame().slicing(), 0, 1))
                .measure(new Jackknife(items.units()))
                .of(0, 0, 0));
    try (RowResampler rows =
        new RowResampler(
            given.spark(),
            given.frame(),
            Items.Reader.of(given.frame(), null, given.answers(), given.frame().slicing(), null),
            metrics,
            plan(1, 200, 4, 1),
            Progress.silent())) {
      double byKey =
          Jackknife.acceleration(rows.run("test", new KeyedJackknife(), 0, 1).of(0, 0, 0));
      assertThat(plain).isGreaterThan(.02);
      assertThat(byKey).isCloseTo(plain, within(.25 * plain));
    }
  }
}
