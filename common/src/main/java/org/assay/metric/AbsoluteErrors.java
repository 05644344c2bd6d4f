package org.assay.metric;

/**
 * The multiset of absolute errors |label - prediction|: up to 8 bytes per item, 16 once weights
 * differ from 1, less where errors repeat. Not thread-safe.
 */
public final class AbsoluteErrors implements State<AbsoluteErrors> {
  private static final long serialVersionUID = 1L;

  private final Multiset errors = new Multiset();

  @Override
  public void add(double label, double prediction, double[] scores, double weight) {
    errors.add(Math.abs(label - prediction), weight);
  }

  @Override
  public boolean remembersItems() {
    return true;
  }

  @Override
  public void merge(AbsoluteErrors other) {
    errors.merge(other.errors);
  }

  /** The weighted median: see {@link MedianAbsoluteError}. */
  public Value median() {
    if (errors.size() == 0) {
      return Value.undefined("no items of positive weight");
    }
    errors.settle();
    // Weight at or below the entry minus weight above it: its sign is exact.
    ExactSum balance = new ExactSum();
    for (int i = 0; i < errors.size(); i++) {
      balance.add(-errors.weight(i));
    }
    for (int i = 0; ; i++) {
      balance.addProduct(2, errors.weight(i));
      double lead = balance.value();
      if (lead > 0) {
        return Value.of(errors.value(i));
      }
      if (lead == 0) {
        return Value.of(errors.value(i) / 2 + errors.value(i + 1) / 2);
      }
    }
  }
}
