package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.assay.config.RunConfig;
import org.assay.report.Comparison;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job {@code permutation-test} on small tables whose permutations can all be looked at. */
class PermutationTestJobTest {
  /**
   * Two samples of P. I. Good, "Permutation, parametric and bootstrap tests of hypotheses", as
   * solved exactly elsewhere: 387 of 12870 choices have a mean difference of at least 16.5, 774 in
   * size.
   */
  private static final double[] FIRST = {689, 656, 668, 660, 679, 663, 664, 647};

  private static final double[] SECOND = {657, 623, 652, 654, 658, 660, 670, 620};

  /** Seven pairs, 4 of 128 sign changes of which have a mean difference as large in size. */
  private static final double[][] PAIRS = {
    {3.67, 1.72, 3.46, 2.60, 2.03, 2.10, 3.01}, {2.11, 1.79, 2.71, 1.89, 1.69, 1.71, 2.01}
  };

  @TempDir Path dir;

  private List<Comparison> run(String conf) {
    RunConfig config =
        RunConfig.read(
            ConfigFactory.parseString(
                "name = t, seed = 3, output = unused\n" + conf.replace("DIR", dir.toString())));
    Runner runner = Runner.of(config, List.of());
    RunContext context =
        new RunContext(
            Shared.spark(),
            config,
            runner.steps(),
            Progress.silent(),
            null,
            new org.apache.hadoop.fs.Path(dir.resolve("cells").toUri()));
    runner.steps().forEach(step -> step.run(context));
    context.close();
    assertThat(context.rows(Tables.FAILURES)).isEmpty();
    return context.rows(Tables.COMPARISONS);
  }

  private List<String> explain(String conf) {
    RunConfig config =
        RunConfig.read(
            ConfigFactory.parseString(
                "name = t, seed = 3, output = unused\n" + conf.replace("DIR", dir.toString())));
    Runner runner = Runner.of(config, List.of());
    try (RunContext context =
        new RunContext(Shared.spark(), config, runner.steps(), Progress.silent(), null, null)) {
      return runner.steps().get(0).explain(context);
    }
  }

  private Path table() throws IOException {
    StringBuilder text = new StringBuilder("id,x,sample,y,place\n");
    for (int i = 0; i < 16; i++) {
      text.append(i)
          .append(',')
          .append(i < 8 ? FIRST[i] : SECOND[i - 8])
          .append(i < 8 ? ",a,1," : ",b,0,")
          .append(i % 2 == 0 ? "east" : "west")
          .append('\n');
    }
    return Files.writeString(dir.resolve("t.csv"), text);
  }

  private static Comparison only(List<Comparison> rows) {
    assertThat(rows).hasSize(1);
    return rows.get(0);
  }

  @Test
  void meanDifferenceOfTwoSamples() throws IOException {
    table();
    String data = "data.t { path = \"DIR/t.csv\", id = id }\n";
    String job = "{ job = permutation-test, test = two-sample, values = x, between = sample ";
    Comparison greater = only(run(data + "jobs = [" + job + ", alternative = greater }]"));
    assertThat(greater.pValue()).isEqualTo(387.0 / 12870);
    assertThat(greater.statistic()).isCloseTo(16.5, within(1e-9));
    assertThat(greater.effect()).isCloseTo(16.5, within(1e-9));
    assertThat(greater)
        .returns("permutation-test", Comparison::job)
        .returns("sample=a", Comparison::modelA)
        .returns("sample=b", Comparison::modelB)
        .returns("", Comparison::slice)
        .returns("mean-difference(x)", Comparison::metric)
        .returns("two-sample", Comparison::test)
        .returns("holm", Comparison::adjustment)
        .returns("permutation-test of 1", Comparison::family)
        .returns(greater.pValue(), Comparison::pAdjusted)
        .returns(16L, Comparison::n)
        .returns(12870, Comparison::replicates)
        .returns("one-sided: greater; exact: all 12870 permutations", Comparison::reason)
        .returns(1.0 / 12870, Comparison::pSmallest)
        .returns(greater.pValue(), Comparison::pLow)
        .returns(greater.pValue(), Comparison::pHigh);

    Comparison two = only(run(data + "jobs = [" + job + "}]"));
    assertThat(two.pValue()).isEqualTo(774.0 / 12870);
    Comparison less =
        only(run(data + "jobs = [" + job + ", alternative = less, samples = [b, a] }]"));
    assertThat(less.pValue()).isEqualTo(387.0 / 12870);
    assertThat(less.effect()).isCloseTo(-16.5, within(1e-9));
    Comparison drawn = only(run(data + "jobs = [" + job + ", exact-up-to = 12869 }]"));
    assertThat(drawn.replicates()).isEqualTo(10_000);
    assertThat(drawn.pLow()).isLessThan(774.0 / 12870);
    assertThat(drawn.pHigh()).isGreaterThan(774.0 / 12870);
    assertThat(drawn.reason()).isEmpty();
  }

  @Test
  void pairsAreExchangedWithinThemselves() throws IOException {
    StringBuilder text = new StringBuilder("x,when,pair\n");
    for (int i = 0; i < 14; i++) {
      text.append(PAIRS[i / 7][i % 7]).append(i < 7 ? ",before,p" : ",after,p").append(i % 7);
      text.append('\n');
    }
    Files.writeString(dir.resolve("p.csv"), text);
    Comparison paired =
        only(
            run(
                """
                data.t { path = "DIR/p.csv" }
                jobs = [ { job = permutation-test, test = two-sample, values = x, between = when, samples = [before, after], within = pair } ]
                """));
    assertThat(paired.pValue()).isEqualTo(4.0 / 128);
    assertThat(paired.replicates()).isEqualTo(128);
  }

  /** Every choice of 8 of 16 rows as positives, in the plain definition of the area. */
  @Test
  void areaOfLabelsAgainstEveryChoice() throws IOException {
    table();
    List<Comparison> rows =
        run(
            """
            data.t { path = "DIR/t.csv", id = id, label = y, slices = [place] }
            models.x { score = x, score-kind = ranking, prediction = high }
            data.t.derive.high = "cast(x > 657.5 as int)"
            jobs = [ { job = permutation-test, metrics = [roc-auc, accuracy] } ]
            """);
    assertThat(rows).hasSize(6);
    double[] x =
        IntStream.range(0, 16).mapToDouble(i -> i < 8 ? FIRST[i] : SECOND[i - 8]).toArray();
    for (Comparison row : rows) {
      int[] of =
          IntStream.range(0, 16)
              .filter(
                  i ->
                      row.slice().isEmpty()
                          || row.slice().equals("place=" + (i % 2 == 0 ? "east" : "west")))
              .toArray();
      int positives = (int) Arrays.stream(of).filter(i -> i < 8).count();
      int observedChoice = (1 << positives) - 1;
      double observed = measured(row.metric(), x, of, observedChoice);
      int extreme = 0;
      int all = 0;
      double sum = 0;
      for (int choice = 0; choice < 1 << of.length; choice++) {
        if (Integer.bitCount(choice) == positives) {
          double value = measured(row.metric(), x, of, choice);
          extreme += value >= observed - 1e-12 ? 1 : 0;
          all++;
          sum += value;
        }
      }
      assertThat(row.statistic()).isCloseTo(observed, within(1e-12));
      assertThat(row.pValue()).as(row.toString()).isCloseTo((double) extreme / all, within(1e-12));
      assertThat(row.replicates()).isEqualTo(all);
      assertThat(row.effect()).isCloseTo(observed - sum / all, within(1e-12));
      assertThat(row)
          .returns("x", Comparison::modelA)
          .returns("", Comparison::modelB)
          .returns("label-permutation", Comparison::test)
          .returns((long) of.length, Comparison::n)
          .returns("permutation-test of 6", Comparison::family)
          .returns(
              "one-sided: better than chance; exact: all " + all + " permutations",
              Comparison::reason);
    }
  }

  private static double measured(String metric, double[] x, int[] of, int choice) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < of.length; i++) {
      boolean positive = (choice >> i & 1) == 1;
      if (metric.equals("accuracy")) {
        sum += positive == x[of[i]] > 657.5 ? 1 : 0;
        pairs++;
        continue;
      }
      for (int j = 0; j < of.length && positive; j++) {
        if ((choice >> j & 1) == 0) {
          sum += x[of[i]] > x[of[j]] ? 1 : x[of[i]] == x[of[j]] ? 0.5 : 0;
          pairs++;
        }
      }
    }
    return sum / pairs;
  }

  /**
   * 6 pairs, by SciPy 1.17.1: permutation_test((x,), lambda x: pearsonr(rankdata(x),
   * rankdata(y)).statistic, permutation_type='pairings', n_resamples=inf, alternative='greater').
   */
  @Test
  void spearmanOfTwoColumns() throws IOException {
    Files.writeString(
        dir.resolve("s.csv"), "x,z\n2,0.3\n1,0.1\n2,0.5\n4,0.5\n6,0.9\n5,0.7\n9,\n,0.2\n");
    Comparison row =
        only(
            run(
                """
                data.t { path = "DIR/s.csv" }
                jobs = [ { job = permutation-test, test = independence, values = x, against = z, alternative = greater } ]
                """));
    assertThat(row.statistic()).isCloseTo(0.9558823529411767, within(1e-12));
    assertThat(row.pValue()).isEqualTo(4.0 / 720);
    assertThat(row)
        .returns("x", Comparison::modelA)
        .returns("z", Comparison::modelB)
        .returns("spearman", Comparison::metric)
        .returns("independence", Comparison::test)
        .returns(6L, Comparison::n)
        .returns(
            "one-sided: greater; exact: all 720 permutations; 1 row without a value left out",
            Comparison::reason);
  }

  /**
   * Seven rows, by statsmodels 0.13.5: {@code distance_statistics(x.reshape(-1, 1), z.reshape(-1,
   * 1)).distance_correlation} as it is and, by {@code itertools.permutations}, for all 5,040 orders
   * of z, 24 of which give at least as much.
   */
  @Test
  void distanceCorrelationOfTwoColumns() throws IOException {
    Files.writeString(dir.resolve("c.csv"), "x,z\n1,1\n2,2\n3,4\n4,3\n5,9\n6,8\n7,20\n");
    List<Comparison> rows =
        run(
            """
            data.t { path = "DIR/c.csv" }
            jobs = [ { job = permutation-test, test = independence, values = x, against = z, statistics = [distance-correlation, spearman] } ]
            """);
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).statistic()).isCloseTo(0.8934673393284909, within(1e-12));
    assertThat(rows.get(0))
        .returns(24 / 5040.0, Comparison::pValue)
        .returns("x", Comparison::modelA)
        .returns("z", Comparison::modelB)
        .returns("distance-correlation", Comparison::metric)
        .returns("exact: all 5040 permutations", Comparison::reason);
    assertThat(rows.get(1)).returns("spearman", Comparison::metric);
  }

  /** Real predictions: one run with all that can be asked for beside each other. */
  private static final String ADULT =
      """
      data.adult { path = "%s", id = id, label = income, slices = [race, sex], where = "id %% 8 = 0" }
      models.logit { prediction = logit_prediction, score = logit_score }
      models.noise { score = noise }
      data.adult.derive.noise = "(id * 7919 %% 1009) / 1009"
      """
          .formatted(Shared.data("adult_predictions.csv"));

  private static Map<String, Comparison> byWhat(List<Comparison> rows) {
    return rows.stream()
        .collect(
            Collectors.toMap(
                r -> r.modelA() + "/" + r.slice() + "/" + r.metric(),
                r -> r,
                (a, b) -> {
                  throw new AssertionError(a + " and " + b);
                },
                LinkedHashMap::new));
  }

  @Test
  void jointPValuesAreAtLeastTheirOwnAndNeedNoMoreThanBonferroni() {
    List<Comparison> rows =
        run(
            ADULT
                + "jobs = [ { job = permutation-test, metrics = [roc-auc, log-loss, accuracy, f1], replicates = 999, adjust = max-t, alternative = two-sided } ]");
    assertThat(rows).hasSize(2 * 4 * 8);
    for (Comparison row : rows) {
      if (Double.isNaN(row.pValue())) {
        assertThat(row.reason()).isNotEmpty();
        continue;
      }
      assertThat(row.adjustment()).isEqualTo("max-t");
      assertThat(row.replicates()).isEqualTo(999);
      assertThat(row.pAdjusted()).isGreaterThanOrEqualTo(row.pValue());
      // Logit has learned something, noise nothing: chance of an error 0.01 over all.
      if (row.modelA().equals("logit") && row.slice().isEmpty()) {
        assertThat(row.pAdjusted()).isEqualTo(0.001);
      }
      if (row.modelA().equals("noise")) {
        assertThat(row.pAdjusted()).isGreaterThan(0.01);
      }
    }
  }

  @Test
  void earlyStopsSpareReplicatesWhereNothingIsFound() {
    Map<String, Comparison> rows =
        byWhat(
            run(
                ADULT
                    + "jobs = [ { job = permutation-test, metrics = [roc-auc], replicates = 9999, stop-after = 10, exact-up-to = 0 } ]"));
    assertThat(rows.get("logit//roc-auc"))
        .returns(1e-4, Comparison::pValue)
        .returns(9999, Comparison::replicates)
        .returns("one-sided: better than chance", Comparison::reason);
    Comparison noise = rows.get("noise//roc-auc");
    assertThat(noise.replicates()).isLessThan(2000);
    assertThat(noise.pValue()).isEqualTo(10.0 / noise.replicates());
    assertThat(noise.reason())
        .isEqualTo("one-sided: better than chance; stopped after 10 as extreme");
  }

  /** Within sex and race, base rates of groups are no longer a success. */
  @Test
  void labelsStayWithinTheirStrata() {
    String sexes =
        ADULT.replace("slices = [race, sex], ", "")
            + "models.sex { score = male }, data.adult.derive.male = \"case when sex = 'Male' then 0.9 else 0.1 end\"\n"
            + "jobs = [ { job = permutation-test, models = [sex], metrics = [roc-auc, brier], replicates = 199 WITHIN } ]";
    Map<String, Comparison> free = byWhat(run(sexes.replace("WITHIN", "")));
    Map<String, Comparison> held = byWhat(run(sexes.replace("WITHIN", ", within = sex")));
    assertThat(free.get("sex//roc-auc").pValue()).isEqualTo(1.0 / 200);
    assertThat(held.get("sex//roc-auc"))
        .returns(1.0, Comparison::pValue)
        .returns(199, Comparison::replicates);
    assertThat(held.get("sex//roc-auc").effect()).isCloseTo(0, within(1e-12));
    assertThat(held.get("sex//brier").effect()).isCloseTo(0, within(1e-12));
  }

  /** Number of Spark jobs that permutation tests of these slices start, with their results. */
  private int passes(String slices) throws TimeoutException {
    AtomicInteger passes = new AtomicInteger();
    SparkListener counter =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            Object what = start.properties().get("spark.job.description");
            passes.addAndGet(what != null && what.toString().startsWith("pass") ? 1 : 0);
          }
        };
    SparkContext context = Shared.spark().sparkContext();
    context.addSparkListener(counter);
    try {
      List<Comparison> rows =
          run(
              ADULT.replace("slices = [race, sex]", "slices = [" + slices + "]")
                  + "jobs = [ { job = permutation-test, name = pass, metrics = [roc-auc, f1, average-precision], replicates = 99, within = sex } ]");
      assertThat(rows).hasSizeGreaterThan(10);
      context.listenerBus().waitUntilEmpty();
    } finally {
      context.removeSparkListener(counter);
    }
    return passes.get();
  }

  @Test
  void slicesDoNotMultiplyThePasses() throws TimeoutException {
    assertThat(passes("[sex, race, education]")).isEqualTo(passes("sex")).isPositive();
  }

  @Test
  void explainTellsReplicatesEngineAndMemory() throws IOException {
    table();
    assertThat(
            explain(
                ADULT
                    + "jobs = [ { job = permutation-test, metrics = [roc-auc], within = education, adjust = max-t } ]"))
        .containsExactly(
            "permutation-test 'permutation-test' on data.adult: 1357 rows",
            "  slices      7",
            "  models      logit, noise",
            "  test        label-permutation, one-sided: better than chance",
            "  design      10000 replicates, within equal education",
            "  engine      score, cut by replicates: one pass for all models, metrics and slices",
            "  memory      about 255KiB of memory = 1GiB, on the driver and on each executor",
            "  metrics     roc-auc",
            "  p-values    16, adjusted by max-t");
    assertThat(
            explain(
                "data.t { path = \"DIR/t.csv\" }, jobs = [ { job = permutation-test, test = two-sample, values = x, between = sample, stop-after = 20 } ]"))
        .containsExactly(
            "permutation-test 'permutation-test' on data.t: 16 rows",
            "  slices      0",
            "  values      x",
            "  test        two-sample between sample = a and b, two-sided",
            "  design      10000 replicates at most, stopped after 20 as extreme; all permutations where there are at most 100000",
            "  engine      score, cut by replicates: one pass for all columns and slices",
            "  memory      about 2.4KiB of memory = 1GiB, on the driver and on each executor",
            "  statistics  mean-difference",
            "  p-values    1, adjusted by holm");
  }
}
