package org.assay.inference;

import static org.assay.inference.Results.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Cochran's Q and Looney's F. */
class SeveralModelsTest {

  /** Right and wrong by item and model, counted. */
  private static OutcomeTotals totals(int[][] right) {
    int models = right[0].length;
    long[] ofModel = new long[models];
    long[] byRight = new long[models + 1];
    for (int[] item : right) {
      int sum = 0;
      for (int m = 0; m < models; m++) {
        ofModel[m] += item[m];
        sum += item[m];
      }
      byRight[sum]++;
    }
    return new OutcomeTotals(ofModel, byRight);
  }

  private static int[][] raschka(int models) {
    Set<Integer> first = Set.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    Set<Integer> second = Set.of(0, 1, 2, 3, 4, 5, 20, 21);
    Set<Integer> third = Set.of(0, 1, 2, 6, 20, 21, 98, 99);
    int[][] right = new int[100][models];
    for (int i = 0; i < 100; i++) {
      for (int m = 0; m < models; m++) {
        Set<Integer> wrong = m == 0 ? first : m == 1 ? second : third;
        right[i][m] = wrong.contains(i) ? 0 : 1;
      }
    }
    return right;
  }

  /** The example of mlxtend's documentation; F with Looney's own degrees of freedom by SciPy. */
  @Test
  void agreesWithMlxtend() {
    TestResult q = only(new CochranQ(), totals(raschka(3)));
    assertThat(q.statistic()).isCloseTo(7.529411765, within(1e-9));
    assertThat(q.pValue()).isCloseTo(0.0231744272, within(1e-10));
    assertThat(q.df1()).isEqualTo(2);
    assertThat(q.effect()).isCloseTo(0.08, within(1e-15));
    assertThat(q.subject()).isEqualTo(Subject.ALL);
    TestResult f = only(new LooneyF(), totals(raschka(3)));
    assertThat(f.statistic()).isCloseTo(3.8728606357, within(1e-10));
    assertThat(f.pValue()).isCloseTo(0.0223925430, within(1e-10));
    assertThat(f.df1()).isEqualTo(2);
    assertThat(f.df2()).isEqualTo(198);
    assertThat(only(new CochranQ(), totals(raschka(2))).statistic())
        .isCloseTo(5.333333333, within(1e-9));
  }

  @Test
  void agreesWithStatsmodels() {
    for (JsonNode c : References.of("outcomes")) {
      int[][] right = new int[c.get("right").size()][];
      for (int i = 0; i < right.length; i++) {
        right[i] = new int[c.get("right").get(i).size()];
        for (int m = 0; m < right[i].length; m++) {
          right[i][m] = c.get("right").get(i).get(m).asInt();
        }
      }
      TestResult q = only(new CochranQ(), totals(right));
      assertThat(q.statistic()).isCloseTo(c.get("q").get(0).asDouble(), within(1e-11));
      assertThat(q.pValue()).isCloseTo(c.get("q").get(1).asDouble(), within(1e-12));
      TestResult f = only(new LooneyF(), totals(right));
      double[] anova = References.doubles(c.get("f"));
      assertThat(f.statistic()).isCloseTo(anova[0], within(1e-9));
      assertThat(f.df1()).isEqualTo(anova[1]);
      assertThat(f.df2()).isEqualTo(anova[2]);
      assertThat(f.pValue()).isCloseTo(anova[3], within(1e-10));
    }
  }

  @Test
  void theQOfTwoModelsIsMcNemarsUncorrected() {
    for (long b = 0; b < 20; b++) {
      for (long c = b == 0 ? 1 : 0; c < 20; c++) {
        PairedOutcomes o = new PairedOutcomes(1_000_000_007L, b, c, 3_000_000_019L);
        TestResult q = only(new CochranQ(), OutcomeTotals.of(o));
        TestResult mcnemar = only(new McNemarUncorrected(), o);
        assertThat(q.pValue()).isEqualTo(mcnemar.pValue());
        assertThat(q.statistic()).isEqualTo(mcnemar.statistic());
      }
    }
  }

  @Test
  void totalsOfPartsAddUp() {
    int[][] right = raschka(3);
    OutcomeTotals parts =
        totals(java.util.Arrays.copyOf(right, 37))
            .plus(totals(java.util.Arrays.copyOfRange(right, 37, 100)));
    assertThat(parts).isEqualTo(totals(right)).hasSameHashCodeAs(totals(right));
  }

  @Test
  void degenerate() {
    OutcomeTotals none = new OutcomeTotals(new long[3], new long[4]);
    OutcomeTotals alike = new OutcomeTotals(new long[] {7, 7, 7}, new long[] {3, 0, 0, 7});
    OutcomeTotals same = new OutcomeTotals(new long[] {9, 0, 0}, new long[] {0, 9, 0, 0});
    OutcomeTotals one = new OutcomeTotals(new long[] {1, 0, 0}, new long[] {0, 1, 0, 0});
    assertThat(only(new CochranQ(), none).note()).isEqualTo("no items");
    assertThat(only(new LooneyF(), none).note()).isEqualTo("no items");
    assertThat(only(new CochranQ(), alike).note())
        .isEqualTo("the models are right and wrong on the same items");
    assertThat(only(new LooneyF(), alike).pValue()).isNaN();
    assertThat(only(new CochranQ(), same).statistic()).isEqualTo(18);
    assertThat(only(new LooneyF(), same).note())
        .isEqualTo(
            "every item divides the models in the same way, so nothing is left to compare with");
    assertThat(only(new LooneyF(), one).pValue()).isNaN();
  }

  @Test
  void refusesTotalsThatContradictThemselves() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OutcomeTotals(new long[] {3, 2}, new long[] {1, 2, 1}))
        .withMessage(
            "outcome totals [3, 2] and [1, 2, 1]: must count the same right answers by model and by"
                + " item");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OutcomeTotals(new long[] {5, -1}, new long[] {1, 2, 1}))
        .withMessage("a model with 5 right answers: must be between 0 and the 4 items");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OutcomeTotals(new long[] {5}, new long[] {1, 2}))
        .withMessageContaining("must be at least 2 models");
  }
}
