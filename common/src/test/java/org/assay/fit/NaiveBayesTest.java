package org.assay.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.assay.fit.NaiveBayes.Kind;
import org.junit.jupiter.api.Test;

class NaiveBayesTest {
  private static final double[][] COUNTS = {
    {2, 1, 0, 0}, {2, 0, 1, 0}, {1, 0, 0, 1}, {1, 1, 1, 1}, {0, 3, 0, 2}, {1, 0, 4, 0}
  };
  private static final double[][] NEW = {{3, 0, 1, 1}, {0, 1, 1, 2}};
  private static final double[] LABEL = {0, 0, 0, 1, 1, 2};
  private static final double[] WEIGHT = {1, 2, 0.5, 1, 1.5, 3};

  private static NaiveBayesModel fit(Kind kind, Examples rows, int classes, double smoothing) {
    Center center = kind.center(Center.of(List.of(rows), rows.width()));
    return (NaiveBayesModel)
        Drawn.fit(new NaiveBayes(center, kind, classes, smoothing), center, rows).get(0);
  }

  private static double[][] binary(double[][] rows) {
    return Arrays.stream(rows)
        .map(row -> Arrays.stream(row).map(v -> v > 0 ? 1 : 0).toArray())
        .toArray(double[][]::new);
  }

  /**
   * scikit-learn 1.2.1: MultinomialNB(alpha=.7, class_prior=p).fit(x, y, sample_weight=w)
   * .predict_proba(new), with the smoothed prior p = (N_c + .7) / (9 + 3 * .7) that MLlib uses;
   * BernoulliNB alike.
   */
  @Test
  void isWhatScikitLearnFinds() {
    Examples rows = Examples.of(COUNTS, LABEL, WEIGHT);
    Examples ask = Examples.of(NEW, new double[2]);
    assertThat(fit(Kind.MULTINOMIAL, rows, 3, 0.7).predict(ask))
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(
            0.9282575149823576,
            0.013191368930088203,
            0.05855111608755383,
            0.05439467700604417,
            0.9371604841017379,
            0.008444838892217848);
    Examples bits = Examples.of(binary(COUNTS), LABEL, WEIGHT);
    Examples askBits = Examples.of(binary(NEW), new double[2]);
    assertThat(fit(Kind.BERNOULLI, bits, 3, 0.7).predict(askBits))
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(
            0.41919505977445937,
            0.11831622863116724,
            0.4624887115943732,
            0.04925028162888381,
            0.9287843425343714,
            0.02196537583674482);
    double[][] x = Drawn.of(2, 9, 3).x();
    double[] y = {0, 1, 2, 0, 1, 2, 0, 1, 2};
    assertThat(fit(Kind.MULTINOMIAL, rows, 3, 0.7).prior())
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(Math.log(4.2 / 11.1), Math.log(3.2 / 11.1), Math.log(3.7 / 11.1));
    // Gaussian: the densities written out.
    NaiveBayesModel gaussian = fit(Kind.GAUSSIAN, Examples.of(x, y), 3, 0);
    double widest = 0;
    for (int j = 0; j < 3; j++) {
      widest = Math.max(widest, variance(x, y, -1, j));
    }
    double[] expected = new double[3];
    for (int c = 0; c < 3; c++) {
      double density = 1;
      for (int j = 0; j < 3; j++) {
        double var = variance(x, y, c, j) + 1e-9 * widest;
        double d = x[4][j] - mean(x, y, c, j);
        density *= Math.exp(-d * d / 2 / var) / Math.sqrt(var);
      }
      expected[c] = density;
    }
    double sum = Arrays.stream(expected).sum();
    assertThat(Arrays.copyOfRange(gaussian.predict(Examples.of(x, y)), 12, 15))
        .usingComparatorWithPrecision(1e-9)
        .containsExactly(Arrays.stream(expected).map(v -> v / sum).toArray());
  }

  private static double mean(double[][] x, double[] y, int c, int j) {
    return IntStream.range(0, x.length)
        .filter(i -> c < 0 || y[i] == c)
        .mapToDouble(i -> x[i][j])
        .average()
        .orElseThrow();
  }

  private static double variance(double[][] x, double[] y, int c, int j) {
    double mean = mean(x, y, c, j);
    return IntStream.range(0, x.length)
        .filter(i -> c < 0 || y[i] == c)
        .mapToDouble(i -> (x[i][j] - mean) * (x[i][j] - mean))
        .average()
        .orElseThrow();
  }

  @Test
  void aClassWithoutRowsHasNoProbability() {
    double[] shifted = {0, 0, 0, 2, 2, 3};
    for (Kind kind : Kind.values()) {
      double[][] x = kind == Kind.BERNOULLI ? binary(COUNTS) : COUNTS;
      double[] without =
          fit(kind, Examples.of(x, LABEL, WEIGHT), 3, 1).predict(Examples.of(x, LABEL));
      double[] with =
          fit(kind, Examples.of(x, shifted, WEIGHT), 5, 1).predict(Examples.of(x, LABEL));
      for (int i = 0; i < x.length; i++) {
        assertThat(Arrays.copyOfRange(with, i * 5, i * 5 + 5))
            .containsExactly(without[i * 3], 0, without[i * 3 + 1], without[i * 3 + 2], 0);
      }
    }
  }

  @Test
  void refusesWhatItCannotLearnFrom() {
    Examples negative = Examples.of(new double[][] {{-1}}, new double[1]);
    assertThatThrownBy(() -> NaiveBayes.check(Kind.MULTINOMIAL, negative, new double[] {1}))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "a feature with the value -1.0: modelType = multinomial and complement learn from"
                + " counts, 0 or more; choose modelType = gaussian");
    Examples two = Examples.of(new double[][] {{2}}, new double[1]);
    assertThatThrownBy(() -> NaiveBayes.check(Kind.BERNOULLI, two, new double[] {1}))
        .hasMessageContaining("learns from 0 and 1 alone");
    NaiveBayes.check(Kind.GAUSSIAN, negative, new double[] {1});
    assertThatThrownBy(() -> new NaiveBayes(Center.zero(1), Kind.BERNOULLI, 2, -1))
        .hasMessage("smoothing = -1.0: must be 0 or more, finite");
    assertThatThrownBy(
            () ->
                fit(
                    Kind.GAUSSIAN,
                    Examples.of(new double[][] {{2}}, new double[1], new double[1]),
                    2,
                    0))
        .hasMessageStartingWith("training rows with a sum of weights of 0.0: must be more than 0");
  }

  @Test
  void baselineSaysSharesMajorityOrMean() {
    Examples rows = Examples.of(COUNTS, LABEL, WEIGHT);
    Center center = Center.of(List.of(rows), 4);
    Model prior = Drawn.fit(new Baseline(4, 3, Baseline.Strategy.PRIOR, 1), center, rows).get(0);
    assertThat(prior.predict(rows)).startsWith(3.5 / 9, 2.5 / 9, 3.0 / 9).hasSize(18);
    Model most = Drawn.fit(new Baseline(4, 3, Baseline.Strategy.MAJORITY, 1), center, rows).get(0);
    assertThat(most.predict(rows)).startsWith(1, 0, 0);
    Model mean = Drawn.fit(new Baseline(4, 0, Baseline.Strategy.PRIOR, 1), center, rows).get(0);
    assertThat(mean.predict(rows)[0])
        .isEqualTo(8.5 / 9, org.assertj.core.api.Assertions.within(1e-15));
  }
}
