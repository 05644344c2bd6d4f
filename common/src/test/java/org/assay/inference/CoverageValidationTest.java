package org.assay.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.function.Function;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.assay.Validation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * How often intervals of level 0.95 hold the truth.
 *
 * <p>Intervals of one proportion have no simulations: their coverage is a finite sum. Of the others
 * only what theory promises is asserted, with bounds of 4.75 standard errors: an assertion of a
 * right program fails with probability 1e-6 on a side, and the seeds are fixed. Asymptotic
 * intervals are asserted for the largest n only, with a further 0.005 for the approximation.
 */
@Tag("validation")
@TestMethodOrder(MethodOrderer.MethodName.class) // the order of the rows
class CoverageValidationTest {
  private static final double LEVEL = 0.95;
  private static final StringBuilder PROPORTIONS = new StringBuilder();
  private static final StringBuilder OTHERS = new StringBuilder();

  @AfterAll
  static void write() {
    Validation.write(
        "Intervals of level 0.95: coverage",
        """
        Of one proportion p, exactly: the sum of binomial probabilities of the counts whose interval holds p; "least" and "mean" are over
        p = 0.005, 0.010 .. 0.995. Wald's is known to be poor, at n = 20 above all, and is there to be compared with.

        | interval | n | p = 0.5 | 0.8 | 0.9 | 0.95 | 0.99 | mean | least |
        |---|---:|---:|---:|---:|---:|---:|---:|---:|
        """
            + PROPORTIONS
            + """

            Of others, by simulation; "theory" says what is promised for the row and asserted.

            | interval | data | n | simulations | coverage | mean width | theory |
            |---|---|---:|---:|---:|---:|---|
            """
            + OTHERS);
  }

  @Test
  void proportions() {
    for (String name : ProportionInterval.names()) {
      ProportionInterval interval = ProportionInterval.named(name);
      for (int n : new int[] {20, 100, 1000}) {
        Interval[] intervals = new Interval[n + 1];
        for (int k = 0; k <= n; k++) {
          intervals[k] = interval.of(k, n, LEVEL);
        }
        PROPORTIONS.append("| ").append(name).append(" | ").append(n);
        for (double p : new double[] {0.5, 0.8, 0.9, 0.95, 0.99}) {
          PROPORTIONS.append(String.format(Locale.ROOT, " | %.4f", coverage(intervals, p)));
        }
        double sum = 0;
        double least = 1;
        for (int i = 1; i < 200; i++) {
          double coverage = coverage(intervals, i / 200.0);
          sum += coverage;
          least = Math.min(least, coverage);
        }
        PROPORTIONS.append(String.format(Locale.ROOT, " | %.4f | %.4f |\n", sum / 199, least));
        if (name.equals("clopper-pearson")) {
          assertThat(least).isGreaterThanOrEqualTo(LEVEL - 1e-9);
        }
        if (name.equals("wilson")) {
          // Brown, Cai and DasGupta (2001): near the level on average, whatever n.
          assertThat(sum / 199).isBetween(LEVEL - 0.01, LEVEL + 0.015);
        }
      }
    }
  }

  private static double coverage(Interval[] intervals, double p) {
    int n = intervals.length - 1;
    BinomialDistribution binomial = BinomialDistribution.of(n, p);
    double sum = 0;
    for (int k = 0; k <= n; k++) {
      sum += intervals[k].contains(p) ? binomial.probability(k) : 0;
    }
    return sum;
  }

  private enum Promise {
    EXACT("equal"),
    AT_LEAST("at least"),
    NEARLY("nearly equal"),
    NONE("-");

    private final String words;

    Promise(String words) {
      this.words = words;
    }
  }

  private static void check(
      String name,
      String data,
      int n,
      int simulations,
      double truth,
      Promise promise,
      Function<Draw, Interval> interval) {
    long covered = 0;
    long defined = 0;
    double width = 0;
    for (int s = 0; s < simulations; s++) {
      Interval one = interval.apply(new Draw(name + ", " + data + ", " + n, s));
      covered += one.contains(truth) ? 1 : 0;
      defined += one.isDefined() ? 1 : 0;
      width += one.isDefined() ? one.width() : 0;
    }
    double share = (double) covered / simulations;
    OTHERS.append(
        String.format(
            Locale.ROOT,
            "| %s | %s | %d | %d | %.4f | %.4f | %s |\n",
            name,
            data,
            n,
            simulations,
            share,
            width / defined,
            promise.words));
    double band = 4.75 * Math.sqrt(LEVEL * (1 - LEVEL) / simulations);
    String as = name + " " + data + " " + n;
    switch (promise) {
      case EXACT -> assertThat(share).as(as).isBetween(LEVEL - band, LEVEL + band);
      case AT_LEAST -> assertThat(share).as(as).isGreaterThanOrEqualTo(LEVEL - band);
      case NEARLY -> assertThat(share).as(as).isBetween(LEVEL - band - 0.005, LEVEL + band + 0.005);
      case NONE -> {}
    }
  }

  private static Promise largest(int n) {
    return n == 1000 ? Promise.NEARLY : Promise.NONE;
  }

  @Test
  void means() {
    for (int n : new int[] {20, 100, 1000}) {
      int simulations = n == 1000 ? 10_000 : 20_000;
      for (String name : new String[] {"student-t", "normal"}) {
        boolean t = name.equals("student-t");
        check(
            name,
            "mean of normal values",
            n,
            simulations,
            0,
            t ? Promise.EXACT : largest(n),
            draw -> mean(t, draw.normals(n)));
        check(
            name,
            "mean of exponential values",
            n,
            simulations,
            1,
            largest(n),
            draw -> {
              double[] x = new double[n];
              for (int i = 0; i < n; i++) {
                x[i] = -Math.log1p(-draw.uniform());
              }
              return mean(t, x);
            });
      }
    }
  }

  private static Interval mean(boolean t, double[] x) {
    CorrectedT sums = CorrectedT.of(x, 1, 1, LEVEL);
    return t
        ? MeanInterval.studentT(x.length, sums.mean(), sums.sd(), LEVEL)
        : MeanInterval.normal(x.length, sums.mean(), sums.sd(), LEVEL);
  }

  @Test
  void areas() {
    for (int n : new int[] {20, 100, 1000}) {
      for (double shift : new double[] {1, 2}) {
        double truth = 1 - StudentT.above(shift / Math.sqrt(2), StudentT.NORMAL);
        check(
            "delong",
            String.format(Locale.ROOT, "area %.3f, half positive", truth),
            n,
            n == 1000 ? 4000 : 20_000,
            truth,
            largest(n),
            draw -> {
              boolean[] positive = new boolean[n];
              double[] score = new double[n];
              for (int i = 0; i < n; i++) {
                positive[i] = i % 2 == 0;
                score[i] = draw.normal() + (positive[i] ? shift : 0);
              }
              return DeLong.interval(RocPlacements.of(positive, score), 0, LEVEL);
            });
      }
    }
  }

  @Test
  void differencesOfProportions() {
    for (int n : new int[] {20, 100, 1000}) {
      check(
          "tango",
          "paired, 10 % only a, 5 % only b",
          n,
          n == 1000 ? 10_000 : 20_000,
          0.05,
          largest(n),
          draw -> Tango.of(draw.outcomes(n, 0.1, 0.05), LEVEL));
      check(
          "newcombe",
          "independent, 90 % and 80 % right",
          n,
          n == 1000 ? 10_000 : 20_000,
          0.9 - 0.8,
          largest(n),
          draw ->
              Newcombe.of(
                  draw.multinomial(n, 0.9, 0.1)[0], n, draw.multinomial(n, 0.8, 0.2)[0], n, LEVEL));
    }
  }

  @Test
  void centres() {
    for (int n : new int[] {20, 100, 1000}) {
      int simulations = n == 1000 ? 2000 : 10_000;
      check(
          "hodges-lehmann",
          "differences that are t with 2 df",
          n,
          simulations,
          0,
          n <= SignedRanks.MOST ? Promise.AT_LEAST : Promise.NEARLY,
          draw -> {
            double[] d = new double[n];
            for (int i = 0; i < n; i++) {
              double a = draw.normal();
              d[i] = a / Math.sqrt(-Math.log1p(-draw.uniform()));
            }
            return HodgesLehmann.of(d, Subject.PAIR, LEVEL).interval();
          });
      double truth = 1 - 2 * StudentT.above(0.5 / Math.sqrt(2), StudentT.NORMAL);
      check(
          "cliffs-delta",
          "two normal samples 0.5 apart",
          n,
          simulations,
          truth,
          largest(n),
          draw -> {
            double[] a = draw.normals(n);
            for (int i = 0; i < n; i++) {
              a[i] += 0.5;
            }
            return CliffsDelta.of(a, draw.normals(n), Subject.PAIR, LEVEL).interval();
          });
    }
  }
}
