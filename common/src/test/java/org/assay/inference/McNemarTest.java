package org.assay.inference;

import static org.assay.inference.Results.only;
import static org.assay.inference.Results.relative;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class McNemarTest {
  private static final ComparisonTest EXACT = new McNemarExact();
  private static final ComparisonTest MID_P = new McNemarMidP();
  private static final ComparisonTest CORRECTED = new McNemarCorrected();
  private static final ComparisonTest UNCORRECTED = new McNemarUncorrected();

  /** Printed by mlxtend's documentation of mcnemar. */
  @Test
  void agreesWithMlxtend() {
    PairedOutcomes o = new PairedOutcomes(9945, 25, 15, 15);
    assertThat(only(CORRECTED, o).statistic()).isCloseTo(2.025, within(1e-12));
    assertThat(only(CORRECTED, o).pValue()).isCloseTo(0.154728923485, within(1e-12));
    assertThat(only(UNCORRECTED, o).statistic()).isCloseTo(2.5, within(1e-12));
    assertThat(only(UNCORRECTED, o).pValue()).isCloseTo(0.113846298, within(1e-9));
    assertThat(only(UNCORRECTED, o).df1()).isEqualTo(1);
    assertThat(only(EXACT, o).pValue()).isCloseTo(0.153859944, within(1e-9));
  }

  /** By SciPy 1.17: 13 / 2^11, not the 0.005859375 of a page that is much copied. */
  @Test
  void elevenAgainstOne() {
    PairedOutcomes o = new PairedOutcomes(9959, 11, 1, 29);
    assertThat(only(EXACT, o).pValue()).isCloseTo(13 / 2048.0, within(1e-15));
    assertThat(only(EXACT, o).pValue()).isCloseTo(0.00634765625, within(1e-15));
    assertThat(only(MID_P, o).pValue()).isCloseTo(0.00341796875, within(1e-15));
    assertThat(only(CORRECTED, o).statistic()).isCloseTo(6.75, within(1e-12));
    assertThat(only(UNCORRECTED, o).statistic()).isCloseTo(8.3333, within(5e-5));
  }

  /** statsmodels' test of mcnemar, with values of R. */
  @Test
  void agreesWithStatsmodelsAndR() {
    PairedOutcomes o = new PairedOutcomes(101, 121, 59, 33);
    assertThat(only(CORRECTED, o).statistic()).isCloseTo(20.672222222, within(1e-9));
    assertThat(only(CORRECTED, o).pValue()).isCloseTo(5.4500948254e-06, within(1e-16));
    assertThat(only(UNCORRECTED, o).statistic()).isCloseTo(21.355555556, within(1e-9));
    assertThat(only(EXACT, o).pValue()).isCloseTo(4.43444926e-06, within(1e-14));
  }

  @Test
  void agreesWithTheReferences() {
    for (JsonNode c : References.of("mcnemar")) {
      PairedOutcomes o = References.outcomes(c.get("counts"));
      String as = o.toString();
      double exact = c.get("exact").asDouble();
      assertThat(only(EXACT, o).pValue()).as(as).isCloseTo(exact, relative(exact, 1e-10));
      double mid = c.get("mid_p").asDouble();
      assertThat(only(MID_P, o).pValue()).as(as).isCloseTo(mid, relative(mid, 1e-9));
      double[] corrected = References.doubles(c.get("corrected"));
      assertThat(only(CORRECTED, o).statistic()).as(as).isCloseTo(corrected[0], within(1e-10));
      assertThat(only(CORRECTED, o).pValue()).as(as).isCloseTo(corrected[1], within(1e-12));
      double[] plain = References.doubles(c.get("uncorrected"));
      assertThat(only(UNCORRECTED, o).statistic()).as(as).isCloseTo(plain[0], within(1e-10));
      assertThat(only(UNCORRECTED, o).pValue()).as(as).isCloseTo(plain[1], within(1e-12));
    }
  }

  /** The predictions of two fitted models for the Adult data; computed with statsmodels. */
  @Test
  void agreesOnAdult() {
    JsonNode adult = References.json("oracles/adult_comparison.json");
    JsonNode table = adult.get("mcnemar_table_rows_logit_right_wrong");
    PairedOutcomes o =
        new PairedOutcomes(
            table.get(1).get(1).asLong(),
            table.get(0).get(1).asLong(),
            table.get(1).get(0).asLong(),
            table.get(0).get(0).asLong());
    assertThat(counted(References.csv("data/adult_predictions.csv"))).isEqualTo(o);
    check(only(EXACT, o), adult.get("mcnemar_exact"));
    check(only(CORRECTED, o), adult.get("mcnemar_corrected"));
    check(only(UNCORRECTED, o), adult.get("mcnemar_uncorrected"));
  }

  private static PairedOutcomes counted(List<String[]> rows) {
    long[] counts = new long[4];
    for (String[] row : rows) {
      int a = row[7].equals(row[4]) ? 1 : 0;
      int b = row[8].equals(row[4]) ? 2 : 0;
      counts[a + b]++;
    }
    return new PairedOutcomes(counts[0], counts[1], counts[2], counts[3]);
  }

  private static void check(TestResult result, JsonNode expected) {
    assertThat(result.statistic()).isCloseTo(expected.get("statistic").asDouble(), within(1e-9));
    assertThat(result.pValue()).isCloseTo(expected.get("p").asDouble(), within(1e-9));
  }

  /**
   * The 27 tasks of BIG-Bench-Hard, chain of thought against direct answers: the p-values that
   * stand beside the data, SciPy's, and their adjustments by R's p.adjust.
   */
  @Test
  void agreesOnBigBenchHard() {
    JsonNode reference = References.of("bbh");
    List<String[]> rows = References.csv("data/bbh_codex/oracle_per_task.csv");
    double[] p = new double[27];
    for (int i = 0; i < 28; i++) {
      String[] row = rows.get(i);
      PairedOutcomes o =
          new PairedOutcomes(
              Long.parseLong(row[4]),
              Long.parseLong(row[5]),
              Long.parseLong(row[6]),
              Long.parseLong(row[7]));
      TestResult result = only(EXACT, o);
      double published = Double.parseDouble(row[8]);
      assertThat(result.pValue()).as(row[0]).isCloseTo(published, relative(published, 5e-6));
      assertThat(o.n()).isEqualTo(Long.parseLong(row[1]));
      assertThat(result.effect() * 100)
          .as(row[0])
          .isCloseTo(Double.parseDouble(row[3]) - Double.parseDouble(row[2]), within(1e-4));
      if (i < 27) {
        p[i] = result.pValue();
        double exact = reference.get("p").get(i).asDouble();
        assertThat(p[i]).as(row[0]).isCloseTo(exact, relative(exact, 1e-10));
      }
    }
    for (Adjustment adjustment : Adjustment.values()) {
      if (adjustment != Adjustment.NONE) {
        double[] expected = References.doubles(reference.get(adjustment.label()));
        double[] adjusted = adjustment.adjust(p);
        for (int i = 0; i < 27; i++) {
          assertThat(adjusted[i])
              .as(adjustment.label() + " " + rows.get(i)[0])
              .isCloseTo(expected[i], relative(expected[i], 1e-10));
        }
      }
    }
  }

  @Test
  void withoutDisagreementOnlyTheExactFormsAnswer() {
    PairedOutcomes o = new PairedOutcomes(10, 0, 0, 90);
    for (ComparisonTest exact : List.of(EXACT, MID_P)) {
      assertThat(only(exact, o).pValue()).isEqualTo(1);
      assertThat(only(exact, o).note())
          .isEqualTo("the models are right and wrong on the same items");
    }
    for (ComparisonTest chi2 : List.of(CORRECTED, UNCORRECTED)) {
      assertThat(only(chi2, o).pValue()).isNaN();
      assertThat(only(chi2, o).statistic()).isNaN();
      assertThat(only(chi2, o).effect()).isZero();
      assertThat(only(chi2, o).note())
          .isEqualTo("the models are right and wrong on the same items");
    }
  }

  /** 6e14 discordant items: more than an int counts, and an excess of 3 standard errors. */
  @Test
  void countsAreLong() {
    long half = 300_000_000_000_000L;
    long excess = Math.round(1.5 * Math.sqrt(2.0 * half));
    PairedOutcomes o = new PairedOutcomes(5, half + excess, half - excess, 7);
    assertThat(only(UNCORRECTED, o).statistic()).isCloseTo(9, within(1e-6));
    // P(|Z| > 3); the continuity of so many items shows in the eighth digit.
    assertThat(only(EXACT, o).pValue()).isCloseTo(0.0026997960632601866, within(1e-8));
  }

  @ParameterizedTest
  @CsvSource({"-1, 0, 0, 0", "0, 0, 9007199254740993, 0"})
  void refusesImpossibleCounts(long bothWrong, long onlyA, long onlyB, long bothRight) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PairedOutcomes(bothWrong, onlyA, onlyB, bothRight))
        .withMessageContaining("must be between 0 and 2^51");
  }
}
