package org.assay.jobs.frame;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The strata of a frame's rows: the classes of a classification, or quantile bins of a regression's
 * label.
 *
 * <p>Bins are cut at the quantiles of the labels of the first 1,000,000 rows in canonical order,
 * all of them in smaller frames; a label equal to a cut falls in the lower bin.
 */
public final class Strata implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How many labels the cuts of a regression are taken from at most. */
  static final int SAMPLE = 1_000_000;

  private final List<String> names;
  private final double[] cuts;

  private Strata(List<String> names, double[] cuts) {
    this.names = names;
    this.cuts = cuts;
  }

  /** The classes, in code order. */
  static Strata classes(List<String> names) {
    return new Strata(List.copyOf(names), null);
  }

  /** Quantile bins; fewer than asked for when labels are tied. */
  static Strata quantiles(double[] labels, int bins) {
    double[] sorted = labels.clone();
    Arrays.sort(sorted);
    double[] cuts =
        IntStream.range(1, bins)
            .mapToDouble(
                b -> sorted[(int) Math.min(sorted.length - 1L, (long) sorted.length * b / bins)])
            .distinct()
            .filter(cut -> cut < sorted[sorted.length - 1])
            .toArray();
    return new Strata(
        IntStream.rangeClosed(1, cuts.length + 1).mapToObj(b -> "bin " + b).toList(), cuts);
  }

  /** The stratum of a label. */
  public int of(double label) {
    if (cuts == null) {
      return (int) label;
    }
    int at = Arrays.binarySearch(cuts, label);
    return at >= 0 ? at : -at - 1;
  }

  /** The strata's names, by code. */
  public List<String> names() {
    return names;
  }
}
