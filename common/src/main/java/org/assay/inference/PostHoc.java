package org.assay.inference;

import java.util.List;
import java.util.stream.IntStream;

/** What the tests that compare mean ranks after {@link Friedman} share. */
final class PostHoc {
  private PostHoc() {}

  /** A result of a pair; {@code reach} is half the width of its interval, NaN for none. */
  static TestResult result(
      String test,
      Subject pair,
      MeanRanks.Ranks ranks,
      double statistic,
      double p,
      double reach,
      double level) {
    double effect = ranks.difference(pair.a(), pair.b());
    Interval interval =
        Double.isNaN(reach)
            ? Interval.none(level)
            : Double.isFinite(effect)
                ? new Interval(test, level, effect - reach, effect + reach)
                : Interval.undefined(test, level);
    return new TestResult(
        test,
        pair,
        statistic,
        Double.NaN,
        Double.NaN,
        effect,
        interval,
        p,
        ranks.n(),
        ranks.defect());
  }

  /** The difference of mean ranks over its standard error; NaN without ranks. */
  static double z(MeanRanks.Ranks ranks, Subject pair) {
    return ranks.difference(pair.a(), pair.b()) / ranks.standardError();
  }

  /** The control against every other model, the control first. */
  static List<Subject> againstControl(ScoreTable table, int control) {
    return IntStream.range(0, table.models())
        .filter(m -> m != control)
        .mapToObj(m -> new Subject(control, m))
        .toList();
  }

  /** Null when the control is one of the models, else why it is not. */
  static String refusal(ScoreTable table, int control) {
    if (control < 0) {
      return "needs a control, the model that all others are compared with; name one";
    }
    return control < table.models()
        ? null
        : "needs a control among the " + table.models() + " models, found place " + control;
  }
}
