package org.assay.flaky;

import java.io.Serializable;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.assay.order.Order;

/**
 * Wald's sequential test of a failure rate: whether it is worth while to run a test again. Between
 * the hypotheses "rate = low" and "rate = high", with k failures in n runs,
 *
 * <pre>
 *   L = k ln(high / low) + (n - k) ln((1 - high) / (1 - low))
 *   HIGH when L &gt;= ln((1 - beta) / alpha), LOW when L &lt;= ln(beta / (1 - alpha)), else MORE
 * </pre>
 *
 * <p>Calls HIGH at a rate of {@code low} or less with probability alpha / (1 - beta) at most, and
 * LOW at {@code high} or more with probability beta / (1 - alpha) at most. The decision is about
 * runs one by one: after a batch, it is that of the first run at which a bound was crossed, which
 * only {@link #decide(boolean[])} can know.
 *
 * <p>An interval for the rate after it is a {@link org.assay.inference.ConfidenceSequence}.
 * Immutable.
 *
 * <p>Source: A. Wald, "Sequential tests of statistical hypotheses", Annals of Mathematical
 * Statistics 16, 1945, 117-186, doi:10.1214/aoms/1177731118.
 *
 * @param low a rate that one can live with, in (0, high)
 * @param high a rate that one wants to know of, in (low, 1)
 * @param alpha in (0, 1/2)
 * @param beta in (0, 1/2)
 */
public record Sprt(double low, double high, double alpha, double beta) implements Serializable {

  /** What follows. */
  public enum Decision {
    /** The rate is not below {@code high}: it is flaky enough to care, and needs no more runs. */
    HIGH,
    /** The rate is not above {@code low}: it needs no more runs. */
    LOW,
    /** Run it again. */
    MORE
  }

  public Sprt {
    if (!(low > 0 && low < high && high < 1)) {
      throw new IllegalArgumentException(
          "rates " + low + " and " + high + ": must be 0 < low < high < 1");
    }
    if (!(alpha > 0 && alpha < 0.5 && beta > 0 && beta < 0.5)) {
      throw new IllegalArgumentException(
          "alpha " + alpha + ", beta " + beta + ": must be between 0 and 0.5");
    }
  }

  /** The decision after so many runs, if none was made before. */
  public Decision decide(long failures, long runs) {
    double ratio =
        failures * Math.log(high / low)
            + (runs - failures) * (Math.log1p(-high) - Math.log1p(-low));
    if (ratio >= Math.log((1 - beta) / alpha)) {
      return Decision.HIGH;
    }
    return ratio <= Math.log(beta / (1 - alpha)) ? Decision.LOW : Decision.MORE;
  }

  /**
   * The first decision along the runs.
   *
   * @param failed whether each run failed, in the order in which they were asked for
   */
  public Decision decide(boolean[] failed) {
    long failures = 0;
    for (int n = 1; n <= failed.length; n++) {
      failures += failed[n - 1] ? 1 : 0;
      Decision decision = decide(failures, n);
      if (decision != Decision.MORE) {
        return decision;
      }
    }
    return Decision.MORE;
  }

  /** The runs without failure after which the decision is LOW. */
  public long runsForLow() {
    return (long)
        Math.ceil(Math.log(beta / (1 - alpha)) / (Math.log1p(-high) - Math.log1p(-low)) - 1e-9);
  }

  /**
   * The first decision on each test of an order along the runs of that order, or of its beginning,
   * by round; runs without an outcome that counts are passed over.
   *
   * @param runs of any orders, in any order; those of the order's id without factors count
   * @return by place
   */
  public Decision[] decide(Order order, Collection<Run> runs) {
    List<Run> own =
        runs.stream()
            .filter(run -> run.order().id().equals(order.id()) && run.factors().isEmpty())
            .sorted(Comparator.comparingInt(Run::round).thenComparingInt(Run::attempt))
            .toList();
    Decision[] decisions = new Decision[order.size()];
    for (int place = 0; place < decisions.length; place++) {
      int at = place;
      List<Boolean> failed =
          own.stream()
              .filter(run -> at < run.order().size() && run.outcome(at).counts())
              .map(run -> run.outcome(at).failed())
              .toList();
      boolean[] outcomes = new boolean[failed.size()];
      for (int i = 0; i < outcomes.length; i++) {
        outcomes[i] = failed.get(i);
      }
      decisions[place] = decide(outcomes);
    }
    return decisions;
  }

  /**
   * How much of an order must be run again: its beginning, up to the last test that has outcomes
   * and no decision. What a test does there depends on nothing after it.
   *
   * @return the number of tests; 0 when all are decided
   */
  public int undecided(Order order, Collection<Run> runs) {
    Decision[] decisions = decide(order, runs);
    boolean[] counted = new boolean[order.size()];
    for (Run run : runs) {
      if (run.order().id().equals(order.id())) {
        for (int place = 0; place < run.order().size(); place++) {
          counted[place] |= run.outcome(place).counts();
        }
      }
    }
    int last = decisions.length;
    while (last > 0 && !(counted[last - 1] && decisions[last - 1] == Decision.MORE)) {
      last--;
    }
    return last;
  }
}
