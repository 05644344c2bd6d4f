package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Wilcoxon's signed-rank test of two models on n data sets: V is the sum of the ranks of |a - b|
 * where a - b is positive; large and small V speak against differences that are symmetric about 0.
 *
 * <p>The statistic is V, as in R; exchanging the models gives m (m + 1) / 2 - V. The effect is the
 * {@link HodgesLehmann} estimate of a minus b with its interval, in the metric's unit.
 *
 * <p><b>Zeros and ties.</b> Differences of 0 are dropped, as Wilcoxon did, and the note says how
 * many; Pratt's and Demsar's ways with them are not offered. Equal |a - b| share the mean of their
 * ranks; they count as equal when they agree to 12 digits of the largest value, for 0.97 - 0.96 and
 * 0.89 - 0.88 are not equal as doubles.
 *
 * <p><b>p-value.</b> With m differences left, up to 200, exact: the probability of V among the
 * 2<sup>m</sup> ways to put signs to the very ranks at hand, ties included, as min(1, 2 min(P(V
 * &lt;= v), P(V &gt;= v))). Above: normal, with the variance corrected for ties, and for
 * continuity. R and SciPy turn to the normal one at the first tie.
 *
 * <p><b>Edge results.</b> NaN without data sets, with an undefined value, and when all differences
 * are 0. Order of data sets does not matter.
 *
 * <p>Source: F. Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1, 1945,
 * doi:10.2307/3001968. For classifiers: J. Demsar, JMLR 7, 2006, 1-30.
 */
@AutoService(ComparisonTest.class)
public final class Wilcoxon implements ComparisonTest {
  private static final String NAME = "wilcoxon";

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
    return Set.of(Evidence.Kind.SCORE_TABLE);
  }

  @Override
  public String refusal(Evidence evidence, TestSettings settings) {
    int models = ((ScoreTable) evidence).models();
    return models == 2 ? null : "needs two models, found " + models + "; friedman is for more";
  }

  @Override
  public List<TestResult> results(Evidence evidence, TestSettings settings) {
    ScoreTable table = (ScoreTable) evidence;
    Effect effect = HodgesLehmann.of(table.differences(0, 1), Subject.PAIR, settings.level());
    int n = table.n();
    if (!table.defect().isEmpty()) {
      return List.of(
          TestResult.undefined(
              NAME,
              Subject.PAIR,
              Double.NaN,
              Interval.undefined("hodges-lehmann", settings.level()),
              n,
              table.defect()));
    }
    double[] rounded = table.roundedDifferences(0, 1);
    double[] sizes = new double[n];
    int m = 0;
    for (double d : rounded) {
      if (d != 0) {
        sizes[m++] = Math.abs(d);
      }
    }
    if (m == 0) {
      return List.of(
          TestResult.undefined(
              NAME,
              Subject.PAIR,
              effect.value(),
              effect.interval(),
              n,
              "all " + n + " differences are 0"));
    }
    Midranks ranks = Midranks.of(Arrays.copyOf(sizes, m));
    long doubled = 0;
    int i = 0;
    for (double d : rounded) {
      if (d != 0) {
        doubled += d > 0 ? ranks.doubled()[i] : 0;
        i++;
      }
    }
    double p =
        m <= SignedRanks.MOST
            ? SignedRanks.of(ranks.doubled()).twoSided(doubled)
            : normal(doubled, m, ranks.ties());
    List<String> notes = new ArrayList<>();
    if (m < n) {
      notes.add(n - m + " of " + n + " differences are 0 and left out");
    }
    if (!effect.note().isEmpty()) {
      notes.add(effect.note());
    }
    return List.of(
        new TestResult(
            NAME,
            Subject.PAIR,
            doubled / 2.0,
            Double.NaN,
            Double.NaN,
            effect.value(),
            effect.interval(),
            p,
            n,
            String.join("; ", notes)));
  }

  private static double normal(long doubled, double m, double ties) {
    double apart = Math.abs(doubled / 2.0 - m * (m + 1) / 4);
    double variance = m * (m + 1) * (2 * m + 1) / 24 - ties / 48;
    return StudentT.twoSided(Math.max(0, apart - 0.5) / Math.sqrt(variance), StudentT.NORMAL);
  }
}
