package org.assay.fit;

/**
 * Some consecutive rows of a block, centred, with a 1 before the features: as rows, as columns, and
 * eight rows at a time as products of all pairs.
 */
final class Tile {
  /** Most rows; a multiple of {@link #GROUP}. */
  static final int ROWS = 64;

  /** Rows whose products are held at a time. */
  static final int GROUP = 8;

  final int width;
  final double[] shift;

  /** Number of values of a row: a 1 and the features. */
  final int terms;

  /** Of the block, the number of the first row. */
  int first;

  int rows;
  Examples block;

  /** By row. */
  final double[][] row;

  /** By term, once they are asked for. */
  private final double[][] column;

  private boolean turned;

  /** For each row of a group: the products of terms i and j, i <= j, in the order of i, then j. */
  final double[][] product;

  Tile(Center center) {
    width = center.width();
    shift = center.features();
    terms = width + 1;
    row = new double[ROWS][terms];
    column = new double[terms][ROWS];
    product = new double[GROUP][];
  }

  /** Number of products of a pair of terms. */
  static int pairs(int terms) {
    return terms * (terms + 1) / 2;
  }

  /** Where the product of terms i and j, i <= j, is found. */
  static int pair(int terms, int i, int j) {
    return i * terms - i * (i - 1) / 2 + j - i;
  }

  /**
   * Takes rows of a block, those before {@code end} at most; those beyond the last, up to a whole
   * group, are zeros.
   */
  void load(Examples block, int first, int end) {
    this.block = block;
    this.first = first;
    rows = Math.min(ROWS, end - first);
    double[] features = block.features();
    for (int r = 0; r < rows; r++) {
      double[] to = row[r];
      int from = (first + r) * width;
      to[0] = 1;
      for (int j = 0; j < width; j++) {
        to[j + 1] = features[from + j] - shift[j];
      }
    }
    for (int r = rows; r < whole(); r++) {
      java.util.Arrays.fill(row[r], 0);
    }
    turned = false;
  }

  /** Fills columns from rows, for those who ask for them. */
  private void turn() {
    if (turned) {
      return;
    }
    for (int t = 0; t < terms; t++) {
      double[] to = column[t];
      for (int r = 0; r < rows; r++) {
        to[r] = row[r][t];
      }
      java.util.Arrays.fill(to, rows, ROWS, 0);
    }
    turned = true;
  }

  /** The number of rows, filled up to whole groups. */
  int whole() {
    return (rows + GROUP - 1) / GROUP * GROUP;
  }

  /** Forms the products of a group of rows. */
  void multiply(int group) {
    for (int g = 0; g < GROUP; g++) {
      if (product[g] == null) {
        product[g] = new double[pairs(terms)];
      }
      double[] a = row[group + g];
      double[] to = product[g];
      int at = 0;
      for (int i = 0; i < terms; i++) {
        double value = a[i];
        for (int j = i; j < terms; j++) {
          to[at - i + j] = value * a[j];
        }
        at += terms - i;
      }
    }
  }

  /**
   * Adds the products of a group of rows, weighted, to a sum that is laid out as they are.
   *
   * @param weight by row of the tile
   */
  void addProducts(int group, double[] weight, double[] sum) {
    double[] z0 = row[group];
    double[] z1 = row[group + 1];
    double[] z2 = row[group + 2];
    double[] z3 = row[group + 3];
    double[] z4 = row[group + 4];
    double[] z5 = row[group + 5];
    double[] z6 = row[group + 6];
    double[] z7 = row[group + 7];
    int at = 0;
    for (int i = 0; i < terms; i++) {
      double a0 = weight[group] * z0[i];
      double a1 = weight[group + 1] * z1[i];
      double a2 = weight[group + 2] * z2[i];
      double a3 = weight[group + 3] * z3[i];
      double a4 = weight[group + 4] * z4[i];
      double a5 = weight[group + 5] * z5[i];
      double a6 = weight[group + 6] * z6[i];
      double a7 = weight[group + 7] * z7[i];
      for (int j = i; j < terms; j++) {
        sum[at++] +=
            ((a0 * z0[j] + a1 * z1[j]) + (a2 * z2[j] + a3 * z3[j]))
                + ((a4 * z4[j] + a5 * z5[j]) + (a6 * z6[j] + a7 * z7[j]));
      }
    }
  }

  /** Sums of terms times coefficients, for each row. */
  void combine(double[] coefficients, double[] out) {
    turn();
    double intercept = coefficients[0];
    java.util.Arrays.fill(out, intercept);
    int t = 1;
    for (; t + 3 < terms; t += 4) {
      add4(
          column[t],
          column[t + 1],
          column[t + 2],
          column[t + 3],
          coefficients[t],
          coefficients[t + 1],
          coefficients[t + 2],
          coefficients[t + 3],
          out);
    }
    for (; t < terms; t++) {
      double[] c = column[t];
      double b = coefficients[t];
      for (int r = 0; r < ROWS; r++) {
        out[r] += b * c[r];
      }
    }
  }

  private static void add4(
      double[] c0,
      double[] c1,
      double[] c2,
      double[] c3,
      double b0,
      double b1,
      double b2,
      double b3,
      double[] out) {
    for (int r = 0; r < ROWS; r++) {
      out[r] += (b0 * c0[r] + b1 * c1[r]) + (b2 * c2[r] + b3 * c3[r]);
    }
  }
}
