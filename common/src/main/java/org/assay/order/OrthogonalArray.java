package org.assay.order;

import java.util.Arrays;

/**
 * Tables of settings in which every factor is balanced against every other one: any two columns
 * hold each pair of symbols equally often, so that one factor's effect does not look like
 * another's.
 *
 * <pre>
 *   two symbols   a Hadamard matrix of order h &gt; factors and its complement: 2 h rows. Any three columns
 *                 hold each triple equally often (strength 3), so a factor's effect is not confused with
 *                 the interaction of two others either
 *   q, a prime    all vectors x of length m over 0 .. q - 1, a column for each vector c whose first
 *                 number other than 0 is 1, with x.c mod q in it: q^m rows, up to (q^m - 1) / (q - 1)
 *                 columns, strength 2
 * </pre>
 *
 * <p>Hadamard matrices are Paley's of order q + 1, q a prime of the form 4 k + 3, and what doubling
 * makes of them: 4, 8, 12, 16, 20, 24, 32, 40, 44, 48 and so on.
 *
 * <p>Sources: R. L. Plackett and J. P. Burman, "The design of optimum multifactorial experiments",
 * Biometrika 33, 1946, doi:10.1093/biomet/33.4.305; R. E. A. C. Paley, "On orthogonal matrices",
 * Journal of Mathematics and Physics 12, 1933; C. R. Rao, "Factorial experiments derivable from
 * combinatorial arrangements of arrays", Supplement to the Journal of the Royal Statistical Society
 * 9, 1947, doi:10.2307/2983576; the complement: G. E. P. Box and K. B. Wilson, 1951.
 */
final class OrthogonalArray {
  private OrthogonalArray() {}

  /** A table of strength 3 over 0 and 1; its first row is all 0. */
  static int[][] ofTwo(int factors) {
    int order = 4;
    while (order <= factors || !hasHadamard(order)) {
      order += 4;
    }
    boolean[][] hadamard = hadamard(order);
    int[][] rows = new int[2 * order][factors];
    for (int i = 0; i < order; i++) {
      for (int j = 0; j < factors; j++) {
        boolean minus = hadamard[i][j + 1];
        rows[i][j] = minus ? 1 : 0;
        rows[order + i][j] = minus ? 0 : 1;
      }
    }
    return rows;
  }

  private static boolean hasHadamard(int order) {
    return order <= 2 || isPrime(order - 1) || order % 8 == 0 && hasHadamard(order / 2);
  }

  /** Whether the entry is -1; the first row and the first column have none. */
  private static boolean[][] hadamard(int order) {
    boolean[][] minus = new boolean[order][order];
    if (order > 2 && !isPrime(order - 1)) {
      boolean[][] half = hadamard(order / 2);
      for (int i = 0; i < order; i++) {
        for (int j = 0; j < order; j++) {
          int h = order / 2;
          minus[i][j] = half[i % h][j % h] ^ (i >= h && j >= h);
        }
      }
      return minus;
    }
    if (order == 2) {
      minus[1][1] = true;
      return minus;
    }
    int q = order - 1;
    boolean[] square = new boolean[q];
    for (long x = 1; x < q; x++) {
      square[(int) (x * x % q)] = true;
    }
    for (int i = 1; i < order; i++) {
      for (int j = 1; j < order; j++) {
        // Paley's matrix, its rows multiplied by -1 so that the first column is all 1.
        minus[i][j] = i == j || square[Math.floorMod(j - i, q)];
      }
    }
    return minus;
  }

  /** A table of strength 2 over 0 .. q - 1; its first row is all 0. */
  static int[][] ofPrime(int factors, int q) {
    int m = 2;
    long size = (long) q * q;
    while ((size - 1) / (q - 1) < factors) {
      m++;
      size *= q;
    }
    if (size > 1 << 20) {
      throw new IllegalArgumentException(
          factors + " factors of " + q + " levels need " + size + " runs: must be at most 2^20");
    }
    int[][] columns = new int[factors][];
    int filled = 0;
    for (int code = 1; filled < factors; code++) {
      int[] c = digits(code, q, m);
      if (Arrays.stream(c).filter(x -> x != 0).findFirst().orElse(0) == 1) {
        columns[filled++] = c;
      }
    }
    int[][] rows = new int[(int) size][factors];
    for (int i = 0; i < rows.length; i++) {
      int[] x = digits(i, q, m);
      for (int j = 0; j < factors; j++) {
        int sum = 0;
        for (int d = 0; d < m; d++) {
          sum += x[d] * columns[j][d];
        }
        rows[i][j] = sum % q;
      }
    }
    return rows;
  }

  private static int[] digits(int number, int q, int m) {
    int[] digits = new int[m];
    int rest = number;
    for (int d = m - 1; d >= 0; d--) {
      digits[d] = rest % q;
      rest /= q;
    }
    return digits;
  }

  static boolean isPrime(int n) {
    for (int d = 2; d * d <= n; d++) {
      if (n % d == 0) {
        return false;
      }
    }
    return n > 1;
  }
}
