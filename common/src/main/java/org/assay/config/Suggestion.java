package org.assay.config;

import java.util.Collection;

/** The nearest known name to one that is not known. */
public final class Suggestion {
  private Suggestion() {}

  /**
   * {@code " (did you mean 'x'?)"} for the same name in other case, else for the nearest of the
   * known names by edit distance; an empty text when none is near.
   */
  public static String of(String name, Collection<String> known) {
    String best = null;
    int least = Math.min(name.length(), Math.max(1, name.length() / 3) + 1);
    for (String candidate : known) {
      if (candidate.equalsIgnoreCase(name)) {
        return " (did you mean '" + candidate + "'?)";
      }
      int d = distance(name, candidate);
      if (d < least) {
        least = d;
        best = candidate;
      }
    }
    return best == null ? "" : " (did you mean '" + best + "'?)";
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(cost, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
