package org.assay.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.assay.random.Keyed;
import org.assay.random.Permutation;
import org.junit.jupiter.api.Test;

/** What holds of every exchange; the model is also given by its plain definition. */
abstract class ExchangeContract {
  private static final int ROWS = 700;

  private final Exchange exchange = exchange();

  /** The exchange under test; its groups overlap. */
  abstract Exchange exchange();

  /** The same model by its definition, in sums of doubles. */
  abstract double[] outputs(double[] row);

  /** Largest difference to the definition that is rounding. */
  abstract double tolerance();

  /** Rows with ties, and of everything that the model has to deal with. */
  abstract double[] rows(int count);

  private static int[] donors(int replicate, int count) {
    Permutation permutation = Permutation.of(Keyed.of(5, "exchange test"), replicate, count);
    int[] donor = new int[count];
    Arrays.setAll(donor, i -> (int) permutation.at(i));
    return donor;
  }

  private double[] row(double[] rows, int i) {
    int width = exchange.groups().width();
    return Arrays.copyOfRange(rows, i * width, (i + 1) * width);
  }

  private double[] exchanged(double[] rows, int i, int donor, int group) {
    double[] row = row(rows, i);
    for (int feature : exchange.groups().features()[group]) {
      row[feature] = row(rows, donor)[feature];
    }
    return row;
  }

  private void assertOutputs(double[] out, int at, double[] row) {
    double[] expected = outputs(row);
    for (int k = 0; k < expected.length; k++) {
      double found = out[at * expected.length + k];
      if (!(Math.abs(found - expected[k]) <= tolerance())) {
        assertThat(found).as("row %s", Arrays.toString(row)).isEqualTo(expected[k]);
      }
    }
  }

  private double[][] room(int rows) {
    return new double[exchange.groups().size()][rows * exchange.outputs()];
  }

  @Test
  void predictsByTheDefinition() {
    double[] rows = rows(ROWS);
    double[] out = new double[ROWS * exchange.outputs()];
    exchange.predict(exchange.prepare(rows, ROWS), 0, ROWS, out);
    for (int i = 0; i < ROWS; i++) {
      assertOutputs(out, i, row(rows, i));
    }
  }

  @Test
  void exchangesByTheDefinition() {
    double[] rows = rows(ROWS);
    Exchange.Prepared prepared = exchange.prepare(rows, ROWS);
    int[] donor = donors(1, ROWS);
    double[][] out = room(ROWS);
    exchange.exchange(prepared, 0, ROWS, prepared, donor, out);
    for (int g = 0; g < out.length; g++) {
      for (int i = 0; i < ROWS; i++) {
        assertOutputs(out[g], i, exchanged(rows, i, donor[i], g));
      }
    }
  }

  @Test
  void equalRowsHaveEqualOutputsInWhateverWayTheyCameAbout() {
    double[] rows = rows(ROWS);
    Exchange.Prepared prepared = exchange.prepare(rows, ROWS);
    int outputs = exchange.outputs();
    Map<String, String> seen = new HashMap<>();
    int ties = 0;
    double[] own = new double[ROWS * outputs];
    exchange.predict(prepared, 0, ROWS, own);
    for (int i = 0; i < ROWS; i++) {
      seen.put(
          Arrays.toString(row(rows, i)),
          Arrays.toString(Arrays.copyOfRange(own, i * outputs, (i + 1) * outputs)));
    }
    for (int replicate = 0; replicate < 3; replicate++) {
      int[] donor = donors(replicate, ROWS);
      double[][] out = room(ROWS);
      exchange.exchange(prepared, 0, ROWS, prepared, donor, out);
      for (int g = 0; g < out.length; g++) {
        for (int i = 0; i < ROWS; i++) {
          String found =
              Arrays.toString(Arrays.copyOfRange(out[g], i * outputs, (i + 1) * outputs));
          String before = seen.put(Arrays.toString(exchanged(rows, i, donor[i], g)), found);
          ties += before == null ? 0 : 1;
          if (before != null && !before.equals(found)) {
            assertThat(found).as("group %d, row %d", g, i).isEqualTo(before);
          }
        }
      }
    }
    assertThat(ties).isGreaterThan(1000);
  }

  @Test
  void aDonorWithTheSameValuesChangesNothing() {
    Exchange.Prepared prepared = exchange.prepare(rows(ROWS), ROWS);
    int[] self = new int[ROWS];
    Arrays.setAll(self, i -> i);
    double[] own = new double[ROWS * exchange.outputs()];
    exchange.predict(prepared, 0, ROWS, own);
    double[][] out = room(ROWS);
    exchange.exchange(prepared, 0, ROWS, prepared, self, out);
    for (int g = 0; g < out.length; g++) {
      assertThat(out[g]).isEqualTo(own);
    }
  }

  @Test
  void rangesAndOtherBlocksOfDonorsGiveTheSameBits() {
    int width = exchange.groups().width();
    int outputs = exchange.outputs();
    double[] rows = rows(ROWS);
    Exchange.Prepared all = exchange.prepare(rows, ROWS);
    int[] donor = donors(2, ROWS);
    double[][] whole = room(ROWS);
    exchange.exchange(all, 0, ROWS, all, donor, whole);
    double[] gathered = new double[200 * width];
    for (int i = 0; i < 200; i++) {
      System.arraycopy(rows, donor[300 + i] * width, gathered, i * width, width);
    }
    int[] self = new int[200];
    Arrays.setAll(self, i -> i);
    double[][] part = room(200);
    part[0] = null;
    exchange.exchange(all, 300, 500, exchange.prepare(gathered, 200), self, part);
    for (int g = 1; g < part.length; g++) {
      assertThat(part[g]).isEqualTo(Arrays.copyOfRange(whole[g], 300 * outputs, 500 * outputs));
    }
  }

  @Test
  void groupsThatAreNotUsedChangeNothing() {
    Exchange.Prepared prepared = exchange.prepare(rows(ROWS), ROWS);
    double[] own = new double[ROWS * exchange.outputs()];
    exchange.predict(prepared, 0, ROWS, own);
    double[][] out = room(ROWS);
    exchange.exchange(prepared, 0, ROWS, prepared, donors(3, ROWS), out);
    int unused = 0;
    for (int g = 0; g < out.length; g++) {
      if (!exchange.uses(g)) {
        unused++;
        assertThat(out[g]).isEqualTo(own);
      } else {
        assertThat(out[g]).isNotEqualTo(own);
      }
    }
    assertThat(unused).isEqualTo(unusedGroups());
  }

  /** How many groups of {@link #exchange} are seen to be of no use to the model. */
  abstract int unusedGroups();

  @Test
  void refusesDonorsThatAreNotThere() {
    Exchange.Prepared prepared = exchange.prepare(rows(3), 3);
    assertThatThrownBy(
            () -> exchange.exchange(prepared, 0, 3, prepared, new int[] {0, 1, 3}, room(3)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> exchange.exchange(prepared, 0, 3, prepared, new int[2], room(3)))
        .hasMessage("2 donors of 3 rows");
    assertThatThrownBy(
            () -> exchange.exchange(prepared, 0, 3, prepared, new int[3], new double[1][3]))
        .hasMessage("1 outputs of " + exchange.groups().size() + " groups");
  }

  @Test
  void noRowsAreFine() {
    Exchange.Prepared prepared = exchange.prepare(new double[0], 0);
    exchange.predict(prepared, 0, 0, new double[0]);
    exchange.exchange(prepared, 0, 0, prepared, new int[0], room(0));
    assertThat(prepared.count()).isZero();
  }
}
