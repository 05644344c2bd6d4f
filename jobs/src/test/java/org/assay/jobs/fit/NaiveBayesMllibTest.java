package org.assay.jobs.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.classification.NaiveBayesModel;
import org.apache.spark.ml.linalg.Vectors;
import org.assay.fit.Center;
import org.assay.fit.Drawn;
import org.assay.fit.Examples;
import org.assay.fit.NaiveBayes;
import org.assay.fit.NaiveBayes.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Probabilities against fits of Spark MLlib's NaiveBayes. */
class NaiveBayesMllibTest {

  @ParameterizedTest
  @EnumSource
  void findsMllibsProbabilities(Kind kind) {
    for (int seed = 1; seed <= 2; seed++) {
      Drawn drawn = Drawn.of(seed, 50 * seed, 2 + 2 * seed);
      double[][] x =
          Arrays.stream(drawn.x())
              .map(row -> Arrays.stream(row).map(v -> value(kind, v)).toArray())
              .toArray(double[][]::new);
      Examples rows = Examples.of(x, drawn.class3(), drawn.w());
      for (double smoothing : new double[] {1, 0.3}) {
        NaiveBayesModel theirs =
            new org.apache.spark.ml.classification.NaiveBayes()
                .setModelType(kind.name().toLowerCase(Locale.ROOT))
                .setSmoothing(smoothing)
                .setWeightCol("weight")
                .fit(Mllib.rows(rows));
        Center center = kind.center(Center.of(List.of(rows), rows.width()));
        NaiveBayes fit = new NaiveBayes(center, kind, 3, smoothing);
        double[] ours =
            Mllib.ours(fit, org.assay.fit.NaiveBayesModel.class, center, rows).get(0).predict(rows);
        for (int i = 0; i < x.length; i++) {
          double[] expected = theirs.predictProbability(Vectors.dense(x[i])).toArray();
          // Of its Gaussian variances cancellation leaves 10 digits here.
          assertThat(Arrays.copyOfRange(ours, 3 * i, 3 * i + 3))
              .usingComparatorWithPrecision(kind == Kind.GAUSSIAN ? 1e-8 : 1e-12)
              .containsExactly(expected);
        }
      }
    }
  }

  private static double value(Kind kind, double v) {
    return switch (kind) {
      case GAUSSIAN -> v;
      case BERNOULLI -> Math.abs(Math.round(v * 1000)) % 2;
      default -> Math.abs(Math.round(v * 1000)) % 5;
    };
  }
}
