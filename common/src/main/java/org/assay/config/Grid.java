package org.assay.config;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.assay.random.Keyed;
import org.assay.random.Permutation;

/**
 * The settings of a model to try: {@code grid { NAME = ..., ... }}.
 *
 * <p>Each parameter has a list of values, and all combinations are tried; or, with {@code search =
 * random}, {@code trials} (default 20) of them that are drawn. Then a parameter may have a
 * distribution in place of a list, as a section of one key: {@code uniform}, {@code log-uniform},
 * {@code integers} or {@code log-integers}, each {@code [LOW, HIGH]}, both ends included. Numbers
 * that are drawn have {@value #DIGITS} digits.
 *
 * <p>If all parameters have lists, the trials are different combinations, all equally likely; all
 * of them when there are no more. Otherwise every trial draws every parameter anew, and trials that
 * come out alike count once. A trial is a pure function of (seed, the model's name, the parameter,
 * the trial), so more trials keep the first ones.
 *
 * <p>Source: J. Bergstra and Y. Bengio, "Random search for hyper-parameter optimization", Journal
 * of Machine Learning Research 13 (2012).
 *
 * @param model the model's name
 * @param axes what each parameter may be, in order of names
 * @param trials how many settings are drawn; 0 for all combinations
 * @param seed of the draws
 */
public record Grid(String model, Map<String, Axis> axes, int trials, long seed)
    implements Serializable {
  static final int DIGITS = 6;

  /** Most combinations that are told apart. */
  private static final long MOST = 1L << 52;

  private enum Search {
    ALL,
    RANDOM
  }

  /** What a parameter may be. */
  sealed interface Axis extends Serializable {

    /**
     * A value.
     *
     * @param u uniform in [0, 1)
     */
    Object at(double u);
  }

  /** One of some values. */
  record Values(List<Object> values) implements Axis {
    @Override
    public Object at(double u) {
      return values.get((int) (u * values.size()));
    }
  }

  /** How numbers of a range are drawn. */
  enum Law {
    UNIFORM,
    LOG_UNIFORM,
    INTEGERS,
    LOG_INTEGERS;

    boolean isLog() {
      return this == LOG_UNIFORM || this == LOG_INTEGERS;
    }

    boolean isWhole() {
      return this == INTEGERS || this == LOG_INTEGERS;
    }

    String key() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  /** A number of [low, high]. */
  record Range(Law law, double low, double high) implements Axis {
    @Override
    public Object at(double u) {
      double to = law.isWhole() ? high + 1 : high;
      double x =
          law.isLog() ? Math.exp(Math.log(low) + u * Math.log(to / low)) : low + u * (to - low);
      if (law.isWhole()) {
        return (int) Math.max(low, Math.min(high, Math.floor(x)));
      }
      double rounded = BigDecimal.valueOf(x).round(new MathContext(DIGITS)).doubleValue();
      return Math.max(low, Math.min(high, rounded));
    }
  }

  /** Reads {@code grid}, {@code search} and {@code trials} of a model. */
  static Grid read(String model, Section section, long seed) {
    Search search = section.choice("search", Search.class, Search.ALL);
    if (section.has("trials") && search == Search.ALL) {
      throw section.wrong(
          "trials", "is how many settings search = random draws; set it, or remove this key");
    }
    int trials = search == Search.ALL ? 0 : (int) section.integer("trials", 20L, 1, 100_000);
    Map<String, Axis> axes = new TreeMap<>();
    Section grid = section.sectionOrEmpty("grid");
    for (Map.Entry<String, Object> axis : grid.values().entrySet()) {
      String key = axis.getKey();
      if (axis.getValue() instanceof List<?> values && !values.isEmpty()) {
        axes.put(key, new Values(new ArrayList<>(values)));
      } else if (axis.getValue() instanceof Map<?, ?>) {
        if (search == Search.ALL) {
          throw grid.wrong(
              key,
              "is a distribution; set search = random to draw from it, or give a list of values");
        }
        axes.put(key, range(grid, key));
      } else {
        throw grid.wrong(
            key,
            "must be a list of at least one value"
                + (search == Search.ALL
                    ? ""
                    : ", or a distribution such as { log-uniform = [0.001, 1] }"));
      }
    }
    if (search == Search.RANDOM && axes.isEmpty()) {
      throw section.wrong("search", "has no grid to draw from; add one, or remove this key");
    }
    return new Grid(model, axes, trials, seed);
  }

  private static Range range(Section grid, String key) {
    Section section = grid.section(key);
    Map<String, Object> values = section.values();
    for (Law law : Law.values()) {
      if (values.size() == 1 && values.get(law.key()) instanceof List<?> ends && ends.size() == 2) {
        String rule =
            "must be [LOW, HIGH], "
                + (law.isWhole() ? "whole " : "")
                + "numbers"
                + (law.isLog() ? " above 0" : "")
                + ", LOW below HIGH";
        if (ends.get(0) instanceof Number low && ends.get(1) instanceof Number high) {
          double a = low.doubleValue();
          double b = high.doubleValue();
          boolean isRight = a < b && Double.isFinite(b - a) && (!law.isLog() || a > 0);
          if (law.isWhole()) {
            isRight &= a == Math.rint(a) && b == Math.rint(b) && Math.abs(a) < 1e9 && b < 1e9;
          }
          if (isRight) {
            return new Range(law, a, b);
          }
        }
        throw section.wrong(law.key(), rule);
      }
    }
    throw grid.wrong(
        key,
        "must be a list, or one of { uniform = [LOW, HIGH] }, { log-uniform = [LOW, HIGH] }, { integers = [LOW, HIGH] }, { log-integers = [LOW, HIGH] }");
  }

  /** Whether there is nothing to vary. */
  boolean isEmpty() {
    return axes.isEmpty();
  }

  /**
   * The settings: fixed parameters with each combination, first name slowest, or with each trial.
   */
  List<Map<String, Object>> settings(Map<String, Object> fixed) {
    long combinations = 1;
    for (Axis axis : axes.values()) {
      long many = axis instanceof Values list ? list.values().size() : MOST;
      combinations = combinations > MOST / many ? MOST : combinations * many;
    }
    if (trials > 0 && combinations >= MOST) {
      return drawn(fixed);
    }
    List<Map<String, Object>> settings = new ArrayList<>();
    boolean all = trials == 0 || trials >= combinations;
    Permutation order =
        all ? null : Permutation.of(Keyed.of(seed, "search " + model), 0, combinations);
    for (long k = 0; k < (all ? combinations : trials); k++) {
      settings.add(combination(fixed, all ? k : order.at(k), combinations));
    }
    return settings;
  }

  private Map<String, Object> combination(Map<String, Object> fixed, long number, long count) {
    Map<String, Object> setting = new TreeMap<>(fixed);
    long rest = number;
    long below = count;
    for (Map.Entry<String, Axis> axis : axes.entrySet()) {
      List<Object> values = ((Values) axis.getValue()).values();
      below /= values.size();
      setting.put(axis.getKey(), values.get((int) (rest / below)));
      rest %= below;
    }
    return setting;
  }

  private List<Map<String, Object>> drawn(Map<String, Object> fixed) {
    Set<Map<String, Object>> settings = new LinkedHashSet<>();
    for (int trial = 0; trial < trials; trial++) {
      Map<String, Object> setting = new TreeMap<>(fixed);
      for (Map.Entry<String, Axis> axis : axes.entrySet()) {
        Keyed function = Keyed.of(seed, "search " + model + " " + axis.getKey());
        setting.put(axis.getKey(), axis.getValue().at(function.uniform(trial, 0)));
      }
      settings.add(setting);
    }
    return new ArrayList<>(settings);
  }
}
