package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.assay.bootstrap.Distribution;
import org.junit.jupiter.api.Test;

/** What a row says of its interval. */
class IntervalRuleTest {

  /** Accuracy of n answers, so many of them right: replicates are binomial. */
  private static IntervalRule.Ends studentized(int n, int right, boolean isProportion) {
    Random random = new Random(7);
    double p = (double) right / n;
    double[] values = new double[1000];
    double[] errors = new double[values.length];
    for (int r = 0; r < values.length; r++) {
      int drawn = 0;
      for (int i = 0; i < n; i++) {
        drawn += random.nextDouble() < p ? 1 : 0;
      }
      values[r] = (double) drawn / n;
      errors[r] = Math.sqrt(values[r] * (1 - values[r]) / n);
    }
    return new IntervalRule.Studentized()
        .ends(
            new IntervalRule.Known(
                n,
                p,
                Distribution.of(p, n, values, ""),
                () -> 0,
                isProportion ? n : Double.NaN,
                Math.sqrt(p * (1 - p) / n),
                values,
                errors,
                null,
                0),
            0.95);
  }

  private static final String WARNING =
      ": below 10 this interval is often withheld, and covers less than its level; take wilson";

  @Test
  void studentizedIntervalsOfFewErrorsCarryAWarning() {
    assertThat(studentized(20, 17, true).result())
        .satisfies(r -> assertThat(r.interval().low()).isNaN())
        .satisfies(
            r ->
                assertThat(r.note())
                    .matches(
                        "[0-9]+ of 1000 replicates have no standard error above 0 of their own; "
                            + "3 of 20 are wrong"
                            + WARNING));
    assertThat(studentized(1000, 9, true).result())
        .satisfies(r -> assertThat(r.interval().low()).isFinite())
        .satisfies(r -> assertThat(r.note()).isEqualTo("9 of 1000 are right" + WARNING));
    assertThat(studentized(100, 90, true).result().note()).isEmpty();
    assertThat(studentized(100, 10, true).result().note()).isEmpty();
  }

  /** A mean loss has no rare answers to lack. */
  @Test
  void otherMeansCarryNone() {
    assertThat(studentized(1000, 9, false).result().note()).isEmpty();
  }

  /** 6 rare ones are all missing from some e^-6 of the replicates: 2.5 of 1,000. */
  @Test
  void replicatesThatAreLeftOutAreCounted() {
    String note = studentized(200, 6, true).result().note();
    assertThat(note)
        .matches(
            "[1-9] of 1000 replicates left out, which have no standard error above 0 of their own; "
                + "6 of 200 are right"
                + WARNING);
    assertThat(Arrays.stream(note.split("; ")).toList()).hasSize(3);
  }
}
