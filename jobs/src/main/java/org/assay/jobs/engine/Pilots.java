package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assay.jobs.model.Batched;

/**
 * Fits to all rows, done, from which those of replicates begin. They begin there alone: each goes
 * to the optimum of its own training rows, so rows held out move no more than its last digits.
 *
 * @param done by settings
 */
record Pilots(Map<List<Map<String, Object>>, List<Batched.Group>> done) implements Serializable {
  /** Replicates with the same settings from which on pilots are worth their own fits. */
  private static final int LEAST = 4;

  /** Those for settings; empty when there are none. */
  List<Batched.Group> of(List<Map<String, Object>> settings) {
    return done.getOrDefault(settings, List.of());
  }

  /**
   * The settings that enough replicates share; none when replicates learn from other columns, or
   * from other labels, which would be far from what a pilot learns from the rows' own.
   */
  static List<List<Map<String, Object>>> worthwhile(Batch batch) {
    Map<List<Map<String, Object>>, Integer> count = new HashMap<>();
    batch.units().forEach(unit -> count.merge(unit.settings(), 1, Integer::sum));
    return batch.isFixed() && !batch.isRelabelled()
        ? batch.units().stream()
            .map(Batch.Unit::settings)
            .distinct()
            .filter(settings -> count.get(settings) >= LEAST)
            .toList()
        : List.of();
  }

  /**
   * Makes pilots.
   *
   * @param finish carries the fits of some settings to their ends; gives none when they failed
   */
  static Pilots of(
      List<List<Map<String, Object>>> settings,
      Function<List<Map<String, Object>>, List<Batched.Group>> finish) {
    Map<List<Map<String, Object>>, List<Batched.Group>> done = new HashMap<>();
    settings.forEach(own -> done.put(own, finish.apply(own)));
    return new Pilots(done);
  }
}
