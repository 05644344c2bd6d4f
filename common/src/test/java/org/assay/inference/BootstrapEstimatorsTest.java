package org.assay.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.assay.metric.Metric.Direction;
import org.assay.metric.Value;
import org.assay.random.Keyed;
import org.assay.random.Multinomial;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BootstrapEstimatorsTest {

  /** The weights .368 and .632 in double arithmetic, as anyone would compute them. */
  @ParameterizedTest
  @CsvSource({
    ".1, .2, .5, .1632, .1696035242",
    "0, .3, .5, .1896, .2433264887",
    "0, .5, .5, .316, .5",
    ".2, .15, .5, .1684, .1684",
  })
  void referenceValues(double err, double err1, double gamma, double plain, double plus) {
    assertThat(Err632.plain(err, err1)).isCloseTo(plain, within(1e-15));
    assertThat(Err632.plus(err, err1, gamma, Direction.LOWER_IS_BETTER))
        .isCloseTo(plus, within(5e-11));
    // The same as a score, from any best value.
    assertThat(Err632.plus(1 - err, 1 - err1, 1 - gamma, Direction.HIGHER_IS_BETTER))
        .isCloseTo(1 - plus, within(5e-11));
    assertThat(Err632.plus(7 - err, 7 - err1, 7 - gamma, Direction.HIGHER_IS_BETTER))
        .isCloseTo(7 - plus, within(5e-11));
  }

  @Test
  void anErrorBeyondNoInformationIsNoInformation() {
    assertThat(Err632.plus(.05, .6, .5, Direction.LOWER_IS_BETTER)).isCloseTo(.5, within(1e-15));
    // Worse than chance on the training rows too: no overfitting that could be told.
    assertThat(Err632.plus(.6, .7, .5, Direction.LOWER_IS_BETTER))
        .isCloseTo(.368 * .6 + .632 * .5, within(1e-15));
    assertThat(Err632.plus(Double.NaN, .7, .5, Direction.LOWER_IS_BETTER)).isNaN();
    assertThat(Err632.plus(.1, .2, Double.NaN, Direction.LOWER_IS_BETTER)).isNaN();
  }

  @Test
  void outOfBagIsTheMeanOfReplicatesWithAValue() {
    List<Value> values = new ArrayList<>(Collections.nCopies(198, Value.of(.25)));
    values.add(Value.of(.45));
    assertThat(OutOfBag.of(values, 0).value()).isCloseTo(.25 + .2 / 199, within(1e-15));
    values.add(Value.undefined("one class only"));
    PointEstimate some = OutOfBag.of(values, 0);
    assertThat(some.value()).isCloseTo(.25 + .2 / 199, within(1e-15));
    assertThat(some.reason()).isEqualTo("1 of 200 replicates have no value: one class only");
    values.add(Value.undefined("one class only"));
    values.add(Value.undefined("none"));
    PointEstimate many = OutOfBag.of(values, 0);
    assertThat(many.value()).isNaN();
    assertThat(many.reason()).isEqualTo("3 of 202 replicates have no value: one class only");
    PointEstimate failed = OutOfBag.of(values.subList(0, 150), 50);
    assertThat(failed.value()).isNaN();
    assertThat(failed.reason()).isEqualTo("50 of 200 fits failed");
    assertThat(failed.replicates()).isEqualTo(200);
  }

  // ---- the leave-one-out bootstrap

  /** Draws and losses of a bootstrap: counts[b][i], loss[b][i]; weights and strata of rows. */
  private record Case(int[][] counts, double[][] loss, double[] weight, int[] stratum) {
    int n() {
      return weight.length;
    }

    long[] sizes() {
      long[] sizes = new long[Arrays.stream(stratum).max().getAsInt() + 1];
      for (int s : stratum) {
        sizes[s]++;
      }
      return sizes;
    }

    /** E_i by its definition. */
    double mean(int i) {
      double sum = 0;
      int times = 0;
      for (int b = 0; b < counts.length; b++) {
        sum += counts[b][i] == 0 ? loss[b][i] : 0;
        times += counts[b][i] == 0 ? 1 : 0;
      }
      return sum / times;
    }

    double err() {
      double sum = 0;
      double all = 0;
      for (int i = 0; i < n(); i++) {
        if (!Double.isNaN(mean(i))) {
          sum += weight[i] * mean(i);
          all += weight[i];
        }
      }
      return sum / all;
    }

    /** The rows of [from, to) as the code sees them. */
    LeaveOneOutBootstrap sums(int from, int to) {
      int replicates = counts.length;
      long[] sizes = sizes();
      LeaveOneOutBootstrap sums = new LeaveOneOutBootstrap(replicates, sizes.length);
      for (int i = from; i < to; i++) {
        if (weight[i] > 0) {
          sums.add(stratum[i], weight[i], mean(i));
          for (int b = 0; b < replicates && !Double.isNaN(mean(i)); b++) {
            sums.draw(b, counts[b][i], weight[i], mean(i));
            if (counts[b][i] == 0) {
              double factor = LeaveOneOutBootstrap.factor(sizes[stratum[i]]);
              sums.depart(b, factor * weight[i] * (loss[b][i] - mean(i)));
            }
          }
        }
      }
      return sums;
    }

    Value standardError() {
      LeaveOneOutBootstrap sums = sums(0, n() / 2);
      sums.merge(sums(n() / 2, n()));
      double[] departures = sums.departures();
      LeaveOneOutBootstrap.Influence all = new LeaveOneOutBootstrap.Influence(1, counts.length);
      for (int i = 0; i < n(); i++) {
        LeaveOneOutBootstrap.Influence part = new LeaveOneOutBootstrap.Influence(1, counts.length);
        double mean = 0;
        for (int b = 0; b < counts.length; b++) {
          mean += (counts[b][i] - 1) * departures[b] / counts.length;
          part.draw(b, counts[b][i]);
        }
        part.add(0, mean);
        all.merge(part);
      }
      return sums.standardError(sizes(), all, 0);
    }
  }

  /** All n^n samples of n rows, in order. */
  private static int[][] samples(int n) {
    int[][] counts = new int[(int) Math.pow(n, n)][n];
    for (int b = 0; b < counts.length; b++) {
      for (int k = 0, rest = b; k < n; k++, rest /= n) {
        counts[b][rest % n]++;
      }
    }
    return counts;
  }

  /** The loss of a row under a fit: squared distance from the sample's mean. */
  private static double[][] ofMeans(int[][] counts, double[] y) {
    double[][] loss = new double[counts.length][y.length];
    for (int b = 0; b < counts.length; b++) {
      double sum = 0;
      double all = 0;
      for (int i = 0; i < y.length; i++) {
        sum += counts[b][i] * y[i];
        all += counts[b][i];
      }
      for (int i = 0; i < y.length; i++) {
        loss[b][i] = Math.pow(y[i] - sum / all, 2);
      }
    }
    return loss;
  }

  private static final double[] Y = {1, 2.5, 4, 9, 9.5};

  /**
   * Err as a function of the masses p of rows: sum of p_i w_i E_i(p) over sum of p_i w_i, where
   * E_i(p) is the mean loss of row i over samples drawn with p that leave it out.
   */
  private static double functional(int[][] counts, double[][] loss, double[] weight, double[] p) {
    double sum = 0;
    double all = 0;
    for (int i = 0; i < p.length; i++) {
      double mean = 0;
      double mass = 0;
      for (int b = 0; b < counts.length; b++) {
        if (counts[b][i] == 0) {
          double chance = 1; // each of the n^n orders once, so no multinomial coefficient
          for (int j = 0; j < p.length; j++) {
            chance *= Math.pow(p[j], counts[b][j]);
          }
          mean += chance * loss[b][i];
          mass += chance;
        }
      }
      sum += p[i] * weight[i] * mean / mass;
      all += p[i] * weight[i];
    }
    return sum / all;
  }

  /** D_i with the losses as they are, for equal weights. */
  private static double printed(Case c, int i) {
    int n = c.n();
    double sum = 0;
    for (int b = 0; b < c.counts.length; b++) {
      double q = 0;
      for (int j = 0; j < n; j++) {
        q += c.counts[b][j] == 0 ? c.loss[b][j] / n : 0;
      }
      sum += (c.counts[b][i] - 1) * q;
    }
    return (2 + 1.0 / (n - 1)) * (c.mean(i) - c.err()) / n
        + Math.pow(1 - 1.0 / n, -n) * sum / c.counts.length;
  }

  /** The noise that is taken away, by its definition: variances of means, summed over rows. */
  private static double noise(Case c) {
    int replicates = c.counts.length;
    double[] q = new double[replicates];
    double all = 0;
    long[] sizes = c.sizes();
    for (int j = 0; j < c.n(); j++) {
      all += c.weight[j];
      for (int b = 0; b < replicates; b++) {
        double e = Math.pow(1 - 1.0 / sizes[c.stratum[j]], -sizes[c.stratum[j]]);
        q[b] +=
            c.counts[b][j] == 0 && c.weight[j] > 0
                ? e * c.weight[j] * (c.loss[b][j] - c.mean(j))
                : 0;
      }
    }
    double noise = 0;
    for (int i = 0; i < c.n(); i++) {
      double mean = 0;
      double square = 0;
      for (int b = 0; b < replicates; b++) {
        mean += (c.counts[b][i] - 1) * q[b] / replicates;
        square += Math.pow((c.counts[b][i] - 1) * q[b], 2) / replicates;
      }
      noise += (square - mean * mean) / (replicates - 1);
    }
    return noise / (all * all);
  }

  /**
   * With all 3,125 samples of 5 rows the standard error is that of the derivatives of the
   * functional itself, by central differences, and of the formula with the losses as they are; all
   * to the noise that is taken away, by its definition. Differences of step 1e-4 are right to 1e-7.
   */
  @Test
  void standardErrorIsThatOfTheDerivatives() {
    int n = Y.length;
    int[][] counts = samples(n);
    double[][] loss = ofMeans(counts, Y);
    for (double[] weight : new double[][] {{1, 1, 1, 1, 1}, {1, 2, .5, 3, 1}, {0, 1, 1, 0, 1}}) {
      Case c = new Case(counts, loss, weight, new int[n]);
      double squares = 0;
      for (int i = 0; i < n; i++) {
        double step = 1e-4;
        double[] ends = new double[2];
        for (int side = 0; side < 2; side++) {
          double h = side == 0 ? -step : step;
          double[] p = new double[n];
          Arrays.fill(p, (1 - h) / n);
          p[i] += h;
          ends[side] = functional(counts, loss, weight, p);
        }
        squares += Math.pow((ends[1] - ends[0]) / (2 * step) / n, 2);
      }
      assertThat(c.sums(0, n).value().value()).isCloseTo(c.err(), within(1e-12));
      double error = c.standardError().value();
      assertThat(error * error + noise(c)).isCloseTo(squares, within(1e-6 * squares));
    }
    Case equal = new Case(counts, loss, new double[] {1, 1, 1, 1, 1}, new int[n]);
    double printed = 0;
    for (int i = 0; i < n; i++) {
      printed += Math.pow(printed(equal, i), 2);
    }
    double error = equal.standardError().value();
    assertThat(error * error + noise(equal)).isCloseTo(printed, within(1e-11 * printed));
  }

  /** Samples of 3 + 3 rows drawn within two strata: all 27 x 27. */
  @Test
  void stratifiedItIsThatOfTheDerivativesWithinStrata() {
    int[][] half = samples(3);
    int[][] counts = new int[half.length * half.length][];
    for (int b = 0; b < counts.length; b++) {
      int[] first = half[b / half.length];
      int[] second = half[b % half.length];
      counts[b] = new int[] {first[0], second[0], first[1], second[1], first[2], second[2]};
    }
    double[] y = {1, 5, 2, 6.5, 4, 9};
    double[][] loss = ofMeans(counts, y);
    int[] stratum = {0, 1, 0, 1, 0, 1};
    double[] weight = {1, 1, 1, 1, 1, 1};
    Case c = new Case(counts, loss, weight, stratum);
    double squares = 0;
    for (int i = 0; i < 6; i++) {
      double step = 1e-4;
      double[] ends = new double[2];
      for (int side = 0; side < 2; side++) {
        double h = side == 0 ? -step : step;
        double[] p = new double[6];
        Arrays.fill(p, 1 / 6.0);
        for (int j = 0; j < 6; j++) {
          p[j] = stratum[j] == stratum[i] ? (1 - h) / 6 : 1 / 6.0;
        }
        p[i] += h / 2; // a stratum's mass is a half
        ends[side] = functional(counts, loss, weight, p);
      }
      squares += Math.pow((ends[1] - ends[0]) / (2 * step) / 3, 2);
    }
    double error = c.standardError().value();
    assertThat(error * error + noise(c)).isCloseTo(squares, within(1e-6 * squares));
  }

  private static int[][] drawn(int n, int replicates, long seed) {
    Multinomial multinomial = new Multinomial(Keyed.of(seed, "loob test"), n);
    int[][] counts = new int[replicates][];
    Arrays.setAll(counts, b -> multinomial.counts(b, 0, n));
    return counts;
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void ofAPredictionThatNeverChangesItIsTheErrorOfAMean() {
    int n = 40;
    int[][] counts = drawn(n, 100, 5);
    double[][] loss = new double[100][n];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double l = (i * 7 % 11) / 3.0;
      sum += l;
      squares += l * l;
      for (double[] row : loss) {
        row[i] = l;
      }
    }
    Case c = new Case(counts, loss, ones(n), new int[n]);
    assertThat(c.sums(0, n).value().value()).isCloseTo(sum / n, within(1e-12));
    assertThat(c.standardError().value())
        .isCloseTo(Math.sqrt(squares / n - sum * sum / n / n) / Math.sqrt(n), within(1e-12));
    assertThat(new Case(counts, new double[100][n], ones(n), new int[n]).standardError().value())
        .isZero();
  }

  @Test
  void rowsThatAreNeverLeftOutDoNotCount() {
    int[][] counts = {{0, 2, 1}, {0, 1, 2}};
    double[][] loss = {{3, 100, 100}, {5, 100, 100}};
    LeaveOneOutBootstrap sums = new Case(counts, loss, ones(3), new int[3]).sums(0, 3);
    assertThat(sums.value()).isEqualTo(Value.of(4));
    assertThat(sums.never()).isEqualTo(2);
    assertThat(
            sums.standardError(new long[] {3}, new LeaveOneOutBootstrap.Influence(1, 2), 0)
                .reason())
        .isEqualTo("needs 2 rows that replicates leave out");
    assertThat(new LeaveOneOutBootstrap(2, 1).value().reason())
        .isEqualTo("no row is left out by any replicate");
  }

  /** 3,000 rows whose losses are noise from fit to fit: 20 replicates do not tell. */
  @Test
  void isWithheldWhereNoiseOutweighsIt() {
    int n = 3000;
    int[][] counts = drawn(n, 20, 6);
    Keyed keyed = Keyed.of(7, "noise");
    double[][] loss = new double[20][n];
    for (int b = 0; b < 20; b++) {
      for (int i = 0; i < n; i++) {
        loss[b][i] = keyed.uniform(b, i);
      }
    }
    Value error = new Case(counts, loss, ones(n), new int[n]).standardError();
    assertThat(error.isDefined()).isFalse();
    assertThat(error.reason())
        .isEqualTo(
            "20 replicates are too few for the standard error of 3000 rows under fits that vary so much; use more");
  }

  /**
   * Squared error of the mean of 40 normal values, 200 replicates, in 400 data sets: the mean of
   * the estimated variances is that of the estimates within 4 standard errors of the latter, which
   * are sqrt(2/399) = 7 % of it; error probability 6e-5, and 1.15 for the kurtosis of squares.
   */
  @Test
  void standardErrorsAreRightOnAverage() {
    int n = 40;
    int sets = 400;
    double[] estimates = new double[sets];
    double variance = 0;
    for (int set = 0; set < sets; set++) {
      Keyed keyed = Keyed.of(set, "normal");
      double[] y = new double[n];
      Arrays.setAll(
          y,
          i ->
              NormalDistribution.of(0, 1)
                  .inverseCumulativeProbability(keyed.uniform(0, i) + 0x1p-54));
      int[][] counts = drawn(n, 200, 1000 + set);
      Case c = new Case(counts, ofMeans(counts, y), ones(n), new int[n]);
      estimates[set] = c.err();
      double error = c.standardError().value();
      variance += error * error / sets;
    }
    double mean = Arrays.stream(estimates).average().getAsDouble();
    double actual = Arrays.stream(estimates).map(e -> (e - mean) * (e - mean)).sum() / (sets - 1);
    assertThat(variance / actual).isBetween(1 - 4 * .07 * 1.15, 1 + 4 * .07 * 1.15);
  }

  /**
   * One nearest neighbour on labels that have nothing to do with the place: an error of one half,
   * whatever is done. It is right on all rows that it has learned, so .632 is .632 times the error
   * on rows left out: .316, far too low, as in the source; .632+ is near .5. Means of 100 data sets
   * of 100 rows, 50 samples each, whose standard deviation is below .005: within 5 of it, an error
   * probability of 6e-7, and .02 for err1 being cut at gamma on one side only.
   */
  @Test
  void overfittingIsSeen() {
    int n = 100;
    double plain = 0;
    double plus = 0;
    double leftOut = 0;
    for (int set = 0; set < 100; set++) {
      Keyed keyed = Keyed.of(set, "nearest");
      double[] x = new double[n];
      boolean[] y = new boolean[n];
      int ones = 0;
      for (int i = 0; i < n; i++) {
        x[i] = keyed.uniform(0, i);
        y[i] = keyed.uniform(1, i) < .5;
        ones += y[i] ? 1 : 0;
      }
      int[][] counts = drawn(n, 50, 5000 + set);
      double[][] loss = new double[50][n];
      for (int b = 0; b < 50; b++) {
        for (int i = 0; i < n; i++) {
          int nearest = -1;
          for (int j = 0; j < n; j++) {
            if (counts[b][j] > 0
                && (nearest < 0 || Math.abs(x[j] - x[i]) < Math.abs(x[nearest] - x[i]))) {
              nearest = j;
            }
          }
          loss[b][i] = y[nearest] == y[i] ? 0 : 1;
        }
      }
      double err1 = new Case(counts, loss, ones(n), new int[n]).sums(0, n).value().value();
      double share = ones / (double) n;
      double gamma = 2 * share * (1 - share); // predictions have the labels' shares
      plain += Err632.plain(0, err1) / 100;
      plus += Err632.plus(0, err1, gamma, Direction.LOWER_IS_BETTER) / 100;
      leftOut += err1 / 100;
    }
    assertThat(leftOut).isCloseTo(.5, within(.025));
    assertThat(plain).isCloseTo(.316, within(.016));
    assertThat(plus).isBetween(.5 - .02 - .025, .5 + .025);
  }
}
