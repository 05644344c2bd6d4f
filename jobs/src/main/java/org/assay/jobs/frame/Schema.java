package org.assay.jobs.frame;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.assay.Task;
import org.assay.config.DataConfig;
import org.assay.metric.Target;

/**
 * What a frame's columns are.
 *
 * @param data the data set's configuration
 * @param task kind of label
 * @param classes the classes' names in code order; empty for a regression
 * @param labelType the label's type in the source; null without a label
 * @param features what to learn from, in the order of the configuration
 * @param slots number of numeric slots of features
 * @param numbers names of numeric columns of slices, and of those that jobs ask for, that are no
 *     features; their slots follow those of the features
 * @param texts names of the text columns: text features, then further columns of slices and those
 *     that jobs ask for
 * @param dictionaries the sorted distinct values of each text column
 * @param folds the predefined folds' names in code order; empty without a fold column
 * @param predicted models whose predictions are part of the data
 * @param rows number of rows
 */
public record Schema(
    DataConfig data,
    Task task,
    List<String> classes,
    DataType labelType,
    List<Feature> features,
    int slots,
    List<String> numbers,
    List<String> texts,
    List<String[]> dictionaries,
    List<String> folds,
    List<Predicted> predicted,
    long rows)
    implements Serializable {

  /**
   * The classes when there is no label, and all that is known of a prediction is whether it is
   * right: every row's label is the second.
   */
  static final List<String> CORRECTNESS = List.of("wrong", "right");

  /**
   * A model whose predictions are part of the data.
   *
   * @param model its name
   * @param scores what its scores mean
   * @param width scores per row: 0, 1 (binary) or the number of classes
   * @param at first slot of the prediction and its scores in {@link Block#predicted}
   */
  public record Predicted(String model, Target.Scores scores, int width, int at)
      implements Serializable {}

  /** Number of classes; 0 for a regression. */
  public int classCount() {
    return classes.size();
  }

  /** Number of text columns up to the last one that is learned from. */
  int textFeatures() {
    return features.stream()
        .filter(f -> f.kind() == Feature.Kind.TEXT)
        .mapToInt(f -> f.at() + 1)
        .max()
        .orElse(0);
  }

  /** The feature of this name, if there is one. */
  public Optional<Feature> feature(String name) {
    return features.stream().filter(f -> f.name().equals(name)).findFirst();
  }

  /** The text features' names, quoted, as errors write them. */
  public List<String> quotedTexts() {
    return features.stream()
        .filter(f -> f.kind() == Feature.Kind.TEXT)
        .map(f -> "'" + f.name() + "'")
        .toList();
  }

  /** The same columns, of which these are learned from, in this order. */
  Schema learning(List<Feature> from) {
    return new Schema(
        data,
        task,
        classes,
        labelType,
        from,
        slots,
        numbers,
        texts,
        dictionaries,
        folds,
        predicted,
        rows);
  }

  /** Number of numeric slots, those of slices included. */
  public int numericSlots() {
    return slots + numbers.size();
  }

  /** The slot of a numeric column that slices are cut from. */
  int slot(String column) {
    int at = numbers.indexOf(column);
    return at >= 0
        ? slots + at
        : features.stream()
            .filter(f -> f.kind() == Feature.Kind.NUMBER && f.name().equals(column))
            .findFirst()
            .orElseThrow()
            .at();
  }

  /** The predictions of a model that are part of the data. */
  public Optional<Predicted> predicted(String model) {
    return predicted.stream().filter(p -> p.model().equals(model)).findFirst();
  }

  /** Slots of predictions and scores per row. */
  public int predictedSlots() {
    if (predicted.isEmpty()) {
      return 0;
    }
    Predicted last = predicted.get(predicted.size() - 1);
    return last.at() + 1 + last.width();
  }

  /**
   * A label or prediction as reports write it: a class's name, or the shortest text of the number.
   */
  public String labelText(double value) {
    if (task.isClassification()) {
      return classes.get((int) value);
    }
    return Double.toString(value);
  }
}
