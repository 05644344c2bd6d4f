package org.assay.bootstrap;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.assay.inference.Interval;

/**
 * The bootstrap distribution of one statistic: the value t of the data, the values t*<sub>1</sub>
 * .. t*<sub>B</sub> of replicates, and what follows.
 *
 * <p>With q(p) the p-quantile of the replicates (order statistic number p (B + 1), linear in
 * between), z(p) the standard normal quantile, and alpha = 1 - level:
 *
 * <pre>
 *   standard error  sd of t*, with B - 1
 *   bias            mean of t* - t
 *   percentile      q(alpha/2), q(1 - alpha/2)
 *   basic           2 t - q(1 - alpha/2), 2 t - q(alpha/2)
 *   normal          t - bias -+ z(1 - alpha/2) se
 *   student-t       t -+ t(n - 1; 1 - alpha/2) se
 *   bca             q(a1), q(a2), a(p) = Phi(z0 + (z0 + z(p)) / (1 - a (z0 + z(p)))),
 *                   z0 = Phi^-1((number of t* below t + half of those equal) / B),
 *                   a = acceleration
 *   studentized     t - se(t) u(1 - alpha/2), t - se(t) u(alpha/2), u(p) the p-quantile of
 *                   (t* - t) / se(t*)
 * </pre>
 *
 * <p><b>Edge results.</b> Replicates in which the statistic is undefined are left out and counted;
 * when they are over 1 % of all, every interval is withheld (NaN), for what is left is not the
 * distribution. All replicates equal to t: the interval is that point, and the note says so. BCa
 * when all replicates lie on one side of t: withheld. Fewer than {@value #TAIL} replicates beyond
 * an end that is a quantile: the note says how many there should be. Studentized: replicates with a
 * standard error of 0 are left out, and the note counts them; when they are over 1 % of all, the
 * interval is withheld.
 *
 * <p><b>Monte Carlo error.</b> Each end has the standard deviation that it would show over other
 * seeds: for a quantile half the distance of q(p -+ sqrt(p (1 - p) / B)), with the variance that z0
 * brings to p added for BCa as if independent; for normal ends from the errors of mean and sd of B
 * normal values.
 *
 * <p>Immutable and thread-safe. Sources: A. C. Davison and D. V. Hinkley, "Bootstrap Methods and
 * their Application", 1997, chapter 5; B. Efron, "Better bootstrap confidence intervals", JASA 82,
 * 1987, doi:10.1080/01621459.1987.10478410.
 */
public final class Distribution implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The name of {@link #studentized} in configurations and reports. */
  public static final String STUDENTIZED = "studentized";

  /** Replicates that should lie beyond the end of an interval. */
  static final int TAIL = 10;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private final double point;
  private final long n;
  private final int all;
  private final String reason;
  private final double[] sorted;
  private final double mean;
  private final double error;

  private Distribution(double point, long n, int all, String reason, double[] sorted) {
    this.point = point;
    this.n = n;
    this.all = all;
    this.reason = reason;
    this.sorted = sorted;
    double first = sorted.length == 0 ? Double.NaN : sorted[0];
    double sum = 0;
    for (double value : sorted) {
      sum += value - first;
    }
    double centre = sum / sorted.length;
    double squares = 0;
    for (double value : sorted) {
      squares += (value - first - centre) * (value - first - centre);
    }
    this.mean = first + centre;
    this.error = sorted.length < 2 ? Double.NaN : Math.sqrt(squares / (sorted.length - 1));
  }

  /**
   * The distribution of a statistic.
   *
   * @param point its value of the data
   * @param n number of units behind it
   * @param replicates its values of replicates; NaN where it is undefined
   * @param reason why it is undefined where it is, as a clause; for notes
   */
  public static Distribution of(double point, long n, double[] replicates, String reason) {
    double[] sorted = Arrays.stream(replicates).filter(v -> !Double.isNaN(v)).sorted().toArray();
    return new Distribution(point, n, replicates.length, reason, sorted);
  }

  /** Number of replicates in which the statistic is defined. */
  public int defined() {
    return sorted.length;
  }

  /** Number of replicates in which it is not. */
  public int undefined() {
    return all - sorted.length;
  }

  /** Standard deviation of the replicates; NaN with fewer than two. */
  public double standardError() {
    return error;
  }

  /** Mean of the replicates minus the value of the data. */
  public double bias() {
    return mean - point;
  }

  /**
   * The p-quantile of the replicates.
   *
   * @param p in [0, 1]; beyond the outermost replicates it is those
   */
  public double quantile(double p) {
    return quantile(sorted, p);
  }

  private static double quantile(double[] sorted, double p) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double place = p * (sorted.length + 1) - 1;
    if (place <= 0) {
      return sorted[0];
    }
    if (place >= sorted.length - 1) {
      return sorted[sorted.length - 1];
    }
    int below = (int) place;
    double rest = place - below;
    return rest == 0 ? sorted[below] : sorted[below] + rest * (sorted[below + 1] - sorted[below]);
  }

  /**
   * An interval and how sure its ends are.
   *
   * @param interval the interval; undefined when withheld
   * @param lowError Monte Carlo standard error of the lower end; NaN without one
   * @param highError that of the upper end
   * @param note why it is withheld, or what to heed; empty when nothing is
   */
  public record Result(Interval interval, double lowError, double highError, String note)
      implements Serializable {}

  /**
   * An interval by any method that needs the replicates' values alone.
   *
   * @param acceleration asked for by BCa only; NaN when it is undefined
   */
  public Result interval(IntervalMethod method, double level, DoubleSupplier acceleration) {
    String label = method.label();
    Result special = special(label, level);
    if (special != null) {
      return special;
    }
    double alpha = 1 - level;
    double z = -NORMAL.inverseCumulativeProbability(alpha / 2);
    return switch (method) {
      case PERCENTILE -> between(label, level, alpha / 2, 1 - alpha / 2, 0, 0);
      case BASIC -> {
        Result q = between(label, level, alpha / 2, 1 - alpha / 2, 0, 0);
        yield new Result(
            new Interval(
                label, level, 2 * point - q.interval().high(), 2 * point - q.interval().low()),
            /* lowError= */ q.highError(),
            /* highError= */ q.lowError(),
            q.note());
      }
      case NORMAL -> symmetric(label, level, point - bias(), z, 1);
      case STUDENT_T ->
          n < 2
              ? withheld(label, level, "n = " + n + ": needs at least 2 for a t interval")
              : symmetric(
                  label,
                  level,
                  point,
                  TDistribution.of(n - 1.0).inverseSurvivalProbability(alpha / 2),
                  0);
      case BCA -> bca(level, z, acceleration.getAsDouble());
    };
  }

  /**
   * The studentized interval.
   *
   * @param pointError standard error of the value of the data, by a formula
   * @param values the replicates' values, in their order
   * @param errors standard error of each replicate's value, by the same formula
   */
  public Result studentized(double level, double pointError, double[] values, double[] errors) {
    String label = STUDENTIZED;
    Result special = special(label, level);
    if (special != null) {
      return special;
    }
    double[] t = new double[values.length];
    int used = 0;
    for (int r = 0; r < values.length; r++) {
      if (errors[r] > 0) {
        t[used++] = (values[r] - point) / errors[r];
      }
    }
    if (!(pointError > 0) || used < 0.99 * all) {
      return withheld(
          label,
          level,
          (all - used) + " of " + all + " replicates have no standard error above 0 of their own");
    }
    String left =
        used == all
            ? ""
            : (all - used)
                + " of "
                + all
                + " replicates left out, which have no standard error above 0 of their own";
    Distribution u = of(0, n, Arrays.copyOf(t, used), "");
    Result q = u.between(label, level, (1 - level) / 2, (1 + level) / 2, 0, 0);
    return new Result(
        new Interval(
            label,
            level,
            point - pointError * q.interval().high(),
            point - pointError * q.interval().low()),
        pointError * q.highError(),
        pointError * q.lowError(),
        left + (left.isEmpty() || q.note().isEmpty() ? "" : "; ") + q.note());
  }

  /** The result that no method can change: withheld, or a point; null when there is none. */
  private Result special(String label, double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level " + level + ": must be between 0 and 1");
    }
    if (Double.isNaN(point)) {
      return withheld(label, level, "the estimate itself is undefined");
    }
    if (sorted.length < 2 || undefined() > 0.01 * all) {
      return withheld(
          label,
          level,
          undefined() + " of " + all + " replicates have no value (" + reason + "), over 1 %");
    }
    if (!Double.isFinite(point)
        || !Double.isFinite(sorted[0])
        || !Double.isFinite(sorted[sorted.length - 1])) {
      return withheld(label, level, "some values are infinite");
    }
    if (sorted[0] == sorted[sorted.length - 1] && sorted[0] == point) {
      return new Result(
          new Interval(label, level, point, point),
          0,
          0,
          "all replicates are equal to the estimate, so the interval is a point");
    }
    return null;
  }

  private static Result withheld(String label, double level, String note) {
    return new Result(Interval.undefined(label, level), Double.NaN, Double.NaN, note);
  }

  /** The interval between two quantiles, whose places may have a variance of their own. */
  private Result between(
      String label, double level, double low, double high, double ofLow, double ofHigh) {
    double beyond = Math.min(low, 1 - high) * sorted.length;
    return new Result(
        new Interval(label, level, quantile(low), quantile(high)),
        quantileError(low, ofLow),
        quantileError(high, ofHigh),
        beyond < TAIL * (1 - 1e-9)
            ? String.format(
                java.util.Locale.ROOT,
                "only %.1f replicates lie beyond an end; for %d take at least %d replicates",
                beyond,
                TAIL,
                (long) Math.ceil(TAIL / Math.min(low, 1 - high) * (1 - 1e-9)))
            : left());
  }

  private String left() {
    return undefined() == 0
        ? ""
        : undefined()
            + " of "
            + all
            + " replicates have no value ("
            + reason
            + ") and are left out";
  }

  private double quantileError(double p, double more) {
    double s = Math.sqrt(p * (1 - p) / sorted.length + more);
    return (quantile(Math.min(1, p + s)) - quantile(Math.max(0, p - s))) / 2;
  }

  private Result symmetric(String label, double level, double centre, double z, int moves) {
    double of = error * Math.sqrt((moves + z * z / 2) / sorted.length);
    return new Result(
        new Interval(label, level, centre - z * error, centre + z * error), of, of, left());
  }

  private Result bca(double level, double z, double acceleration) {
    String label = IntervalMethod.BCA.label();
    if (Double.isNaN(acceleration)) {
      return withheld(
          label, level, "the acceleration is undefined: without some units there is no value");
    }
    int below = 0;
    int equal = 0;
    for (double value : sorted) {
      below += value < point ? 1 : 0;
      equal += value == point ? 1 : 0;
    }
    double share = (below + equal / 2.0) / sorted.length;
    if (share == 0 || share == 1) {
      return withheld(
          label, level, "all replicates lie on one side of the estimate, so BCa has no correction");
    }
    double z0 = NORMAL.inverseCumulativeProbability(share);
    double lower = z0 - z;
    double upper = z0 + z;
    if (1 - acceleration * lower <= 0 || 1 - acceleration * upper <= 0) {
      return withheld(label, level, "the acceleration " + acceleration + " is too large for BCa");
    }
    double low = NORMAL.cumulativeProbability(z0 + lower / (1 - acceleration * lower));
    double high = NORMAL.cumulativeProbability(z0 + upper / (1 - acceleration * upper));
    double ofZ0 = share * (1 - share) / sorted.length / square(NORMAL.density(z0));
    return between(
        label,
        level,
        low,
        high,
        ofZ0 * square(move(z0, lower, acceleration)),
        ofZ0 * square(move(z0, upper, acceleration)));
  }

  /** How fast the place of an end of BCa moves with z0. */
  private static double move(double z0, double w, double a) {
    return NORMAL.density(z0 + w / (1 - a * w)) * (1 + 1 / square(1 - a * w));
  }

  private static double square(double x) {
    return x * x;
  }
}
