package org.assay.permutation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Tests by SciPy 1.17.1, written by {@code scripts/regenerate-references/permutation.py}. */
final class Published {
  private Published() {}

  static JsonNode scipy(String what) {
    try (InputStream json = Published.class.getResourceAsStream("scipy.json")) {
      return new ObjectMapper().readTree(json).get(what);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static double[] sample(JsonNode test, int i) {
    return new ObjectMapper().convertValue(test.get("samples").get(i), double[].class);
  }

  /** Both samples, one after the other. */
  static double[] samples(JsonNode test) {
    double[] first = sample(test, 0);
    double[] second = sample(test, 1);
    double[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /** Which rows of {@link #samples} are in the first. */
  static boolean[] first(JsonNode test) {
    boolean[] first = new boolean[samples(test).length];
    Arrays.fill(first, 0, test.get("samples").get(0).size(), true);
    return first;
  }
}
