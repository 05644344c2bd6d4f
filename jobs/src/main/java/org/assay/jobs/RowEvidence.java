package org.assay.jobs;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.assay.bootstrap.Means;
import org.assay.inference.Difference;
import org.assay.inference.OutcomeTotals;
import org.assay.inference.PairedOutcomes;
import org.assay.inference.RocPlacements;
import org.assay.jobs.engine.Items;
import org.assay.metric.Metric;

/** What scored rows say for tests: counts of right and wrong, placements, losses; by slice. */
final class RowEvidence {
  private final Items items;
  private final int slices;

  RowEvidence(Items items, int slices) {
    this.items = items;
    this.slices = slices;
  }

  /** Right answers of every model to every item, as bits of a word. */
  private long[] right() {
    long[] right = new long[items.size()];
    for (int m = 0; m < items.scored().size(); m++) {
      double[] prediction = items.scored().get(m).prediction();
      for (int i = 0; i < right.length; i++) {
        right[i] |= prediction[i] == items.label()[i] ? 1L << m : 0;
      }
    }
    return right;
  }

  /** Paired outcomes of models a and b, by slice. */
  PairedOutcomes[] outcomes(int a, int b) {
    long[][] counts = new long[slices][4];
    double[] label = items.label();
    double[] ofA = items.scored().get(a).prediction();
    double[] ofB = items.scored().get(b).prediction();
    for (int[] cut : items.code()) {
      for (int i = 0; i < cut.length; i++) {
        if (cut[i] >= 0) {
          counts[cut[i]][(ofA[i] == label[i] ? 1 : 0) + (ofB[i] == label[i] ? 2 : 0)]++;
        }
      }
    }
    return Arrays.stream(counts)
        .map(c -> new PairedOutcomes(c[0], c[1], c[2], c[3]))
        .toArray(PairedOutcomes[]::new);
  }

  /** Totals of the right answers of all models, by slice. */
  OutcomeTotals[] totals() {
    int models = items.scored().size();
    long[] right = right();
    long[][] ofModel = new long[slices][models];
    long[][] byRight = new long[slices][models + 1];
    for (int[] cut : items.code()) {
      for (int i = 0; i < cut.length; i++) {
        if (cut[i] >= 0) {
          byRight[cut[i]][Long.bitCount(right[i])]++;
          for (long rest = right[i]; rest != 0; rest &= rest - 1) {
            ofModel[cut[i]][Long.numberOfTrailingZeros(rest)]++;
          }
        }
      }
    }
    return IntStream.range(0, slices)
        .mapToObj(s -> new OutcomeTotals(ofModel[s], byRight[s]))
        .toArray(OutcomeTotals[]::new);
  }

  /** Placements of all models, by slice. */
  RocPlacements[] placements() {
    RocPlacements[] all = new RocPlacements[slices];
    long[] counts = items.counts(slices);
    for (int[] cut : items.code()) {
      int[][] rows = new int[slices][];
      int[] next = new int[slices];
      for (int i = 0; i < cut.length; i++) {
        int slice = cut[i];
        if (slice >= 0) {
          if (rows[slice] == null) {
            rows[slice] = new int[(int) counts[slice]];
          }
          rows[slice][next[slice]++] = i;
        }
      }
      for (int slice = 0; slice < slices; slice++) {
        if (rows[slice] != null) {
          all[slice] = placements(rows[slice]);
        }
      }
    }
    return all;
  }

  private RocPlacements placements(int[] rows) {
    boolean[] positive = new boolean[rows.length];
    double[][] scores = new double[items.scored().size()][rows.length];
    for (int j = 0; j < rows.length; j++) {
      positive[j] = items.label()[rows[j]] == 1;
      for (int m = 0; m < scores.length; m++) {
        scores[m][j] = items.scored().get(m).scores()[rows[j]];
      }
    }
    return RocPlacements.of(positive, scores);
  }

  /** Of a metric that is a mean over items, what it is the mean of, for one model's answers. */
  double[] means(Metric<?> metric, int model) {
    return Means.of(metric, items.label(), items.scored().get(model));
  }

  /**
   * The mean difference of such a metric between models a and b, by slice, with the standard error
   * of a mean of paired differences; null where there are no items.
   */
  Difference[] differences(Metric<?> metric, int a, int b) {
    double[] ofA = means(metric, a);
    double[] ofB = means(metric, b);
    Difference[] all = new Difference[slices];
    long[] counts = items.counts(slices);
    double[] mean = new double[slices];
    double[] squares = new double[slices];
    for (int[] cut : items.code()) {
      for (int i = 0; i < cut.length; i++) {
        if (cut[i] >= 0) {
          mean[cut[i]] += (ofA[i] - ofB[i]) / counts[cut[i]];
        }
      }
    }
    for (int[] cut : items.code()) {
      for (int i = 0; i < cut.length; i++) {
        if (cut[i] >= 0) {
          double off = ofA[i] - ofB[i] - mean[cut[i]];
          squares[cut[i]] += off * off;
        }
      }
    }
    for (int s = 0; s < slices; s++) {
      long n = counts[s];
      if (n > 0) {
        all[s] =
            new Difference(
                mean[s],
                n == 1 ? Double.NaN : Math.sqrt(squares[s] / (n - 1) / n),
                Math.max(1, n - 1),
                "student-t",
                n,
                metric.direction(),
                n == 1 ? "one row shows no spread" : "");
      }
    }
    return all;
  }

  /** Number of items, or their total weight, by slice. */
  double[] weights() {
    double[] weights = new double[slices];
    for (int[] cut : items.code()) {
      for (int i = 0; i < cut.length; i++) {
        if (cut[i] >= 0) {
          weights[cut[i]] += items.weight() == null ? 1 : items.weight()[i];
        }
      }
    }
    return weights;
  }

  /** Units that flip together: null for single rows, else a number from 0 per row. */
  int[] units() {
    if (items.group() == null) {
      return null;
    }
    long[] keys = Arrays.stream(items.group()).sorted().distinct().toArray();
    return Arrays.stream(items.group()).mapToInt(g -> Arrays.binarySearch(keys, g)).toArray();
  }
}
