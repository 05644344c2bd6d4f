package org.assay.config;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.assay.UserException;

/**
 * One column that rows are sliced by: {@code country}, {@code { column = age, edges = [25, 40] }}
 * or {@code { column = age, quantiles = 4 }}.
 *
 * @param column its name
 * @param edges ascending cuts of a numeric column, a value equal to a cut belonging above it; empty
 *     without
 * @param quantiles into how many parts of about equal size a numeric column is cut; 0 without
 */
public record SliceColumn(String column, List<Double> edges, int quantiles)
    implements Serializable {

  /** Whether slices are ranges of numbers; otherwise each value is one. */
  public boolean isNumeric() {
    return quantiles > 0 || !edges.isEmpty();
  }

  static SliceColumn read(Section section) {
    String column = section.string("column");
    List<Double> edges = new ArrayList<>();
    if (section.has("edges")) {
      for (String text : section.strings("edges")) {
        double edge;
        try {
          edge = Double.parseDouble(text);
        } catch (NumberFormatException e) {
          edge = Double.NaN;
        }
        if (!Double.isFinite(edge) || !edges.isEmpty() && !(edge > edges.get(edges.size() - 1))) {
          throw section.wrong("edges", "must be finite numbers, each above the one before");
        }
        edges.add(edge == 0 ? 0.0 : edge);
      }
      if (edges.isEmpty()) {
        throw section.wrong("edges", "must be a list of at least one number");
      }
      if (section.has("quantiles")) {
        throw section.wrong("edges", "quantiles is given too; a column is cut by one of them");
      }
    }
    SliceColumn slice =
        new SliceColumn(column, List.copyOf(edges), (int) section.integer("quantiles", 0, 2, 1000));
    section.done();
    return slice;
  }

  /** Reads the combinations of columns under a key. */
  static List<List<SliceColumn>> readAll(Section section, String key) {
    List<List<SliceColumn>> cuts = new ArrayList<>();
    for (List<Section> items : section.sectionLists(key, "column")) {
      List<SliceColumn> cut = items.stream().map(SliceColumn::read).toList();
      if (cut.isEmpty()) {
        throw section.wrong(key, "holds an empty combination; name at least one column in it");
      }
      if (cut.stream().map(SliceColumn::column).distinct().count() < cut.size()) {
        throw section.wrong(key, "names a column twice in one combination; name it once");
      }
      if (cuts.contains(cut)) {
        throw section.wrong(
            key,
            "names "
                + String.join(" with ", cut.stream().map(SliceColumn::column).toList())
                + " twice; name it once");
      }
      cuts.add(cut);
    }
    return List.copyOf(cuts);
  }

  /** Refuses pooled columns that are not sliced by value, or without a count to be rare by. */
  static void checkPooled(
      Section section, String key, List<List<SliceColumn>> cuts, List<String> pooled, long least) {
    for (String column : pooled) {
      if (cuts.stream()
          .flatMap(List::stream)
          .noneMatch(s -> s.column().equals(column) && !s.isNumeric())) {
        throw section.wrong(
            key, "slices names no column '" + column + "' whose values are slices; name it there");
      }
    }
    if (!pooled.isEmpty() && least < 2) {
      throw UserException.usage(
          section.path(key)
              + ": pools values of fewer than slice-min-count rows, and that is 1; raise slice-min-count");
    }
  }
}
