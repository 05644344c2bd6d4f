package org.assay.inference;

import java.math.BigInteger;

/**
 * The sums of squares of right (1) and wrong (0) answers of L models to n items, exactly. With
 * G<sub>j</sub> right answers of model j, R<sub>i</sub> models right on item i and T right answers
 * in all:
 *
 * @param models n L times the sum of squares between models: L sum G_j^2 - T^2
 * @param withinItems L times the sum of squares within items: L T - sum R_i^2
 * @param rest n L times the sum of squares left by models and items: n (L T - sum R_i^2) - models
 */
record OutcomeSquares(BigInteger models, BigInteger withinItems, BigInteger rest) {

  static OutcomeSquares of(OutcomeTotals totals) {
    BigInteger count = BigInteger.valueOf(totals.models());
    BigInteger right = BigInteger.ZERO;
    BigInteger squares = BigInteger.ZERO;
    for (long r : totals.rightOfModel()) {
      BigInteger g = BigInteger.valueOf(r);
      right = right.add(g);
      squares = squares.add(g.multiply(g));
    }
    BigInteger itemSquares = BigInteger.ZERO;
    for (int k = 0; k <= totals.models(); k++) {
      itemSquares =
          itemSquares.add(
              BigInteger.valueOf((long) k * k)
                  .multiply(BigInteger.valueOf(totals.itemsByRight()[k])));
    }
    BigInteger models = count.multiply(squares).subtract(right.multiply(right));
    BigInteger within = count.multiply(right).subtract(itemSquares);
    return new OutcomeSquares(
        models, within, BigInteger.valueOf(totals.n()).multiply(within).subtract(models));
  }
}
