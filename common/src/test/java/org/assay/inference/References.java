package org.assay.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reference values of SciPy 1.10.1, statsmodels 0.13.5 and R 4.2.2, made by {@code /usr/bin/python3
 * scripts/regenerate-references/inference.py}, and the files that stand beside the project.
 */
final class References {
  private References() {}

  /** The cases of one kind. */
  static JsonNode of(String kind) {
    try (InputStream in = References.class.getResourceAsStream("references.json")) {
      return new ObjectMapper().readTree(in).get(kind);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Numbers of a list; null is NaN. */
  static double[] doubles(JsonNode list) {
    double[] numbers = new double[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = list.get(i).isNull() ? Double.NaN : list.get(i).asDouble();
    }
    return numbers;
  }

  static double[][] rows(JsonNode list) {
    double[][] rows = new double[list.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = doubles(list.get(i));
    }
    return rows;
  }

  static PairedOutcomes outcomes(JsonNode counts) {
    return new PairedOutcomes(
        counts.get(0).asLong(),
        counts.get(1).asLong(),
        counts.get(2).asLong(),
        counts.get(3).asLong());
  }

  /** A file beside the project, split at commas, without its header. */
  static List<String[]> csv(String name) {
    try {
      List<String[]> rows = new ArrayList<>();
      for (String line : Files.readAllLines(shared(name))) {
        rows.add(line.split(",", -1));
      }
      return rows.subList(1, rows.size());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static JsonNode json(String name) {
    try {
      return new ObjectMapper().readTree(shared(name).toFile());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Path shared(String name) {
    Path path = Path.of("../../shared").resolve(name).toAbsolutePath().normalize();
    if (!Files.exists(path)) {
      throw new IllegalStateException(
          "no " + path + "; tests read real data from the folder 'shared' beside the project");
    }
    return path;
  }
}
