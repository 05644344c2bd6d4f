package org.assay.metric;

import java.io.Serializable;

/**
 * What a metric remembers of the items it has seen: a commutative monoid, exactly.
 *
 * <p>Adding the same items in any order, or merging states of any partition of them, gives states
 * with the same value to the bit. Not thread-safe.
 *
 * @param <S> the state's own type
 */
public interface State<S extends State<S>> extends Serializable {

  /**
   * Adds one item. Callers have checked the arguments: no NaN, codes in range, weight in [0, {@link
   * Target#MOST_WEIGHT}].
   *
   * @param label class code, or the number of a regression
   * @param prediction class code, or the predicted number
   * @param scores one score of the positive class (binary), one per class (multiclass), or null;
   *     not kept
   * @param weight the item's weight; an item of weight 0 changes nothing
   */
  void add(double label, double prediction, double[] scores, double weight);

  /** Adds all items of {@code other}, which stays usable and unchanged. */
  void merge(S other);

  /** Whether it remembers items one by one, so that its size grows with their number. */
  default boolean remembersItems() {
    return false;
  }
}
