package org.assay.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;

class PassTest {
  /** Numbers and weights whose sums of products are exact in any order. */
  private static Examples whole(int n, int p) {
    Keyed keyed = Keyed.of(3, "pass");
    double[][] x = new double[n][p];
    double[] y = new double[n];
    double[] w = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < p; j++) {
        x[i][j] = keyed.below(100, j, i) - 50;
      }
      y[i] = keyed.below(1000, 50, i);
      w[i] = keyed.below(4, 60, i);
    }
    return Examples.of(x, y, w);
  }

  private static List<Moments> empty(int parts) {
    List<Moments> sums = new ArrayList<>();
    for (int p = 0; p < parts; p++) {
      sums.add(Moments.ofNumbers(Center.zero(5)));
    }
    return sums;
  }

  /** Divisions summed together, alone, and row by row by the definition: all the same. */
  @Test
  void divisionsAreSummedTogetherAsTheyAreAlone() {
    int[] folds = {3, 10, 4, 2, 7};
    for (int n : new int[] {0, 1, 7, 64, 65, 1000, 5003}) {
      Examples rows = whole(n, 5);
      Keyed keyed = Keyed.of(n, "divisions");
      List<int[]> part = new ArrayList<>();
      List<List<Moments>> together = new ArrayList<>();
      for (int d = 0; d < folds.length; d++) {
        int[] own = new int[n];
        for (int i = 0; i < n; i++) { // the third leaves some rows out
          own[i] = (int) keyed.below(folds[d] + (d == 2 ? 1 : 0), d, i) - (d == 2 ? 1 : 0);
        }
        part.add(own);
        together.add(empty(folds[d]));
      }
      new Pass(Center.zero(5))
          .addByParts(rows, part, folds, together, () -> Moments.ofNumbers(Center.zero(5)));
      for (int d = 0; d < folds.length; d++) {
        List<Moments> alone = empty(folds[d]);
        new Pass(Center.zero(5)).addByPart(rows, part.get(d), alone);
        for (int f = 0; f < folds[d]; f++) {
          assertEqual(together.get(d).get(f), alone.get(f));
          assertEqual(together.get(d).get(f), byDefinition(rows, part.get(d), f));
        }
      }
    }
  }

  /** To the bit, also where sums of products are rounded. */
  @Test
  void whichDivisionsAreAskedForChangesNothing() {
    Drawn drawn = Drawn.of(4, 3000, 5);
    Examples rows = drawn.rows(drawn.number());
    Keyed keyed = Keyed.of(9, "divisions");
    int[] folds = {10, 10};
    List<int[]> part = new ArrayList<>();
    for (int d = 0; d < 2; d++) {
      int[] own = new int[3000];
      for (int i = 0; i < own.length; i++) {
        own[i] = (int) keyed.below(10, d, i);
      }
      part.add(own);
    }
    List<List<Moments>> both = List.of(empty(10), empty(10));
    List<List<Moments>> second = new ArrayList<>(java.util.Arrays.asList(null, empty(10)));
    new Pass(Center.zero(5))
        .addByParts(rows, part, folds, both, () -> Moments.ofNumbers(Center.zero(5)));
    new Pass(Center.zero(5))
        .addByParts(rows, part, folds, second, () -> Moments.ofNumbers(Center.zero(5)));
    for (int f = 0; f < 10; f++) {
      assertEqual(second.get(1).get(f), both.get(1).get(f));
    }
  }

  @Test
  void asManyDivisionsAreSummedTogetherAsLeaveRowsInCells() {
    assertThat(Pass.together(100, 10)).isEqualTo(1);
    assertThat(Pass.together(16 * 121, 10)).isEqualTo(2);
    assertThat(Pass.together(16 * 121 - 1, 10)).isEqualTo(1);
    assertThat(Pass.together(60_000, 10)).isEqualTo(3);
    assertThat(Pass.together(60_000, 60_000)).isEqualTo(1);
  }

  private static Moments byDefinition(Examples rows, int[] part, int fold) {
    double[] times = new double[rows.size()];
    for (int i = 0; i < times.length; i++) {
      times[i] = part[i] == fold ? 1 : 0;
    }
    Moments sums = Moments.ofNumbers(Center.zero(5));
    for (int i = 0; i < times.length; i++) {
      double v = times[i] * rows.weight()[i];
      int at = 0;
      for (int a = 0; a < 6; a++) {
        double za = a == 0 ? 1 : rows.features()[i * 5 + a - 1];
        sums.slope[0][a] += v * rows.label()[i] * za;
        for (int b = a; b < 6; b++) {
          sums.curvature[0][at++] += v * za * (b == 0 ? 1 : rows.features()[i * 5 + b - 1]);
        }
      }
      sums.labelSquares += v * rows.label()[i] * rows.label()[i];
      sums.items += v > 0 ? 1 : 0;
    }
    return sums;
  }

  private static void assertEqual(Moments some, Moments others) {
    assertThat(some.curvature).isEqualTo(others.curvature);
    assertThat(some.slope).isEqualTo(others.slope);
    assertThat(some.labelSquares).isEqualTo(others.labelSquares);
    assertThat(some.items).isEqualTo(others.items);
  }
}
