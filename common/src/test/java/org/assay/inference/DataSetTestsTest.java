package org.assay.inference;

import static org.assay.inference.Results.effect;
import static org.assay.inference.Results.only;
import static org.assay.inference.Results.relative;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.FDistribution;
import org.assay.metric.Metric.Direction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of models over several data sets. */
class DataSetTestsTest {

  private static ScoreTable table(double[][] values) {
    return new ScoreTable(values, values[0].length, Direction.HIGHER_IS_BETTER);
  }

  /** A table of two models with these differences. */
  private static ScoreTable differences(double... d) {
    return new ScoreTable(
        Arrays.stream(d).mapToObj(x -> new double[] {x, 0}).toArray(double[][]::new),
        2,
        Direction.HIGHER_IS_BETTER);
  }

  /** Printed by Demsar (2006), with mean ranks 3.143, 2.000, 2.893 and 1.964 over 14 data sets. */
  @Test
  void agreesWithDemsar() {
    assertThat(Friedman.statistic(9.278571, 14, 4)).isCloseTo(3.686313, within(1e-6));
    assertThat(FDistribution.of(3, 39).survivalProbability(3.686313)).isLessThan(0.05);
    // The rank sums are 44, 28, 40.5 and 27.5.
    MeanRanks.Ranks printed = new MeanRanks.Ranks(14, new long[] {88, 56, 81, 55}, 0, "");
    double[] ranks = {3.143, 2.000, 2.893, 1.964};
    for (int m = 0; m < 4; m++) {
      assertThat(printed.mean(m)).isCloseTo(ranks[m], within(5e-4));
    }
    assertThat(Friedman.chiSquared(printed)).isCloseTo(9.278571, within(1e-6));
    assertThat(Nemenyi.criticalDifference(printed, 0.05)).isCloseTo(1.2535, within(5e-4));
  }

  /** His table holds a tie that he ranked from more digits: 9.857 as printed, 10.952 with ties. */
  @Test
  void correctsDemsarsTableForTies() {
    double[][] values =
        References.csv("data/demsar2006_table6.csv").stream()
            .map(row -> Arrays.stream(row).skip(1).mapToDouble(Double::parseDouble).toArray())
            .toArray(double[][]::new);
    TestResult friedman = new Friedman().results(table(values), TestSettings.DEFAULT).get(0);
    assertThat(friedman.statistic()).isCloseTo(10.952, within(5e-4));
    MeanRanks.Ranks ranks = MeanRanks.Ranks.of(table(values));
    assertThat(ranks.ties()).isPositive();
    assertThat(Friedman.chiSquared(new MeanRanks.Ranks(14, ranks.doubledSums(), 0, "")))
        .isCloseTo(9.857, within(5e-4));
  }

  @Test
  void agreesWithRAndSciPy() {
    for (JsonNode c : References.of("tables")) {
      ScoreTable table = table(References.rows(c.get("values")));
      String as = c.get("name").asText();
      List<TestResult> omnibus = new Friedman().results(table, TestSettings.DEFAULT);
      assertThat(omnibus)
          .extracting(TestResult::test)
          .containsExactly("friedman", "iman-davenport");
      for (TestResult result : omnibus) {
        JsonNode expected = c.get(result.test().replace('-', '_'));
        assertThat(result.statistic())
            .as(as)
            .isCloseTo(expected.get(0).asDouble(), relative(expected.get(0).asDouble(), 1e-11));
        assertThat(result.pValue())
            .as(as)
            .isCloseTo(expected.get(1).asDouble(), relative(expected.get(1).asDouble(), 1e-9));
      }
      double w = omnibus.get(0).statistic() / (table.n() * (table.models() - 1));
      assertThat(effect("kendalls-w", table).value()).isCloseTo(w, within(1e-15));
      double[] ranks = References.doubles(c.get("ranks"));
      assertThat(new MeanRanks().effects(table, TestSettings.DEFAULT))
          .extracting(Effect::value)
          .containsExactly(Arrays.stream(ranks).boxed().toArray(Double[]::new));
      TestSettings control = TestSettings.DEFAULT.withControl(0);
      check(new Nemenyi(), table, TestSettings.DEFAULT, c.get("nemenyi"), 1e-9);
      check(new HolmPostHoc(), table, TestSettings.DEFAULT, c.get("holm"), 1e-12);
      check(new HolmPostHoc(), table, control, c.get("holm_control"), 1e-12);
      check(new BonferroniDunn(), table, control, c.get("dunn"), 1e-12);
      for (String name : List.of("critical-difference", "critical-difference-to-control")) {
        // Nemenyi's by R's qtukey, which is right to 1e-4 or so.
        assertThat(effect(name, table).value())
            .isCloseTo(c.get(name.replace('-', '_')).asDouble(), within(2e-4));
      }
    }
  }

  private static void check(
      ComparisonTest test, ScoreTable table, TestSettings settings, JsonNode p, double tolerance) {
    List<TestResult> results = ComparisonTests.results(test, table, settings);
    assertThat(results).hasSize(p.size());
    for (int i = 0; i < results.size(); i++) {
      TestResult result = results.get(i);
      assertThat(result.pValue())
          .as(test.name() + " " + result.subject())
          .isCloseTo(p.get(i).asDouble(), within(tolerance));
      if (result.interval().isDefined()) {
        // The interval leaves out 0 exactly when the test rejects.
        assertThat(result.interval().contains(0)).isEqualTo(result.pValue() > settings.alpha());
      }
    }
  }

  /** R's wilcox.test, exact without ties, and normal with them. */
  @Test
  void wilcoxonAgreesWithR() {
    for (JsonNode c : References.of("wilcoxon")) {
      double[] d = References.doubles(c.get("d"));
      TestResult result = only(new Wilcoxon(), differences(d));
      assertThat(result.statistic()).isEqualTo(c.get("v").asDouble());
      double p = c.get("p").asDouble();
      assertThat(result.pValue()).isCloseTo(p, relative(p, 1e-12));
      if (c.has("estimate")) {
        assertThat(result.effect()).isCloseTo(c.get("estimate").asDouble(), within(1e-15));
        double[] ends = References.doubles(c.get("interval"));
        assertThat(result.interval().low()).isCloseTo(ends[0], within(1e-15));
        assertThat(result.interval().high()).isCloseTo(ends[1], within(1e-15));
      }
    }
  }

  /** The definition: all 2^m ways to put signs to the ranks. */
  @ParameterizedTest
  @ValueSource(
      strings = {"1 1 -2 3 0 5", "1 -1 2 -2 2 2 0 0 4", "3 3 3 3", "-1 2 -2 2 7 7 -7 9 9 1"})
  void wilcoxonIsExactWithTies(String list) {
    double[] d = Arrays.stream(list.split(" ")).mapToDouble(Double::parseDouble).toArray();
    double[] kept = Arrays.stream(d).filter(x -> x != 0).toArray();
    double[] ranks = new double[kept.length];
    double v = 0;
    for (int i = 0; i < kept.length; i++) {
      for (double other : kept) {
        double below = Math.abs(other) < Math.abs(kept[i]) ? 1 : 0;
        ranks[i] += Math.abs(other) == Math.abs(kept[i]) ? 0.5 : below;
      }
      ranks[i] += 0.5;
      v += kept[i] > 0 ? ranks[i] : 0;
    }
    int atMost = 0;
    int atLeast = 0;
    for (int signs = 0; signs < 1 << kept.length; signs++) {
      double sum = 0;
      for (int i = 0; i < kept.length; i++) {
        sum += (signs >> i & 1) * ranks[i];
      }
      atMost += sum <= v ? 1 : 0;
      atLeast += sum >= v ? 1 : 0;
    }
    TestResult result = only(new Wilcoxon(), differences(d));
    assertThat(result.statistic()).isEqualTo(v);
    assertThat(result.pValue())
        .isCloseTo(
            Math.min(1, 2.0 * Math.min(atMost, atLeast) / (1 << kept.length)), within(1e-15));
  }

  /** 0.97 - 0.96 and 0.89 - 0.88 differ as doubles; so do 0.3 - 0.1 and 0.2. */
  @Test
  void wilcoxonSeesTiesThroughRounding() {
    ScoreTable decimal =
        table(new double[][] {{.97, .96}, {.88, .89}, {.3, .1}, {.2, .0}, {.7, .7}});
    ScoreTable whole = table(new double[][] {{97, 96}, {88, 89}, {30, 10}, {20, 0}, {70, 70}});
    TestResult result = only(new Wilcoxon(), decimal);
    assertThat(result.statistic()).isEqualTo(8.5);
    assertThat(result.pValue()).isEqualTo(only(new Wilcoxon(), whole).pValue());
    assertThat(result.note())
        .isEqualTo(
            "1 of 5 differences are 0 and left out;"
                + " 5 differences are too few for an interval of level 0.95");
  }

  /** All pairs, sorted. */
  @Test
  void hodgesLehmannIsTheMedianOfWalshAverages() {
    double[] d = {3.5, -2, 0, 0, 1e-3, 7, -0.0, 12, 5.25, 5.25, -1e3};
    double[] walsh = new double[d.length * (d.length + 1) / 2];
    int at = 0;
    for (int i = 0; i < d.length; i++) {
      for (int j = i; j < d.length; j++) {
        walsh[at++] = (d[i] + d[j]) / 2;
      }
    }
    Arrays.sort(walsh);
    Effect effect = HodgesLehmann.of(d, Subject.PAIR, 0.9);
    assertThat(effect.value()).isEqualTo((walsh[32] + walsh[33]) / 2);
    // qsignrank(0.05, 11) in R is 14.
    assertThat(effect.interval())
        .isEqualTo(new Interval("hodges-lehmann", 0.9, walsh[13], walsh[52]));
  }

  @Test
  void degenerate() {
    ScoreTable none = new ScoreTable(new double[0][], 3, Direction.HIGHER_IS_BETTER);
    ScoreTable tied = table(new double[][] {{1, 1, 1}, {2, 2, 2}});
    ScoreTable alike = table(new double[][] {{1, 2, 3}, {2, 4, 6}});
    ScoreTable one = table(new double[][] {{1, 2, 3}});
    ScoreTable bad = table(new double[][] {{1, 2, Double.NaN}, {1, 2, 3}});
    assertThat(friedman(none)).containsExactly("no data sets", "no data sets");
    assertThat(friedman(tied)).containsOnly("every data set ties all models");
    assertThat(friedman(alike))
        .containsExactly("", "all data sets rank the models alike, so the statistic is infinite");
    assertThat(friedman(one)).containsExactly("", "one data set");
    assertThat(friedman(bad)).containsOnly("1 of 6 values are undefined or infinite");
    assertThat(effect("kendalls-w", alike).value()).isEqualTo(1);
    assertThat(only(new Wilcoxon(), differences(0, 0, 0)).note())
        .isEqualTo("all 3 differences are 0");
    assertThat(only(new Wilcoxon(), differences(1, Double.NaN)).pValue()).isNaN();
    assertThat(effect("mean-rank", bad).note())
        .isEqualTo("1 of 6 values are undefined or infinite");
  }

  private static List<String> friedman(ScoreTable table) {
    return new Friedman()
        .results(table, TestSettings.DEFAULT).stream()
            .peek(r -> assertThat(Double.isNaN(r.pValue())).isEqualTo(!r.note().isEmpty()))
            .map(TestResult::note)
            .toList();
  }

  @Test
  void theOrderOfDataSetsDoesNotMatter() {
    for (JsonNode c : References.of("tables")) {
      double[][] values = References.rows(c.get("values"));
      double[][] reversed = new double[values.length][];
      for (int i = 0; i < values.length; i++) {
        reversed[values.length - 1 - i] = values[i];
      }
      TestSettings settings = TestSettings.DEFAULT.withControl(1);
      for (ComparisonTest test : ComparisonTests.all()) {
        if (ComparisonTests.refusal(test, table(values), settings) == null) {
          assertThat(test.results(table(reversed), settings))
              .isEqualTo(test.results(table(values), settings));
        }
      }
    }
  }

  @Test
  void lowerIsBetterTurnsTheRanks() {
    double[][] values = {{1, 2, 4}, {1, 3, 2}};
    ScoreTable loss = new ScoreTable(values, 3, Direction.LOWER_IS_BETTER);
    assertThat(new MeanRanks().effects(loss, TestSettings.DEFAULT))
        .extracting(Effect::value)
        .containsExactly(1.0, 2.5, 2.5);
    assertThat(new MeanRanks().effects(table(values), TestSettings.DEFAULT))
        .extracting(Effect::value)
        .containsExactly(3.0, 1.5, 1.5);
  }

  @Test
  void refusals() {
    ScoreTable three = table(new double[][] {{1, 2, 3}});
    assertThat(ComparisonTests.refusal(new Wilcoxon(), three, TestSettings.DEFAULT))
        .isEqualTo("wilcoxon needs two models, found 3; friedman is for more");
    assertThat(ComparisonTests.refusal(new BonferroniDunn(), three, TestSettings.DEFAULT))
        .isEqualTo(
            "bonferroni-dunn needs a control, the model that all others are compared with; name one");
    assertThat(
            ComparisonTests.refusal(new HolmPostHoc(), three, TestSettings.DEFAULT.withControl(3)))
        .isEqualTo("holm needs a control among the 3 models, found place 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table(new double[][] {{1, 2}, {1}}))
        .withMessage("data set 1 has 1 values: must be one per model, 2");
  }
}
