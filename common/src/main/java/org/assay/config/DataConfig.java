package org.assay.config;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assay.UserException;

/**
 * One data set: {@code data.NAME { ... }}.
 *
 * @param name its name in the configuration
 * @param path where it is; a file, a folder or a glob
 * @param formatName a Spark source, such as csv or parquet; null means by the ending of the path
 * @param options the source's own options
 * @param schemaText a Spark DDL schema; null means the source's own or inferred
 * @param condition an SQL condition that rows must meet to belong to the data; null means all rows
 * @param derive columns made by SQL expressions, by name
 * @param labelColumn the column to predict; null means that all that is known of predictions is
 *     whether they are right
 * @param taskKind classification or regression; null means inferred
 * @param positiveClass the positive class of a binary label; null means the greater one
 * @param idColumn the column that names a row; null means rows are keyed by their content
 * @param groupColumn the column whose equal values stay together
 * @param timeColumn the column that orders rows in time
 * @param weightColumn the column of row weights
 * @param foldColumn the column of predefined folds
 * @param modelColumn the column that says whose prediction a row holds, when an item has a row per
 *     model
 * @param features columns to learn from; "*" is every column without another role
 * @param exclude columns that "*" leaves out
 * @param slices columns, or combinations of columns, whose values are reported apart
 * @param sliceMinCount slices of fewer rows are not reported
 * @param slicePoolRare columns of slices whose values of fewer than {@code sliceMinCount} rows
 *     count together as "other"
 * @param nulls texts that mean "missing"
 * @param impute what to do with missing feature values
 * @param encode what to do with text features
 * @param maxCategories the largest number of distinct values of a text feature
 */
public record DataConfig(
    String name,
    String path,
    String formatName,
    Map<String, String> options,
    String schemaText,
    String condition,
    Map<String, String> derive,
    String labelColumn,
    TaskKind taskKind,
    String positiveClass,
    String idColumn,
    String groupColumn,
    String timeColumn,
    String weightColumn,
    String foldColumn,
    String modelColumn,
    List<String> features,
    Set<String> exclude,
    List<List<SliceColumn>> slices,
    long sliceMinCount,
    Set<String> slicePoolRare,
    Set<String> nulls,
    Impute impute,
    Encode encode,
    int maxCategories)
    implements Serializable {

  /** The kind of label as users name it. */
  public enum TaskKind {
    CLASSIFICATION,
    REGRESSION
  }

  /**
   * What to do with missing feature values; statistics are those of the training rows of each
   * split.
   */
  public enum Impute {
    /** Refuse the data. */
    FAIL,
    /** Numbers by the median, texts by the most frequent. */
    MEDIAN,
    /** Numbers by the mean, texts by the most frequent. */
    MEAN,
    /** Both by the most frequent value; of several, the least. */
    MOST_FREQUENT
  }

  /** What to do with text features; categories are those of the training rows of each split. */
  public enum Encode {
    /** Refuse them. */
    FAIL,
    /** One 0/1 column per category; a category unseen in training is all zeros. */
    ONE_HOT,
    /**
     * One column of category numbers, declared nominal; unseen categories share one further number.
     */
    INDEX
  }

  /** The Spark source, if named. */
  public Optional<String> format() {
    return Optional.ofNullable(formatName);
  }

  /** The schema, if given. */
  public Optional<String> schema() {
    return Optional.ofNullable(schemaText);
  }

  /** The condition on rows, if any. */
  public Optional<String> where() {
    return Optional.ofNullable(condition);
  }

  /** The column to predict, if there is one. */
  public Optional<String> label() {
    return Optional.ofNullable(labelColumn);
  }

  /** The kind of label, if said. */
  public Optional<TaskKind> task() {
    return Optional.ofNullable(taskKind);
  }

  /** The positive class, if said. */
  public Optional<String> positive() {
    return Optional.ofNullable(positiveClass);
  }

  /** The column that names a row, if any. */
  public Optional<String> id() {
    return Optional.ofNullable(idColumn);
  }

  /** The column of groups, if any. */
  public Optional<String> group() {
    return Optional.ofNullable(groupColumn);
  }

  /** The column of times, if any. */
  public Optional<String> time() {
    return Optional.ofNullable(timeColumn);
  }

  /** The column of weights, if any. */
  public Optional<String> weight() {
    return Optional.ofNullable(weightColumn);
  }

  /** The column of predefined folds, if any. */
  public Optional<String> fold() {
    return Optional.ofNullable(foldColumn);
  }

  /** The column that says whose prediction a row holds, if an item has several rows. */
  public Optional<String> model() {
    return Optional.ofNullable(modelColumn);
  }

  /** Reads {@code data.NAME}. */
  public static DataConfig read(String name, Section section) {
    DataConfig data =
        new DataConfig(
            name,
            section.string("path"),
            section.text("format").orElse(null),
            texts(section.sectionOrEmpty("options")),
            section.text("schema").orElse(null),
            section.text("where").orElse(null),
            texts(section.sectionOrEmpty("derive")),
            section.text("label").orElse(null),
            section.choice("task", TaskKind.class, null),
            section.text("positive").orElse(null),
            section.text("id").orElse(null),
            section.text("group").orElse(null),
            section.text("time").orElse(null),
            section.text("weight").orElse(null),
            section.text("fold").orElse(null),
            section.text("model-column").orElse(null),
            section.has("features") ? section.strings("features") : List.of("*"),
            new LinkedHashSet<>(section.strings("exclude")),
            SliceColumn.readAll(section, "slices"),
            section.integer("slice-min-count", 1, 1, Integer.MAX_VALUE),
            new LinkedHashSet<>(section.strings("slice-pool-rare")),
            new LinkedHashSet<>(section.strings("nulls")),
            section.choice("impute", Impute.class, Impute.FAIL),
            section.choice("encode", Encode.class, Encode.FAIL),
            (int) section.integer("max-categories", 10_000, 2, 1_000_000));
    section.done();
    SliceColumn.checkPooled(
        section,
        "slice-pool-rare",
        data.slices,
        List.copyOf(data.slicePoolRare),
        data.sliceMinCount);
    data.roles(section);
    for (String key : List.of("task", "positive")) {
      if (data.label().isEmpty() && section.has(key)) {
        throw section.wrong(key, "is about the label, and there is none; name it in label");
      }
    }
    if (data.model().isPresent() && data.id().isEmpty()) {
      throw section.wrong(
          "model-column", "makes one item of rows with the same id; name their column in id");
    }
    return data;
  }

  /**
   * Refuses models that these data cannot be used with.
   *
   * @throws UserException if a model needs a label or features that are not there
   */
  public void check(List<ModelConfig> models) {
    for (ModelConfig model : models) {
      if (label().isEmpty() && model.correct().isEmpty()) {
        throw UserException.usage(
            "data."
                + name
                + ".label: is missing, and model '"
                + model.name()
                + "' is measured by it; name the column to predict (only models given by correct need none)");
      }
      if (model().isPresent() && !model.isGiven()) {
        throw UserException.usage(
            "data."
                + name
                + ".model-column: has a row per item and model, so model '"
                + model.name()
                + "' cannot learn or predict from it; use it on data with a row per item");
      }
      if (model().isEmpty() && model.valueText() != null) {
        throw UserException.usage(
            "models."
                + model.name()
                + ".model-value: data."
                + name
                + " has no model-column; name the one that holds it");
      }
    }
  }

  /** The columns with a role of their own, by column name: the role. */
  public Map<String, String> roles() {
    Map<String, String> roles = new LinkedHashMap<>();
    label().ifPresent(c -> roles.put(c, "label"));
    id().ifPresent(c -> roles.put(c, "id"));
    group().ifPresent(c -> roles.put(c, "group"));
    time().ifPresent(c -> roles.put(c, "time"));
    weight().ifPresent(c -> roles.put(c, "weight"));
    fold().ifPresent(c -> roles.put(c, "fold"));
    model().ifPresent(c -> roles.put(c, "model-column"));
    return roles;
  }

  private void roles(Section section) {
    Map<String, String> seen = new LinkedHashMap<>();
    List<String[]> named = new ArrayList<>();
    label().ifPresent(c -> named.add(new String[] {c, "label"}));
    id().ifPresent(c -> named.add(new String[] {c, "id"}));
    group().ifPresent(c -> named.add(new String[] {c, "group"}));
    time().ifPresent(c -> named.add(new String[] {c, "time"}));
    weight().ifPresent(c -> named.add(new String[] {c, "weight"}));
    fold().ifPresent(c -> named.add(new String[] {c, "fold"}));
    model().ifPresent(c -> named.add(new String[] {c, "model-column"}));
    for (String feature : features) {
      if (!feature.equals("*")) {
        named.add(new String[] {feature, "features"});
      }
    }
    for (String[] use : named) {
      String before = seen.putIfAbsent(use[0], use[1]);
      if (before != null) {
        throw UserException.usage(
            section.path(use[1])
                + ": column '"
                + use[0]
                + "' is named twice, in "
                + before
                + " and in "
                + use[1]
                + "; a column has one role; remove it from one");
      }
    }
  }

  static Map<String, String> texts(Section section) {
    Map<String, String> texts = new LinkedHashMap<>();
    section.values().keySet().forEach(key -> texts.put(key, section.string(key)));
    return texts;
  }
}
