package org.assay.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the plain definition: all pairs of a positive and a negative. */
class RocAreaTest {
  private static double area(double[] label, double[] score, boolean[] out) {
    long pairs = 0;
    long right = 0;
    for (int i = 0; i < label.length; i++) {
      for (int j = 0; j < label.length; j++) {
        if (label[i] == 1 && label[j] == 0 && !out[i] && !out[j]) {
          pairs += 2;
          right += score[i] > score[j] ? 2 : score[i] == score[j] ? 1 : 0;
        }
      }
    }
    return right / (double) pairs;
  }

  /**
   * Rows that leave one by one: exact. Scores of many kinds: spread, tied, heaped, of one bucket.
   */
  @ParameterizedTest
  @ValueSource(strings = {"normal", "tied", "heaped", "equal", "far"})
  void withoutEachRow(String kind) {
    Random random = new Random(3);
    int n = 150;
    double[] label = new double[n];
    double[] score = new double[n];
    int[] own = new int[n];
    for (int i = 0; i < n; i++) {
      label[i] = random.nextInt(3) == 0 ? 1 : 0;
      double x = random.nextGaussian() + label[i];
      score[i] =
          switch (kind) {
            case "normal" -> x;
            case "tied" -> Math.rint(x);
            case "heaped" -> i == 7 ? 1e12 : x;
            case "far" -> x * 1e300;
            default -> 2;
          };
      own[i] = i;
    }
    RocArea found = new RocArea(n);
    found.take(label, score, own, null, n);
    double all = area(label, score, new boolean[n]);
    double pairs = 2.0 * found.positives() * found.negatives();
    assertThat(found.concordance() / pairs).isEqualTo(all);
    double[] without = new double[n];
    found.addWithout(without);
    for (int i = 0; i < n; i++) {
      boolean[] out = new boolean[n];
      out[i] = true;
      assertThat(without[i]).isCloseTo(area(label, score, out), within(1e-12));
    }
  }

  /**
   * Groups leave with their donors; what is left of the pairs inside a group is of second order.
   */
  @Test
  void withoutGroupsAndThoseTheyGiveTo() {
    Random random = new Random(5);
    int n = 1200;
    int groups = 40;
    double[] label = new double[n];
    double[] score = new double[n];
    int[] own = new int[n];
    int[] donor = new int[n];
    for (int i = 0; i < n; i++) {
      label[i] = random.nextBoolean() ? 1 : 0;
      score[i] = random.nextGaussian() + label[i];
      own[i] = random.nextInt(groups);
      donor[i] = random.nextInt(groups);
    }
    RocArea found = new RocArea(groups);
    found.take(label, score, own, donor, n);
    double[] without = new double[groups];
    found.addWithout(without);
    double all = area(label, score, new boolean[n]);
    for (int g = 0; g < groups; g++) {
      boolean[] out = new boolean[n];
      for (int i = 0; i < n; i++) {
        out[i] = own[i] == g || donor[i] == g;
      }
      // A group is a twentieth of the rows with its donors: the second order is below 1 / 400.
      assertThat(without[g]).isCloseTo(area(label, score, out), within(0.0025));
    }
    assertThat(Arrays.stream(without).average().orElseThrow()).isCloseTo(all, within(0.0005));
    double[] twice = without.clone();
    found.addWithout(twice);
    assertThat(twice[3]).isEqualTo(2 * without[3]);
  }

  /** Neither the order of rows nor those taken before change a bit. */
  @Test
  void theOrderOfRowsDoesNotMatter() {
    Random random = new Random(6);
    int n = 5000;
    double[][] rows = new double[n][];
    for (int i = 0; i < n; i++) {
      rows[i] = new double[] {random.nextInt(2), Math.rint(50 * random.nextGaussian()), i % 30};
    }
    RocArea area = new RocArea(30);
    double[][] without = new double[2][30];
    long[] concordance = new long[2];
    for (int time = 0; time < 2; time++) {
      double[] label = Arrays.stream(rows).mapToDouble(r -> r[0]).toArray();
      double[] score = Arrays.stream(rows).mapToDouble(r -> r[1]).toArray();
      int[] own = Arrays.stream(rows).mapToInt(r -> (int) r[2]).toArray();
      area.take(label, score, own, own, n);
      concordance[time] = area.concordance();
      area.addWithout(without[time]);
      java.util.Collections.shuffle(Arrays.asList(rows), random);
    }
    assertThat(concordance[1]).isEqualTo(concordance[0]);
    assertThat(without[1]).isEqualTo(without[0]);
  }

  @Test
  void edges() {
    RocArea area = new RocArea(3);
    area.take(new double[0], new double[0], new int[0], null, 0);
    assertThat(area.positives() + area.negatives()).isZero();
    double[] label = {1, 0, 0};
    area.take(label, new double[] {3, 1, 2}, new int[] {0, 1, 1}, null, 3);
    double[] without = new double[3];
    area.addWithout(without);
    assertThat(without).containsExactly(Double.NaN, Double.NaN, 1);
    double[] bad = {1, Double.NaN, 2};
    assertThatThrownBy(() -> area.take(label, bad, new int[3], null, 3))
        .hasMessageContaining("must be finite");
    assertThatThrownBy(() -> new RocArea(65_535)).hasMessageContaining("must be 1 to 65,534");
  }
}
