package org.assay.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assay.Task;
import org.assay.metric.Metrics;
import org.assay.metric.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Intervals against published figures and against definitions written out. */
class DistributionTest {
  private static final Target NUMBER = new Target(Task.REGRESSION, 0, Target.Scores.NONE);

  /** R's data set {@code boot::city} (Davison and Hinkley 1997, example 1.2). */
  private static final double[] U = {138, 93, 61, 179, 48, 37, 29, 23, 30, 2};

  private static final double[] X = {143, 104, 69, 260, 75, 63, 50, 48, 111, 50};

  /** scipy's test of stats.bootstrap against R 4.0.3 boot 1.3-24, test_bootstrap_against_R. */
  private static final double[] SKEWED = {
    10, 12, 12.5, 12.5, 13.9, 15, 21, 22, 23, 34, 50, 81, 89, 121, 134, 213
  };

  /**
   * The ratio of sums, x over u: a mean of x / u with weights u, as the mean absolute error of 0.
   */
  private static Replication city() {
    double[] ratio = IntStream.range(0, U.length).mapToDouble(i -> X[i] / U[i]).toArray();
    return new Replication(
        new double[U.length],
        U,
        List.of(new Scored(NUMBER, ratio, 0, null)),
        List.of(Metrics.named("mae")),
        List.of(Cut.ALL));
  }

  private static Replication mean(double[] values) {
    return new Replication(
        new double[values.length],
        null,
        List.of(new Scored(NUMBER, values, 0, null)),
        List.of(Metrics.named("mae")),
        List.of(Cut.ALL));
  }

  private static double[] replicates(Replication of, long seed, int replicates) {
    return of.measure(new Draws(seed, replicates, Units.single(of.items(), null))).of(0, 0, 0);
  }

  private static double acceleration(Replication of) {
    return Jackknife.acceleration(
        of.measure(new Jackknife(Units.single(of.items(), null))).of(0, 0, 0));
  }

  /**
   * The ideal bootstrap of the city data, by all 92,378 resamples: standard error .2214980530, bias
   * .0394736000, percentile [1.2511160714, 2.1069767442]. Errors shrink as 1 / sqrt(B): each bound
   * is 4 Monte Carlo standard deviations (an error probability below 1e-4 each), those of the
   * standard error from its own distribution, kurtosis included (sd of the sd is se sqrt((k - 1) /
   * 4 B), k = 5 here at most).
   */
  @Test
  void theIdealBootstrapIsApproachedAsTheRootOfReplicates() {
    Replication city = city();
    double point = 1.5203125;
    for (int b : new int[] {1_000, 10_000, 100_000}) {
      Distribution boot =
          Distribution.of(point, 10, replicates(city, 7, b), "no label is positive");
      double se = .2214980530;
      assertThat(boot.standardError()).isCloseTo(se, within(4 * se / Math.sqrt(b)));
      assertThat(boot.bias()).isCloseTo(.0394736000, within(4 * se / Math.sqrt(b)));
      Distribution.Result q = boot.interval(IntervalMethod.PERCENTILE, .95, () -> 0);
      assertThat(q.interval().low()).isCloseTo(1.2511160714, within(4 * q.lowError()));
      assertThat(q.interval().high()).isCloseTo(2.1069767442, within(4 * q.highError()));
      assertThat(q.highError()).isLessThan(6 / Math.sqrt(b));
      Distribution.Result basic = boot.interval(IntervalMethod.BASIC, .95, () -> 0);
      assertThat(basic.interval().low()).isCloseTo(.9336482558, within(4 * basic.lowError()));
      assertThat(basic.interval().high()).isCloseTo(1.7895089286, within(4 * basic.highError()));
      Distribution.Result bca = boot.interval(IntervalMethod.BCA, .95, () -> acceleration(city));
      assertThat(bca.interval().low()).isCloseTo(1.246787, within(4 * bca.lowError()));
      assertThat(bca.interval().high()).isCloseTo(2.088825, within(4 * bca.highError()));
    }
  }

  /** R: boot::empinf(type = "jack") as acceleration, and the jackknife's standard error. */
  @Test
  void theAccelerationIsTheJackknifes() {
    Replication city = city();
    assertThat(acceleration(city)).isCloseTo(-.0112031940, within(1e-10));
    double[] without = city.measure(new Jackknife(Units.single(10, null))).of(0, 0, 0);
    double mean = Arrays.stream(without).average().orElseThrow();
    double squares = Arrays.stream(without).map(v -> (v - mean) * (v - mean)).sum();
    assertThat(Math.sqrt(squares * 9 / 10)).isCloseTo(.1947909936, within(1e-9));
  }

  /** scipy against R, a million resamples, relative tolerance .005 as there. */
  @Test
  void aSkewedMeanHasTheIntervalsOfScipyAndR() {
    Replication mean = mean(SKEWED);
    Distribution boot =
        Distribution.of(
            Arrays.stream(SKEWED).average().orElseThrow(),
            16,
            replicates(mean, 1, 1_000_000),
            "no label is positive");
    double[][] wanted = {{28.86, 84.21}, {23.77, 79.12}, {32.31, 91.43}};
    IntervalMethod[] methods = {
      IntervalMethod.PERCENTILE, IntervalMethod.BASIC, IntervalMethod.BCA
    };
    for (int m = 0; m < methods.length; m++) {
      Distribution.Result found = boot.interval(methods[m], .95, () -> acceleration(mean));
      assertThat(found.interval().low()).isCloseTo(wanted[m][0], within(.005 * wanted[m][0]));
      assertThat(found.interval().high()).isCloseTo(wanted[m][1], within(.005 * wanted[m][1]));
      assertThat(found.interval().method()).isEqualTo(methods[m].label());
      assertThat(found.note()).isEmpty();
    }
  }

  /** Ends by their definitions, of 9 replicates whose quantiles can be read off. */
  @Test
  void endsAreThoseOfTheDefinitions() {
    double[] values = {4, 1, 3, 2, 9, 6, 7, 8, 5};
    Distribution boot = Distribution.of(4, 25, values, "no label is positive");
    double se = Math.sqrt(60.0 / 8);
    assertThat(boot.standardError()).isCloseTo(se, within(1e-15));
    assertThat(boot.bias()).isEqualTo(1);
    assertThat(boot.quantile(.3)).isCloseTo(3, within(1e-14));
    assertThat(boot.quantile(.25)).isCloseTo(2.5, within(1e-14));
    assertThat(boot.quantile(0)).isEqualTo(1);
    assertThat(boot.quantile(1)).isEqualTo(9);
    Distribution.Result percentile = boot.interval(IntervalMethod.PERCENTILE, .8, () -> 0);
    assertThat(percentile.interval().low()).isCloseTo(1, within(1e-14));
    assertThat(percentile.interval().high()).isCloseTo(9, within(1e-14));
    assertThat(percentile.note())
        .isEqualTo("only 0.9 replicates lie beyond an end; for 10 take at least 100 replicates");
    Distribution.Result basic = boot.interval(IntervalMethod.BASIC, .8, () -> 0);
    assertThat(basic.interval().low()).isCloseTo(-1, within(1e-14));
    assertThat(basic.interval().high()).isCloseTo(7, within(1e-14));
    // R 4.2.2: qnorm(.9) = 1.2815515655446, qt(.9, 24) = 1.3178359336732
    Distribution.Result normal = boot.interval(IntervalMethod.NORMAL, .8, () -> 0);
    assertThat(normal.interval().low()).isCloseTo(3 - 1.2815515655446 * se, within(1e-12));
    assertThat(normal.interval().high()).isCloseTo(3 + 1.2815515655446 * se, within(1e-12));
    Distribution.Result t = boot.interval(IntervalMethod.STUDENT_T, .8, () -> 0);
    assertThat(t.interval().low()).isCloseTo(4 - 1.3178359336732 * se, within(1e-12));
    assertThat(t.interval().high()).isCloseTo(4 + 1.3178359336732 * se, within(1e-12));
  }

  /**
   * The error that is told is the one that other seeds show: 200 seeds, sd within 25 % (5 sigma).
   */
  @ParameterizedTest
  @EnumSource(
      value = IntervalMethod.class,
      names = {"PERCENTILE", "BASIC", "NORMAL", "STUDENT_T", "BCA"})
  void theMonteCarloErrorIsThatOverSeeds(IntervalMethod method) {
    Replication mean = mean(SKEWED);
    double point = Arrays.stream(SKEWED).average().orElseThrow();
    int seeds = 200;
    double sum = 0;
    double squares = 0;
    double told = 0;
    for (int seed = 0; seed < seeds; seed++) {
      Distribution.Result found =
          Distribution.of(point, 16, replicates(mean, seed, 2_000), "no label is positive")
              .interval(method, .9, () -> acceleration(mean));
      double low = found.interval().low();
      sum += low;
      squares += low * low;
      told += found.lowError() / seeds;
    }
    double sd = Math.sqrt((squares - sum * sum / seeds) / (seeds - 1));
    assertThat(told / sd).isBetween(.75, 1.33);
  }

  @Test
  void degenerateDistributionsSayWhatTheyAre() {
    double[] equal = new double[100];
    Arrays.fill(equal, 3);
    Distribution.Result point =
        Distribution.of(3, 50, equal, "no label is positive")
            .interval(IntervalMethod.BCA, .95, () -> 0);
    assertThat(point.interval().low()).isEqualTo(3);
    assertThat(point.interval().high()).isEqualTo(3);
    assertThat(point.note())
        .isEqualTo("all replicates are equal to the estimate, so the interval is a point");

    Distribution.Result aside =
        Distribution.of(2, 50, equal, "no label is positive")
            .interval(IntervalMethod.BCA, .95, () -> 0);
    assertThat(aside.interval().isDefined()).isFalse();
    assertThat(aside.note())
        .isEqualTo("all replicates lie on one side of the estimate, so BCa has no correction");

    double[] some = IntStream.range(0, 1000).mapToDouble(i -> i < 10 ? Double.NaN : i).toArray();
    Distribution.Result left =
        Distribution.of(500, 50, some, "no label is positive")
            .interval(IntervalMethod.NORMAL, .95, () -> 0);
    assertThat(left.interval().isDefined()).isTrue();
    assertThat(left.note())
        .isEqualTo("10 of 1000 replicates have no value (no label is positive) and are left out");
    some[500] = Double.NaN;
    Distribution.Result over =
        Distribution.of(500, 50, some, "no label is positive")
            .interval(IntervalMethod.NORMAL, .95, () -> 0);
    assertThat(over.interval().isDefined()).isFalse();
    assertThat(over.note())
        .isEqualTo("11 of 1000 replicates have no value (no label is positive), over 1 %");
    assertThat(
            Distribution.of(Double.NaN, 50, some, "no label is positive")
                .interval(IntervalMethod.BCA, .95, () -> 0)
                .note())
        .isEqualTo("the estimate itself is undefined");
  }

  /** A t statistic of means written out. */
  @Test
  void theStudentizedIntervalIsMadeOfTheReplicatesOwnErrors() {
    double[] values = {4, 1, 3, 2, 9, 6, 7, 8, 5};
    double[] errors = {2, 1, 2, 1, 2, 1, 2, 1, 2};
    double[] t =
        IntStream.range(0, 9).mapToDouble(r -> (values[r] - 4) / errors[r]).sorted().toArray();
    Distribution.Result found =
        Distribution.of(4, 25, values, "no label is positive").studentized(.8, 1.5, values, errors);
    assertThat(found.interval().low()).isCloseTo(4 - 1.5 * t[8], within(1e-12));
    assertThat(found.interval().high()).isCloseTo(4 - 1.5 * t[0], within(1e-12));
  }
}
