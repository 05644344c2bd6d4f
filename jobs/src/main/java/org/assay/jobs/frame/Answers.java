package org.assay.jobs.frame;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;

/**
 * Puts beside each item of a data set what models said of it, wherever that stands: in columns of
 * the same row, in rows of the same table that name the model, in a table of its own, or in the
 * report of a sealed run.
 *
 * <p>The answers of model m are columns {@link #name} of the result, which has one row per item.
 * Items and answers must match one to one, unless the model says {@code on-missing = drop}; what is
 * dropped is counted in {@link Joined#notes}.
 */
final class Answers {
  static final String ID = "__id";
  static final String COUNT = "__count";
  static final String ANSWER = "__answer";

  private Answers() {}

  /** What a model says of an item. */
  enum Part {
    PREDICTION,
    SCORE,
    /** Whether the prediction is right. */
    CORRECT,
    /** The label as it was when the prediction was made; to be the same as the item's. */
    LABEL;

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Items with their answers.
   *
   * @param notes what was left out, a sentence each
   */
  record Joined(Dataset<Row> rows, List<String> notes) {}

  /** The name of the column that holds a part of a model's answers. */
  static String name(String model, Part part) {
    return "__" + part.key() + "__" + model;
  }

  static Joined join(
      SparkSession spark, Dataset<Row> rows, DataConfig data, List<ModelConfig> models) {
    List<String> notes = new ArrayList<>();
    List<ModelConfig> inside =
        models.stream().filter(m -> m.kind() == ModelConfig.Kind.COLUMNS).toList();
    Dataset<Row> all =
        data.model().isPresent() ? new LongRows(rows, data, inside).items(notes) : rows;
    for (ModelConfig model : data.model().isPresent() ? List.<ModelConfig>of() : inside) {
      for (Map.Entry<Part, String> part : parts(model, rows).entrySet()) {
        all = all.withColumn(name(model.name(), part.getKey()), Source.column(part.getValue()));
      }
    }
    for (ModelConfig model : models) {
      if (model.kind() == ModelConfig.Kind.TABLE) {
        String where = "models." + model.name();
        Dataset<Row> table =
            Source.load(
                spark, where, "predictions", model.target(), model.format(), model.options(), "");
        Dataset<Row> chosen =
            model.where().isEmpty()
                ? table
                : Source.sql(
                    where + ".where = " + model.where().get(),
                    () -> table.where(model.where().get()));
        String id = model.id().orElse(id(model, data));
        Source.require(where + ".predictions", table, id);
        Map<Part, String> parts = parts(model, table);
        if (parts.isEmpty()) {
          throw UserException.usage(
              where
                  + ": names none of prediction, score and correct; name the columns of "
                  + model.target()
                  + " that hold them");
        }
        all =
            joined(
                all,
                chosen,
                id,
                parts,
                data,
                model,
                where + ".predictions = " + model.target(),
                notes);
      } else if (model.kind() == ModelConfig.Kind.RUN) {
        SealedAnswers sealed = SealedAnswers.of(spark, model);
        notes.add("models." + model.name() + ": predictions of " + sealed.origin());
        all =
            joined(
                all,
                sealed.rows(),
                "row_key",
                sealed.parts(),
                data,
                model,
                "models." + model.name() + ".predictions, " + sealed.origin(),
                notes);
      }
    }
    return new Joined(all, List.copyOf(notes));
  }

  private static String id(ModelConfig model, DataConfig data) {
    return data.id()
        .orElseThrow(
            () ->
                UserException.usage(
                    "models."
                        + model.name()
                        + ".predictions: is joined by id, and data."
                        + data.name()
                        + " names none; set its id"));
  }

  /** The columns that hold a model's answers, which must be there. */
  static Map<Part, String> parts(ModelConfig model, Dataset<Row> rows) {
    Map<Part, String> parts = new LinkedHashMap<>();
    model.prediction().ifPresent(c -> parts.put(Part.PREDICTION, c));
    model.score().ifPresent(c -> parts.put(Part.SCORE, c));
    model.correct().ifPresent(c -> parts.put(Part.CORRECT, c));
    parts.forEach(
        (part, c) -> Source.require("models." + model.name() + "." + part.key(), rows, c));
    return parts;
  }

  static Column answer(Map<Part, String> parts) {
    return struct(
        parts.entrySet().stream()
            .map(part -> Source.column(part.getValue()).as(part.getKey().key()))
            .toArray(Column[]::new));
  }

  static Column times(Column condition) {
    return coalesce(sum(when(condition, lit(1L))), lit(0L));
  }

  /** Items with the answers of a table, matched by id. */
  private static Dataset<Row> joined(
      Dataset<Row> rows,
      Dataset<Row> table,
      String tableId,
      Map<Part, String> parts,
      DataConfig data,
      ModelConfig model,
      String where,
      List<String> notes) {
    Dataset<Row> answers =
        table
            .groupBy(Source.column(tableId).cast("string").as(ID))
            .agg(count(lit(1)).as(COUNT), first(answer(parts)).as(ANSWER));
    Dataset<Row> items = rows.withColumn(ID, Source.column(id(model, data)).cast("string"));
    Column isRepeated = Source.column(COUNT).gt(1).or(Source.column("__there").isNull());
    Column isMissing = Source.column(COUNT).isNull();
    Column isExtra = Source.column("__here").isNull().and(Source.column("__there").isNotNull());
    Dataset<Row> matched =
        items
            .select(Source.column(ID), lit(1).as("__here"))
            .join(
                answers.select(Source.column(ID).as("__there"), Source.column(COUNT)),
                Source.column(ID).equalTo(Source.column("__there")),
                "full_outer")
            .select(
                coalesce(Source.column(ID), Source.column("__there")).as(ID),
                Source.column("__here"),
                Source.column("__there"),
                Source.column(COUNT));
    Row found =
        matched
            .agg(
                times(Source.column(COUNT).isNotNull().and(isRepeated)),
                times(isMissing),
                times(isExtra),
                times(Source.column("__here").isNotNull()))
            .head();
    refuse(
        found.getLong(0),
        matched.where(Source.column(COUNT).isNotNull().and(isRepeated)),
        where
            + ": ids must be unique and not null, but {n} are repeated or null, such as {x}; keep one row of each");
    String missing = " rows of data." + data.name() + " have no prediction";
    String extra = " ids are not in data." + data.name();
    if (model.onMissing() == ModelConfig.OnMissing.FAIL) {
      refuse(
          found.getLong(1),
          matched.where(isMissing),
          where + ": {n}" + missing + ", such as {x}; add them, or set on-missing = drop");
      refuse(
          found.getLong(2),
          matched.where(isExtra),
          where + ": {n}" + extra + ", such as {x}; remove them, or set on-missing = drop");
    } else {
      if (found.getLong(1) > 0) {
        notes.add(
            "models."
                + model.name()
                + ": "
                + found.getLong(1)
                + " of "
                + found.getLong(3)
                + missing
                + "; left out");
      }
      if (found.getLong(2) > 0) {
        notes.add("models." + model.name() + ": " + found.getLong(2) + extra + "; left out");
      }
    }
    Dataset<Row> all = items.join(answers, ID);
    for (Part part : parts.keySet()) {
      all = all.withColumn(name(model.name(), part), Source.column(ANSWER).getField(part.key()));
    }
    return all.drop(ID, COUNT, ANSWER);
  }

  static void refuse(long count, Dataset<Row> offenders, String message) {
    if (count > 0) {
      List<Row> examples = offenders.select(ID).orderBy(ID).limit(3).collectAsList();
      throw UserException.input(
          message
              .replace("{n}", Long.toString(count))
              .replace(
                  "{x}",
                  examples.stream()
                      .map(r -> r.isNullAt(0) ? "null" : r.getString(0))
                      .collect(Collectors.joining(", "))));
    }
  }
}
