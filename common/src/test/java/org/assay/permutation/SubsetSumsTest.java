package org.assay.permutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;

/** The kernels against plain loops over rows, and sums of all kinds of columns at once. */
class SubsetSumsTest {
  private static final Keyed FUNCTION = Keyed.of(5, "signs");
  private static final int ROWS = 333;
  private static final int REPLICATES = 1_300;

  private final double[] numbers = new double[ROWS];
  private final double[] signs = new double[ROWS];
  private final int[] codes = new int[ROWS];
  private final List<Column> columns;

  SubsetSumsTest() {
    Keyed keyed = Keyed.of(1, "subset sums test");
    for (int i = 0; i < ROWS; i++) {
      numbers[i] = keyed.uniform(0, i) - 0.4;
      signs[i] = keyed.below(3, 1, i) - 1;
      // Slices in runs, slices of single rows, and rows in none.
      codes[i] = i < 100 ? i / 30 : (int) keyed.below(7, 2, i) - 1;
    }
    columns = columns(0, ROWS);
  }

  private List<Column> columns(int from, int to) {
    double[] x = Arrays.copyOfRange(numbers, from, to);
    double[] s = Arrays.copyOfRange(signs, from, to);
    int[] c = Arrays.copyOfRange(codes, from, to);
    Column all = Column.part(from, x, FixedPoint.of(ROWS, 1));
    Column some = Column.part(from, s, FixedPoint.WHOLE);
    assertThat(all).isInstanceOf(TableColumn.class);
    assertThat(some).isInstanceOf(SignColumn.class);
    assertThat(all.by(c, 6)).isInstanceOf(SlicedColumn.class);
    return List.of(
        all, some, all.by(c, 6), some.by(c, 6), Column.part(from, s, FixedPoint.of(ROWS, 1)));
  }

  /** Sums by the definition, one row after the other. */
  private long[][] plain(Subsets subsets, long replicate) {
    long[] words = new long[(ROWS + 63) / 64];
    subsets.fill(replicate, 1, words);
    FixedPoint scale = FixedPoint.of(ROWS, 1);
    long[][] sums = new long[15][1];
    for (int i = 0; i < ROWS; i++) {
      if ((words[i / 64] >>> i & 1) != 0) {
        sums[0][0] += scale.units(numbers[i]);
        sums[1][0] += (long) signs[i];
        if (codes[i] >= 0) {
          sums[2 + codes[i]][0] += scale.units(numbers[i]);
          sums[8 + codes[i]][0] += (long) signs[i];
        }
        sums[14][0] += scale.units(signs[i]);
      }
    }
    return sums;
  }

  private static List<Subsets> subsets() {
    int[] strata = new int[ROWS];
    Arrays.setAll(strata, i -> i < 200 ? 0 : i < 260 ? 1 : 2 + (i - 260) / 2);
    Strata several = Strata.of(strata);
    int[] sizes = new int[several.size()];
    Arrays.setAll(sizes, s -> several.rows(s) / 2);
    return List.of(
        new Flips(FUNCTION, ROWS),
        new Selections(FUNCTION, Strata.one(ROWS), new int[] {50}),
        new Selections(FUNCTION, several, sizes));
  }

  @Test
  void sumsAreThoseOfAPlainLoop() {
    for (Subsets subsets : subsets()) {
      long[][] sums = new long[15][REPLICATES];
      subsets.sums(columns, 0, REPLICATES, sums);
      for (int r = 0; r < REPLICATES; r += 13) {
        long[][] plain = plain(subsets, r);
        for (int output = 0; output < sums.length; output++) {
          assertThat(sums[output][r]).isEqualTo(plain[output][0]);
        }
      }
    }
  }

  @Test
  void anyRangeOfReplicatesGivesTheSameSums() {
    for (Subsets subsets : subsets()) {
      long[][] whole = new long[15][REPLICATES];
      subsets.sums(columns, 0, REPLICATES, whole);
      for (int[] range : new int[][] {{0, 1}, {7, 7}, {63, 65}, {100, 1_250}, {1_299, 1_300}}) {
        long[][] part = new long[15][range[1] - range[0]];
        subsets.sums(columns, range[0], range[1], part);
        for (int output = 0; output < 15; output++) {
          assertThat(part[output]).isEqualTo(Arrays.copyOfRange(whole[output], range[0], range[1]));
        }
      }
    }
  }

  @Test
  void flipsOfPartsOfTheRowsAddUp() {
    long[][] whole = new long[15][70];
    Flips flips = new Flips(FUNCTION, ROWS);
    flips.sums(columns, 0, 70, whole);
    long[][] total = new long[15][70];
    int[] cuts = {0, 1, 64, 65, 190, 191, 320, ROWS};
    for (int cut = 0; cut + 1 < cuts.length; cut++) {
      long[][] part = new long[15][70];
      flips.sums(columns(cuts[cut], cuts[cut + 1]), 0, 70, part);
      for (int output = 0; output < 15; output++) {
        for (int r = 0; r < 70; r++) {
          total[output][r] += part[output][r];
        }
      }
    }
    assertThat(total).isDeepEqualTo(whole);
  }

  @Test
  void rowsBeyondTheLargestIntHaveSigns() {
    long firstRow = 3_000_000_001L;
    long[][] sums = new long[1][5];
    Column column = Column.part(firstRow, new double[] {1, 0, 1}, FixedPoint.WHOLE);
    new Flips(FUNCTION, 0).sums(List.of(column), 0, 5, sums);
    for (int r = 0; r < 5; r++) {
      long word = FUNCTION.bits(r, firstRow / 64);
      assertThat(sums[0][r]).isEqualTo((word >>> firstRow & 1) + (word >>> firstRow + 2 & 1));
    }
  }

  @Test
  void joinedRowsGoTogetherAndKeepTheirSlices() {
    int[] units = new int[ROWS];
    Arrays.setAll(units, i -> i % 50 - 1);
    List<Column> joined = columns.stream().map(column -> column.joined(units, 49)).toList();
    long[][] sums = new long[15][3];
    new Flips(FUNCTION, 49).sums(joined, 0, 3, sums);
    long[] words = new long[1];
    FixedPoint scale = FixedPoint.of(ROWS, 1);
    for (int r = 0; r < 3; r++) {
      new Flips(FUNCTION, 49).fill(r, 1, words);
      long[] plain = new long[15];
      for (int i = 0; i < ROWS; i++) {
        if (units[i] >= 0 && (words[0] >>> units[i] & 1) != 0) {
          plain[0] += scale.units(numbers[i]);
          plain[1] += (long) signs[i];
          if (codes[i] >= 0) {
            plain[2 + codes[i]] += scale.units(numbers[i]);
            plain[8 + codes[i]] += (long) signs[i];
          }
        }
      }
      for (int output = 0; output < 14; output++) {
        assertThat(sums[output][r]).isEqualTo(plain[output]);
      }
    }
  }

  @Test
  void aRowFlipsByItsNumberAlone() {
    long[] words = new long[6];
    new Flips(FUNCTION, ROWS).fill(9, 1, words);
    for (int i = 0; i < ROWS; i++) {
      assertThat(words[i / 64] >>> i & 1).isEqualTo(FUNCTION.bits(9, i / 64) >>> i & 1);
    }
    assertThat(words[5] >>> (ROWS % 64)).isZero();
  }

  /** Of 20 rows with x = 1, the number that flip is binomial (20, 1/2). */
  @Test
  void numbersOfFlipsAreBinomial() {
    double[] ones = new double[20];
    Arrays.fill(ones, 1);
    long[][] sums = new long[1][100_000];
    new Flips(FUNCTION, 20).sums(List.of(Column.of(ones)), 0, 100_000, sums);
    long[] observed = new long[21];
    for (long sum : sums[0]) {
      observed[(int) sum]++;
    }
    double[] probabilities = new double[21];
    Arrays.setAll(
        probabilities, k -> Arrangements.combinations(20, k) / (double) Arrangements.signs(20));
    Fit.assertFits(observed, probabilities);
  }

  /** All 2^8 sign vectors of 8 rows far apart, over the sums of 1, 2, 4 .. 128. */
  @Test
  void signsAreIndependent() {
    double[] x = new double[1_000];
    for (int i = 0; i < 8; i++) {
      x[(i * 131) % 1_000] = 1 << i;
    }
    long[][] sums = new long[1][50_000];
    Column column = Column.part(0, x, new FixedPoint(0));
    new Flips(FUNCTION, 1_000).sums(List.of(column), 0, 50_000, sums);
    long[] observed = new long[256];
    for (long sum : sums[0]) {
      observed[(int) sum]++;
    }
    Fit.assertUniform(observed);
  }

  @Test
  void noRowsAndNoColumnsSumToNothing() {
    long[][] sums = {{5, 5}};
    new Flips(FUNCTION, 0).sums(List.of(Column.of(new double[0])), 0, 2, sums);
    assertThat(sums[0]).containsOnly(0);
    new Flips(FUNCTION, 7).sums(new ArrayList<>(), 0, 2, new long[0][]);
    sums[0][1] = 5;
    new Selections(FUNCTION, Strata.one(0), new int[] {0})
        .sums(List.of(Column.of(new double[0])), 0, 2, sums);
    assertThat(sums[0]).containsOnly(0);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Column.of(new double[] {1, Double.NaN}))
        .withMessage("row 1 is NaN: must be finite; leave out rows without a value");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Column.of(new double[] {Double.NEGATIVE_INFINITY}))
        .withMessage("row 0 is -Infinity: must be finite; leave out rows without a value");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Column.part(-1, new double[1], FixedPoint.WHOLE))
        .withMessage("first row -1: must not be negative");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> columns.get(0).by(new int[ROWS - 1], 2))
        .withMessage("332 slice codes for 333 rows: must be one per row");
    int[] tooLarge = new int[ROWS];
    tooLarge[3] = 2;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> columns.get(0).by(tooLarge, 2))
        .withMessage("slice 2: must be below the number of them, 2");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Flips(FUNCTION, 9)
                    .sums(
                        List.of(columns(0, 5).get(0), columns(0, 6).get(0)), 0, 1, new long[2][1]))
        .withMessage("columns of different rows: must all hold the same ones");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> subsets().get(1).sums(columns(1, ROWS), 0, 1, new long[15][1]))
        .withMessage("a column of 332 rows from row 1 on: must be all 333");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> subsets().get(0).sums(columns, 3, 2, new long[15][1]))
        .withMessage("replicates [3, 2): must be an increasing range");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> subsets().get(0).sums(columns, 0, 1, new long[14][1]))
        .withMessage("room for 14 sums of 15 slices of columns");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Column.whole(new long[] {1L << 60, -(1L << 60), 1}))
        .withMessage(
            "whole numbers whose sizes add up to more than 2^61: divide them by a common factor");
  }
}
