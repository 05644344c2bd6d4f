package org.assay.order;

/**
 * Orders of 0 .. n - 1 in which every ordered pair of different numbers stands side by side: a
 * Tuscan square, which has n rows, so that each pair is there exactly once. No fewer rows can do:
 * each has n - 1 of the n (n - 1) pairs.
 *
 * <pre>
 *   n even       the zigzag 0, n-1, 1, n-2, .. and what it becomes by adding 1, 2, .. n-1 mod n
 *   n = 4k + 3   the n - 1 cycles (infinity, i, i+1, i-1, i+2, ..) mod n - 1 hold every pair once; each is
 *                cut in one place, and the pairs that were cut are the last row
 *   n = 4k + 1   from a square of order h = (n + 1) / 2, which is odd: h cycles of its rows, each
 *                followed by its mirror image in a second copy of the numbers, and h - 1 cycles of the
 *                kind above that change the copy at each step; the last number is taken out
 *   n = 9        found by search: three rows and what they become by adding 3 and 6 mod 9
 *   n = 3, 5     there is no square; the square of order n + 1 without its last number has n + 1 rows
 * </pre>
 *
 * <p>Sources: E. J. Williams, "Experimental designs balanced for the estimation of residual effects
 * of treatments", Australian Journal of Scientific Research A 2, 1949, 149-168,
 * doi:10.1071/CH9490149 (n even). T. W. Tillson, "A Hamiltonian decomposition of K*_2m, 2m >= 8",
 * Journal of Combinatorial Theory B 29, 1980, 68-74, doi:10.1016/0095-8956(80)90044-1 (n odd). The
 * name is that of S. W. Golomb and H. Taylor, "Tuscan squares - a new family of combinatorial
 * designs", Ars Combinatoria 20-B, 1985, 115-132.
 */
final class TuscanSquare {
  private static final int[][] NINE = {
    {5, 2, 0, 3, 1, 4, 6, 7, 8}, {4, 3, 0, 2, 6, 5, 8, 1, 7}, {6, 1, 5, 4, 2, 7, 3, 8, 0}
  };

  private TuscanSquare() {}

  /** How many rows {@link #of} has: n, but 4 for n = 3 and 6 for n = 5. */
  static int rows(int n) {
    return n == 3 || n == 5 ? n + 1 : n;
  }

  /**
   * The rows.
   *
   * @param n positive
   */
  static int[][] of(int n) {
    int[][] square = new int[rows(n)][];
    for (int row = 0; row < square.length; row++) {
      square[row] = row(n, row);
    }
    return square;
  }

  /**
   * One row, in O(n) time.
   *
   * @param n positive
   * @param row from 0 to {@code rows(n) - 1}
   */
  static int[] row(int n, int row) {
    if (n % 2 == 0 || n == 1) {
      return zigzag(n, row);
    }
    if (n == 3 || n == 5) {
      return without(zigzag(n + 1, row), n);
    }
    if (n == 9) {
      return shifted(NINE[row % 3], row - row % 3);
    }
    if (n % 4 == 3) {
      return row < n - 1 ? cut(n, row) : cuts(n);
    }
    return doubled(n, row);
  }

  /** i, i - 1, i + 1, i - 2, .. mod n. */
  private static int[] zigzag(int n, int i) {
    int[] row = new int[n];
    for (int j = 0; j < n; j++) {
      row[j] = Math.floorMod(j % 2 == 0 ? i + j / 2 : i - (j + 1) / 2, n);
    }
    return row;
  }

  /**
   * The number at a place of the cycle (infinity, i, i + 1, i - 1, ..) mod n - 1; infinity is n -
   * 1.
   */
  private static int cycle(int n, int i, int place) {
    if (place == 0) {
      return n - 1;
    }
    return Math.floorMod(place % 2 == 0 ? i + place / 2 : i - (place - 1) / 2, n - 1);
  }

  /** Where the i-th cycle is cut, n = 4k + 3: before this place. */
  private static int cutPlace(int n, int i) {
    int k = (n - 3) / 4;
    if (i == 0) {
      return 1;
    }
    if (i == k + 1) {
      return 4 * k + 2;
    }
    if (i == 2 * k + 2) {
      return 3;
    }
    return i == 3 * k + 2 ? 4 * k : 2 * k;
  }

  /** The i-th cycle, opened at its cut; n = 4k + 3. */
  private static int[] cut(int n, int i) {
    int first = cutPlace(n, i);
    int[] row = new int[n];
    for (int j = 0; j < n; j++) {
      row[j] = cycle(n, i, (first + j) % n);
    }
    return row;
  }

  /** The pairs that the cuts open, end to end; n = 4k + 3. */
  private static int[] cuts(int n) {
    int[] next = new int[n];
    for (int i = 0; i < n - 1; i++) {
      int place = cutPlace(n, i);
      next[cycle(n, i, place - 1)] = cycle(n, i, place);
    }
    int[] row = new int[n];
    row[0] = n - 1;
    for (int j = 1; j < n; j++) {
      row[j] = next[row[j - 1]];
    }
    return row;
  }

  /** A row of n = 2h - 1, h odd, from a cycle through two copies of the square of order h. */
  private static int[] doubled(int n, int row) {
    int h = (n + 1) / 2;
    int[] circle = new int[n + 1];
    if (row < h) {
      int[] half = row(h, row);
      for (int j = 0; j < h; j++) {
        circle[j] = half[j];
        circle[n - j] = half[j] + h;
      }
    } else {
      for (int j = 0; j <= n; j++) {
        circle[j] = cycle(h, row - h, j % h) + (j % 2 == 0 ? 0 : h);
      }
    }
    int open = 0;
    while (circle[open] != n) {
      open++;
    }
    int[] opened = new int[n];
    for (int j = 0; j < n; j++) {
      opened[j] = circle[(open + 1 + j) % (n + 1)];
    }
    return opened;
  }

  private static int[] shifted(int[] row, int by) {
    int[] shifted = new int[row.length];
    for (int j = 0; j < row.length; j++) {
      shifted[j] = (row[j] + by) % row.length;
    }
    return shifted;
  }

  private static int[] without(int[] row, int number) {
    int[] rest = new int[row.length - 1];
    int filled = 0;
    for (int x : row) {
      if (x != number) {
        rest[filled++] = x;
      }
    }
    return rest;
  }
}
