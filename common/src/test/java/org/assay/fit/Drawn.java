package org.assay.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assay.random.Keyed;

/**
 * Random rows for tests of learners: correlated features of unlike means and scales, weights that
 * are not whole, and labels that depend on them.
 */
public record Drawn(double[][] x, double[] number, double[] class2, double[] class3, double[] w) {

  /** So many rows and features; pure function of the seed. */
  public static Drawn of(long seed, int rows, int width) {
    Keyed keyed = Keyed.of(seed, "rows for learners");
    double[][] x = new double[rows][width];
    double[] number = new double[rows];
    double[] class2 = new double[rows];
    double[] class3 = new double[rows];
    double[] w = new double[rows];
    for (int i = 0; i < rows; i++) {
      double common = keyed.uniform(1, i) - 0.5;
      double eta = 0;
      for (int j = 0; j < width; j++) {
        double z = keyed.uniform(10 + j, i) - 0.5 + common;
        eta += z * (j % 3 - 0.7);
        x[i][j] = (z + (j % 4) * 3) * Math.pow(10, j % 5 - 2);
      }
      number[i] = 30 + 4 * (eta + keyed.uniform(2, i));
      class2[i] = eta + 3 * (keyed.uniform(3, i) - 0.5) > 0.3 ? 1 : 0;
      class3[i] = class2[i] == 1 ? 1 : x[i][0] + keyed.uniform(4, i) / 100 > 0.005 ? 2 : 0;
      w[i] = 0.25 + 2 * keyed.uniform(5, i);
    }
    return new Drawn(x, number, class2, class3, w);
  }

  Examples rows(double[] label) {
    return Examples.of(x, label, w);
  }

  /** The same rows in blocks of unlike sizes. */
  static List<Examples> blocks(Examples rows, int... ends) {
    List<Examples> blocks = new ArrayList<>();
    int from = 0;
    for (int end : ends) {
      blocks.add(rows.rows(from, end));
      from = end;
    }
    blocks.add(rows.rows(from, rows.size()));
    return blocks;
  }

  static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Carries one fit to its end; each row counts once. */
  public static List<? extends Model> fit(Fit fit, Center center, Examples rows) {
    Fit.finish(
        List.of(fit),
        center,
        List.of(rows),
        List.<double[][]>of(new double[][] {ones(rows.size())}));
    return fit.models();
  }
}
