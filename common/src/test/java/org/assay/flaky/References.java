package org.assay.flaky;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;

/** Values of SciPy 1.10.1, made by {@code scripts/regenerate-references/flaky.py}. */
public final class References {
  private References() {}

  /** The cases of one kind. */
  public static JsonNode of(String kind) {
    try (InputStream in = References.class.getResourceAsStream("references.json")) {
      return new ObjectMapper().readTree(in).get(kind);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
