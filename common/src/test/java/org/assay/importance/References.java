package org.assay.importance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Values of SciPy 1.10.1, scikit-learn 1.2.1 and statsmodels 0.13.5, made by {@code
 * /usr/bin/python3 scripts/regenerate-references/importance.py}, and the data they were made from.
 */
final class References {
  private References() {}

  static JsonNode of(String what) {
    try (InputStream in = References.class.getResourceAsStream("references.json")) {
      return new ObjectMapper().readTree(in).get(what);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static double[] doubles(JsonNode list) {
    return new ObjectMapper().convertValue(list, double[].class);
  }

  static int[] ints(JsonNode list) {
    return new ObjectMapper().convertValue(list, int[].class);
  }

  /** The 30 features of the Wisconsin data, then the label. */
  static List<Variable> wisconsin() {
    Path path = Path.of("../../shared/data/breast_cancer.csv").toAbsolutePath().normalize();
    if (!Files.exists(path)) {
      throw new IllegalStateException(
          "no " + path + "; tests read real data from the folder 'shared' beside the project");
    }
    try {
      List<String> lines = Files.readAllLines(path);
      String[] names = lines.get(0).split(",", -1);
      double[][] values = new double[names.length][lines.size() - 1];
      for (int i = 1; i < lines.size(); i++) {
        String[] cells = lines.get(i).split(",", -1);
        for (int j = 0; j < names.length; j++) {
          values[j][i - 1] = Double.parseDouble(cells[j]);
        }
      }
      List<Variable> columns = new ArrayList<>();
      for (int j = 1; j < names.length; j++) {
        columns.add(new Variable(names[j], values[j], j == names.length - 1));
      }
      return columns;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
