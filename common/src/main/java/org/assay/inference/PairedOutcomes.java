package org.assay.inference;

/**
 * Right and wrong answers of models a and b to the same items: the table that McNemar's test is
 * about. Order of the counts: both wrong, only a right, only b right, both right.
 *
 * @param bothWrong items that neither answered right
 * @param onlyA items that a alone answered right
 * @param onlyB items that b alone answered right
 * @param bothRight items that both answered right
 */
public record PairedOutcomes(long bothWrong, long onlyA, long onlyB, long bothRight)
    implements Evidence {
  private static final long serialVersionUID = 1L;

  /** Counts up to here, and their sums, are exact as doubles and as longs. */
  static final long MOST = 1L << 51;

  public PairedOutcomes {
    for (long count : new long[] {bothWrong, onlyA, onlyB, bothRight}) {
      if (count < 0 || count > MOST) {
        throw new IllegalArgumentException(
            "count " + count + " of paired outcomes: must be between 0 and 2^51");
      }
    }
  }

  /** The outcomes of all items of both. */
  public PairedOutcomes plus(PairedOutcomes other) {
    return new PairedOutcomes(
        bothWrong + other.bothWrong,
        onlyA + other.onlyA,
        onlyB + other.onlyB,
        bothRight + other.bothRight);
  }

  /** The same items with a and b exchanged. */
  public PairedOutcomes swapped() {
    return new PairedOutcomes(bothWrong, onlyB, onlyA, bothRight);
  }

  @Override
  public Kind kind() {
    return Kind.PAIRED_OUTCOMES;
  }

  /** Number of items. */
  public long n() {
    return bothWrong + onlyA + onlyB + bothRight;
  }

  /** Items on which exactly one of them is right: the only ones that tell a from b. */
  public long discordant() {
    return onlyA + onlyB;
  }

  /** Items that a answered right. */
  public long rightA() {
    return onlyA + bothRight;
  }

  /** Items that b answered right. */
  public long rightB() {
    return onlyB + bothRight;
  }

  /** Accuracy of a minus accuracy of b; NaN without items. */
  public double difference() {
    return (double) (onlyA - onlyB) / n();
  }
}
