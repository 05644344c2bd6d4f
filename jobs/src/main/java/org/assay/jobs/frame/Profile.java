package org.assay.jobs.frame;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.assay.Task;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.metric.Target;

/**
 * What the first pass over the data finds: everything that can be wrong with it, and the
 * dictionaries. Mergeable in any order.
 *
 * <p>Size: the distinct texts of the text columns, each bounded by {@code max-categories}.
 */
final class Profile implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int MAX_CLASSES = 1000;
  private static final int MAX_WIDTH = 100_000;
  private static final int MAX_SLICES = 100_000;

  /**
   * How far from 1 the probabilities of a row may sum: more than single precision loses over
   * hundreds of classes, less than a probability that is missing. The same as scikit-learn's
   * roc_auc_score allows.
   */
  private static final double SUM_TOLERANCE = 1e-5;

  /** How a right prediction is written, and a wrong one. */
  static final Set<String> RIGHT = Set.of("1", "true", "True", "TRUE");

  private static final Set<String> WRONG = Set.of("0", "false", "False", "FALSE");

  private final Projection projection;
  private long rows;
  private long nullIds;
  private long nullLabels;
  private long infiniteLabels;
  private long badWeights;
  private long hugeWeights;
  private double totalWeight;
  private long nullGroups;
  private long nullTimes;
  private long nullFolds;
  private boolean fractional;
  private final long[] missing;
  private final long[] infinite;
  private final int[] width;
  private final boolean[] ragged;
  private final TreeSet<String> labels = new TreeSet<>();
  private final TreeSet<String> folds = new TreeSet<>();
  private final List<TreeSet<String>> dictionaries = new ArrayList<>();
  private final int[] scoreWidth;
  private final long[] missingPredictions;
  private final long[] badScores;
  private final long[] badSums;
  private final long[] badNumbers;
  private final long[] badCorrect;
  private final long[] otherLabels;
  private final List<TreeSet<String>> predictions = new ArrayList<>();

  Profile(Projection projection) {
    this.projection = projection;
    int n = projection.features.size();
    missing = new long[n];
    infinite = new long[n];
    width = new int[n];
    Arrays.fill(width, -1);
    ragged = new boolean[n];
    projection.texts.forEach(t -> dictionaries.add(new TreeSet<>()));
    int m = projection.predicted.size();
    scoreWidth = new int[m];
    Arrays.fill(scoreWidth, -1);
    missingPredictions = new long[m];
    badScores = new long[m];
    badSums = new long[m];
    badNumbers = new long[m];
    badCorrect = new long[m];
    otherLabels = new long[m];
    projection.predicted.forEach(p -> predictions.add(new TreeSet<>()));
  }

  void add(Row row) {
    Projection p = projection;
    rows++;
    if (p.id >= 0 && row.isNullAt(p.id)) {
      nullIds++;
    }
    boolean unlabelled = p.label >= 0 && p.lacks(row, p.label);
    if (unlabelled) {
      nullLabels++;
    } else if (p.label >= 0) {
      if (row.get(p.label) instanceof Number number) {
        double value = number.doubleValue();
        fractional |= value != Math.rint(value);
        if (Double.isInfinite(value)) {
          infiniteLabels++;
        }
      }
      if (labels.size() <= MAX_CLASSES) {
        labels.add(p.text(row, p.label));
      }
    }
    if (p.weight >= 0) {
      double weight = Projection.number(row, p.weight);
      if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
        badWeights++;
      } else {
        hugeWeights += weight > Target.MOST_WEIGHT ? 1 : 0;
        totalWeight = Math.max(totalWeight, weight);
      }
    }
    if (p.group >= 0 && p.text(row, p.group) == null) {
      nullGroups++;
    }
    if (p.time >= 0 && row.isNullAt(p.time)) {
      nullTimes++;
    }
    if (p.fold >= 0) {
      String fold = p.text(row, p.fold);
      if (fold == null) {
        nullFolds++;
      } else if (folds.size() <= MAX_SLICES) {
        folds.add(fold);
      }
    }
    double[] numbers = p.numbers(row);
    for (int f = 0; f < missing.length; f++) {
      int at = p.featureAt[f];
      switch (p.features.get(f).kind()) {
        case NUMBER -> {
          double value = numbers[at];
          if (Double.isNaN(value)) {
            missing[f]++;
          } else if (Double.isInfinite(value)) {
            infinite[f]++;
          }
        }
        case VECTOR -> {
          double[] vector = Projection.vector(row, at);
          if (vector == null) {
            missing[f]++;
          } else {
            ragged[f] |= width[f] >= 0 && width[f] != vector.length;
            width[f] = vector.length;
            boolean lacks = false;
            boolean infinity = false;
            for (double value : vector) {
              lacks |= Double.isNaN(value);
              infinity |= Double.isInfinite(value);
            }
            missing[f] += lacks ? 1 : 0;
            infinite[f] += infinity ? 1 : 0;
          }
        }
        case TEXT -> {
          if (p.text(row, at) == null) {
            missing[f]++;
          }
        }
      }
    }
    for (int t = 0; t < p.textAt.length; t++) {
      String text = p.text(row, p.textAt[t]);
      TreeSet<String> dictionary = dictionaries.get(t);
      if (text != null && dictionary.size() <= mostTexts(t)) {
        dictionary.add(text);
      }
    }
    for (int m = 0; m < scoreWidth.length; m++) {
      Projection.PredictedColumns columns = p.predicted.get(m);
      boolean lacks = false;
      if (columns.prediction() >= 0) {
        lacks = p.lacks(row, columns.prediction());
        if (!lacks
            && p.labelType instanceof NumericType
            && !isFinite(row.get(columns.prediction()))) {
          badNumbers[m]++;
        }
        if (!lacks && predictions.get(m).size() <= MAX_CLASSES) {
          predictions.get(m).add(p.text(row, columns.prediction()));
        }
      }
      if (columns.correct() >= 0) {
        String correct = p.text(row, columns.correct());
        lacks = correct == null || correct.equals("NaN");
        badCorrect[m] += lacks || RIGHT.contains(correct) || WRONG.contains(correct) ? 0 : 1;
      }
      if (columns.label() >= 0
          && !unlabelled
          && !isSame(p.label < 0 ? "" : p.text(row, p.label), p.text(row, columns.label()))) {
        otherLabels[m]++;
      }
      if (columns.score() >= 0) {
        double[] scores = scores(row, columns.score());
        if (scores == null) {
          lacks = true;
        } else {
          scoreWidth[m] =
              scoreWidth[m] < 0 || scoreWidth[m] == scores.length
                  ? scores.length
                  : Integer.MAX_VALUE;
          boolean probability = columns.model().scores() == ModelConfig.ScoreKind.PROBABILITY;
          double sum = 0;
          for (double score : scores) {
            sum += score;
            if (Double.isNaN(score)) {
              lacks = true;
            } else if (probability ? !(score >= 0 && score <= 1) : Double.isInfinite(score)) {
              badScores[m]++;
            }
          }
          if (probability && scores.length > 1 && Math.abs(sum - 1) > SUM_TOLERANCE) {
            badSums[m]++;
          }
        }
      }
      missingPredictions[m] += lacks ? 1 : 0;
    }
  }

  /** How many distinct values a text column may have. */
  private int mostTexts(int column) {
    return projection.isTextFeature(column) ? projection.data.maxCategories() : MAX_SLICES;
  }

  /** Whether two texts are the same label, numbers by value. */
  private static boolean isSame(String label, String other) {
    if (label.equals(other)) {
      return true;
    }
    try {
      return other != null && Double.parseDouble(label) == Double.parseDouble(other);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean isFinite(Object value) {
    try {
      return Double.isFinite(
          value instanceof Number number
              ? number.doubleValue()
              : Double.parseDouble(value.toString()));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  static double[] scores(Row row, int at) {
    if (row.isNullAt(at)) {
      return null;
    }
    return row.get(at) instanceof Number number
        ? new double[] {number.doubleValue()}
        : Projection.vector(row, at);
  }

  Profile merge(Profile o) {
    rows += o.rows;
    nullIds += o.nullIds;
    nullLabels += o.nullLabels;
    infiniteLabels += o.infiniteLabels;
    badWeights += o.badWeights;
    hugeWeights += o.hugeWeights;
    totalWeight = Math.max(totalWeight, o.totalWeight);
    nullGroups += o.nullGroups;
    nullTimes += o.nullTimes;
    nullFolds += o.nullFolds;
    fractional |= o.fractional;
    labels.addAll(o.labels);
    folds.addAll(o.folds);
    for (int f = 0; f < missing.length; f++) {
      missing[f] += o.missing[f];
      infinite[f] += o.infinite[f];
      ragged[f] |= o.ragged[f] || width[f] >= 0 && o.width[f] >= 0 && width[f] != o.width[f];
      width[f] = Math.max(width[f], o.width[f]);
    }
    for (int t = 0; t < dictionaries.size(); t++) {
      if (dictionaries.get(t).size() <= mostTexts(t)) {
        dictionaries.get(t).addAll(o.dictionaries.get(t));
      }
    }
    for (int m = 0; m < scoreWidth.length; m++) {
      if (scoreWidth[m] >= 0 && o.scoreWidth[m] >= 0 && scoreWidth[m] != o.scoreWidth[m]) {
        scoreWidth[m] = Integer.MAX_VALUE;
      } else {
        scoreWidth[m] = Math.max(scoreWidth[m], o.scoreWidth[m]);
      }
      missingPredictions[m] += o.missingPredictions[m];
      badScores[m] += o.badScores[m];
      badSums[m] += o.badSums[m];
      badNumbers[m] += o.badNumbers[m];
      badCorrect[m] += o.badCorrect[m];
      otherLabels[m] += o.otherLabels[m];
      predictions.get(m).addAll(o.predictions.get(m));
    }
    return this;
  }

  /** The schema, or the first rule of the input's contract that the data break. */
  Schema schema() {
    DataConfig data = projection.data;
    String where = "data." + data.name();
    if (rows == 0) {
      throw UserException.input(
          where
              + ".path = "
              + data.path()
              + ": has no rows"
              + (data.where().isPresent()
                  ? " that meet where = " + data.where().get() + "; loosen the condition"
                  : "; an evaluation needs some"));
    }
    refuse(
        nullIds,
        where
            + ".id: {n} of {all} rows have no "
            + data.id().orElse("")
            + "; an id must be there and unique; remove them, for example by where = \""
            + data.id().orElse("")
            + " is not null\", or remove id to key rows by their content");
    String label = data.label().orElse("");
    refuse(
        nullLabels,
        where
            + ".label: {n} of {all} rows have no "
            + label
            + " (null or NaN); remove them, for example by where = \""
            + label
            + " is not null\"");
    refuse(
        infiniteLabels,
        where
            + ".label: {n} of {all} rows have an infinite "
            + label
            + "; a label must be finite; remove them");
    refuse(
        badWeights,
        where
            + ".weight: {n} of {all} rows have a "
            + data.weight().orElse("")
            + " that is not a finite number of at least 0; mend or remove them");
    refuse(
        hugeWeights,
        where
            + ".weight: {n} of {all} rows have a "
            + data.weight().orElse("")
            + " above "
            + Target.MOST_WEIGHT
            + ", the sums of which would overflow; divide all weights by the same number");
    if (projection.weight >= 0 && totalWeight == 0) {
      throw UserException.input(where + ".weight: all weights are 0; at least one must be above 0");
    }
    refuse(
        nullGroups,
        where
            + ".group: {n} of {all} rows have no "
            + data.group().orElse("")
            + "; every row must belong to a group; remove them, or derive a group of their own");
    refuse(
        nullTimes,
        where
            + ".time: {n} of {all} rows have no "
            + data.time().orElse("")
            + "; every row must have a time; remove them");
    refuse(
        nullFolds,
        where
            + ".fold: {n} of {all} rows have no "
            + data.fold().orElse("")
            + "; every row must have a fold; remove them");
    Task task = task(where, data);
    List<String> classes = task.isClassification() ? classes(where, data, task) : List.of();
    List<Feature> features = new ArrayList<>();
    int slots = 0;
    int text = 0;
    List<String> lacking = new ArrayList<>();
    for (int f = 0; f < missing.length; f++) {
      Projection.Candidate c = projection.features.get(f);
      refuse(
          infinite[f],
          where
              + ".features: column '"
              + c.name()
              + "' is infinite in {n} of {all} rows; features must be finite; exclude it, or derive a finite one");
      if (missing[f] > 0) {
        lacking.add("'" + c.name() + "' (" + missing[f] + ")");
      }
      switch (c.kind()) {
        case NUMBER ->
            features.add(new Feature(c.name(), c.kind(), c.type(), slots++, 1, missing[f]));
        case TEXT -> features.add(new Feature(c.name(), c.kind(), c.type(), text++, 0, missing[f]));
        case VECTOR -> {
          if (ragged[f]) {
            throw UserException.input(
                where
                    + ".features: vectors of column '"
                    + c.name()
                    + "' differ in length; all must be equally long");
          }
          if (width[f] <= 0 || width[f] > MAX_WIDTH) {
            throw UserException.input(
                where
                    + ".features: vectors of column '"
                    + c.name()
                    + "' have "
                    + Math.max(0, width[f])
                    + " elements; 1 to "
                    + MAX_WIDTH
                    + " can be held");
          }
          features.add(new Feature(c.name(), c.kind(), c.type(), slots, width[f], missing[f]));
          slots += width[f];
        }
      }
    }
    if (!lacking.isEmpty() && data.impute() == DataConfig.Impute.FAIL) {
      throw UserException.input(
          where
              + ".impute = fail: values are missing in "
              + Source.abbreviated(lacking)
              + "; set impute = median, mean or most-frequent, or exclude the columns");
    }
    List<String[]> dictionaries = new ArrayList<>();
    for (int t = 0; t < this.dictionaries.size(); t++) {
      TreeSet<String> d = this.dictionaries.get(t);
      int bound = mostTexts(t);
      if (d.size() > bound) {
        throw UserException.input(
            where
                + (t < text ? ".features" : isSlice(projection.texts.get(t)) ? ".slices" : "")
                + ": text column '"
                + projection.texts.get(t)
                + "' has more than "
                + bound
                + " distinct values"
                + (t < text ? "; exclude it, or raise max-categories" : ""));
      }
      dictionaries.add(sorted(d).toArray(String[]::new));
    }
    return new Schema(
        data,
        task,
        classes,
        projection.labelType,
        features,
        slots,
        List.copyOf(projection.sliceNumbers),
        List.copyOf(projection.texts),
        dictionaries,
        sorted(folds),
        predicted(task, classes),
        rows);
  }

  private boolean isSlice(String column) {
    return projection.data.slices().stream()
        .flatMap(List::stream)
        .anyMatch(slice -> slice.column().equals(column));
  }

  private void refuse(long count, String message) {
    if (count > 0) {
      throw UserException.input(
          message.replace("{n}", Long.toString(count)).replace("{all}", Long.toString(rows)));
    }
  }

  private Task task(String where, DataConfig data) {
    if (data.label().isEmpty()) {
      return Task.BINARY;
    }
    String label = data.label().get();
    boolean number = projection.labelType instanceof NumericType;
    DataConfig.TaskKind kind =
        data.task()
            .orElseGet(
                () -> {
                  if (!number || labels.size() <= 2) {
                    return DataConfig.TaskKind.CLASSIFICATION;
                  }
                  if (fractional || labels.size() > MAX_CLASSES) {
                    return DataConfig.TaskKind.REGRESSION;
                  }
                  throw UserException.usage(
                      where
                          + ".task: label '"
                          + label
                          + "' has "
                          + labels.size()
                          + " distinct whole numbers, which may be classes or quantities; set task = classification or task = regression");
                });
    if (kind == DataConfig.TaskKind.REGRESSION) {
      if (!number) {
        throw UserException.usage(
            where
                + ".task = regression: label '"
                + label
                + "' is "
                + projection.labelType.simpleString()
                + "; a regression needs a number; set task = classification, or name another label");
      }
      return Task.REGRESSION;
    }
    return labels.size() == 2 ? Task.BINARY : Task.MULTICLASS;
  }

  private List<String> classes(String where, DataConfig data, Task task) {
    if (data.label().isEmpty()) {
      return Schema.CORRECTNESS;
    }
    String label = data.label().get();
    if (labels.size() < 2) {
      throw UserException.input(
          where
              + ".label: column '"
              + label
              + "' has one class only, '"
              + labels.first()
              + "'; a classification needs at least two; add rows of another class, or loosen where");
    }
    if (labels.size() > MAX_CLASSES) {
      throw UserException.input(
          where
              + ".label: column '"
              + label
              + "' has more than "
              + MAX_CLASSES
              + " classes; is it a regression? Then set task = regression");
    }
    List<String> classes = new ArrayList<>(sorted(labels));
    if (data.positive().isPresent()) {
      String positive = data.positive().get();
      if (task != Task.BINARY || !classes.contains(positive)) {
        throw UserException.usage(
            where
                + ".positive = "
                + positive
                + ": must be one of the two classes of a binary label; the classes are "
                + Source.abbreviated(classes));
      }
      classes.remove(positive);
      classes.add(positive);
    }
    return List.copyOf(classes);
  }

  private List<Schema.Predicted> predicted(Task task, List<String> classes) {
    List<Schema.Predicted> all = new ArrayList<>();
    int at = 0;
    for (int m = 0; m < scoreWidth.length; m++) {
      Projection.PredictedColumns columns = projection.predicted.get(m);
      String where = "models." + columns.model().name();
      if (columns.score() >= 0 && task == Task.REGRESSION) {
        throw UserException.usage(
            where
                + ".score: a regression has no score; remove it, and name the column of the predicted values in prediction");
      }
      refuse(
          missingPredictions[m],
          where
              + ": {n} of {all} rows have no prediction or score (null or NaN); every row must have them; add them, or remove the rows by where");
      refuse(
          badCorrect[m],
          where
              + ".correct: {n} of {all} rows of '"
              + columns.model().correct().orElse("")
              + "' are neither 1 or true, for a right prediction, nor 0 or false; mend them, or derive such a column");
      refuse(
          otherLabels[m],
          where
              + ".predictions: {n} of {all} rows had another label in that run than they have in '"
              + projection.data.label().orElse("")
              + "'; use the data that it was made of");
      if (columns.correct() >= 0) {
        if (task == Task.REGRESSION) {
          throw UserException.usage(
              where
                  + ".correct: predictions of a number are not right or wrong; remove the label, or name the column of predictions");
        }
        all.add(
            new Schema.Predicted(columns.model().name(), Target.Scores.ONLY_CORRECTNESS, 0, at++));
        continue;
      }
      refuse(
          badScores[m],
          where
              + ".score: {n} scores of {all} rows are not "
              + (columns.model().scores() == ModelConfig.ScoreKind.PROBABILITY
                  ? "probabilities in [0, 1]; set score-kind = ranking if they only rank"
                  : "finite; mend or remove them"));
      refuse(
          badSums[m],
          where
              + ".score: the probabilities of {n} of {all} rows do not sum to 1 within "
              + SUM_TOLERANCE
              + "; mend them, or set score-kind = ranking if they only rank");
      int width = 0;
      if (columns.score() >= 0) {
        width = scoreWidth[m] == 2 && task == Task.BINARY ? 1 : scoreWidth[m];
        int expected = task == Task.BINARY ? 1 : classes.size();
        if (width != expected) {
          throw UserException.input(
              where
                  + ".score: has "
                  + (scoreWidth[m] == Integer.MAX_VALUE
                      ? "vectors of different lengths"
                      : scoreWidth[m] + " values per row")
                  + "; "
                  + (task == Task.BINARY
                      ? "a binary score is one probability of '"
                          + classes.get(1)
                          + "', or a vector of two"
                      : "a score needs one value for each of the " + classes.size() + " classes"));
        }
      }
      if (task.isClassification()) {
        for (String prediction : predictions.get(m)) {
          if (!classes.contains(prediction)) {
            throw UserException.input(
                where
                    + ".prediction: predicts '"
                    + prediction
                    + "', which is no class of the label; the classes are "
                    + Source.abbreviated(classes)
                    + "; mend it, or name the column that holds class names");
          }
        }
      } else if (columns.prediction() < 0) {
        throw UserException.usage(
            where + ".prediction: is missing; name the column of the predicted values");
      } else {
        refuse(
            badNumbers[m],
            where
                + ".prediction: {n} of {all} rows of '"
                + columns.model().prediction().orElse("")
                + "' hold no finite number, which a regression needs; mend or remove them");
      }
      Target.Scores scores =
          width == 0
              ? Target.Scores.NONE
              : columns.model().scores() == ModelConfig.ScoreKind.PROBABILITY
                  ? Target.Scores.PROBABILITY
                  : Target.Scores.RANKING;
      if (columns.prediction() < 0 && scores == Target.Scores.RANKING && task == Task.BINARY) {
        throw UserException.usage(
            where
                + ".prediction: is missing, and a ranking score has no threshold to make it from; name the column");
      }
      all.add(new Schema.Predicted(columns.model().name(), scores, width, at));
      at += 1 + width;
    }
    return List.copyOf(all);
  }

  /** By number when all are numbers, else by code points. */
  static List<String> sorted(TreeSet<String> texts) {
    try {
      List<String> byNumber = new ArrayList<>(texts);
      byNumber.sort(
          Comparator.comparingDouble(
                  (String t) -> Double.parseDouble(t.trim().toLowerCase(Locale.ROOT)))
              .thenComparing(t -> t));
      return List.copyOf(byNumber);
    } catch (NumberFormatException e) {
      return List.copyOf(texts);
    }
  }
}
