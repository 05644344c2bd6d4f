package org.assay.importance;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What becomes of a metric while features are taken from a model one after the other, in the order
 * of their importance, each replaced by what a donor has: a good ranking makes it fall at once.
 *
 * <p>{@link #groups} are what an {@link Exchange} measures the curve with: the first feature, the
 * first two, and so on.
 *
 * <pre>
 *   area = mean of the metric over the share removed, from 0 to 1, by trapezoids
 *   fall = (v_0 - area) / (v_0 - v_p), for v_0 with all features and v_p with none
 * </pre>
 *
 * <p>The fall is 1/2 for a metric that falls evenly, near 1 where the first features carry all, and
 * NaN where nothing is lost at all. It may be outside [0, 1] where the metric overshoots.
 *
 * <p>Source: W. Samek, A. Binder, G. Montavon, S. Lapuschkin and K.-R. Mueller, "Evaluating the
 * visualization of what a deep neural network has learned", IEEE TNNLS 28 (2017),
 * doi:10.1109/TNNLS.2016.2599820, where regions of pictures are removed.
 *
 * @param values of the metric with 0, 1, .. all features removed
 * @param area under the curve
 * @param fall as above
 */
public record MaskingCurve(double[] values, double area, double fall) implements Serializable {

  /**
   * The curve of measured values.
   *
   * @param values with 0, 1, .. all features removed: at least two
   */
  public static MaskingCurve of(double[] values) {
    if (values.length < 2) {
      throw new IllegalArgumentException(
          values.length + " values: must be with and without all features, and those between");
    }
    double sum = (values[0] + values[values.length - 1]) / 2;
    for (int i = 1; i + 1 < values.length; i++) {
      sum += values[i];
    }
    double area = sum / (values.length - 1);
    double lost = values[0] - values[values.length - 1];
    return new MaskingCurve(
        values.clone(), area, lost == 0 ? Double.NaN : (values[0] - area) / lost);
  }

  /**
   * The groups that are removed: the first of the order, the first two, .. all.
   *
   * @param groups disjoint
   * @param order numbers of groups, each once, the first to be removed first
   */
  public static FeatureGroups groups(FeatureGroups groups, int[] order) {
    int[] seen = order.clone();
    Arrays.sort(seen);
    for (int g = 0; g < groups.size(); g++) {
      if (seen.length != groups.size() || seen[g] != g) {
        throw new IllegalArgumentException(
            "an order of " + order.length + ": must hold each of " + groups.size() + " once");
      }
    }
    groups.disjoint();
    List<String> names = new ArrayList<>();
    int[][] features = new int[order.length][];
    int[] removed = {};
    for (int i = 0; i < order.length; i++) {
      int[] more = groups.features()[order[i]];
      int size = removed.length;
      removed = Arrays.copyOf(removed, size + more.length);
      System.arraycopy(more, 0, removed, size, more.length);
      features[i] = removed;
      names.add("the first " + (i + 1));
    }
    return new FeatureGroups(groups.width(), names, features);
  }
}
