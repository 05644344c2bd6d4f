package org.assay.inference;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Set;

/**
 * McNemar's test with the mid-p value: with b items that only model a got right and c that only
 * model b did, m = min(b, c) and X binomial(b + c, 1/2), p = P(X &lt;= m) + P(X &lt;= m - 1), the
 * exact p less the probability of m itself.
 *
 * <p>Nearer to its level than {@link McNemarExact}, which it may exceed a little: the default for
 * paired right/wrong answers. Effect and interval: {@link McNemar}'s difference of accuracies, by
 * {@link Tango}.
 *
 * <p><b>Edge results.</b> p = 1 when b = c, also when both are 0, and then the note says so. NaN
 * without items. The accuracy of p is that of {@link FairCoin}.
 *
 * <p>Source: M. W. Fagerland, S. Lydersen and P. Laake, "The McNemar test for binary matched-pairs
 * data: mid-p and asymptotic are better than exact conditional", BMC Medical Research Methodology
 * 13, 2013, doi:10.1186/1471-2288-13-91.
 */
@AutoService(ComparisonTest.class)
public final class McNemarMidP implements ComparisonTest {
  @Override
  public String name() {
    return "mcnemar-mid-p";
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
    double p =
        o.onlyA() == o.onlyB()
            ? 1
            : Math.min(
                1,
                FairCoin.atMost(less, o.discordant()) + FairCoin.atMost(less - 1, o.discordant()));
    return List.of(McNemar.result(name(), o, less, Double.NaN, p, settings.level()));
  }
}
