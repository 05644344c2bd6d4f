package org.assay.inference;

import java.util.Arrays;

/**
 * Right and wrong answers of L models to the same items, as far as Cochran's Q and the F-test look
 * at them: how many items each model got right, and how many items were got right by exactly 0, 1,
 * .., L models. Sums of these over parts of the items are the totals of all.
 *
 * @param rightOfModel right answers of each model, L numbers
 * @param itemsByRight element k: items that exactly k models got right, L + 1 numbers
 */
public record OutcomeTotals(long[] rightOfModel, long[] itemsByRight) implements Evidence {
  private static final long serialVersionUID = 1L;

  public OutcomeTotals {
    rightOfModel = rightOfModel.clone();
    itemsByRight = itemsByRight.clone();
    int models = rightOfModel.length;
    if (models < 2 || itemsByRight.length != models + 1) {
      throw new IllegalArgumentException(
          "outcome totals of "
              + models
              + " models with "
              + itemsByRight.length
              + " counts of items: must be at least 2 models, and one count more than models");
    }
    long n = 0;
    long right = 0;
    for (int k = 0; k <= models; k++) {
      if (itemsByRight[k] < 0 || itemsByRight[k] > PairedOutcomes.MOST) {
        throw new IllegalArgumentException(
            "count " + itemsByRight[k] + " of items: must be between 0 and 2^51");
      }
      n += itemsByRight[k];
      right += k * itemsByRight[k];
    }
    for (long r : rightOfModel) {
      if (r < 0 || r > n) {
        throw new IllegalArgumentException(
            "a model with " + r + " right answers: must be between 0 and the " + n + " items");
      }
      right -= r;
    }
    if (right != 0) {
      throw new IllegalArgumentException(
          "outcome totals "
              + Arrays.toString(rightOfModel)
              + " and "
              + Arrays.toString(itemsByRight)
              + ": must count the same right answers by model and by item");
    }
  }

  /** The totals of two models. */
  public static OutcomeTotals of(PairedOutcomes o) {
    return new OutcomeTotals(
        new long[] {o.rightA(), o.rightB()},
        new long[] {o.bothWrong(), o.discordant(), o.bothRight()});
  }

  /** The totals of all items of both. */
  public OutcomeTotals plus(OutcomeTotals other) {
    long[] right = rightOfModel.clone();
    long[] items = itemsByRight.clone();
    Arrays.setAll(right, i -> right[i] + other.rightOfModel[i]);
    Arrays.setAll(items, k -> items[k] + other.itemsByRight[k]);
    return new OutcomeTotals(right, items);
  }

  @Override
  public Kind kind() {
    return Kind.OUTCOME_TOTALS;
  }

  /** Number of models. */
  public int models() {
    return rightOfModel.length;
  }

  /** Number of items. */
  public long n() {
    return Arrays.stream(itemsByRight).sum();
  }

  /** Items on which some model is right and another wrong. */
  public long discordant() {
    return n() - itemsByRight[0] - itemsByRight[models()];
  }

  /** Largest minus smallest accuracy; NaN without items. */
  public double spread() {
    long most = Arrays.stream(rightOfModel).max().getAsLong();
    long least = Arrays.stream(rightOfModel).min().getAsLong();
    return (double) (most - least) / n();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OutcomeTotals o
        && Arrays.equals(rightOfModel, o.rightOfModel)
        && Arrays.equals(itemsByRight, o.itemsByRight);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(rightOfModel) + Arrays.hashCode(itemsByRight);
  }
}
