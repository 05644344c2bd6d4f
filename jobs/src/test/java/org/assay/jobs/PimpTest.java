package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assay.config.RunConfig;
import org.assay.report.ImportanceRow;
import org.assay.report.RankingRow;
import org.assay.report.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refits under permuted labels; orders of inputs compared; the sign test over splits. */
class PimpTest {
  @TempDir Path dir;

  private RunContext ran(String conf) {
    return Shared.run(
        "name = t, seed = 3, output = unused\n" + conf.replace("DIR", dir.toString()),
        dir.resolve("cells"));
  }

  private List<ImportanceRow> run(String conf) {
    return ran(conf).rows(Tables.IMPORTANCES);
  }

  private static Map<String, ImportanceRow> byFeature(List<ImportanceRow> rows) {
    Map<String, ImportanceRow> all = new HashMap<>();
    rows.forEach(r -> assertThat(all.put(r.feature(), r)).isNull());
    return all;
  }

  /**
   * With one column the importance is the size of a covariance, so that the p-value is that of the
   * permutation test of it: over all 5040 orders of 7 labels, counted here. 999 of them are drawn;
   * the bound is five standard errors.
   */
  @Test
  void ofOneColumnItIsThePermutationTestOfACovariance() throws IOException {
    double[] x = {1, 2, 3, 5, 8, 9, 12};
    double[] y = {2, 1, 4, 3.5, 3, 7, 6};
    StringBuilder text = new StringBuilder("id,x,y\n");
    for (int i = 0; i < x.length; i++) {
      text.append(i + "," + x[i] + "," + y[i] + "\n");
    }
    Files.writeString(dir.resolve("seven.csv"), text);
    long[] counted = new long[2];
    count(x, y.clone(), 0, Math.abs(covariance(x, y)), counted);
    double exact = (double) counted[0] / counted[1];
    assertThat(counted[1]).isEqualTo(5040);
    assertThat(exact).isBetween(0.005, 0.2);
    ImportanceRow row =
        run("""
                data.d { path = "DIR/seven.csv", id = id, label = y, task = regression }
                models.m { estimator = linear-regression }
                jobs = [ { job = importance, method = pimp, pimp { of = native, permutations = 999 } } ]
                """)
            .get(0);
    assertThat(row)
        .returns("pimp", ImportanceRow::test)
        .returns("coefficient", ImportanceRow::scale)
        .returns("", ImportanceRow::metric);
    assertThat(row.pValue())
        .isCloseTo(exact, within(5 * Math.sqrt(exact * (1 - exact) / 999) + 1e-3));
    assertThat(row.reason()).startsWith("with permuted labels ").contains(" on average, sd ");
  }

  private static double covariance(double[] x, double[] y) {
    double mean = java.util.Arrays.stream(x).average().orElseThrow();
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (x[i] - mean) * y[i];
    }
    return sum;
  }

  private static void count(double[] x, double[] y, int from, double least, long[] counted) {
    if (from == y.length) {
      counted[0] += Math.abs(covariance(x, y)) >= least - 1e-9 ? 1 : 0;
      counted[1]++;
      return;
    }
    for (int i = from; i < y.length; i++) {
      swap(y, from, i);
      count(x, y, from + 1, least, counted);
      swap(y, from, i);
    }
  }

  private static void swap(double[] y, int i, int j) {
    double kept = y[i];
    y[i] = y[j];
    y[j] = kept;
  }

  /** y = 2 x + z and noise; and columns that are noise alone. */
  private void signals() throws IOException {
    Random random = new Random(11);
    StringBuilder text = new StringBuilder("id,x,z,n1,n2,n3,same,y,c\n");
    for (int i = 0; i < 300; i++) {
      double x = random.nextGaussian();
      double z = random.nextGaussian();
      text.append(i + "," + x + "," + z);
      for (int j = 0; j < 3; j++) {
        text.append("," + random.nextGaussian());
      }
      double y = 2 * x + z + 0.5 * random.nextGaussian();
      text.append(",7," + y + "," + (y > 0 ? "yes" : "no") + "\n");
    }
    Files.writeString(dir.resolve("signals.csv"), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ", plan { kind = k-fold, folds = 3, stratify = true }"})
  void signalsStandOutOfWhatPermutedLabelsGive(String plan) throws IOException {
    signals();
    Map<String, ImportanceRow> rows =
        byFeature(
            run(
                """
                data.d { path = "DIR/signals.csv", id = id, label = c, exclude = [y] }
                models.m { estimator = logistic-regression, params { regParam = 0.01 } }
                jobs = [ { job = importance, method = pimp, metrics = [log-loss], groups { both = [x, z] }, pimp { permutations = 39 }PLAN } ]
                """
                    .replace("PLAN", plan)));
    for (String signal : List.of("x", "z", "both")) {
      assertThat(rows.get(signal).pValue()).isEqualTo(1.0 / 40);
      assertThat(rows.get(signal).value()).isGreaterThan(0.05);
    }
    assertThat(rows.get("same"))
        .returns(1.0, ImportanceRow::pValue)
        .returns(0.0, ImportanceRow::value);
    for (String noise : List.of("n1", "n2", "n3")) {
      assertThat(rows.get(noise).pValue()).isGreaterThan(1.0 / 40);
    }
    assertThat(rows.get("x"))
        .returns("difference", ImportanceRow::scale)
        .returns("log-loss", ImportanceRow::metric)
        .returns(300L * 40, ImportanceRow::evaluations);
  }

  @Test
  void ordersAreComparedAndSplitsCounted() throws IOException {
    signals();
    RunContext ran =
        ran(
            """
            data.d { path = "DIR/signals.csv", id = id, label = y, task = regression, exclude = [c, same] }
            models.m { estimator = linear-regression }
            jobs = [ { job = importance, method = [permutation, native], metrics = [mse, mae], repeats = 5, test = binomial, rankings { top = 2 }, plan { kind = k-fold, folds = 6 } } ]
            """);
    List<RankingRow> rankings = ran.rows(Tables.RANKINGS);
    // Two metrics of permutation and the coefficients: 3 pairs of 4 measures, and 3 stabilities.
    assertThat(rankings).hasSize(3 * 4 + 3);
    for (RankingRow row : rankings) {
      assertThat(row.features()).isEqualTo(5);
      assertThat(row.top()).isEqualTo(2);
      if (row.measure().equals("stability")) {
        assertThat(row)
            .returns(1.0, RankingRow::value)
            .returns("", RankingRow::methodB)
            .returns(6, RankingRow::splits);
      } else if (row.measure().equals("overlap")) {
        assertThat(row.value()).isEqualTo(1);
        // Two of five at the top of both by chance: 1 of 10.
        assertThat(row.pValue()).isEqualTo(0.1);
      } else {
        assertThat(row.value()).isBetween(0.3, 1.0);
      }
    }
    for (ImportanceRow row : ran.rows(Tables.IMPORTANCES)) {
      if (row.method().equals("permutation")) {
        assertThat(row.test()).isEqualTo("binomial");
        // Counts of a fair coin thrown six times.
        assertThat(row.pValue() * 64).isCloseTo(Math.rint(row.pValue() * 64), within(1e-9));
      }
      if (row.feature().equals("x") && row.method().equals("permutation")) {
        assertThat(row.pValue()).isCloseTo(1 / 64.0, within(1e-12));
      }
    }
  }

  @Test
  void costIsSaidBefore() throws IOException {
    signals();
    RunConfig config =
        RunConfig.read(
            ConfigFactory.parseString(
                """
                name = t, seed = 3, output = unused
                data.d { path = "DIR/signals.csv", id = id, label = y, task = regression, exclude = [c] }
                models.m { estimator = linear-regression }
                jobs = [ { job = importance, method = [pimp, native, shapley, sage], pimp { permutations = 199 } } ]
                """
                    .replace("DIR", dir.toString())));
    Runner runner = Runner.of(config, List.of());
    try (RunContext context =
        new RunContext(Shared.spark(), config, runner.steps(), Progress.silent(), null, null)) {
      assertThat(runner.steps().get(0).explain(context))
          .contains(
              "  method      pimp of permutation importances of 1 repeat, 199 permutations of the labels; 199 fits more, smallest p 0.005",
              "  method      shapley, all orders of 6 inputs for each of 100 rows at most, against 50 background rows at most",
              "  evaluations 320000 rows at most",
              "  evaluations 320000 rows at most per metric");
    }
  }
}
