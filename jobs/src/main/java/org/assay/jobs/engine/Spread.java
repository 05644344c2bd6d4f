package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;
import org.assay.metric.ExactSum;

/**
 * Sums of the columns that models learn from, exact, so that they do not depend on the order of
 * rows.
 */
final class Spread implements Serializable {
  private static final long serialVersionUID = 1L;
  private final ExactSum weight = new ExactSum();
  private final ExactSum[] sum;
  private final ExactSum[] squares;

  Spread(int width) {
    sum = new ExactSum[width];
    squares = new ExactSum[width];
    Arrays.setAll(sum, j -> new ExactSum());
    Arrays.setAll(squares, j -> new ExactSum());
  }

  void add(double[] row, double times) {
    weight.add(times);
    for (int j = 0; j < row.length; j++) {
      if (row[j] != 0) {
        double weighted = times * row[j];
        sum[j].add(weighted);
        squares[j].addProduct(weighted, row[j]);
      }
    }
  }

  Spread merge(Spread other) {
    weight.merge(other.weight);
    for (int j = 0; j < sum.length; j++) {
      sum[j].merge(other.sum[j]);
      squares[j].merge(other.squares[j]);
    }
    return this;
  }

  double[] deviations() {
    double[] all = new double[sum.length];
    double n = weight.value();
    for (int j = 0; j < all.length; j++) {
      double mean = sum[j].value() / n;
      double variance = squares[j].value() / n - mean * mean;
      // What rounding leaves of equal values is no spread.
      all[j] = variance <= 1e-14 * mean * mean ? 0 : Math.sqrt(variance);
    }
    return all;
  }

  /** Of each the standard deviations of its columns over its training rows, by weight, with n. */
  static double[][] of(JavaSparkContext context, Frame frame, List<DrawnRows.From> from) {
    if (from.isEmpty()) {
      return new double[0][];
    }
    Broadcast<List<DrawnRows.From>> sent = context.broadcast(new ArrayList<>(from));
    List<Spread> spreads =
        frame
            .blocks()
            .<List<Spread>>map(
                block -> new ArrayList<>(sent.value().stream().map(f -> of(f, block)).toList()))
            .treeReduce(
                (a, b) -> {
                  for (int k = 0; k < a.size(); k++) {
                    a.get(k).merge(b.get(k));
                  }
                  return a;
                });
    sent.destroy();
    return spreads.stream().map(Spread::deviations).toArray(double[][]::new);
  }

  private static Spread of(DrawnRows.From from, Block block) {
    int width = from.fitted().preparation().width();
    Spread spread = new Spread(width);
    int[] weights = from.placement().weights(from.replicate(), block);
    for (int i = 0; i < weights.length; i++) {
      double times = Math.max(0, weights[i]) * block.weight(i);
      if (times > 0) {
        double[] row = new double[width];
        from.fitted().preparation().features(block, i, row, 0);
        spread.add(row, times);
      }
    }
    return spread;
  }
}
