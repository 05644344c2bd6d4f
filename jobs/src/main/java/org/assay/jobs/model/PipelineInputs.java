package org.assay.jobs.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.MaxAbsScalerModel;
import org.apache.spark.ml.feature.MinMaxScalerModel;
import org.apache.spark.ml.feature.RobustScalerModel;
import org.apache.spark.ml.feature.StandardScalerModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.feature.VectorIndexerModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/**
 * From which columns of the data each slot of a pipeline's vectors comes: traced through the
 * columns that its stages name as their inputs and outputs. A stage that makes a vector of a vector
 * mixes all of its slots, but those that are known to keep each to itself.
 */
public final class PipelineInputs {

  /** Stages whose output's k-th slot is made of the input's k-th slot alone. */
  private static final Set<Class<?>> SLOT_BY_SLOT =
      Set.of(
          StandardScalerModel.class,
          MinMaxScalerModel.class,
          MaxAbsScalerModel.class,
          RobustScalerModel.class,
          VectorIndexerModel.class);

  private PipelineInputs() {}

  /**
   * The columns behind each slot of a column; empty when it is not known where it comes from.
   *
   * @param model stages in their order
   * @param row any row with all that they have made, by the columns' names
   * @param column the column to look at
   */
  public static List<Set<String>> of(PipelineModel model, Row row, String column) {
    Map<String, List<Set<String>>> known = new HashMap<>();
    for (Transformer stage : flat(model)) {
      List<String> inputs = names(stage, "inputCol", "inputCols");
      List<String> outputs = names(stage, "outputCol", "outputCols");
      if (outputs.isEmpty()) {
        continue;
      }
      List<List<Set<String>>> given = new ArrayList<>();
      for (String input : inputs) {
        given.add(known.getOrDefault(input, slots(row, input, Set.of(input))));
      }
      if (stage instanceof VectorAssembler) {
        List<Set<String>> all = new ArrayList<>();
        given.forEach(all::addAll);
        known.put(outputs.get(0), all);
      } else if (SLOT_BY_SLOT.contains(stage.getClass())) {
        known.put(outputs.get(0), given.get(0));
      } else {
        for (int k = 0; k < outputs.size(); k++) {
          Set<String> mixed = new LinkedHashSet<>();
          for (int i = 0; i < given.size(); i++) {
            if (outputs.size() != inputs.size() || i == k) {
              given.get(i).forEach(mixed::addAll);
            }
          }
          known.put(
              outputs.get(k), inputs.isEmpty() ? List.of() : slots(row, outputs.get(k), mixed));
        }
      }
    }
    return known.getOrDefault(column, slots(row, column, Set.of(column)));
  }

  /** All stages, those of pipelines inside it in their place. */
  public static List<Transformer> flat(PipelineModel model) {
    List<Transformer> all = new ArrayList<>();
    for (Transformer stage : model.stages()) {
      if (stage instanceof PipelineModel inner) {
        all.addAll(flat(inner));
      } else {
        all.add(stage);
      }
    }
    return all;
  }

  private static List<Set<String>> slots(Row row, String column, Set<String> sources) {
    Object value = row.getAs(column);
    int size = value instanceof Vector vector ? vector.size() : 1;
    List<Set<String>> all = new ArrayList<>();
    for (int k = 0; k < size; k++) {
      all.add(sources);
    }
    return all;
  }

  /** The columns that a stage's parameters name. */
  private static List<String> names(Transformer stage, String one, String many) {
    for (String name : List.of(many, one)) {
      if (stage.hasParam(name) && stage.isDefined(stage.getParam(name))) {
        Object value = stage.getOrDefault(stage.getParam(name));
        if (value instanceof String[] all) {
          if (all.length > 0) {
            return List.of(all);
          }
        } else if (stage.isSet(stage.getParam(name)) || name.equals(one)) {
          return List.of(String.valueOf(value));
        }
      }
    }
    return List.of();
  }
}
