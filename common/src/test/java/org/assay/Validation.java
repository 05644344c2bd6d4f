package org.assay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes what simulations have shown into {@code common/VALIDATION.md}, a section each. A suite
 * carries {@code @Tag("validation")} and is run by {@code ./mvnw -Pvalidation test -pl common}.
 */
public final class Validation {
  private static final Path FILE = Path.of("VALIDATION.md");
  private static final String HEAD =
      """
      # Simulations that show the statistics valid

      Written by `./mvnw -Pvalidation test -pl common`, with fixed seeds: a run that changes a figure has changed the code. Each suite
      replaces its own section.
      """;

  private Validation() {}

  /**
   * Replaces a section, or adds it; sections stand in order of their titles.
   *
   * @param body Markdown without headings of the first two levels
   */
  public static synchronized void write(String title, String body) {
    try {
      SortedMap<String, String> sections = new TreeMap<>();
      if (Files.exists(FILE)) {
        for (String section : Files.readString(FILE).split("\n## ", -1)) {
          int end = section.indexOf('\n');
          if (!section.startsWith("# ")) {
            sections.put(section.substring(0, end), section.substring(end + 1).strip());
          }
        }
      }
      sections.put(title, body.strip());
      StringBuilder text = new StringBuilder(HEAD);
      sections.forEach(
          (name, content) ->
              text.append("\n## ").append(name).append("\n\n").append(content).append("\n"));
      Files.writeString(FILE, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
