package org.assay.jobs.engine;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.assay.importance.RowSums;
import org.assay.jobs.frame.Block;
import org.assay.metric.Metric;
import org.assay.metric.Scorecard;
import scala.Tuple2;

/** What is known of one member over some rows. */
final class AnswerTally {
  /** In place of a set's number: no column is another row's. */
  static final int NONE = -1;

  /**
   * Rows of which answers are tallied, as arrays by row.
   *
   * @param start canonical index of the first, or of what they are a part of
   * @param repeat number of the first repeat
   * @param weight null for 1
   * @param group the group that a jackknife leaves out together
   * @param donorGroup by repeat, that of the donor
   * @param slices by cut
   */
  record Rows(
      long start,
      int repeat,
      double[] label,
      double[] weight,
      int[] group,
      int[][] donorGroup,
      int[][] slices) {

    /** A part of a block, with the labels that a model was to learn. */
    static Rows of(RowExchange.Rows piece, Questions shared, Questions.Work work) {
      Block block = piece.block();
      double[] labels = work.placement().labels(block);
      int from = piece.from();
      int n = piece.to() - from;
      double[] label = new double[n];
      double[] weight = new double[n];
      int[] group = new int[n];
      int[][] donorGroup = new int[piece.donors().size()][n];
      boolean weighted = false;
      for (int i = 0; i < n; i++) {
        int row = from + i;
        label[i] = labels[row];
        weight[i] = block.weight(row);
        weighted |= weight[i] != 1;
        group[i] = shared.groups().of(shared.grouped() ? block.group(row) : piece.start() + row);
        for (int r = 0; r < donorGroup.length; r++) {
          donorGroup[r][i] = shared.groups().of(piece.donors().get(r).group(i));
        }
      }
      int[][] slices = new int[shared.slicing().cuts()][];
      Arrays.setAll(
          slices, cut -> Arrays.copyOfRange(shared.slicing().codes(cut, block), from, piece.to()));
      return new Rows(
          piece.start() + from,
          piece.repeat(),
          label,
          weighted ? weight : null,
          group,
          donorGroup,
          slices);
    }
  }

  private final int member;
  private final int[] numbers;
  private final boolean baseline;
  private final Rows rows;

  /** Of all metrics, for rows as they are; and of those without sums, null when all have some. */
  private final Scorecard whole;

  private final Scorecard rest;
  private final RowSums sums;
  private final double[] terms;
  private final int count;

  /** By set, from the one without any on; by repeat; by slice. */
  private final Scorecard[][][] cards;

  /** By set, from the one without any on; then as in {@link Explainer.Summed}. */
  private final double[][] byGroup;

  private final double[][] byRepeat;
  private boolean any;

  /**
   * Nothing yet.
   *
   * @param apart metrics that are measured elsewhere for sets, by number
   */
  AnswerTally(Questions.Work work, Rows rows, Questions shared, boolean[] apart) {
    this.member = work.number();
    this.numbers = shared.span().sets();
    this.baseline = shared.span().baseline();
    this.rows = rows;
    this.sums = new RowSums(work.target(), shared.metrics());
    this.whole = Scorecard.of(work.target(), shared.metrics());
    List<Metric<?>> others =
        IntStream.range(0, shared.metrics().size())
            .filter(m -> !sums.has(m) && !apart[m])
            .<Metric<?>>mapToObj(shared.metrics()::get)
            .toList();
    this.rest = others.isEmpty() ? null : Scorecard.of(work.target(), others);
    this.cards =
        new Scorecard[shared.sets().size() + 1][shared.span().repeats()][shared.slicing().size()];
    this.terms = new double[sums.size()];
    this.count = shared.groups().count();
    int all = shared.slicing().size() * sums.size();
    this.byGroup = new double[cards.length][];
    this.byRepeat = new double[cards.length][];
    for (int set = baseline ? 0 : 1; set < cards.length; set++) {
      byGroup[set] = new double[all * count];
      byRepeat[set] = new double[all * shared.span().repeats()];
    }
  }

  /** Adds all of some predictions of whole blocks. */
  void add(int set, Predictions predictions) {
    add(
        set,
        0,
        predictions.row(),
        0,
        predictions.size(),
        predictions.prediction(),
        predictions.scores(),
        predictions.width());
  }

  /**
   * Adds answers to rows {@code row[from .. from + n)}.
   *
   * @param row their places among the rows
   * @param width scores per row
   */
  void add(
      int set,
      int repeat,
      int[] row,
      int from,
      int n,
      double[] prediction,
      double[] scores,
      int width) {
    if (set != NONE && rest == null && rows.slices().length == 1) {
      any = true;
      for (int i = 0; i < n; i++) {
        check(prediction[i]);
      }
      sums.addAll(
          row,
          from,
          n,
          rows.label(),
          rows.weight(),
          prediction,
          scores,
          width,
          byRepeat[set + 1],
          repeat * terms.length,
          byGroup[set + 1],
          count,
          rows.group(),
          rows.donorGroup().length == 0 ? null : rows.donorGroup()[repeat]);
      return;
    }
    double[] score = width == 0 ? null : new double[width];
    for (int i = 0; i < n; i++) {
      if (width > 0) {
        System.arraycopy(scores, i * width, score, 0, width);
      }
      add(set, repeat, row[from + i], prediction[i], score);
    }
  }

  private static void check(double prediction) {
    if (Double.isNaN(prediction)) {
      throw new IllegalArgumentException("a prediction that is no number");
    }
  }

  /** Adds the answer to one row. */
  void add(int set, int repeat, int row, double prediction, double[] scores) {
    any = true;
    check(prediction);
    Scorecard empty = set == NONE ? whole : rest;
    Scorecard[] own = cards[set + 1][repeat];
    double label = rows.label()[row];
    double weight = rows.weight() == null ? 1 : rows.weight()[row];
    int group = rows.group()[row];
    int donor = set == NONE || rows.donorGroup().length == 0 ? -1 : rows.donorGroup()[repeat][row];
    double[] groups = byGroup[set + 1];
    double[] repeats = byRepeat[set + 1];
    if (terms.length > 0) {
      sums.terms(label, prediction, scores, weight, terms);
    }
    for (int[] cut : rows.slices()) {
      int slice = cut[row];
      if (slice < 0) {
        continue;
      }
      if (empty != null) {
        if (own[slice] == null) {
          own[slice] = empty.empty();
        }
        own[slice].add(label, prediction, scores, weight);
      }
      int at = (repeat * own.length + slice) * terms.length;
      for (int k = 0; k < terms.length; k++) {
        repeats[at + k] += terms[k];
        int from = (slice * terms.length + k) * count;
        groups[from + group] += terms[k];
        if (donor >= 0) {
          groups[from + donor] += terms[k];
        }
      }
    }
  }

  private int number(int at) {
    return at == 0 ? NONE : numbers[at - 1];
  }

  void emit(List<Tuple2<AnswerParts.Key, AnswerParts.Partial>> all) {
    for (int set = 0; set < cards.length; set++) {
      for (int repeat = 0; repeat < cards[set].length; repeat++) {
        for (int slice = 0; slice < cards[set][repeat].length; slice++) {
          if (cards[set][repeat][slice] != null) {
            int number = set == 0 ? 0 : rows.repeat() + repeat;
            all.add(
                new Tuple2<>(
                    new AnswerParts.Key(member, number(set), number, slice),
                    new AnswerParts.Partial(cards[set][repeat][slice], null)));
          }
        }
      }
    }
    for (int set = baseline ? 0 : 1; any && terms.length > 0 && set < byGroup.length; set++) {
      TreeMap<Long, double[][]> own = new TreeMap<>();
      own.put(rows.start(), new double[][] {byGroup[set], byRepeat[set]});
      int first = set == 0 ? 0 : rows.repeat();
      all.add(
          new Tuple2<>(
              new AnswerParts.Key(member, number(set), first, -1),
              new AnswerParts.Partial(null, own)));
    }
  }
}
