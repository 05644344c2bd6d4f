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

  private final int member;
  private final int[] numbers;
  private final boolean baseline;
  private final RowExchange.Rows rows;

  /** Of all metrics, for rows as they are; and of those without sums, null when all have some. */
  private final Scorecard whole;

  private final Scorecard rest;
  private final int[][] slices;
  private final Block block;

  /** Those of the rows, as the model was to learn them. */
  private final double[] labels;

  private final RowSums sums;
  private final double[] terms;
  private final int count;

  /** The group of each row, and by repeat that of its donor; null without sums. */
  private final int[] group;

  private final int[][] donorGroup;

  /** By set, from the one without any on; by repeat; by slice. */
  private final Scorecard[][][] cards;

  /** By set, from the one without any on; then as in {@link Explainer.Summed}. */
  private final double[][] byGroup;

  private final double[][] byRepeat;
  private boolean any;

  AnswerTally(Questions.Work work, RowExchange.Rows rows, Questions shared) {
    this.member = work.number();
    this.numbers = shared.span().sets();
    this.baseline = shared.span().baseline();
    this.rows = rows;
    this.sums = new RowSums(work.target(), shared.metrics());
    this.whole = Scorecard.of(work.target(), shared.metrics());
    List<Metric<?>> others =
        IntStream.range(0, shared.metrics().size())
            .filter(m -> !sums.has(m))
            .<Metric<?>>mapToObj(shared.metrics()::get)
            .toList();
    this.rest = others.isEmpty() ? null : Scorecard.of(work.target(), others);
    this.block = rows.block();
    this.labels = work.placement().labels(block);
    this.slices = new int[shared.slicing().cuts()][];
    Arrays.setAll(slices, cut -> shared.slicing().codes(cut, block));
    this.cards =
        new Scorecard[shared.sets().size() + 1][shared.span().repeats()][shared.slicing().size()];
    this.terms = new double[sums.size()];
    this.count = shared.groups().count();
    int all = shared.slicing().size() * sums.size();
    this.byGroup = new double[cards.length][all * count];
    this.byRepeat = new double[cards.length][all * shared.span().repeats()];
    this.group = new int[rows.to() - rows.from()];
    this.donorGroup = new int[rows.donors().size()][group.length];
    for (int i = 0; i < group.length && terms.length > 0; i++) {
      int row = rows.from() + i;
      group[i] = shared.groups().of(shared.grouped() ? block.group(row) : rows.start() + row);
      for (int r = 0; r < donorGroup.length; r++) {
        donorGroup[r][i] = shared.groups().of(rows.donors().get(r).group(i));
      }
    }
  }

  /** Adds all of some predictions. */
  void add(int set, Predictions predictions) {
    add(
        set,
        0,
        predictions.row(),
        0,
        predictions.size(),
        predictions.prediction(),
        predictions.scores(),
        predictions.width() == 0 ? null : new double[predictions.width()]);
  }

  /** Adds answers to rows {@code tested[from .. from + n)}; {@code score} is room for one's. */
  void add(
      int set,
      int repeat,
      int[] tested,
      int from,
      int n,
      double[] prediction,
      double[] scores,
      double[] score) {
    for (int i = 0; i < n; i++) {
      if (score != null) {
        System.arraycopy(scores, i * score.length, score, 0, score.length);
      }
      add(set, repeat, tested[from + i], prediction[i], score);
    }
  }

  void add(int set, int repeat, int row, double prediction, double[] scores) {
    any = true;
    Scorecard empty = set == NONE ? whole : rest;
    Scorecard[] own = cards[set + 1][repeat];
    double label = labels[row];
    double weight = block.weight(row);
    if (Double.isNaN(prediction)) {
      throw new IllegalArgumentException("a prediction that is no number");
    }
    boolean isWhole = slices.length == 1;
    if (terms.length > 0 && !isWhole) {
      sums.terms(label, prediction, scores, weight, terms);
    }
    int ownGroup = group[row - rows.from()];
    int donor = set == NONE || donorGroup.length == 0 ? -1 : donorGroup[repeat][row - rows.from()];
    double[] groups = byGroup[set + 1];
    double[] repeats = byRepeat[set + 1];
    if (isWhole) {
      sums.add(
          label,
          prediction,
          scores,
          weight,
          repeats,
          repeat * terms.length,
          groups,
          count,
          ownGroup,
          donor);
      if (empty != null) {
        if (own[0] == null) {
          own[0] = empty.empty();
        }
        own[0].add(label, prediction, scores, weight);
      }
      return;
    }
    int slicesCount = own.length;
    for (int[] cut : slices) {
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
      int at = (repeat * slicesCount + slice) * terms.length;
      for (int k = 0; k < terms.length; k++) {
        repeats[at + k] += terms[k];
        int from = (slice * terms.length + k) * count;
        groups[from + ownGroup] += terms[k];
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
      own.put(rows.start() + rows.from(), new double[][] {byGroup[set], byRepeat[set]});
      int first = set == 0 ? 0 : rows.repeat();
      all.add(
          new Tuple2<>(
              new AnswerParts.Key(member, number(set), first, -1),
              new AnswerParts.Partial(null, own)));
    }
  }
}
