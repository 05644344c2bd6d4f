package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * DeLong's test of two areas under ROC curves of the same items, and his interval for one area.
 *
 * <pre>
 *   z        = (area_a - area_b) / sqrt(var_a + var_b - 2 cov_ab)
 *   interval   area -+ quantile * sqrt(var)
 * </pre>
 *
 * with the variances and the covariance of {@link RocPlacements}, and z taken for normal. The
 * effect is area of a minus area of b. The interval of one area is cut off at 0 and 1.
 *
 * <p><b>Edge results.</b> NaN without two positives and two negatives, and when the standard error
 * of the difference is 0, as for models that rank alike. The interval of an area whose standard
 * error is 0, such as 1 for perfect ranking, has no width and says nothing of a larger population.
 *
 * <p><b>Limits.</b> The normal distribution is an approximation, poor for areas near 1 with few
 * items of a class. Items are taken for independent.
 *
 * <p>Source: E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 44, 1988,
 * doi:10.2307/2531595.
 */
@AutoService(ComparisonTest.class)
public final class DeLong implements ComparisonTest {
  /** Its name, as a test and as an interval, in configurations and reports. */
  public static final String NAME = "delong";

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
    return Set.of(Evidence.Kind.ROC_PLACEMENTS);
  }

  @Override
  public String refusal(Evidence evidence, TestSettings settings) {
    int models = ((RocPlacements) evidence).models();
    return models == 2 ? null : "needs the placements of two models, found " + models;
  }

  @Override
  public List<TestResult> results(Evidence evidence, TestSettings settings) {
    return List.of(Difference.of((RocPlacements) evidence).test(NAME, settings.level()));
  }

  /** The interval for the area of one of the models; without ends when undefined. */
  public static Interval interval(RocPlacements placements, int model, double level) {
    Interval.checkLevel(level);
    if (!placements.defect().isEmpty()) {
      return Interval.undefined(NAME, level);
    }
    double area = placements.area(model);
    double reach = StudentT.normalQuantile((1 - level) / 2) * Math.sqrt(placements.variance(model));
    return new Interval(NAME, level, Math.max(0, area - reach), Math.min(1, area + reach));
  }
}
