package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.assay.report.Comparison;
import org.assay.report.EffectRow;
import org.assay.report.Estimate;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jobs bootstrap and compare, on real prediction tables, against references from outside. */
class ComparisonOracleTest {
  @TempDir Path staging;

  private static final String ADULT =
      """
      name = oracle, seed = %d
      data.adult { path = "%s", id = id, label = income, slices = [sex, [sex, race]] }
      models.logit { prediction = logit_prediction, score = logit_score }
      models.forest { prediction = forest_prediction, score = forest_score }
      """;

  private static JsonNode reference() throws IOException {
    return JsonMapper.builder().build().readTree(Shared.oracle("adult_comparison.json").toFile());
  }

  private RunContext run(int seed, String jobs) {
    return Shared.run(
        ADULT.formatted(seed, Shared.data("adult_predictions.csv")) + "\njobs = [" + jobs + "]",
        staging);
  }

  /**
   * Intervals by a formula: R 4.2.2, {@code prop.test(k, n, correct = FALSE)} for wilson and {@code
   * binom.test(k, n)} for clopper-pearson, 9246 of 10854 right, 1547 of 2612 positives found;
   * standard error of the area from the reference. Those of the replicates' own errors are near
   * them, for n is large.
   */
  @Test
  void intervalsByFormulaEqualTheReferences() throws IOException {
    RunContext context =
        run(
            1,
            """
            { job = bootstrap, models = [logit], metrics = [accuracy, recall, roc-auc, log-loss],
              interval = [wilson, clopper-pearson, wald, delong, studentized, bca] }
            """);
    Map<String, Estimate> found =
        context.rows(Tables.ESTIMATES).stream()
            .filter(e -> e.slice().isEmpty() && e.estimator().equals("plug-in"))
            .collect(Collectors.toMap(e -> e.metric() + " " + e.ciMethod(), Function.identity()));
    assertThat(found.keySet())
        .containsExactlyInAnyOrder(
            "accuracy wilson",
            "accuracy clopper-pearson",
            "accuracy wald",
            "accuracy studentized",
            "accuracy bca",
            "recall wilson",
            "recall clopper-pearson",
            "recall wald",
            "recall bca",
            "roc-auc delong",
            "roc-auc bca",
            "log-loss studentized",
            "log-loss bca");
    ends(found.get("accuracy wilson"), 0.8450442083670554, 0.8584105279143481, 1e-12);
    ends(found.get("accuracy clopper-pearson"), 0.8450283021297440, 0.8584860682859692, 1e-12);
    ends(found.get("recall wilson"), 0.5732987938424470, 0.6109631377722087, 1e-12);
    ends(found.get("recall clopper-pearson"), 0.5731347360658650, 0.6111910845649763, 1e-12);
    assertThat(found.get("accuracy wald").stdError())
        .isCloseTo(0.003409849734483634, within(1e-15));
    assertThat(found.get("recall wald").reason()).isEqualTo("of 2612 trials");
    JsonNode delong = reference().get("delong_logit_vs_forest");
    double reach = 1.959963984540054 * delong.get("se_a").asDouble();
    double area = delong.get("auc_a").asDouble();
    ends(found.get("roc-auc delong"), area - reach, area + reach, 1e-9);
    assertThat(found.get("roc-auc delong").replicates()).isZero();
    for (String metric : List.of("accuracy", "log-loss")) {
      Estimate own = found.get(metric + " studentized");
      Estimate bca = found.get(metric + " bca");
      // Ends vary by some 0.05 standard errors over seeds, at 2000 replicates; 0.4 is eight of
      // them.
      ends(own, bca.ciLow(), bca.ciHigh(), 0.4 * own.stdError());
      assertThat(own.replicates()).isEqualTo(2000);
      assertThat(own.ciLowError()).isPositive();
    }
  }

  private static void ends(Estimate found, double low, double high, double apart) {
    assertThat(found.ciLow()).isCloseTo(low, within(apart));
    assertThat(found.ciHigh()).isCloseTo(high, within(apart));
  }

  private static Map<String, Comparison> overall(RunContext context) {
    return context.rows(Tables.COMPARISONS).stream()
        .filter(c -> c.slice().isEmpty())
        .collect(Collectors.toMap(Comparison::test, Function.identity()));
  }

  /** DeLong and McNemar: R pROC and statsmodels, as adult_comparison.json says, within 1e-9. */
  @Test
  void closedFormTestsEqualTheReferences() throws IOException {
    RunContext context =
        run(
            1,
            """
            { job = compare, models = [logit, forest], metrics = [roc-auc, accuracy],
              tests = [delong, mcnemar-exact, mcnemar-corrected, mcnemar-uncorrected] }
            """);
    Map<String, Comparison> found = overall(context);
    JsonNode delong = reference().get("delong_logit_vs_forest");
    Comparison areas = found.get("delong");
    assertThat(areas.statistic()).isCloseTo(delong.get("z").asDouble(), within(1e-9));
    assertThat(areas.pValue())
        .isCloseTo(delong.get("p").asDouble(), within(1e-9 * delong.get("p").asDouble()));
    assertThat(areas.ciLow()).isCloseTo(delong.get("ci_low").asDouble(), within(1e-9));
    assertThat(areas.ciHigh()).isCloseTo(delong.get("ci_high").asDouble(), within(1e-9));
    assertThat(areas.effect())
        .isCloseTo(delong.get("auc_a").asDouble() - delong.get("auc_b").asDouble(), within(1e-12));
    assertThat(areas.n()).isEqualTo(10854);
    for (String kind : List.of("exact", "corrected", "uncorrected")) {
      JsonNode mcnemar = reference().get("mcnemar_" + kind);
      Comparison test = found.get("mcnemar-" + kind);
      assertThat(test.statistic()).isCloseTo(mcnemar.get("statistic").asDouble(), within(1e-9));
      assertThat(test.pValue()).isCloseTo(mcnemar.get("p").asDouble(), within(1e-9));
    }
    // The table of the reference: 230 right by logit alone, 278 by forest alone.
    assertThat(found.get("mcnemar-exact").effect()).isCloseTo((230 - 278) / 10854.0, within(1e-15));
    assertThat(context.rows(Tables.EFFECTS))
        .filteredOn(e -> e.effect().equals("odds-ratio") && e.slice().isEmpty())
        .extracting(EffectRow::value)
        .containsExactly(230 / 278.0);
  }

  /**
   * Standard errors of 20,000 replicates against those of 4,000 by numpy: both have a relative
   * error of sqrt(1 / 2B), 4 standard deviations of their difference are 4.9 %.
   */
  @Test
  void bootstrapErrorsAreThoseOfTheReference() throws IOException {
    RunContext context =
        run(
            7,
            """
            { job = bootstrap, models = [logit], metrics = [accuracy, roc-auc],
              replicates = 20000, interval = [percentile, bca] }
            """);
    JsonNode reference = reference().get("bootstrap_se_multinomial_B4000");
    for (String metric : List.of("accuracy", "roc-auc")) {
      String key = metric.replace('-', '_') + "_logit";
      for (Estimate estimate : context.rows(Tables.ESTIMATES)) {
        if (!estimate.metric().equals(metric)
            || !estimate.slice().isEmpty()
            || !estimate.estimator().equals("plug-in")) {
          continue;
        }
        double se = reference.get(key).asDouble();
        assertThat(estimate.stdError()).isCloseTo(se, within(.049 * se));
        // An end of theirs varies by 2.1 se / sqrt(B) / .37 or so; of ours it is told.
        JsonNode ends = reference.get(key + "_ci95_percentile");
        double apart = 4 * Math.hypot(estimate.ciLowError(), 2.67 * se / Math.sqrt(4000));
        assertThat(estimate.ciLow()).isCloseTo(ends.get(0).asDouble(), within(apart));
        assertThat(estimate.ciHigh()).isCloseTo(ends.get(1).asDouble(), within(apart));
        assertThat(estimate.replicates()).isEqualTo(20000);
        assertThat(estimate.n()).isEqualTo(10854);
      }
    }
  }

  /**
   * Sign flips of right and wrong answers are McNemar's exact test, but for chance: of 100,000
   * draws the p-value's interval holds it. The paired bootstrap's p is near.
   */
  @Test
  void drawnTestsAgreeWithClosedForms() {
    RunContext context =
        run(
            3,
            """
            { job = compare, models = [logit, forest], metrics = [accuracy],
              tests = [sign-flip, paired-bootstrap, mcnemar-exact], replicates = 100000 }
            """);
    Map<String, Comparison> found = overall(context);
    Comparison flips = found.get("sign-flip");
    double exact = found.get("mcnemar-exact").pValue();
    assertThat(flips.pLow()).isLessThan(exact);
    assertThat(flips.pHigh()).isGreaterThan(exact);
    assertThat(flips.pSmallest()).isEqualTo(1 / 100001.0);
    assertThat(flips.replicates()).isEqualTo(100_000);
    // z of the uncorrected test, 2.1297, p .0332; the bootstrap's error of p is .0006.
    assertThat(found.get("paired-bootstrap").pValue()).isCloseTo(.0332, within(.003));
  }

  /** Which of the two comes first changes signs and nothing else. */
  @Test
  void exchangingTheModelsNegatesEffectsAndKeepsP() {
    String job =
        """
        { job = compare, models = [%s], metrics = [accuracy, roc-auc, log-loss, f1],
          adjust = %s, replicates = 500 }
        """;
    for (String adjust : List.of("holm", "max-t")) {
      List<Comparison> one =
          run(5, job.formatted("logit, forest", adjust)).rows(Tables.COMPARISONS);
      List<Comparison> other =
          run(5, job.formatted("forest, logit", adjust)).rows(Tables.COMPARISONS);
      assertThat(one).hasSizeGreaterThan(40).hasSameSizeAs(other);
      for (int i = 0; i < one.size(); i++) {
        assertThat(other.get(i).modelA()).isEqualTo(one.get(i).modelB());
        if (Double.isNaN(one.get(i).effect())) {
          assertThat(other.get(i).effect()).isNaN();
          continue;
        }
        assertThat(other.get(i).effect()).isCloseTo(-one.get(i).effect(), within(1e-14));
        assertThat(other.get(i).ciLow()).isEqualTo(-one.get(i).ciHigh(), within(1e-12));
        assertThat(other.get(i).pValue()).isEqualTo(one.get(i).pValue(), within(1e-14));
        assertThat(other.get(i).pAdjusted()).isEqualTo(one.get(i).pAdjusted(), within(1e-14));
      }
    }
  }

  /** BIG-Bench-Hard: 27 tasks as slices of right/wrong answers; p to the digits published. */
  @Test
  void allTasksOfBigBenchHardHaveTheirPublishedP() throws IOException {
    RunContext context =
        Shared.run(
            """
            name = bbh, seed = 1
            data.bbh {
              path = "%s", options { escape = "\\"" }, label = target
              derive { item_id = "concat(task, '/', item)" }, id = item_id, slices = [task]
            }
            models.cot { correct = correct_cot }
            models.direct { correct = correct_direct }
            jobs = [
              { job = compare, name = holm, models = [cot, direct], metrics = [accuracy], tests = [mcnemar-exact] }
              { job = compare, name = bh, models = [cot, direct], metrics = [accuracy], tests = [mcnemar-exact], adjust = bh }
            ]
            """
                .formatted(Shared.data("bbh_codex/bbh_codex_direct_vs_cot.csv.gz")),
            staging);
    List<String> lines = Files.readAllLines(Shared.data("bbh_codex/oracle_per_task.csv"));
    Map<String, Comparison> found = new LinkedHashMap<>();
    context.rows(Tables.COMPARISONS).forEach(c -> found.put(c.job() + " " + c.slice(), c));
    assertThat(found).hasSize(2 * 28);
    List<Double> p = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cell = line.split(",", -1);
      Comparison test = found.get(cell[0].equals("ALL") ? "holm " : "holm task=" + cell[0]);
      double published = Double.parseDouble(cell[8]);
      assertThat(test.pValue()).isCloseTo(published, within(1e-5 * published));
      assertThat(test.n()).isEqualTo(Long.parseLong(cell[1]));
      assertThat(test.effect())
          .isCloseTo(
              (Integer.parseInt(cell[5]) - Integer.parseInt(cell[6])) / (double) test.n(),
              within(1e-15));
      p.add(test.pValue());
    }
    // All tasks together are in the family, too.
    double[] sorted = p.stream().mapToDouble(d -> d).sorted().toArray();
    found.forEach(
        (key, test) -> {
          int at = Arrays.binarySearch(sorted, test.pValue());
          double expected = 0;
          if (key.startsWith("holm")) {
            for (int i = 0; i <= at; i++) {
              expected = Math.max(expected, Math.min(1, (28 - i) * sorted[i]));
            }
          } else {
            expected = 1;
            for (int i = at; i < 28; i++) {
              expected = Math.min(expected, 28 * sorted[i] / (i + 1));
            }
          }
          assertThat(test.pAdjusted()).as(key).isCloseTo(expected, within(1e-12));
          assertThat(test.family()).isEqualTo("mcnemar-exact of 28");
        });
  }

  /** The unit of a label changes no p-value: the same data, 2^-40 times as large. */
  @Test
  void unitsChangeNoP() {
    String conf =
        """
        name = units, seed = 2
        data.d {
          path = "%s", label = y, task = regression, features = []
          derive { y = "progression * %s", a = "%s * (progression + bmi)", b = "%s * (progression - 0.99 * bmi)" }
        }
        models { a { prediction = a }, b { prediction = b } }
        jobs = [ { job = compare, metrics = [mse, rmse], tests = [paired-bootstrap], replicates = 1000 } ]
        """;
    Path data = Shared.data("diabetes.csv");
    String small = Double.toString(0x1p-40) + "D";
    List<Comparison> one =
        Shared.run(conf.formatted(data, "1D", "1D", "1D"), staging).rows(Tables.COMPARISONS);
    List<Comparison> other =
        Shared.run(conf.formatted(data, small, small, small), staging).rows(Tables.COMPARISONS);
    assertThat(one).hasSize(2).allSatisfy(c -> assertThat(c.pValue()).isEqualTo(1 / 1001.0));
    assertThat(other).extracting(Comparison::pValue).containsOnly(1 / 1001.0);
  }

  /** The reason of replicates without a value is told also when it is the second model's. */
  @Test
  void theSecondModelsReasonIsTold() {
    List<Comparison> rows =
        Shared.run(
                """
                name = reasons, seed = 2
                data.d {
                  path = "%s", id = id, label = benign
                  derive { a = "cast(worst_radius < 16 as int)", b = "cast(id = 19 as int)" }
                }
                models { a { prediction = a }, b { prediction = b } }
                jobs = [ { job = compare, metrics = [precision], replicates = 200 } ]
                """
                    .formatted(Shared.data("breast_cancer.csv")),
                staging)
            .rows(Tables.COMPARISONS);
    assertThat(rows.get(0).reason())
        .matches(
            "\\d+ of 200 replicates have no value \\(no item is predicted positive\\), over 1 %; no mean over rows");
  }

  /** Values on splits and over data sets reach their tests: an earlier job's, by name. */
  @Test
  void earlierJobsAreCompared() {
    RunContext context =
        Shared.run(
            """
            name = splits, seed = 4
            data.wisconsin { path = "%s", id = id, label = benign }
            data.wine { path = "%s", id = id, label = cultivar, task = classification }
            models.prior { estimator = baseline }
            models.majority { estimator = baseline, params { strategy = majority } }
            jobs = [
              { job = cross-validate, name = a, data = wisconsin, plan { kind = five-by-two }, metrics = [log-loss, accuracy] }
              { job = cross-validate, name = b, data = wine, plan { kind = k-fold, folds = 3 }, metrics = [log-loss, accuracy] }
              { job = compare, name = one, from = a, metrics = [log-loss] }
              { job = compare, name = two, from = b, tests = [corrected-resampled-t, k-fold-t] }
              { job = compare, name = sets, from = [a, b] }
            ]
            """
                .formatted(Shared.data("breast_cancer.csv"), Shared.data("wine.csv")),
            staging);
    List<Comparison> rows = context.rows(Tables.COMPARISONS);
    assertThat(rows)
        .extracting(c -> c.job() + " " + c.metric() + " " + c.test())
        .containsExactly(
            "one log-loss five-by-two-f",
            "two log-loss corrected-resampled-t",
            "two log-loss k-fold-t",
            "two accuracy corrected-resampled-t",
            "two accuracy k-fold-t",
            "sets log-loss wilcoxon",
            "sets accuracy wilcoxon");
    assertThat(rows.get(0).effect()).as("majority minus prior").isPositive();
    assertThat(rows.get(0).n()).isEqualTo(10);
    assertThat(rows.get(2).pValue()).isLessThan(rows.get(1).pValue());
    assertThat(rows.get(5).data()).isEqualTo("wisconsin,wine");
    assertThat(rows.get(5).n()).isEqualTo(2);
  }
}
