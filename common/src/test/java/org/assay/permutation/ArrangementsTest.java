package org.assay.permutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;

/** Counts of arrangements, their enumeration, and how evenly they are drawn. */
class ArrangementsTest {
  private static final Keyed FUNCTION = Keyed.of(3, "arrangements");

  @Test
  void combinationsAreThoseOfPascalsTriangle() {
    BigInteger[] row = {BigInteger.ONE};
    for (int n = 0; n <= 80; n++) {
      for (int k = 0; k <= n; k++) {
        long count = Arrangements.combinations(n, k);
        // Saturates a little early: a product on the way may be n times the result.
        if (count == Arrangements.MANY) {
          assertThat(row[k].bitLength()).isGreaterThan(56);
        } else {
          assertThat(BigInteger.valueOf(count)).isEqualTo(row[k]);
        }
      }
      BigInteger[] next = new BigInteger[n + 2];
      for (int k = 0; k <= n + 1; k++) {
        next[k] = (k == 0 ? BigInteger.ZERO : row[k - 1]).add(k > n ? BigInteger.ZERO : row[k]);
      }
      row = next;
    }
    assertThat(Arrangements.combinations(5, 6)).isZero();
    assertThat(Arrangements.combinations(Integer.MAX_VALUE, 1)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void largeCountsSaturate() {
    assertThat(Arrangements.permutations(0)).isOne();
    assertThat(Arrangements.permutations(20)).isEqualTo(2_432_902_008_176_640_000L);
    assertThat(Arrangements.permutations(21)).isEqualTo(Arrangements.MANY);
    assertThat(Arrangements.permutations(1_000_000)).isEqualTo(Arrangements.MANY);
    assertThat(Arrangements.signs(62)).isEqualTo(1L << 62);
    assertThat(Arrangements.signs(63)).isEqualTo(Arrangements.MANY);
  }

  @Test
  void everySelectionIsEnumeratedOnce() {
    Strata strata = Strata.of(new int[] {1, 0, 2, 0, 1, 0, 0, 3, 0});
    assertEnumerates(new AllSelections(strata, new int[] {2, 1, 0, 1}), 10 * 2);
    assertEnumerates(new AllSelections(Strata.one(70), new int[] {2}), 70 * 69 / 2);
    assertEnumerates(new AllSelections(Strata.one(70), new int[] {69}), 70);
    assertEnumerates(new AllSelections(Strata.one(5), new int[] {5}), 1);
    assertEnumerates(new AllSelections(Strata.one(0), new int[] {0}), 1);
    assertEnumerates(new AllFlips(10), 1024);
    assertEnumerates(new AllFlips(0), 1);
  }

  /** In ranges of 7, each subset once and of the size asked for. */
  private static void assertEnumerates(Subsets subsets, int arrangements) {
    assertThat(subsets.arrangements()).isEqualTo(arrangements);
    int words = (subsets.rows() + 63) / 64;
    Set<String> seen = new HashSet<>();
    for (int from = 0; from < arrangements; from += 7) {
      int count = Math.min(7, arrangements - from);
      long[] filled = new long[count * words];
      subsets.fill(from, count, filled);
      for (int r = 0; r < count; r++) {
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < words; word++) {
          text.append(filled[word * count + r]).append(' ');
        }
        seen.add(text.toString());
      }
    }
    assertThat(seen).hasSize(arrangements);
  }

  @Test
  void everyPermutationIsEnumeratedOnce() {
    Donors donors = Donors.within(FUNCTION, Strata.of(new int[] {0, 1, 0, 1, 0, 1, 1}), 1_000);
    assertThat(donors.arrangements()).isEqualTo(6 * 24);
    Set<String> seen = new HashSet<>();
    int[] donor = new int[7];
    for (int r = 0; r < 144; r++) {
      donors.fill(r, donor);
      assertPermutes(donor, new int[] {0, 1, 0, 1, 0, 1, 1});
      seen.add(Arrays.toString(donor));
    }
    assertThat(seen).hasSize(144);
  }

  private static void assertPermutes(int[] donor, int[] strata) {
    boolean[] used = new boolean[donor.length];
    for (int i = 0; i < donor.length; i++) {
      assertThat(strata[donor[i]]).isEqualTo(strata[i]);
      assertThat(used[donor[i]]).isFalse();
      used[donor[i]] = true;
    }
  }

  @Test
  void enumeratesUpToTheBoundAndDrawsAbove() {
    Strata eight = Strata.one(8);
    assertThat(Subsets.flips(FUNCTION, 8, 256)).isInstanceOf(AllFlips.class);
    assertThat(Subsets.flips(FUNCTION, 8, 255)).isInstanceOf(Flips.class);
    assertThat(Subsets.selections(FUNCTION, eight, new int[] {4}, 70))
        .isInstanceOf(AllSelections.class);
    assertThat(Subsets.selections(FUNCTION, eight, new int[] {4}, 69))
        .isInstanceOf(Selections.class);
    assertThat(Donors.within(FUNCTION, eight, 40_320)).isInstanceOf(AllDonors.class);
    assertThat(Donors.within(FUNCTION, eight, 40_319)).isInstanceOf(DrawnDonors.class);
    // Never more than 2^40.
    assertThat(Subsets.flips(FUNCTION, 41, Long.MAX_VALUE)).isInstanceOf(Flips.class);
  }

  @Test
  void drawnPermutationsAreUniformWithinStrata() {
    int[] strata = {0, 1, 0, 1, 0, 1, 0};
    Donors donors = Donors.within(FUNCTION, Strata.of(strata), 0);
    long[] observed = new long[7 * 7 * 7];
    int[] donor = new int[7];
    for (int r = 0; r < 48_000; r++) {
      donors.fill(r, donor);
      assertPermutes(donor, strata);
      observed[(donor[0] * 7 + donor[2]) * 7 + donor[1]]++;
    }
    // 4 * 3 ways for the rows 0 and 2, 3 for row 1.
    long[] possible = Arrays.stream(observed).filter(count -> count > 0).toArray();
    assertThat(possible).hasSize(36);
    Fit.assertUniform(possible);
  }

  @Test
  void drawnSelectionsHaveTheirSizesInEveryStratum() {
    int[] codes = new int[2_000];
    Arrays.setAll(codes, i -> i < 1_000 ? 0 : i < 1_100 ? 1 : i < 1_103 ? 2 : 3 + i % 300);
    Strata strata = Strata.of(codes);
    for (int part = 0; part < 6; part++) {
      int[] sizes = new int[strata.size()];
      for (int s = 0; s < sizes.length; s++) {
        sizes[s] =
            new int[] {
                  0, 1, strata.rows(s) / 7, strata.rows(s) / 2, strata.rows(s) - 1, strata.rows(s)
                }
                [part];
        sizes[s] = Math.max(0, Math.min(sizes[s], strata.rows(s)));
      }
      Selections selections = new Selections(FUNCTION, strata, sizes);
      long[] words = new long[32 * 40];
      selections.fill(17, 40, words);
      for (int r = 0; r < 40; r++) {
        int[] taken = new int[sizes.length];
        for (int place = 0; place < 2_000; place++) {
          taken[codes[strata.row(place)]] += (int) (words[(place / 64) * 40 + r] >>> place & 1);
        }
        assertThat(taken).isEqualTo(sizes);
        assertThat(words[31 * 40 + r] >>> 2_000 % 64).isZero();
      }
    }
  }

  /** All C(7, 3) = 35 subsets, in both strata, and all pairs of them. */
  @Test
  void drawnSelectionsAreUniform() {
    Strata strata = Strata.of(new int[] {0, 0, 0, 0, 0, 0, 0, 1, 1, 1});
    Selections selections = new Selections(FUNCTION, strata, new int[] {3, 1});
    long[] observed = new long[1 << 10];
    long[] words = new long[1_000];
    for (int from = 0; from < 100_000; from += 1_000) {
      selections.fill(from, 1_000, words);
      for (long word : words) {
        observed[(int) word]++;
      }
    }
    long[] possible = Arrays.stream(observed).filter(count -> count > 0).toArray();
    assertThat(possible).hasSize(35 * 3);
    Fit.assertUniform(possible);
  }

  /**
   * Samples of 150 rows, small, middle and large: how often each row is taken, and how many of the
   * first 70 are, which is hypergeometric.
   */
  @Test
  void everyRowIsTakenEquallyOftenAndCountsAreHypergeometric() {
    for (int size : new int[] {1, 4, 30, 75, 120, 149}) {
      Selections selections = new Selections(FUNCTION, Strata.one(150), new int[] {size});
      int replicates = 40_000;
      long[] words = new long[3 * replicates];
      selections.fill(0, replicates, words);
      long[] rows = new long[150];
      long[] counts = new long[71];
      for (int r = 0; r < replicates; r++) {
        int among = 0;
        for (int i = 0; i < 150; i++) {
          long taken = words[i / 64 * replicates + r] >>> i & 1;
          rows[i] += taken;
          among += i < 70 ? (int) taken : 0;
        }
        counts[among]++;
      }
      // Counts of rows have variance m q (1 - q), and the sum of their deviations is 0: as in a
      // chi-square with 149 degrees of freedom once divided by (1 - q) 150 / 149.
      double q = size / 150.0;
      double chi2 = 0;
      for (long count : rows) {
        double d = count - replicates * q;
        chi2 += d * d / (replicates * q * (1 - q)) * 149 / 150;
      }
      // 5.5 standard deviations of a chi-square with 149 degrees of freedom: below 1e-5.
      assertThat(chi2).isBetween(149 - 5.5 * Math.sqrt(298), 149 + 5.5 * Math.sqrt(298));
      double[] probabilities = new double[71];
      for (int k = 0; k <= 70; k++) {
        probabilities[k] =
            Math.exp(
                logCombinations(70, k)
                    + logCombinations(80, size - k)
                    - logCombinations(150, size));
      }
      Fit.assertFits(counts, probabilities);
    }
  }

  /** Strata that share words and differ much in what is taken of them: each row equally often. */
  @Test
  void rowsOfAStratumAreTakenEquallyOftenWhateverItsNeighbours() {
    int[] codes = new int[150];
    Arrays.setAll(codes, i -> i < 40 ? 0 : i < 80 ? 1 : 2);
    int[] sizes = {4, 30, 35};
    int replicates = 40_000;
    long[] words = new long[3 * replicates];
    new Selections(FUNCTION, Strata.of(codes), sizes).fill(0, replicates, words);
    for (int i = 0; i < 150; i++) {
      long taken = 0;
      for (int r = 0; r < replicates; r++) {
        taken += words[i / 64 * replicates + r] >>> i & 1;
      }
      double q = sizes[codes[i]] / (codes[i] == 2 ? 70.0 : 40.0);
      // 5.5 standard deviations: 4e-8 for each of 150 rows.
      assertThat((taken - replicates * q) / Math.sqrt(replicates * q * (1 - q)))
          .isBetween(-5.5, 5.5);
    }
  }

  private static double logCombinations(int n, int k) {
    if (k < 0 || k > n) {
      return Double.NEGATIVE_INFINITY;
    }
    double sum = 0;
    for (int i = 1; i <= k; i++) {
      sum += Math.log((n - k + i) / (double) i);
    }
    return sum;
  }

  @Test
  void refusesSizesThatCannotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Subsets.selections(FUNCTION, Strata.one(3), new int[] {4}, 0))
        .withMessage("a sample of 4 of 3 rows");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Subsets.selections(FUNCTION, Strata.one(3), new int[] {1, 1}, 0))
        .withMessage("2 sizes for 1 strata");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AllSelections(Strata.one(60), new int[] {30}))
        .withMessageContaining("must be at most 2^40 to be enumerated");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Strata.of(new int[] {0, 2}))
        .withMessage("stratum 2 of 2 rows: must be from 0 to below that");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Flips(FUNCTION, -1))
        .withMessage("-1 rows: must not be negative");
  }
}
