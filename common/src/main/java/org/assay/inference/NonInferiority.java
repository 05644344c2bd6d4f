package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;
import org.assay.metric.Metric.Direction;

/**
 * Non-inferiority: whether model a is worse than b by less than a margin. A small p-value speaks
 * <em>for</em> a. One-sided: with a metric that is better when higher, the test of "a minus b &gt;
 * -margin"; else of "a minus b &lt; margin" ({@link MarginTest}).
 *
 * <p>The interval for a minus b is of level 2 level - 1, 90 % for a level of 95 %: its worse end is
 * within the margin exactly when p &lt; 1 - level. Exchanging the models asks another question, so
 * p changes.
 *
 * <p>Refused without a margin. <b>Edge results.</b> NaN without items or spread; right/wrong
 * answers that never differ have a result all the same, by {@link Tango}'s score.
 *
 * <p>Source: as {@link Tost}.
 */
@AutoService(ComparisonTest.class)
public final class NonInferiority implements ComparisonTest {
  @Override
  public String name() {
    return "non-inferiority";
  }

  @Override
  public Scope scope() {
    return Scope.PAIR;
  }

  @Override
  public Set<Evidence.Kind> accepts() {
    return MarginTest.ACCEPTS;
  }

  @Override
  public String refusal(Evidence evidence, TestSettings settings) {
    return MarginTest.refusal(evidence, settings);
  }

  @Override
  public List<TestResult> results(Evidence evidence, TestSettings settings) {
    MarginTest test = MarginTest.of(evidence, settings);
    return List.of(
        test.direction() == Direction.HIGHER_IS_BETTER ? test.above(name()) : test.below(name()));
  }
}
