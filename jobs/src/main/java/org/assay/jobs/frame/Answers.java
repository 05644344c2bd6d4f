package org.assay.jobs.frame;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.SliceColumn;
import org.assay.config.Suggestion;

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
  private static final String ID = "__id";
  private static final String COUNT = "__count";
  private static final String ANSWER = "__answer";

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
    Dataset<Row> all = data.model().isPresent() ? itemsOf(rows, data, inside, notes) : rows;
    for (ModelConfig model : data.model().isPresent() ? List.<ModelConfig>of() : inside) {
      for (Map.Entry<Part, String> part : parts(model, rows).entrySet()) {
        all = all.withColumn(name(model.name(), part.getKey()), Source.column(part.getValue()));
      }
    }
    for (ModelConfig model : models) {
      if (model.kind() == ModelConfig.Kind.TABLE) {
        String where = "models." + model.name();
        Dataset<Row> table =
            Source.load(spark, where, "predictions", model.target(), "", Map.of(), "");
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
  private static Map<Part, String> parts(ModelConfig model, Dataset<Row> rows) {
    Map<Part, String> parts = new LinkedHashMap<>();
    model.prediction().ifPresent(c -> parts.put(Part.PREDICTION, c));
    model.score().ifPresent(c -> parts.put(Part.SCORE, c));
    model.correct().ifPresent(c -> parts.put(Part.CORRECT, c));
    parts.forEach(
        (part, c) -> Source.require("models." + model.name() + "." + part.key(), rows, c));
    return parts;
  }

  private static Column answer(Map<Part, String> parts) {
    return struct(
        parts.entrySet().stream()
            .map(part -> Source.column(part.getValue()).as(part.getKey().key()))
            .toArray(Column[]::new));
  }

  private static Column times(Column condition) {
    return coalesce(sum(when(condition, lit(1L))), lit(0L));
  }

  /**
   * Items that have a row per model, as one row each: in one grouping by id, whatever the number of
   * models.
   */
  private static Dataset<Row> itemsOf(
      Dataset<Row> rows, DataConfig data, List<ModelConfig> models, List<String> notes) {
    String where = "data." + data.name();
    String by = data.model().orElseThrow();
    Source.require(where + ".model-column", rows, by);
    Source.require(where + ".id", rows, data.id().orElseThrow());
    if (models.isEmpty()) {
      throw UserException.usage(
          where
              + ".model-column = "
              + by
              + ": no model's predictions are columns of it; give models prediction, score or correct columns");
    }
    Map<String, String> columns = new LinkedHashMap<>(data.roles());
    columns.remove(data.id().get());
    columns.remove(by);
    for (SliceColumn slice : data.slices().stream().flatMap(List::stream).toList()) {
      columns.putIfAbsent(slice.column(), "slices");
    }
    columns.remove(data.id().get());
    columns.forEach((column, role) -> Source.require(where + "." + role, rows, column));
    Column value = Source.column(by).cast("string");
    Column named = value.isin(models.stream().map(ModelConfig::value).toArray());
    List<Column> grouped = new ArrayList<>();
    List<Column> items = new ArrayList<>();
    List<Column> conflicts = new ArrayList<>();
    items.add(Source.column(ID).as(data.id().get()));
    grouped.add(times(not(coalesce(named, lit(false)))).as("__others"));
    grouped.add(times(named).as(COUNT));
    for (String column : columns.keySet()) {
      String at = "__" + items.size();
      Column own = when(named, Source.column(column));
      grouped.add(min(own).as(at));
      grouped.add(max(own).as(at + "_max"));
      grouped.add(count(own).as(at + "_count"));
      Column there = Source.column(at + "_count");
      conflicts.add(
          not(Source.column(at).eqNullSafe(Source.column(at + "_max")))
              .or(there.gt(0).and(there.lt(Source.column(COUNT)))));
      items.add(Source.column(at).as(column));
    }
    for (ModelConfig model : models) {
      Map<Part, String> parts = parts(model, rows);
      Column own = value.equalTo(model.value());
      grouped.add(times(own).as(COUNT + model.name()));
      grouped.add(first(when(own, answer(parts)), true).as(ANSWER + model.name()));
      for (Part part : parts.keySet()) {
        items.add(
            Source.column(ANSWER + model.name()).getField(part.key()).as(name(model.name(), part)));
      }
    }
    Dataset<Row> byItem =
        rows.groupBy(Source.column(data.id().get()).cast("string").as(ID))
            .agg(grouped.get(0), grouped.subList(1, grouped.size()).toArray(Column[]::new));
    Column isItem = Source.column(COUNT).gt(0);
    List<Column> checks = new ArrayList<>();
    checks.add(times(isItem).as("items"));
    checks.add(coalesce(sum("__others"), lit(0L)).as("others"));
    checks.add(
        coalesce(sum(when(Source.column(ID).isNull(), Source.column(COUNT))), lit(0L)).as("nulls"));
    checks.add(coalesce(sum(COUNT), lit(0L)).as("rows"));
    conflicts.forEach(c -> checks.add(times(c).as("conflict" + checks.size())));
    int firstOfModels = checks.size();
    for (ModelConfig model : models) {
      Column own = Source.column(COUNT + model.name());
      checks.add(times(own.gt(0)).as("some" + checks.size()));
      checks.add(times(own.gt(1)).as("several" + checks.size()));
    }
    Row found =
        byItem.agg(checks.get(0), checks.subList(1, checks.size()).toArray(Column[]::new)).head();
    long all = found.getLong(0);
    refuseAbsent(rows, value, data, models, m -> found.getLong(firstOfModels + 2 * m) == 0);
    if (found.getLong(2) > 0) {
      throw UserException.input(
          where
              + ".id: "
              + found.getLong(2)
              + " of "
              + found.getLong(3)
              + " rows have no "
              + data.id().get()
              + "; an id must be there in every row; remove them, for example by where = \""
              + data.id().get()
              + " is not null\"");
    }
    int check = 4;
    for (Map.Entry<String, String> column : columns.entrySet()) {
      Column conflict = conflicts.get(check - 4);
      refuse(
          found.getLong(check++),
          byItem.where(conflict),
          where
              + "."
              + column.getValue()
              + ": {n} of "
              + all
              + " items have rows that differ in "
              + column.getKey()
              + ", such as {x}; the rows of an item must agree on it; mend them");
    }
    Column kept = isItem;
    for (ModelConfig model : models) {
      Column own = Source.column(COUNT + model.name());
      long missing = all - found.getLong(check++);
      refuse(
          found.getLong(check++),
          byItem.where(own.gt(1)),
          "models."
              + model.name()
              + ": {n} of "
              + all
              + " items of "
              + where
              + " have several rows with "
              + by
              + " = "
              + model.value()
              + ", such as {x}; keep one row of each");
      String text =
          " of " + all + " items of " + where + " have no row with " + by + " = " + model.value();
      if (model.onMissing() == ModelConfig.OnMissing.FAIL) {
        refuse(
            missing,
            byItem.where(isItem.and(own.equalTo(0))),
            "models."
                + model.name()
                + ": {n}"
                + text
                + ", such as {x}; add them, or set on-missing = drop");
      } else {
        kept = kept.and(own.gt(0));
        if (missing > 0) {
          notes.add("models." + model.name() + ": " + missing + text + "; left out");
        }
      }
    }
    if (found.getLong(1) > 0) {
      notes.add(
          where
              + ": "
              + found.getLong(1)
              + " rows of other models than "
              + models.stream().map(ModelConfig::value).collect(Collectors.joining(", "))
              + " left out");
    }
    return byItem.where(kept).select(items.toArray(Column[]::new));
  }

  /** Refuses a model of which no row is there. */
  private static void refuseAbsent(
      Dataset<Row> rows,
      Column value,
      DataConfig data,
      List<ModelConfig> models,
      IntPredicate isAbsent) {
    for (int m = 0; m < models.size(); m++) {
      if (isAbsent.test(m)) {
        List<String> known =
            rows
                .select(value.as("value"))
                .where("value is not null")
                .distinct()
                .orderBy("value")
                .limit(1000)
                .collectAsList()
                .stream()
                .map(r -> r.getString(0))
                .toList();
        String wanted = models.get(m).value();
        throw UserException.input(
            "models."
                + models.get(m).name()
                + ".model-value = "
                + wanted
                + ": no row of data."
                + data.name()
                + " has it in "
                + data.model().orElse("")
                + Suggestion.of(wanted, known)
                + "; it holds "
                + (known.isEmpty() ? "nothing" : Source.abbreviated(known)));
      }
    }
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

  private static void refuse(long count, Dataset<Row> offenders, String message) {
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
