package org.assay.jobs;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.assay.UserException;
import org.assay.bootstrap.Companions;
import org.assay.bootstrap.Distribution;
import org.assay.bootstrap.IntervalMethod;
import org.assay.inference.DeLong;
import org.assay.inference.Interval;
import org.assay.inference.ProportionInterval;
import org.assay.inference.RocPlacements;
import org.assay.metric.Metric;
import org.assay.metric.RocAuc;

/** One way in which the interval of a metric is made. */
sealed interface IntervalRule {

  /** Its name in configurations and reports. */
  String label();

  /** What metrics it is for, as a clause; used where it fits none. */
  String scope();

  /** Whether it can be made for a metric. */
  boolean fits(Metric<?> metric);

  /** Whether its formula takes rows for independent draws of equal weight. */
  default boolean needsPlainRows() {
    return true;
  }

  /** The interval, and the standard error that goes with it. */
  Ends ends(Known known, double level);

  /**
   * What is known of one metric of one model in one slice.
   *
   * @param n number of rows
   * @param value of the rows as they are; NaN when undefined
   * @param replicates the distribution of the value over replicates
   * @param acceleration by the jackknife
   * @param trials of a proportion; NaN of another metric, or when no rule asks
   * @param error the standard error by a formula; NaN without one
   * @param values of the replicates, in order
   * @param errors standard error of each replicate by that formula; null without one
   * @param placements of all models' scores; null when not asked for
   * @param model number of this model among them
   */
  record Known(
      long n,
      double value,
      Distribution replicates,
      DoubleSupplier acceleration,
      double trials,
      double error,
      double[] values,
      double[] errors,
      RocPlacements placements,
      int model) {}

  /**
   * An interval, how sure its ends are, and what it rests on.
   *
   * @param result the interval; without Monte Carlo errors when it is by a formula
   * @param standardError of the value
   * @param replicates that the interval rests on; 0 when it is by a formula
   */
  record Ends(Distribution.Result result, double standardError, int replicates) {}

  /** From the values of the replicates alone. */
  record OfValues(IntervalMethod method) implements IntervalRule {
    @Override
    public String label() {
      return method.label();
    }

    @Override
    public String scope() {
      return "any metric";
    }

    @Override
    public boolean fits(Metric<?> metric) {
      return true;
    }

    @Override
    public boolean needsPlainRows() {
      return false;
    }

    @Override
    public Ends ends(Known known, double level) {
      Distribution boot = known.replicates();
      return new Ends(
          boot.interval(method, level, known.acceleration()), boot.standardError(), boot.defined());
    }
  }

  /**
   * From the values of the replicates, each in units of its own standard error.
   *
   * <p>Of a proportion it needs more than a few of both kinds: k rare ones are all missing from a
   * replicate, which then has no standard error, with a probability near exp(-k), which for k below
   * 5 is over the 1 % at which intervals are withheld; and the formula for the standard error is
   * poor where k is small. So a row with fewer than {@value #FEW} successes or failures carries a
   * warning. That bound is the stricter one of the two that textbooks ask of such formulas, min(n
   * p, n (1 - p)) of at least 5 or 10: L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation
   * for a binomial proportion", Statistical Science 16 (2001), doi:10.1214/ss/1009213286, section
   * 2, who take Wilson's for small n. The simulations of this project agree: coverage of intervals
   * of level 0.95 is 0.81 with some 3 wrong answers of 20, most others being withheld, and 0.98
   * with some 15 of 100.
   */
  record Studentized() implements IntervalRule {
    /** Successes, or failures, below which a proportion's interval carries a warning. */
    static final int FEW = 10;

    @Override
    public String label() {
      return Distribution.STUDENTIZED;
    }

    @Override
    public String scope() {
      return "the accuracy and mean losses, whose replicates have a standard error each";
    }

    @Override
    public boolean fits(Metric<?> metric) {
      return Companions.standardError(metric).isPresent();
    }

    @Override
    public Ends ends(Known known, double level) {
      Distribution boot = known.replicates();
      Distribution.Result made =
          boot.studentized(level, known.error(), known.values(), known.errors());
      String warning = warning(known);
      return new Ends(
          new Distribution.Result(
              made.interval(),
              made.lowError(),
              made.highError(),
              made.note() + (made.note().isEmpty() || warning.isEmpty() ? "" : "; ") + warning),
          known.error(),
          boot.defined());
    }

    private static String warning(Known known) {
      if (Double.isNaN(known.trials()) || Double.isNaN(known.value())) {
        return "";
      }
      long trials = (long) known.trials();
      long right = Math.round(known.value() * trials);
      long few = Math.min(right, trials - right);
      return few >= FEW
          ? ""
          : few
              + " of "
              + trials
              + " are "
              + (right <= trials - right ? "right" : "wrong")
              + ": below "
              + FEW
              + " this interval is often withheld, and covers less than its level; take wilson";
    }
  }

  /** From the number of successes alone. */
  record OfProportion(ProportionInterval interval) implements IntervalRule {
    @Override
    public String label() {
      return interval.name();
    }

    @Override
    public String scope() {
      return "proportions: accuracy, recall, specificity, precision";
    }

    @Override
    public boolean fits(Metric<?> metric) {
      return Companions.trials(metric).isPresent();
    }

    @Override
    public Ends ends(Known known, double level) {
      if (Double.isNaN(known.value())) {
        return formula(Interval.undefined(label(), level), Double.NaN, "");
      }
      long n = (long) known.trials();
      return formula(
          interval.of(Math.round(known.value() * n), n, level),
          Math.sqrt(known.value() * (1 - known.value()) / n),
          n == known.n() ? "" : "of " + n + (n == 1 ? " trial" : " trials"));
    }
  }

  /** From the variance of the area under the ROC curve. */
  record OfArea() implements IntervalRule {
    @Override
    public String label() {
      return DeLong.NAME;
    }

    @Override
    public String scope() {
      return "roc-auc";
    }

    @Override
    public boolean fits(Metric<?> metric) {
      return metric instanceof RocAuc;
    }

    @Override
    public Ends ends(Known known, double level) {
      RocPlacements placements = known.placements();
      return formula(
          DeLong.interval(placements, known.model(), level),
          Math.sqrt(placements.variance(known.model())),
          placements.defect());
    }
  }

  private static Ends formula(Interval interval, double error, String note) {
    return new Ends(new Distribution.Result(interval, Double.NaN, Double.NaN, note), error, 0);
  }

  /** All rules. */
  private static Stream<IntervalRule> all() {
    return Stream.of(
            Arrays.stream(IntervalMethod.values()).map(m -> (IntervalRule) new OfValues(m)),
            Stream.of((IntervalRule) new Studentized()),
            ProportionInterval.names().stream()
                .map(n -> (IntervalRule) new OfProportion(ProportionInterval.named(n))),
            Stream.of((IntervalRule) new OfArea()))
        .flatMap(s -> s);
  }

  /**
   * The rule of a name.
   *
   * @throws UserException if there is none
   */
  static IntervalRule named(String label) {
    List<IntervalRule> all = all().toList();
    return all.stream()
        .filter(r -> r.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                UserException.usage(
                    "no interval method '"
                        + label
                        + "'; known: "
                        + String.join(", ", all.stream().map(IntervalRule::label).toList())));
  }
}
