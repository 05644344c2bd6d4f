package org.assay.jobs.frame;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.SliceColumn;
import org.assay.config.Suggestion;

/**
 * Data with a row per item and model, as one row per item with the answers of all models: one
 * grouping by id, whatever the number of models.
 *
 * <p>The columns that the data set's configuration names belong to the item: all its rows must
 * agree on them. Rows of models that are not asked for count for nothing.
 */
final class LongRows {
  private static final Column IS_ITEM = Source.column(Answers.COUNT).gt(0);

  private final Dataset<Row> rows;
  private final DataConfig data;
  private final List<ModelConfig> models;
  private final String where;
  private final String by;

  /** The value of the column that says which model. */
  private final Column value;

  /** The columns of the item besides its id, by name: the keys that name them. */
  private final Map<String, String> columns;

  private final Dataset<Row> grouped;

  LongRows(Dataset<Row> rows, DataConfig data, List<ModelConfig> models) {
    this.rows = rows;
    this.data = data;
    this.models = models;
    where = "data." + data.name();
    by = data.model().orElseThrow();
    value = Source.column(by).cast("string");
    Source.require(where + ".model-column", rows, by);
    Source.require(where + ".id", rows, id());
    if (models.isEmpty()) {
      throw UserException.usage(
          where
              + ".model-column = "
              + by
              + ": no model's predictions are columns of it; give models prediction, score or correct columns");
    }
    columns = new LinkedHashMap<>(data.roles());
    columns.remove(by);
    for (SliceColumn slice : data.slices().stream().flatMap(List::stream).toList()) {
      columns.putIfAbsent(slice.column(), "slices");
    }
    columns.remove(id());
    columns.forEach((column, key) -> Source.require(where + "." + key, rows, column));
    grouped = grouped();
  }

  private String id() {
    return data.id().orElseThrow();
  }

  /** How many rows of a model an item has. */
  private static Column rowsOf(ModelConfig model) {
    return Source.column(Answers.COUNT + model.name());
  }

  /** Where an item's least value of a column stands; its greatest, and how many there are. */
  private static String least(int column) {
    return "__" + column;
  }

  private static String most(int column) {
    return least(column) + "_max";
  }

  private static String there(int column) {
    return least(column) + "_count";
  }

  private Dataset<Row> grouped() {
    Column isNamed = value.isin(models.stream().map(ModelConfig::value).toArray());
    List<Column> all = new ArrayList<>();
    all.add(min(Source.column(id())).as("__own")); // of its own type
    all.add(Answers.times(not(coalesce(isNamed, lit(false)))).as("__others"));
    all.add(Answers.times(isNamed).as(Answers.COUNT));
    int at = 0;
    for (String column : columns.keySet()) {
      Column own = when(isNamed, Source.column(column));
      all.add(min(own).as(least(at)));
      all.add(max(own).as(most(at)));
      all.add(count(own).as(there(at++)));
    }
    for (ModelConfig model : models) {
      Column isOwn = value.equalTo(model.value());
      all.add(Answers.times(isOwn).as(Answers.COUNT + model.name()));
      all.add(
          first(when(isOwn, Answers.answer(Answers.parts(model, rows))), true)
              .as(Answers.ANSWER + model.name()));
    }
    return rows.groupBy(Source.column(id()).cast("string").as(Answers.ID))
        .agg(all.get(0), all.subList(1, all.size()).toArray(Column[]::new));
  }

  /** Whether an item's rows differ in a column. */
  private static Column differs(int column) {
    Column there = Source.column(there(column));
    return not(Source.column(least(column)).eqNullSafe(Source.column(most(column))))
        .or(there.gt(0).and(there.lt(Source.column(Answers.COUNT))));
  }

  /**
   * The items that all models answer, once all that can be wrong with them has been looked for in
   * one pass.
   *
   * @param notes where to say what was left out
   */
  Dataset<Row> items(List<String> notes) {
    List<Column> checks = new ArrayList<>();
    checks.add(Answers.times(IS_ITEM));
    checks.add(coalesce(sum("__others"), lit(0L)));
    checks.add(coalesce(sum(Answers.COUNT), lit(0L)));
    checks.add(
        coalesce(
            sum(when(Source.column(Answers.ID).isNull(), Source.column(Answers.COUNT))), lit(0L)));
    for (int c = 0; c < columns.size(); c++) {
      checks.add(Answers.times(differs(c)));
    }
    for (ModelConfig model : models) {
      checks.add(Answers.times(IS_ITEM.and(rowsOf(model).equalTo(0))));
      checks.add(Answers.times(rowsOf(model).gt(1)));
    }
    List<Column> named = new ArrayList<>();
    for (int c = 0; c < checks.size(); c++) {
      named.add(checks.get(c).as("check" + c));
    }
    Row found =
        grouped.agg(named.get(0), named.subList(1, named.size()).toArray(Column[]::new)).head();
    long items = found.getLong(0);
    int ofModels = 4 + columns.size();
    for (int m = 0; m < models.size(); m++) {
      if (found.getLong(ofModels + 2 * m) == items) {
        throw absent(models.get(m));
      }
    }
    if (found.getLong(3) > 0) {
      throw UserException.input(
          where
              + ".id: "
              + found.getLong(3)
              + " of "
              + found.getLong(2)
              + " rows have no "
              + id()
              + "; an id must be there in every row; remove them, for example by where = \""
              + id()
              + " is not null\"");
    }
    int c = 0;
    for (Map.Entry<String, String> column : columns.entrySet()) {
      Answers.refuse(
          found.getLong(4 + c),
          grouped.where(differs(c++)),
          where
              + "."
              + column.getValue()
              + ": {n} of "
              + items
              + " items have rows that differ in "
              + column.getKey()
              + ", such as {x}; the rows of an item must agree on it; mend them");
    }
    Column isKept = IS_ITEM;
    for (int m = 0; m < models.size(); m++) {
      check(
          models.get(m),
          items,
          found.getLong(ofModels + 2 * m),
          found.getLong(ofModels + 2 * m + 1),
          notes);
      isKept = isKept.and(rowsOf(models.get(m)).gt(0));
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
    return grouped.where(isKept).select(selected());
  }

  private void check(
      ModelConfig model, long items, long missing, long repeated, List<String> notes) {
    String ofItems = " of " + items + " items of " + where + " have ";
    String rowOf = " with " + by + " = " + model.value();
    Answers.refuse(
        repeated,
        grouped.where(rowsOf(model).gt(1)),
        "models."
            + model.name()
            + ": {n}"
            + ofItems
            + "several rows"
            + rowOf
            + ", such as {x}; keep one row of each");
    if (model.onMissing() == ModelConfig.OnMissing.FAIL) {
      Answers.refuse(
          missing,
          grouped.where(IS_ITEM.and(rowsOf(model).equalTo(0))),
          "models."
              + model.name()
              + ": {n}"
              + ofItems
              + "no row"
              + rowOf
              + ", such as {x}; add them, or set on-missing = drop");
    } else if (missing > 0) {
      notes.add(
          "models." + model.name() + ": " + missing + ofItems + "no row" + rowOf + "; left out");
    }
  }

  private Column[] selected() {
    List<Column> all = new ArrayList<>();
    all.add(Source.column("__own").as(id()));
    int at = 0;
    for (String column : columns.keySet()) {
      all.add(Source.column(least(at++)).as(column));
    }
    for (ModelConfig model : models) {
      for (Answers.Part part : Answers.parts(model, rows).keySet()) {
        all.add(
            Source.column(Answers.ANSWER + model.name())
                .getField(part.key())
                .as(Answers.name(model.name(), part)));
      }
    }
    return all.toArray(Column[]::new);
  }

  /** What to say of a model without any row. */
  private UserException absent(ModelConfig model) {
    List<String> known = // as many as a message can be made of
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
    return UserException.input(
        "models."
            + model.name()
            + ".model-value = "
            + model.value()
            + ": no row of "
            + where
            + " has it in "
            + by
            + Suggestion.of(model.value(), known)
            + "; it holds "
            + (known.isEmpty() ? "nothing" : Source.abbreviated(known)));
  }
}
