package org.assay.metric;

/**
 * How labels and predictions go together, from the margins of a confusion matrix: with total weight
 * s, correct weight c, weight t<sub>k</sub> labeled k and p<sub>k</sub> predicted k, all times a
 * power of two that cancels in ratios of these.
 *
 * <p>Each is exact for whole weights and rounded once.
 *
 * @param agreement c s - sum t<sub>k</sub> p<sub>k</sub>
 * @param disagreement s<sup>2</sup> - sum t<sub>k</sub> p<sub>k</sub>
 * @param labels s<sup>2</sup> - sum t<sub>k</sub><sup>2</sup>; 0 when all labels are one class
 * @param predictions s<sup>2</sup> - sum p<sub>k</sub><sup>2</sup>; 0 when all are one class
 */
record Association(double agreement, double disagreement, double labels, double predictions) {

  /** The association in a matrix that has items. */
  static Association of(Confusion cells) {
    double scale = cells.scale();
    double total = cells.total() * scale;
    ExactSum agreement = new ExactSum();
    ExactSum disagreement = new ExactSum();
    ExactSum labels = new ExactSum();
    ExactSum predictions = new ExactSum();
    agreement.addProduct(total, cells.correct() * scale);
    disagreement.addProduct(total, total);
    labels.addProduct(total, total);
    predictions.addProduct(total, total);
    for (int c = 0; c < cells.classes(); c++) {
      double labeled = cells.labeled(c) * scale;
      double predicted = cells.predicted(c) * scale;
      agreement.addProduct(-labeled, predicted);
      disagreement.addProduct(-labeled, predicted);
      labels.addProduct(-labeled, labeled);
      predictions.addProduct(-predicted, predicted);
    }
    return new Association(
        agreement.value(), disagreement.value(), labels.value(), predictions.value());
  }
}
