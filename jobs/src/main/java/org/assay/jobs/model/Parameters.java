package org.assay.jobs.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.assay.UserException;
import org.assay.config.Suggestion;

/**
 * Sets Spark ML parameters by name from plain values, with errors that name key, value and rule.
 */
final class Parameters {
  /** Columns are ours to name; the others hold matrices, which a configuration cannot express. */
  private static final Set<String> OURS =
      Set.of(
          "featuresCol",
          "labelCol",
          "weightCol",
          "predictionCol",
          "rawPredictionCol",
          "probabilityCol",
          "leafCol",
          "varianceCol",
          "linkPredictionCol",
          "validationIndicatorCol",
          "offsetCol",
          "classifier",
          "lowerBoundsOnCoefficients",
          "upperBoundsOnCoefficients",
          "lowerBoundsOnIntercepts",
          "upperBoundsOnIntercepts",
          "initialWeights");

  private Parameters() {}

  static Set<String> names(Params params) {
    Set<String> names = new TreeSet<>();
    for (Param<?> param : params.params()) {
      if (!OURS.contains(param.name())) {
        names.add(param.name());
      }
    }
    return names;
  }

  static void set(String where, Params target, Map<String, Object> values, Set<String> alsoKnown) {
    Map<String, Object> sorted = new LinkedHashMap<>(values);
    for (Map.Entry<String, Object> entry : sorted.entrySet()) {
      Set<String> known = names(target);
      if (!known.contains(entry.getKey())) {
        known.addAll(alsoKnown);
        throw UserException.usage(
            where
                + "."
                + entry.getKey()
                + ": no such parameter"
                + Suggestion.of(entry.getKey(), known)
                + "; known: "
                + String.join(", ", known));
      }
      set(where, target, target.getParam(entry.getKey()), entry.getValue());
    }
  }

  @SuppressWarnings("unchecked")
  private static void set(String where, Params target, Param<?> param, Object value) {
    Object converted = convert(where, param, value);
    try {
      target.set((Param<Object>) param, converted);
    } catch (IllegalArgumentException e) {
      throw UserException.usage(
          where + "." + param.name() + " = " + value + ": is out of range: " + param.doc());
    }
  }

  private static Object convert(String where, Param<?> param, Object value) {
    String rule;
    if (param instanceof DoubleParam) {
      if (value instanceof Number number) {
        return number.doubleValue();
      }
      rule = "must be a number";
    } else if (param instanceof IntParam) {
      if (value instanceof Number number && number.doubleValue() == number.intValue()) {
        return number.intValue();
      }
      rule = "must be a whole number";
    } else if (param instanceof LongParam) {
      if (value instanceof Number number && number.doubleValue() == number.longValue()) {
        return number.longValue();
      }
      rule = "must be a whole number";
    } else if (param instanceof BooleanParam) {
      if (value instanceof Boolean) {
        return value;
      }
      rule = "must be true or false";
    } else if (param instanceof DoubleArrayParam || param instanceof IntArrayParam) {
      if (value instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
        List<Number> numbers = new ArrayList<>();
        list.forEach(n -> numbers.add((Number) n));
        return param instanceof DoubleArrayParam
            ? numbers.stream().mapToDouble(Number::doubleValue).toArray()
            : numbers.stream().mapToInt(Number::intValue).toArray();
      }
      rule = "must be a list of numbers";
    } else if (param instanceof StringArrayParam) {
      if (value instanceof List<?> list) {
        return list.stream().map(String::valueOf).toArray(String[]::new);
      }
      rule = "must be a list of texts";
    } else {
      if (value instanceof String) {
        return value;
      }
      rule = "must be a text";
    }
    throw UserException.usage(
        where
            + "."
            + param.name()
            + " = "
            + (value instanceof Object[] a ? Arrays.toString(a) : value)
            + ": "
            + rule);
  }
}
