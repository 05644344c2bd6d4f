package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Slicing;
import org.assay.metric.ExactSum;
import org.assay.metric.Metric;
import org.assay.metric.Scorecard;
import org.assay.metric.Value;
import scala.Tuple2;

/**
 * What metrics would be if labels had nothing to do with predictions: those of the n<sup>2</sup>
 * rows that pair the label of each row of a slice with the prediction of each, with the product of
 * their weights.
 *
 * <p>Exact for classes: each prediction is paired with each class, with the weight of the rows of
 * that class. Of a regression exact up to {@value #ALL_PAIRS} rows of a slice; of more, each
 * prediction is paired with the labels that are some distances further on in canonical order, in a
 * circle, so that every label and every prediction is in as many pairs as any other: about {@value
 * #PAIRS} pairs, and at least {@value #LEAST} per row. The labels are collected on the driver and
 * sent to the tasks, 16 bytes per row.
 *
 * <p>Source: Efron and Tibshirani, "Improvements on cross-validation: the .632+ bootstrap method",
 * JASA 92 (1997), section 3, doi:10.1080/01621459.1997.10474007.
 */
public final class NoInformation {
  private static final int ALL_PAIRS = 2048;
  private static final int PAIRS = ALL_PAIRS * ALL_PAIRS;
  private static final int LEAST = 8;

  private NoInformation() {}

  /** Which labels there are, slice by slice. */
  private interface Labels extends Serializable {

    /** Hands over the labels that the prediction of a row is paired with in a slice. */
    void pair(Block block, int row, int slice, Pairs pairs);

    /** Takes a label and its weight. */
    interface Pairs {
      void take(double label, double weight);
    }
  }

  /**
   * Measures by member and slice; null where a member has no row of a slice.
   *
   * @param members the predictions of all rows
   */
  public static List<Value>[][] of(
      JavaSparkContext context,
      Frame frame,
      CellFiles files,
      List<Measurement.Member> members,
      List<Metric<?>> metrics,
      Slicing slicing) {
    Broadcast<Slicing> slices = context.broadcast(slicing);
    Broadcast<Labels> labels =
        context.broadcast(
            frame.schema().task().isClassification()
                ? classes(frame, slices, slicing.size())
                : numbers(frame, slices, slicing));
    Broadcast<List<Measurement.Member>> shared = context.broadcast(new ArrayList<>(members));
    List<Metric<?>> wanted = new ArrayList<>(metrics);
    try {
      List<Tuple2<Measurement.Key, List<Value>>> found = // one per member and slice
          frame
              .blocks()
              .flatMapToPair(
                  block -> {
                    try (CellFiles.Reader reader = files.reader()) {
                      return cards(
                              block, slices.value(), labels.value(), reader, shared.value(), wanted)
                          .iterator();
                    }
                  })
              .reduceByKey(
                  (a, b) -> {
                    a.merge(b);
                    return a;
                  })
              .mapToPair(
                  pair ->
                      new Tuple2<>(
                          pair._1(), (List<Value>) new ArrayList<>(pair._2().values().values())))
              .collect();
      @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of a generic type
      List<Value>[][] values = new List[members.size()][slicing.size()];
      found.forEach(pair -> values[pair._1().member()][pair._1().slice()] = pair._2());
      return values;
    } finally {
      shared.destroy();
      labels.destroy();
      slices.destroy();
    }
  }

  private static List<Tuple2<Measurement.Key, Scorecard>> cards(
      Block block,
      Slicing slicing,
      Labels labels,
      CellFiles.Reader reader,
      List<Measurement.Member> members,
      List<Metric<?>> metrics) {
    List<Tuple2<Measurement.Key, Scorecard>> all = new ArrayList<>();
    for (int m = 0; m < members.size(); m++) {
      Scorecard empty = Scorecard.of(members.get(m).target(), metrics);
      Predictions predictions = Measurement.predictions(block, reader, members.get(m));
      double[] scores = predictions.width() == 0 ? null : new double[predictions.width()];
      Scorecard[] cards = new Scorecard[slicing.size()];
      for (int cut = 0; cut < slicing.cuts(); cut++) {
        int[] codes = slicing.codes(cut, block);
        for (int i = 0; i < predictions.size(); i++) {
          int row = predictions.row()[i];
          int slice = codes[row];
          if (slice < 0 || !(block.weight(row) > 0)) {
            continue;
          }
          if (scores != null) {
            predictions.scores(i, scores);
          }
          if (cards[slice] == null) {
            cards[slice] = empty.empty();
          }
          Scorecard card = cards[slice];
          double prediction = predictions.prediction()[i];
          labels.pair(
              block,
              row,
              slice,
              (label, weight) -> card.add(label, prediction, scores, weight * block.weight(row)));
        }
      }
      for (int slice = 0; slice < cards.length; slice++) {
        if (cards[slice] != null) {
          all.add(
              new Tuple2<>(new Measurement.Key(Measurement.Kind.MEMBER, m, slice), cards[slice]));
        }
      }
    }
    return all;
  }

  /**
   * A power of two that a weight is multiplied with, so that products of two weights are no heavier
   * than a weight may be; 1 for all that are not huge.
   */
  private static double scale(double most) {
    return most < 0x1p52 ? 1 : Math.scalb(1.0, -Math.getExponent(most));
  }

  // ---- classes

  private record Classes(double[][] weight) implements Labels {
    @Override
    public void pair(Block block, int row, int slice, Pairs pairs) {
      double[] own = weight[slice];
      for (int c = 0; c < own.length; c++) {
        if (own[c] > 0) {
          pairs.take(c, own[c]);
        }
      }
    }
  }

  private static Labels classes(Frame frame, Broadcast<Slicing> slicing, int slices) {
    int classes = frame.schema().classCount();
    ExactSum[][] sums =
        frame
            .blocks()
            .map(
                block -> {
                  ExactSum[][] own = new ExactSum[slices][classes];
                  for (ExactSum[] slice : own) {
                    Arrays.setAll(slice, c -> new ExactSum());
                  }
                  for (int cut = 0; cut < slicing.value().cuts(); cut++) {
                    int[] codes = slicing.value().codes(cut, block);
                    for (int i = 0; i < codes.length; i++) {
                      if (codes[i] >= 0) {
                        own[codes[i]][(int) block.label(i)].add(block.weight(i));
                      }
                    }
                  }
                  return own;
                })
            .treeReduce(
                (a, b) -> {
                  for (int s = 0; s < a.length; s++) {
                    for (int c = 0; c < a[s].length; c++) {
                      a[s][c].merge(b[s][c]);
                    }
                  }
                  return a;
                });
    double[][] weight = new double[slices][];
    for (int s = 0; s < slices; s++) {
      weight[s] = Arrays.stream(sums[s]).mapToDouble(ExactSum::value).toArray();
      double scale = scale(Arrays.stream(weight[s]).sum());
      Arrays.setAll(weight[s], scaled(weight[s], scale));
    }
    return new Classes(weight);
  }

  private static java.util.function.IntToDoubleFunction scaled(double[] values, double scale) {
    return i -> values[i] * scale;
  }

  // ---- numbers

  /**
   * Labels of all rows.
   *
   * @param start place of each block's first row
   * @param rows by slice, the places of its rows in canonical order
   */
  private record Numbers(double[] label, double[] weight, int[] start, int[][] rows)
      implements Labels {
    @Override
    public void pair(Block block, int row, int slice, Pairs pairs) {
      int[] own = rows[slice];
      int n = own.length;
      int place = Arrays.binarySearch(own, start[block.number()] + row);
      int partners = n <= ALL_PAIRS ? n : Math.max(LEAST, PAIRS / n);
      for (int k = 0; k < partners; k++) {
        int other = own[(int) ((place + (long) k * n / partners) % n)];
        if (weight[other] > 0) {
          pairs.take(label[other], weight[other]);
        }
      }
    }
  }

  private record Part(int block, double[] label, double[] weight, int[][] codes)
      implements Serializable {}

  private static Labels numbers(Frame frame, Broadcast<Slicing> slicing, Slicing own) {
    int n = Math.toIntExact(frame.rows()); // the caller has checked the bound
    List<Part> parts =
        new ArrayList<>(
            frame
                .blocks()
                .map(
                    block -> {
                      int[][] codes = new int[slicing.value().cuts()][];
                      Arrays.setAll(codes, cut -> slicing.value().codes(cut, block));
                      return new Part(
                          block.number(),
                          IntStream.range(0, block.size()).mapToDouble(block::label).toArray(),
                          IntStream.range(0, block.size()).mapToDouble(block::weight).toArray(),
                          codes);
                    })
                .collect());
    parts.sort(Comparator.comparingInt(Part::block));
    double[] label = new double[n];
    double[] weight = new double[n];
    int[] start = new int[frame.blockCount()];
    int[][] rows = new int[own.size()][16];
    int[] counts = new int[own.size()];
    int at = 0;
    for (Part part : parts) {
      start[part.block()] = at;
      for (int i = 0; i < part.label().length; i++) {
        label[at] = part.label()[i];
        weight[at] = part.weight()[i];
        for (int[] codes : part.codes()) {
          int slice = codes[i];
          if (slice >= 0) {
            if (counts[slice] == rows[slice].length) {
              rows[slice] = Arrays.copyOf(rows[slice], 2 * counts[slice]);
            }
            rows[slice][counts[slice]++] = at;
          }
        }
        at++;
      }
    }
    for (int s = 0; s < rows.length; s++) {
      rows[s] = Arrays.copyOf(rows[s], counts[s]);
    }
    double scale = scale(Arrays.stream(weight).max().orElse(1));
    Arrays.setAll(weight, scaled(weight, scale));
    return new Numbers(label, weight, start, rows);
  }
}
