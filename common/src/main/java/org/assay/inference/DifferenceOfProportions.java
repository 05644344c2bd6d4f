package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * The z test for two proportions of independent samples, pooled and two-sided:
 *
 * <pre>
 *   z = (p_a - p_b) / sqrt(p (1 - p) (1 / n_a + 1 / n_b)),  p = (right_a + right_b) / (n_a + n_b)
 * </pre>
 *
 * <p>The effect is p<sub>a</sub> - p<sub>b</sub> with {@link Newcombe}'s interval for independent
 * samples. Two models on the same items are not independent: the test then ignores the pairing, is
 * usually far too cautious, and says so in its note. It is right for models measured on different
 * items ({@link #of}); for the same items use {@link McNemarMidP}.
 *
 * <p><b>Edge results.</b> NaN when a sample is empty, or when all answers of both are right or all
 * are wrong.
 *
 * <p>Source: G. W. Snedecor and W. G. Cochran, Statistical Methods, 8th edition, section 7.10; on
 * its use for classifiers, T. G. Dietterich, doi:10.1162/089976698300017197.
 */
@AutoService(ComparisonTest.class)
public final class DifferenceOfProportions implements ComparisonTest {
  private static final String NAME = "difference-of-proportions";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Scope scope() {
    return Scope.PAIR;
  }

  @Override
  public Set<Evidence.Kind> accepts() {
    return Set.of(Evidence.Kind.PAIRED_OUTCOMES);
  }

  @Override
  public List<TestResult> results(Evidence evidence, TestSettings settings) {
    PairedOutcomes o = (PairedOutcomes) evidence;
    return List.of(
        of(o.rightA(), o.n(), o.rightB(), o.n(), settings.level())
            .noting("takes the answers of the two models for independent"));
  }

  /**
   * The test of two independent samples.
   *
   * @throws IllegalArgumentException if a count is not between 0 and its n, or the level not in (0,
   *     1)
   */
  public static TestResult of(long rightA, long nA, long rightB, long nB, double level) {
    Interval interval = Newcombe.of(rightA, nA, rightB, nB, level);
    long n = nA + nB;
    long right = rightA + rightB;
    double effect = (double) rightA / nA - (double) rightB / nB;
    if (nA == 0 || nB == 0) {
      return TestResult.undefined(NAME, Subject.PAIR, effect, interval, n, "no items");
    }
    if (right == 0 || right == n) {
      String reason = right == 0 ? "all answers are wrong" : "all answers are right";
      return TestResult.undefined(NAME, Subject.PAIR, effect, interval, n, reason);
    }
    double p = (double) right / n;
    double z = effect / Math.sqrt(p * ((double) (n - right) / n) * (1.0 / nA + 1.0 / nB));
    return new TestResult(
        NAME,
        Subject.PAIR,
        z,
        Double.NaN,
        Double.NaN,
        effect,
        interval,
        StudentT.twoSided(z, StudentT.NORMAL),
        n,
        "");
  }
}
