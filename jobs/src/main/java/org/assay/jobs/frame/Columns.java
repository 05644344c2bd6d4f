package org.assay.jobs.frame;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Columns of a data set that a job reads besides those that models and slices need; of each, the
 * configuration's key that names it, such as {@code jobs[0].values}.
 *
 * @param numbers columns to be read as numbers; missing values are allowed
 * @param texts columns to be read as values of few distinct ones; missing values are allowed
 * @param keys columns of which only matters which rows have equal values; missing values are equal
 */
public record Columns(
    Map<String, String> numbers, Map<String, String> texts, Map<String, String> keys) {

  /** No further columns. */
  public static final Columns NONE = new Columns(Map.of(), Map.of(), Map.of());

  /** Those of both. */
  public Columns and(Columns others) {
    return new Columns(
        both(numbers, others.numbers), both(texts, others.texts), both(keys, others.keys));
  }

  private static Map<String, String> both(Map<String, String> a, Map<String, String> b) {
    Map<String, String> all = new LinkedHashMap<>(a);
    b.forEach(all::putIfAbsent);
    return all;
  }

  /** All of them. */
  Map<String, String> all() {
    return both(both(numbers, texts), keys);
  }

  /** What the slot of a column of {@link #keys} is named. */
  static String keyName(String column) {
    return "key of " + column;
  }
}
