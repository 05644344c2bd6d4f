package org.assay.bootstrap;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What is drawn: single items, or whole groups of them, within strata.
 *
 * <p>Units are numbered by stratum, then in canonical order (that of their first item, or of the
 * groups' keys). A unit belongs to one stratum; of a group that is the stratum of its first item.
 *
 * @param of the unit of each item; null when each item is its own unit and there is one stratum
 * @param sizes number of units of each stratum
 * @param keys a 64-bit key of each unit, which follows the unit from one data set to another; null
 *     when draws do not ask for it
 */
public record Units(int[] of, int[] sizes, long[] keys) implements Serializable {

  /** Each of {@code n} items by itself, in one stratum. */
  public static Units single(int n, long[] keys) {
    return new Units(null, new int[] {n}, keys);
  }

  /**
   * Groups within strata.
   *
   * @param itemKeys keys of the items, in canonical order
   * @param group the group's key of each item; null when each item is a unit
   * @param stratum the stratum of each item, from 0; null for one stratum
   */
  public static Units of(long[] itemKeys, long[] group, int[] stratum) {
    int n = itemKeys.length;
    if (group == null && stratum == null) {
      return single(n, itemKeys);
    }
    long[] keys = group == null ? null : Arrays.stream(group).sorted().distinct().toArray();
    int units = group == null ? n : keys.length;
    int[] of = new int[n];
    int[] stratumOf = new int[units];
    Arrays.fill(stratumOf, -1);
    int strata = 1;
    for (int i = 0; i < n; i++) {
      int unit = group == null ? i : Arrays.binarySearch(keys, group[i]);
      of[i] = unit;
      if (stratumOf[unit] < 0) {
        stratumOf[unit] = stratum == null ? 0 : stratum[i];
        strata = Math.max(strata, stratumOf[unit] + 1);
      }
    }
    int[] sizes = new int[strata];
    for (int s : stratumOf) {
      sizes[s]++;
    }
    int[] next = new int[strata];
    for (int s = 1; s < strata; s++) {
      next[s] = next[s - 1] + sizes[s - 1];
    }
    int[] number = new int[units];
    long[] unitKeys = new long[units];
    for (int u = 0; u < units; u++) {
      number[u] = next[stratumOf[u]]++;
      unitKeys[number[u]] = group == null ? itemKeys[u] : keys[u];
    }
    for (int i = 0; i < n; i++) {
      of[i] = number[of[i]];
    }
    return new Units(of, sizes, unitKeys);
  }

  /** Number of units. */
  public int count() {
    return Arrays.stream(sizes).sum();
  }

  /** The same for draws that do not ask for keys. */
  Units withoutKeys() {
    return new Units(of, sizes, null);
  }

  /** Lays the lanes of units out over items. */
  void spread(long[] units, long[] items) {
    for (int i = 0; i < items.length; i++) {
      items[i] = units[of[i]];
    }
  }
}
