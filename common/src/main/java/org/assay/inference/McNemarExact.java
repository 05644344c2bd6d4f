package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * McNemar's exact test: with b items that only model a got right and c that only model b did, p =
 * min(1, 2 P(X &lt;= min(b, c))) for X binomial(b + c, 1/2). The statistic is min(b, c).
 *
 * <p>Never rejects a true hypothesis more often than it says, and often less: {@link McNemarMidP}.
 * Effect and interval: {@link McNemar}'s difference of accuracies, by {@link Tango}.
 *
 * <p><b>Edge results.</b> p = 1 when b = c, also when both are 0, and then the note says so. NaN
 * without items. The accuracy of p is that of {@link FairCoin}.
 *
 * <p>Source: Q. McNemar, Psychometrika 12, 1947, doi:10.1007/BF02295996. Same as R's {@code
 * binom.test(b, b + c)}.
 */
@AutoService(ComparisonTest.class)
public final class McNemarExact implements ComparisonTest {
  @Override
  public String name() {
    return "mcnemar-exact";
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
    long less = Math.min(o.onlyA(), o.onlyB());
    double p = o.onlyA() == o.onlyB() ? 1 : Math.min(1, 2 * FairCoin.atMost(less, o.discordant()));
    return List.of(McNemar.result(name(), o, less, Double.NaN, p, settings.level()));
  }
}
