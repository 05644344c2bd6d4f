package org.assay.inference;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assay.UserException;
import org.assay.config.Suggestion;

/**
 * Adjustment of the p-values of a family for their number. With the m p-values in ascending order,
 * p<sub>(1)</sub> .. p<sub>(m)</sub>, the i-th becomes
 *
 * <pre>
 *   none        p_(i)
 *   bonferroni  min(1, m p_(i))
 *   holm        max over j &lt;= i of min(1, (m - j + 1) p_(j))
 *   hochberg    min over j &gt;= i of (m - j + 1) p_(j)
 *   bh          min over j &gt;= i of m p_(j) / j
 *   by          min(1, min over j &gt;= i of c m p_(j) / j),  c = 1 + 1/2 + .. + 1/m
 * </pre>
 *
 * <p>Bonferroni and Holm keep the probability of any false rejection, whatever the dependence;
 * Hochberg under positive dependence. Benjamini-Hochberg (bh) keeps the expected share of false
 * among all rejections under positive dependence, Benjamini-Yekutieli (by) under any.
 *
 * <p><b>Edge results.</b> A p-value that is NaN stays NaN and does not count towards m: a test that
 * could not be made is not a test of the family. Equal p-values have equal adjusted values. Of
 * none, none. Order of input does not matter. Pure and thread-safe.
 *
 * <p>Sources: S. Holm, Scandinavian Journal of Statistics 6, 1979, 65-70. Y. Hochberg,
 * doi:10.1093/biomet/75.4.800. Y. Benjamini and Y. Hochberg,
 * doi:10.1111/j.2517-6161.1995.tb02031.x. Y. Benjamini and D. Yekutieli,
 * doi:10.1214/aos/1013699998. Same as R's p.adjust.
 */
public enum Adjustment {
  NONE("none"),
  BONFERRONI("bonferroni"),
  HOLM("holm"),
  HOCHBERG("hochberg"),
  BH("bh"),
  BY("by");

  private final String label;

  Adjustment(String label) {
    this.label = label;
  }

  /** The name in configurations and reports. */
  public String label() {
    return label;
  }

  /** The names of all, in order. */
  public static List<String> labels() {
    return Stream.of(values()).map(Adjustment::label).toList();
  }

  /**
   * The adjustment of this name.
   *
   * @throws UserException if there is none; the message lists those there are
   */
  public static Adjustment named(String label) {
    for (Adjustment adjustment : values()) {
      if (adjustment.label.equals(label)) {
        return adjustment;
      }
    }
    throw UserException.usage(
        "unknown adjustment '"
            + label
            + "'"
            + Suggestion.of(label, labels())
            + "; known: "
            + String.join(", ", labels()));
  }

  /**
   * The adjusted p-values, in the order of the given ones.
   *
   * @param p the p-values of the family, each in [0, 1] or NaN; not changed
   * @throws IllegalArgumentException if one is neither
   */
  public double[] adjust(double[] p) {
    for (double value : p) {
      if (value < 0 || value > 1) {
        throw new IllegalArgumentException("p-value " + value + ": must be in [0, 1] or NaN");
      }
    }
    int[] ascending =
        IntStream.range(0, p.length)
            .filter(i -> !Double.isNaN(p[i]))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int m = ascending.length;
    double[] adjusted = p.clone();
    switch (this) {
      case NONE -> {}
      case BONFERRONI -> {
        for (int i : ascending) {
          adjusted[i] = Math.min(1, m * p[i]);
        }
      }
      case HOLM -> {
        double most = 0;
        for (int j = 1; j <= m; j++) {
          most = Math.max(most, Math.min(1, (m - j + 1) * p[ascending[j - 1]]));
          adjusted[ascending[j - 1]] = most;
        }
      }
      case HOCHBERG, BH, BY -> {
        double harmonic = 0;
        for (int j = 1; j <= m; j++) {
          harmonic += 1.0 / j;
        }
        double least = 1;
        for (int j = m; j >= 1; j--) {
          double factor =
              switch (this) {
                case HOCHBERG -> m - j + 1;
                case BH -> (double) m / j;
                default -> harmonic * m / j;
              };
          least = Math.min(least, factor * p[ascending[j - 1]]);
          adjusted[ascending[j - 1]] = least;
        }
      }
    }
    return adjusted;
  }
}
