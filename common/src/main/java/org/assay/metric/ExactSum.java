package org.assay.metric;

import java.io.Serializable;
import java.math.BigInteger;

/**
 * The sum of any doubles, exactly: addition and merging are associative and commutative, so that no
 * order and no partition of the terms changes a bit of the result.
 *
 * <p><b>Value.</b> The double nearest to the mathematical sum, ties to even. The sum of nothing,
 * and any sum that is zero, is +0.0. A sum beyond the largest double is an infinity of its sign;
 * sums on the way there may be larger than any double without harm. If a term is NaN, or terms are
 * infinities of both signs, the value is NaN; if terms are infinities of one sign, that infinity.
 *
 * <p><b>Products.</b> {@link #addProduct} adds the two doubles whose sum is the product. That is
 * exact unless the product is below 2<sup>-968</sup> in size (its low half may be lost under the
 * smallest double) or overflows (it counts as an infinity).
 *
 * <p><b>Algorithm.</b> Neal's small superaccumulator: a fixed-point number of 32-bit digits, unit
 * 2<sup>-1074</sup>, held in signed 64-bit chunks so that carries are propagated only once in a
 * thousand additions. Only the chunks between the smallest and the largest digit used are kept, and
 * whole numbers below 2<sup>31</sup> in size (counts, most weights) are summed apart in one {@code
 * long}, so the usual state takes some tens of bytes and never more than 600.
 *
 * <p><b>Limits.</b> Up to 2<sup>62</sup> terms. Not thread-safe.
 *
 * <p>Source: R. M. Neal, "Fast exact summation using small and large superaccumulators", 2015,
 * arXiv:1505.05571.
 */
public final class ExactSum implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final long DIGIT = 0xFFFFFFFFL;

  /**
   * An addition changes a chunk by less than 2^52; 2 * 1000 of them, after a merge, stay below
   * 2^63.
   */
  private static final int LAZY_ADDITIONS = 1000;

  private static final long[] NONE = {};

  /** Sum of the terms that are whole and small. */
  private long whole;

  /** Sum of the other finite terms: chunks[i] counts 2^(32 * (first + i) - 1074). */
  private long[] chunks = NONE;

  private int first;

  /** Additions since carries were propagated. */
  private int pending;

  /** The sum of the terms that are not finite; 0 when all are. */
  private double special;

  /** An empty sum. */
  public ExactSum() {}

  /** Adds one term, of any kind. */
  public void add(double x) {
    int n = (int) x;
    if (n == x) {
      addWhole(n);
    } else {
      addFraction(x);
    }
  }

  /** Adds a whole number. */
  public void add(long n) {
    if (n == (int) n) {
      addWhole(n);
    } else {
      addLong(n);
    }
  }

  /** Adds a * b, not rounded. */
  public void addProduct(double a, double b) {
    double product = a * b;
    add(product);
    if (Double.isFinite(product)) {
      double rest = Math.fma(a, b, -product);
      if (rest != 0) {
        addFraction(rest);
      }
    }
  }

  /** Adds all terms of {@code other}, which is left unchanged. */
  public void merge(ExactSum other) {
    special += other.special;
    addWhole(other.whole);
    if (other.chunks.length == 0) {
      return;
    }
    if (pending + other.pending > LAZY_ADDITIONS) {
      propagate();
    }
    cover(other.first, other.first + other.chunks.length);
    for (int i = 0; i < other.chunks.length; i++) {
      chunks[other.first + i - first] += other.chunks[i];
    }
    pending += other.pending + 1;
    if (pending > LAZY_ADDITIONS) {
      propagate();
    }
  }

  /** The sum, rounded once. */
  public double value() {
    if (special != 0) {
      return special;
    }
    if (chunks.length == 0) {
      return whole;
    }
    ExactSum sum = copy();
    sum.spill();
    boolean negative = sum.makePositive();
    double size = sum.rounded();
    return negative ? -size : size;
  }

  /** The sum of the finite terms as a whole number of units of 2^-1074. */
  BigInteger units() {
    BigInteger fixed = BigInteger.valueOf(whole).shiftLeft(1074);
    if (chunks.length == 0) {
      return fixed;
    }
    ExactSum sum = copy();
    sum.whole = 0;
    boolean negative = sum.makePositive();
    byte[] bytes = new byte[4 * sum.chunks.length];
    for (int i = 0; i < sum.chunks.length; i++) {
      int digit = (int) sum.chunks[i];
      int at = bytes.length - 4 * i;
      bytes[at - 1] = (byte) digit;
      bytes[at - 2] = (byte) (digit >>> 8);
      bytes[at - 3] = (byte) (digit >>> 16);
      bytes[at - 4] = (byte) (digit >>> 24);
    }
    return fixed.add(new BigInteger(negative ? -1 : 1, bytes).shiftLeft(32 * sum.first));
  }

  /** Whether no term was an infinity or NaN. */
  boolean isFinite() {
    return special == 0;
  }

  /** An independent sum of the same terms. */
  ExactSum copy() {
    ExactSum copy = new ExactSum();
    copy.whole = whole;
    copy.chunks = chunks.clone();
    copy.first = first;
    copy.pending = pending;
    copy.special = special;
    return copy;
  }

  private void addWhole(long n) {
    whole += n;
    if (whole > 1L << 61 || whole < -(1L << 61)) {
      spill();
    }
  }

  /** Adds both halves, each of which is a double. */
  private void addLong(long n) {
    addFraction((double) (n & ~DIGIT));
    addFraction((double) (n & DIGIT));
  }

  private void addFraction(double x) {
    if (x == 0) {
      return;
    }
    long bits = Double.doubleToRawLongBits(x);
    int exponent = (int) (bits >>> 52) & 0x7FF;
    long mantissa = bits & 0xFFFFFFFFFFFFFL;
    if (exponent == 0x7FF) {
      special += x;
      return;
    }
    if (exponent == 0) {
      exponent = 1;
    } else {
      mantissa |= 1L << 52;
    }
    int shift = (exponent - 1) & 31;
    int chunk = (exponent - 1) >>> 5;
    int at = chunk - first;
    if (at < 0 || at + 1 >= chunks.length) {
      cover(chunk, chunk + 2);
      at = chunk - first;
    }
    long low = (mantissa << shift) & DIGIT;
    long high = mantissa >>> (32 - shift);
    if (bits < 0) {
      chunks[at] -= low;
      chunks[at + 1] -= high;
    } else {
      chunks[at] += low;
      chunks[at + 1] += high;
    }
    if (++pending > LAZY_ADDITIONS) {
      propagate();
    }
  }

  /** Moves the whole part into the chunks. */
  private void spill() {
    long n = whole;
    whole = 0;
    addLong(n);
  }

  /** Widens the window of chunks to hold those in [from, to). */
  private void cover(int from, int to) {
    int end = first + chunks.length;
    if (chunks.length > 0 && from >= first && to <= end) {
      return;
    }
    int low = chunks.length == 0 ? from : Math.min(from, first);
    int high = chunks.length == 0 ? to : Math.max(to, end);
    long[] wider = new long[high - low];
    System.arraycopy(chunks, 0, wider, chunks.length == 0 ? 0 : first - low, chunks.length);
    chunks = wider;
    first = low;
  }

  /** Brings every chunk but the last into [0, 2^32), and the last into (-2^32, 2^32). */
  private void propagate() {
    for (int i = 0; i < chunks.length; i++) {
      if (i + 1 == chunks.length) {
        if (Math.abs(chunks[i]) <= DIGIT) {
          break;
        }
        cover(first, first + chunks.length + 1);
      }
      long carry = chunks[i] >> 32;
      chunks[i] &= DIGIT;
      chunks[i + 1] += carry;
    }
    pending = 1;
  }

  /**
   * Makes all chunks digits in [0, 2^32), of the absolute value; tells whether the sum was
   * negative.
   */
  private boolean makePositive() {
    propagate();
    // Only the last chunk may be negative now, and then it outweighs all below it.
    boolean negative = chunks.length > 0 && chunks[chunks.length - 1] < 0;
    if (negative) {
      for (int i = 0; i < chunks.length; i++) {
        chunks[i] = -chunks[i];
      }
      propagate();
    }
    return negative;
  }

  /** The double nearest to the digits. */
  private double rounded() {
    int top = chunks.length - 1;
    while (top >= 0 && chunks[top] == 0) {
      top--;
    }
    if (top < 0) {
      return 0.0;
    }
    int length = 32 * top + 64 - Long.numberOfLeadingZeros(chunks[top]);
    int unit = 32 * first - 1074;
    if (length <= 53) {
      long all = top == 0 ? chunks[0] : chunks[1] << 32 | chunks[0];
      return Math.scalb((double) all, unit);
    }
    // The 54 highest bits, then whether anything lies below them.
    int cut = length - 54;
    int chunk = cut >>> 5;
    int shift = cut & 31;
    long bits = chunks[chunk] >>> shift;
    for (int i = chunk + 1, place = 32 - shift; i <= top; i++, place += 32) {
      bits |= chunks[i] << place;
    }
    boolean sticky = (chunks[chunk] & ((1L << shift) - 1)) != 0;
    for (int i = 0; i < chunk && !sticky; i++) {
      sticky = chunks[i] != 0;
    }
    long mantissa = bits >>> 1;
    if ((bits & 1) != 0 && (sticky || (mantissa & 1) != 0)) {
      mantissa++;
    }
    return Math.scalb((double) mantissa, length - 53 + unit);
  }
}
