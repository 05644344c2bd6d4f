package org.assay.inference;

import java.util.EnumSet;
import java.util.Set;
import org.assay.metric.Metric.Direction;

/**
 * The two one-sided tests of a difference d of two models, a minus b, against a margin m: whether d
 * &gt; -m, and whether d &lt; m. What {@link Tost} and {@link NonInferiority} share.
 *
 * <p>From a {@link Difference} with value x, standard error s and degrees of freedom, and from what
 * one can be made of, areas ({@link DeLong}) and splits ({@link CorrectedResampledT}):
 *
 * <pre>
 *   above  t = (x + m) / s,  p = P(T &gt; t)
 *   below  t = (x - m) / s,  p = P(T &lt; t)
 * </pre>
 *
 * From right/wrong answers t is {@link Tango}'s score for a true difference of -m and of m, which
 * is taken for normal.
 *
 * @param effect the difference a minus b
 * @param interval for it, of level 2 level - 1: it lies within the margin exactly when both tests
 *     are significant at 1 - level
 * @param above statistic of "d &gt; -m"
 * @param pAbove its one-sided p-value
 * @param below statistic of "d &lt; m"
 * @param pBelow its one-sided p-value
 * @param df degrees of freedom; infinite for the normal distribution
 * @param n number of units
 * @param direction which way the metric is better
 * @param defect why there is no test; empty when there is one
 */
record MarginTest(
    double effect,
    Interval interval,
    double above,
    double pAbove,
    double below,
    double pBelow,
    double df,
    long n,
    Direction direction,
    String defect) {

  static final Set<Evidence.Kind> ACCEPTS =
      EnumSet.of(
          Evidence.Kind.PAIRED_OUTCOMES,
          Evidence.Kind.ROC_PLACEMENTS,
          Evidence.Kind.FOLD_SCORES,
          Evidence.Kind.DIFFERENCE);

  /** Null when there is a margin and two models, else why not. */
  static String refusal(Evidence evidence, TestSettings settings) {
    if (Double.isNaN(settings.margin())) {
      return "needs a margin, the difference that does not matter, in the metric's unit";
    }
    if (evidence instanceof PairedOutcomes && settings.margin() >= 1) {
      return "needs a margin below 1 for a difference of accuracies, found " + settings.margin();
    }
    if (evidence instanceof RocPlacements placements && placements.models() != 2) {
      return "needs the placements of two models, found " + placements.models();
    }
    if (2 * settings.level() - 1 <= 0) {
      return "needs a level above 0.5, found " + settings.level();
    }
    return null;
  }

  static MarginTest of(Evidence evidence, TestSettings settings) {
    // To 12 digits: 2 * 0.95 - 1 is not 0.9 in doubles.
    double level = Math.rint((2 * settings.level() - 1) * 1e12) / 1e12;
    double margin = settings.margin();
    if (evidence instanceof PairedOutcomes outcomes) {
      return of(outcomes, margin, level);
    }
    if (evidence instanceof RocPlacements placements) {
      return of(Difference.of(placements), margin, level);
    }
    if (evidence instanceof FoldScores scores) {
      return of(Difference.of(scores), margin, level);
    }
    return of((Difference) evidence, margin, level);
  }

  private static MarginTest of(PairedOutcomes outcomes, double margin, double level) {
    double above = Tango.score(outcomes, -margin);
    double below = Tango.score(outcomes, margin);
    return new MarginTest(
        outcomes.difference(),
        Tango.of(outcomes, level),
        above,
        StudentT.above(above, StudentT.NORMAL),
        below,
        StudentT.above(-below, StudentT.NORMAL),
        StudentT.NORMAL,
        outcomes.n(),
        Direction.HIGHER_IS_BETTER,
        outcomes.n() == 0 ? "no items" : "");
  }

  private static MarginTest of(Difference d, double margin, double level) {
    String defect = d.defect();
    double above = defect.isEmpty() ? (d.value() + margin) / d.standardError() : Double.NaN;
    double below = defect.isEmpty() ? (d.value() - margin) / d.standardError() : Double.NaN;
    return new MarginTest(
        d.value(),
        d.interval(level),
        above,
        StudentT.above(above, d.df()),
        below,
        StudentT.above(-below, d.df()),
        d.df(),
        d.n(),
        d.direction(),
        defect);
  }

  /** The result of "d &gt; -m". */
  TestResult above(String test) {
    return result(test, above, pAbove);
  }

  /** The result of "d &lt; m". */
  TestResult below(String test) {
    return result(test, below, pBelow);
  }

  private TestResult result(String test, double statistic, double p) {
    return new TestResult(
        test,
        Subject.PAIR,
        statistic,
        df == StudentT.NORMAL ? Double.NaN : df,
        Double.NaN,
        effect,
        interval,
        p,
        n,
        defect);
  }
}
