package org.assay.bootstrap;

import java.io.Serializable;
import java.util.Arrays;
import org.assay.metric.AveragePrecision;
import org.assay.metric.RocAuc;
import org.assay.metric.Value;
import org.assay.random.Lanes;

/**
 * The items of a binary task in order of their score, the highest first, within each slice of a
 * cut; a walk gives what the area under the ROC curve, or the average precision, needs in eight
 * replicates at once.
 *
 * <p>Counts are gathered for all eight replicates together, some blocks ahead, so that memory far
 * away is asked once and does not keep the sums waiting, and added up in 16-bit lanes; then only
 * the places where the order turns from positives to negatives or back are walked, of which there
 * are at most half as many as items. All numbers of pairs are whole and exact.
 */
final class Ranking implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Items of a block: sums of so many bytes stay below 2^16. */
  private static final int RUN = 256;

  /** Items looked up at once: some blocks, whose counts stay in the nearest cache. */
  private static final int AHEAD = 8 * RUN;

  private static final long FOUR = 0x00FF00FF00FF00FFL;

  /** Where the counts of the items are, in the order of the walk, slice after slice. */
  private final int[] order;

  /** Copies them nearer; null when they are read where they are: the order is then of items. */
  private final Nearer nearer;

  /** All ones for the positives among them, else 0. */
  private final byte[] mask;

  /**
   * Steps of the walk along the curve: a run of negatives alone, then the positives of one score,
   * then the negatives that tie with them; the number of each. None where nobody walks it.
   */
  private final int[] steps;

  /** Of each tie of positives and negatives: its slice, and where both begin and end. */
  private final int[] ties;

  /** Where the steps of each slice begin and end, in steps. */
  private final int[] starts;

  /**
   * Where the order turns within a block, counted from the block's start: the end of a run of
   * positives, the end of the negatives that follow, and so on. Either run may be empty. Blocks are
   * those of the slices, one after the other.
   */
  private final char[] turns;

  /** Where the turns of each block end. */
  private final int[] turned;

  /** Where the items of each slice begin. */
  private final int[] first;

  /** The highest and the lowest score of all items; NaN without any. */
  private final double top;

  private final double bottom;

  /**
   * Of each slice, where its items of the highest score end and where those of the lowest begin.
   */
  private final int[] ends;

  private Ranking(
      Nearer nearer,
      int[] order,
      byte[] mask,
      int[] steps,
      int[] ties,
      int[] starts,
      int[] first,
      double top,
      double bottom,
      int[] ends) {
    int blocks = 0;
    for (int slice = 1; slice < first.length; slice++) {
      blocks += (first[slice] - first[slice - 1] + RUN - 1) / RUN;
    }
    this.turned = new int[blocks];
    this.turns = turns(mask, first, turned);
    this.top = top;
    this.bottom = bottom;
    this.ends = ends;
    this.nearer = nearer;
    this.order = order;
    this.mask = mask;
    this.steps = steps;
    this.ties = ties;
    this.starts = starts;
    this.first = first;
  }

  /**
   * The ranking of one model within one cut.
   *
   * @param label 0 or 1 of each item
   * @param curve whether {@link #curve} will be asked, which takes twice the memory
   * @param ranked all items, the highest score first, as {@link #sorted} gives them
   */
  static Ranking of(Cut cut, double[] label, double[] score, boolean curve, int[] ranked) {
    int slices = cut.size();
    int[] first = new int[slices + 1];
    int[] order = ranked.clone();
    if (cut.code() != null) {
      int[] code = cut.code();
      int[] next = new int[slices + 1];
      for (int c : code) {
        next[c]++;
      }
      int at = 0;
      for (int s = 0; s <= slices; s++) {
        int n = next[s];
        next[s] = at;
        first[s] = at;
        at += n;
      }
      order = new int[first[slices]];
      for (int i : ranked) {
        if (code[i] < slices) {
          order[next[code[i]]++] = i;
        }
      }
    } else {
      first[1] = order.length;
    }
    int[] steps = new int[48];
    int used = 0;
    int[] ties = new int[16];
    int tied = 0;
    int[] starts = new int[slices + 1];
    for (int s = 0; s < slices; s++) {
      int alone = 0;
      for (int at = first[s]; at < first[s + 1]; ) {
        int from = at;
        int positives = 0;
        double here = score[order[at]];
        for (; at < first[s + 1] && score[order[at]] == here; at++) {
          positives += label[order[at]] == 1 ? 1 : 0;
        }
        if (positives == 0) {
          alone += at - from;
        }
        if (positives > 0 || at == first[s + 1]) {
          int negatives = positives == 0 ? 0 : at - from - positives;
          if (curve) {
            if (used + 3 > steps.length) {
              steps = Arrays.copyOf(steps, 2 * steps.length);
            }
            steps[used] = alone;
            steps[used + 1] = positives;
            steps[used + 2] = negatives;
            used += 3;
          }
          alone = 0;
          positivesFirst(order, from, at, label);
          if (negatives > 0) {
            if (tied + 4 > ties.length) {
              ties = Arrays.copyOf(ties, 2 * ties.length);
            }
            ties[tied] = s;
            ties[tied + 1] = from;
            ties[tied + 2] = from + positives;
            ties[tied + 3] = at;
            tied += 4;
          }
        }
      }
      starts[s + 1] = used / 3;
    }
    byte[] mask = new byte[order.length];
    for (int at = 0; at < mask.length; at++) {
      mask[at] = (byte) (label[order[at]] == 1 ? -1 : 0);
    }
    int n = ranked.length;
    double top = n == 0 ? Double.NaN : score[ranked[0]];
    double bottom = n == 0 ? Double.NaN : score[ranked[n - 1]];
    int[] ends = new int[2 * slices];
    for (int s = 0; s < slices; s++) {
      int high = first[s];
      while (high < first[s + 1] && score[order[high]] == top) {
        high++;
      }
      int low = first[s + 1];
      while (low > first[s] && score[order[low - 1]] == bottom) {
        low--;
      }
      ends[2 * s] = high;
      ends[2 * s + 1] = low;
    }
    Nearer nearer = n > Nearer.MOST ? new Nearer(order) : null; // from here on order is of copies
    return new Ranking(
        nearer,
        order,
        mask,
        Arrays.copyOf(steps, used),
        Arrays.copyOf(ties, tied),
        starts,
        first,
        top,
        bottom,
        ends);
  }

  /**
   * The turns of all blocks.
   *
   * @param turned receives where those of each block end
   */
  private static char[] turns(byte[] mask, int[] first, int[] turned) {
    char[] turns = new char[64];
    int used = 0;
    int block = 0;
    for (int s = 0; s < first.length - 1; s++) {
      for (int from = first[s]; from < first[s + 1]; from += RUN) {
        int to = Math.min(from + RUN, first[s + 1]);
        for (int at = from; at < to; ) {
          if (used + 2 > turns.length) {
            turns = Arrays.copyOf(turns, 2 * turns.length);
          }
          while (at < to && mask[at] != 0) {
            at++;
          }
          turns[used++] = (char) (at - from);
          while (at < to && mask[at] == 0) {
            at++;
          }
          turns[used++] = (char) (at - from);
        }
        turned[block++] = used;
      }
    }
    return Arrays.copyOf(turns, used);
  }

  /** Moves the positives of a tie before its negatives, each kept in order. */
  private static void positivesFirst(int[] order, int from, int to, double[] label) {
    if (to - from < 2) {
      return;
    }
    int[] tie = Arrays.copyOfRange(order, from, to);
    int at = from;
    for (int wanted = 1; wanted >= 0; wanted--) {
      for (int i : tie) {
        if (label[i] == wanted) {
          order[at++] = i;
        }
      }
    }
  }

  /** The items from the highest score to the lowest; of equal ones the first item first. */
  static int[] sorted(double[] score) {
    int n = score.length;
    long[] key = new long[n];
    for (int i = 0; i < n; i++) {
      long bits = Double.doubleToLongBits(score[i] + 0.0);
      key[i] = ~(bits ^ (bits >> 63 | Long.MIN_VALUE)); // unsigned descending
    }
    int[] order = new int[n];
    Arrays.setAll(order, i -> i);
    int[] other = new int[n];
    for (int shift = 0; shift < 64; shift += 16) {
      int[] count = new int[(1 << 16) + 1];
      for (long k : key) {
        count[(int) (k >>> shift & 0xFFFF) + 1]++;
      }
      boolean moves = true;
      for (int d = 1; d < count.length; d++) {
        moves &= count[d] < n;
      }
      if (!moves) {
        continue; // all items agree in this digit
      }
      for (int d = 1; d < count.length; d++) {
        count[d] += count[d - 1];
      }
      for (int i : order) {
        other[count[(int) (key[i] >>> shift & 0xFFFF)]++] = i;
      }
      int[] swap = order;
      order = other;
      other = swap;
    }
    return order;
  }

  /** How many positives and negatives there are, by slice and lane at {@code 8 s + k}. */
  interface Ranked extends Tally {
    long[] positives();

    long[] negatives();

    /** The counts alone; a copy. */
    default Ranked counts() {
      return new Counts(positives().clone(), negatives().clone());
    }
  }

  /** Counts alone: what a walk along a curve must know of the items before. */
  private record Counts(long[] positives, long[] negatives) implements Ranked {
    @Override
    public void merge(Tally next) {
      Ranked more = (Ranked) next;
      for (int at = 0; at < positives.length; at++) {
        positives[at] += more.positives()[at];
        negatives[at] += more.negatives()[at];
      }
    }
  }

  /** Counts of the items of one score, by slice and lane. */
  private record Run(long[] positives, long[] negatives) implements Serializable {
    Run(int size) {
      this(new long[size], new long[size]);
    }

    void add(Run other) {
      for (int at = 0; at < positives.length; at++) {
        positives[at] += other.positives[at];
        negatives[at] += other.negatives[at];
      }
    }

    Run copy() {
      return new Run(positives.clone(), negatives.clone());
    }
  }

  /**
   * The pairs of a positive and a negative, by slice and lane. Pieces of the order merge although a
   * tie may go on from one to the next, for each knows the items of its first and of its last
   * score: with A before B, and a and b the items of A's last and of B's first score,
   *
   * <pre>
   *   concordance = A's + B's + 2 P(A) N(B),
   *                 and if those scores are equal: + P(b) N(a) - P(a) N(b)
   * </pre>
   */
  static final class Pairs implements Ranked {
    private static final long serialVersionUID = 1L;

    private final long[] positives;
    private final long[] negatives;

    /** Twice the pairs whose positive scores higher, plus those that tie. */
    private final long[] concordance;

    private double top;
    private double bottom;
    private Run highest;
    private Run lowest;

    private Pairs(int size, double top, double bottom) {
      this.positives = new long[size];
      this.negatives = new long[size];
      this.concordance = new long[size];
      this.top = top;
      this.bottom = bottom;
      this.highest = new Run(size);
      this.lowest = new Run(size);
    }

    @Override
    public long[] positives() {
      return positives;
    }

    @Override
    public long[] negatives() {
      return negatives;
    }

    /** Appends a block: of its positives, all its items, and the pairs within it. */
    private void add(int at, long positive, long all, long pairs) {
      long negative = all - positive;
      concordance[at] += 2 * (pairs + positives[at] * negative);
      positives[at] += positive;
      negatives[at] += negative;
    }

    /** The area under the ROC curve. */
    Value area(int at) {
      return RocAuc.of(positives[at], negatives[at], concordance[at]);
    }

    @Override
    public void merge(Tally following) {
      Pairs next = (Pairs) following;
      if (Double.isNaN(next.top)) {
        return; // no items
      }
      if (Double.isNaN(top)) {
        top = next.top;
        highest = next.highest.copy();
      }
      boolean tied = bottom == next.top;
      for (int at = 0; at < positives.length; at++) {
        concordance[at] += next.concordance[at] + 2 * positives[at] * next.negatives[at];
        if (tied) {
          concordance[at] +=
              next.highest.positives[at] * lowest.negatives[at]
                  - lowest.positives[at] * next.highest.negatives[at];
        }
        positives[at] += next.positives[at];
        negatives[at] += next.negatives[at];
      }
      if (tied && top == bottom) {
        highest.add(next.highest);
      }
      if (tied && next.top == next.bottom) {
        lowest.add(next.lowest);
      } else {
        lowest = next.lowest.copy();
      }
      bottom = next.bottom;
    }
  }

  /**
   * Counts the pairs of a batch. Within a tie positives stand first, so the walk counts tied pairs
   * as if the positive scored higher; what is too much is then taken back.
   */
  Pairs pairs(Drawn drawn) {
    long[] lanes = drawn.by(nearer);
    int slices = starts.length - 1;
    int width = Lanes.WIDTH;
    Pairs found = new Pairs(slices * width, top, bottom);
    long[] gathered = new long[AHEAD];
    long[] even = new long[RUN + 1];
    long[] odd = new long[RUN + 1];
    int number = 0;
    int turn = 0;
    for (int s = 0; s < slices; s++) {
      for (int start = first[s]; start < first[s + 1]; start += AHEAD) {
        int many = Math.min(AHEAD, first[s + 1] - start);
        gather(lanes, start, many, gathered);
        for (int from = 0; from < many; from += RUN) {
          int size = Math.min(RUN, many - from);
          long evens = 0;
          long odds = 0;
          for (int j = 0; j < size; j++) {
            long w = gathered[from + j];
            evens += w & FOUR;
            odds += w >>> 8 & FOUR;
            even[j + 1] = evens;
            odd[j + 1] = odds;
          }
          walk(even, turn, turned[number], evens, s * width, found);
          walk(odd, turn, turned[number], odds, s * width + 1, found);
          turn = turned[number++];
        }
      }
    }
    long[] p = new long[width];
    long[] t = new long[width];
    for (int tie = 0; tie < ties.length; tie += 4) {
      add(lanes, ties[tie + 1], ties[tie + 2], p);
      add(lanes, ties[tie + 2], ties[tie + 3], t);
      for (int k = 0; k < width; k++) {
        found.concordance[ties[tie] * width + k] -= p[k] * t[k];
      }
    }
    for (int s = 0; s < slices; s++) {
      run(lanes, first[s], ends[2 * s], s, found.highest);
      run(lanes, ends[2 * s + 1], first[s + 1], s, found.lowest);
    }
    return found;
  }

  /**
   * Looks up the counts of items. A loop that does nothing else asks for many before the first has
   * come, which halves the time when they are far away.
   */
  private void gather(long[] lanes, int from, int size, long[] gathered) {
    for (int j = 0; j < size; j++) {
      gathered[j] = lanes[order[from + j]];
    }
  }

  /** Counts the items [from, to) of the order, which are of one score, for a slice. */
  private void run(long[] lanes, int from, int to, int slice, Run counts) {
    for (int at = from; at < to; at++) {
      long w = lanes[order[at]];
      long[] into = mask[at] == 0 ? counts.negatives : counts.positives;
      for (int k = 0; k < Lanes.WIDTH; k++) {
        into[slice * Lanes.WIDTH + k] += Lanes.get(w, k);
      }
    }
  }

  /**
   * Walks along the turns of a block in every other replicate.
   *
   * @param sums of the counts of the block's first items, in four lanes
   * @param all the last of these
   * @param to where the first of the four replicates is found
   */
  private void walk(long[] sums, int turn, int end, long all, int to, Pairs found) {
    long before = 0;
    long positive = 0;
    long pairs0 = 0;
    long pairs1 = 0;
    long pairs2 = 0;
    long pairs3 = 0;
    for (int at = turn; at < end; at += 2) {
      long middle = sums[turns[at]];
      long after = sums[turns[at + 1]];
      // No lane borrows from the next, for sums only grow.
      positive += middle - before;
      long negative = after - middle;
      before = after;
      pairs0 += (positive & 0xFFFF) * (negative & 0xFFFF);
      pairs1 += (positive >>> 16 & 0xFFFF) * (negative >>> 16 & 0xFFFF);
      pairs2 += (positive >>> 32 & 0xFFFF) * (negative >>> 32 & 0xFFFF);
      pairs3 += (positive >>> 48) * (negative >>> 48);
    }
    found.add(to, positive & 0xFFFF, all & 0xFFFF, pairs0);
    found.add(to + 2, positive >>> 16 & 0xFFFF, all >>> 16 & 0xFFFF, pairs1);
    found.add(to + 4, positive >>> 32 & 0xFFFF, all >>> 32 & 0xFFFF, pairs2);
    found.add(to + 6, positive >>> 48, all >>> 48, pairs3);
  }

  /**
   * A walk along the precision-recall curve, by slice and lane; counts include the items before.
   * The positives of the lowest score wait for the items that tie with them in the next piece.
   */
  static final class Curve implements Ranked {
    private static final long serialVersionUID = 1L;

    private final long[] positives;
    private final long[] negatives;

    /** Sum over positives, but those that wait, of the precision at their score. */
    private final double[] precision;

    /** Positives of the lowest score. */
    private long[] waiting;

    /** The precision at the highest score. */
    private double[] closing;

    private double top;
    private double bottom;

    private Curve(int size, double top, double bottom) {
      this.positives = new long[size];
      this.negatives = new long[size];
      this.precision = new double[size];
      this.waiting = new long[size];
      this.closing = new double[size];
      this.top = top;
      this.bottom = bottom;
    }

    @Override
    public long[] positives() {
      return positives;
    }

    @Override
    public long[] negatives() {
      return negatives;
    }

    private double waited(int at) {
      return waiting[at] * (double) positives[at] / Math.max(1, positives[at] + negatives[at]);
    }

    /** The average precision, when no items follow. */
    Value area(int at) {
      return AveragePrecision.of(positives[at], negatives[at], precision[at] + waited(at));
    }

    @Override
    public void merge(Tally following) {
      Curve next = (Curve) following;
      if (Double.isNaN(next.top)) {
        return; // no items
      }
      boolean tied = bottom == next.top;
      if (Double.isNaN(top)) {
        top = next.top;
        closing = next.closing.clone();
      } else if (tied && top == bottom) {
        closing = next.closing.clone();
      }
      boolean waits = tied && next.top == next.bottom;
      for (int at = 0; at < positives.length; at++) {
        if (!waits) {
          precision[at] += tied ? waiting[at] * next.closing[at] : waited(at);
          waiting[at] = 0;
        }
        waiting[at] += next.waiting[at];
        precision[at] += next.precision[at];
        positives[at] = next.positives[at];
        negatives[at] = next.negatives[at];
      }
      bottom = next.bottom;
    }
  }

  /**
   * Walks a batch along the precision-recall curve.
   *
   * @param before what was found in the items before; null when these are the first
   */
  Curve curve(Drawn drawn, Ranked before) {
    long[] lanes = drawn.by(nearer);
    int slices = starts.length - 1;
    int width = Lanes.WIDTH;
    Curve found = new Curve(slices * width, top, bottom);
    long[] positive = new long[width];
    long[] called = new long[width];
    double[] precision = new double[width];
    long[] p = new long[width];
    long[] t = new long[width];
    for (int s = 0; s < slices; s++) {
      for (int k = 0; k < width; k++) {
        int to = s * width + k;
        positive[k] = before == null ? 0 : before.positives()[to];
        called[k] = positive[k] + (before == null ? 0 : before.negatives()[to]);
      }
      Arrays.fill(precision, 0);
      int at = first[s];
      for (int step = starts[s]; step < starts[s + 1]; step++) {
        int alone = steps[3 * step];
        int positives = steps[3 * step + 1];
        int tied = steps[3 * step + 2];
        add(lanes, at, at + alone, t);
        at += alone;
        for (int k = 0; k < width; k++) {
          called[k] += t[k];
        }
        if (positives == 0) {
          continue;
        }
        boolean last = at >= ends[2 * s + 1];
        add(lanes, at, at + positives, p);
        at += positives;
        add(lanes, at, at + tied, t);
        at += tied;
        for (int k = 0; k < width; k++) {
          positive[k] += p[k];
          called[k] += p[k] + t[k];
          if (last) {
            found.waiting[s * width + k] = p[k];
          } else {
            precision[k] += p[k] * (double) positive[k] / Math.max(1, called[k]);
          }
        }
      }
      for (int k = 0; k < width; k++) {
        found.positives[s * width + k] = positive[k];
        found.negatives[s * width + k] = called[k] - positive[k];
        found.precision[s * width + k] = precision[k];
      }
    }
    close(lanes, before, found);
    return found;
  }

  /** The precision at the highest score. */
  private void close(long[] lanes, Ranked before, Curve found) {
    Run highest = new Run(found.closing.length);
    for (int s = 0; s < starts.length - 1; s++) {
      run(lanes, first[s], ends[2 * s], s, highest);
    }
    for (int at = 0; at < found.closing.length; at++) {
      long p = highest.positives[at] + (before == null ? 0 : before.positives()[at]);
      long all = p + highest.negatives[at] + (before == null ? 0 : before.negatives()[at]);
      found.closing[at] = p / (double) Math.max(1, all);
    }
  }

  /** Sums the counts of the items [from, to) of the order. */
  private void add(long[] lanes, int from, int to, long[] sums) {
    long even = 0;
    long odd = 0;
    int at = from;
    int end = Math.min(to, from + RUN);
    for (; at < end; at++) {
      long w = lanes[order[at]];
      even += w & FOUR;
      odd += w >>> 8 & FOUR;
    }
    part(even, odd, sums);
    while (at < to) {
      even = 0;
      odd = 0;
      for (end = Math.min(to, at + RUN); at < end; at++) {
        long w = lanes[order[at]];
        even += w & FOUR;
        odd += w >>> 8 & FOUR;
      }
      for (int k = 0; k < Lanes.WIDTH; k++) {
        sums[k] += (k % 2 == 0 ? even : odd) >>> 8 * (k & ~1) & 0xFFFF;
      }
    }
  }

  private static void part(long even, long odd, long[] sums) {
    sums[0] = even & 0xFFFF;
    sums[1] = odd & 0xFFFF;
    sums[2] = even >>> 16 & 0xFFFF;
    sums[3] = odd >>> 16 & 0xFFFF;
    sums[4] = even >>> 32 & 0xFFFF;
    sums[5] = odd >>> 32 & 0xFFFF;
    sums[6] = even >>> 48;
    sums[7] = odd >>> 48;
  }
}
