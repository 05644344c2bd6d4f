package org.assay.fit;

import java.io.Serializable;

/**
 * What is subtracted from every feature and from the label before anything is summed, so that sums
 * of squares keep their digits: usually the means over the whole frame. The same for all sums of a
 * pass. Any point near the data will do; models are told in the features' own units.
 *
 * @param features one per feature
 * @param label 0 for classes
 */
public record Center(double[] features, double label) implements Serializable {

  /** No shift: exact for features that are counts. */
  public static Center zero(int width) {
    return new Center(new double[width], 0);
  }

  /** The means of some rows, unweighted; for numbers as labels. */
  public static Center of(Iterable<Examples> blocks, int width) {
    double[] sum = new double[width];
    double label = 0;
    long rows = 0;
    for (Examples block : blocks) {
      for (int i = 0; i < block.size(); i++) {
        for (int j = 0; j < width; j++) {
          sum[j] += block.features()[i * width + j];
        }
        label += block.label()[i];
      }
      rows += block.size();
    }
    long count = Math.max(1, rows);
    for (int j = 0; j < width; j++) {
      sum[j] /= count;
    }
    return new Center(sum, label / count);
  }

  /** The same for classes, whose codes are not shifted. */
  public Center ofClasses() {
    return new Center(features, 0);
  }

  int width() {
    return features.length;
  }
}
