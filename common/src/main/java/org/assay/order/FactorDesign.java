package org.assay.order;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assay.random.Keyed;
import org.assay.random.Permutation;

/**
 * A designed experiment over the environment: each setting gives every factor a level, and varies
 * several factors at once, so that each factor's effect rests on all runs.
 *
 * <p>Factors of two levels only form an {@link OrthogonalArray} of strength 3. If any has more, all
 * columns have as many symbols as the smallest prime from the largest number of levels, and symbols
 * beyond a factor's levels stand for its levels again, from the first; any two factors stay
 * independent, but the effect of one may then be that of two others together: {@link #strength()}.
 *
 * <p>Which symbol is which level, and the order of the settings, are drawn at random. Immutable.
 */
public final class FactorDesign implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<SortedMap<String, String>> settings;
  private final int strength;

  private FactorDesign(List<SortedMap<String, String>> settings, int strength) {
    this.settings = settings;
    this.strength = strength;
  }

  /**
   * The design of some factors.
   *
   * @param factors the levels of each factor, at least two different ones, by its name; at least
   *     one factor
   * @throws IllegalArgumentException if a factor has less than two levels or one twice, or there is
   *     no factor
   */
  public static FactorDesign of(Map<String, List<String>> factors, long seed) {
    if (factors.isEmpty()) {
      throw new IllegalArgumentException("a design without factors");
    }
    SortedMap<String, List<String>> sorted = new TreeMap<>(factors);
    int most = 0;
    for (Map.Entry<String, List<String>> factor : sorted.entrySet()) {
      List<String> levels = factor.getValue();
      if (levels.size() < 2 || levels.stream().distinct().count() < levels.size()) {
        throw new IllegalArgumentException(
            "factor "
                + factor.getKey()
                + " with levels "
                + levels
                + ": must have two or more, all different");
      }
      most = Math.max(most, levels.size());
    }
    int q = most;
    while (!OrthogonalArray.isPrime(q)) {
      q++;
    }
    int[][] rows =
        q == 2 ? OrthogonalArray.ofTwo(sorted.size()) : OrthogonalArray.ofPrime(sorted.size(), q);
    Keyed draws = Keyed.of(seed, "factors");
    List<SortedMap<String, String>> settings = new ArrayList<>();
    Permutation order = Permutation.of(draws, 0, rows.length);
    for (int i = 0; i < rows.length; i++) {
      int[] row = rows[(int) order.at(i)];
      SortedMap<String, String> setting = new TreeMap<>();
      int j = 0;
      for (Map.Entry<String, List<String>> factor : sorted.entrySet()) {
        List<String> levels = factor.getValue();
        long symbol = Permutation.of(draws.derive(j + 1L), 0, q).at(row[j]);
        setting.put(factor.getKey(), levels.get((int) symbol % levels.size()));
        j++;
      }
      settings.add(Collections.unmodifiableSortedMap(setting));
    }
    return new FactorDesign(Collections.unmodifiableList(settings), q == 2 ? 3 : 2);
  }

  /** The level of each factor, run by run. */
  public List<SortedMap<String, String>> settings() {
    return settings;
  }

  /**
   * 3 when no factor's effect can be that of two others together, 2 when it can; then a factor that
   * is found should be confirmed alone.
   */
  public int strength() {
    return strength;
  }
}
