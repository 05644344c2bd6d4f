package org.assay.bootstrap;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.assay.metric.Value;
import org.assay.random.Lanes;

/**
 * What replicates measured: a number for each model, metric and slice, NaN where a metric is
 * undefined.
 *
 * <p>Numbers that were never set are NaN. Not thread-safe.
 */
public final class Replicates implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int metrics;
  private final int slices;
  private final int replicates;
  private final double[] values;

  /** Why the first undefined number of a model, metric and slice is undefined. */
  private final Map<Integer, Reason> reasons = new TreeMap<>();

  private record Reason(int replicate, String text) implements Serializable {
    Reason first(Reason other) {
      return other.replicate < replicate ? other : this;
    }
  }

  /** Room for this many of each. */
  public Replicates(int models, int metrics, int slices, int replicates) {
    this.metrics = metrics;
    this.slices = slices;
    this.replicates = replicates;
    this.values = new double[Math.toIntExact((long) models * metrics * slices * replicates)];
    Arrays.fill(values, Double.NaN);
  }

  private int at(int model, int metric, int slice) {
    return ((model * metrics + metric) * slices + slice) * replicates;
  }

  void set(int model, int metric, int slice, int replicate, Value value) {
    int at = at(model, metric, slice);
    values[at + replicate] = value.value();
    if (!value.isDefined()) {
      reasons.merge(at / replicates, new Reason(replicate, value.reason()), Reason::first);
    }
  }

  /** One number. */
  public double get(int model, int metric, int slice, int replicate) {
    return values[at(model, metric, slice) + replicate];
  }

  /**
   * Why the first undefined number of a model, metric and slice is undefined; empty without one.
   */
  public String reason(int model, int metric, int slice) {
    Reason first = reasons.get(at(model, metric, slice) / replicates);
    return first == null ? "" : first.text();
  }

  /** The numbers of all replicates of one model, metric and slice; a new array. */
  public double[] of(int model, int metric, int slice) {
    int from = at(model, metric, slice);
    return Arrays.copyOfRange(values, from, from + replicates);
  }

  /** Copies a batch to its place among all replicates. */
  public void put(int batch, Replicates part) {
    int from = batch * Lanes.WIDTH;
    int count = Math.min(Lanes.WIDTH, replicates - from);
    for (int series = 0; series < values.length / replicates; series++) {
      System.arraycopy(
          part.values, series * part.replicates, values, series * replicates + from, count);
    }
    part.reasons.forEach(
        (series, reason) -> {
          if (reason.replicate() < count) {
            reasons.merge(
                series, new Reason(from + reason.replicate(), reason.text()), Reason::first);
          }
        });
  }
}
