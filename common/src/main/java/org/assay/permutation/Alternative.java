package org.assay.permutation;

/** Which values of a statistic speak against the null hypothesis. */
public enum Alternative {
  /** Large ones. */
  GREATER {
    @Override
    double extremeness(double value, double center) {
      return value - center;
    }
  },
  /** Small ones. */
  LESS {
    @Override
    double extremeness(double value, double center) {
      return center - value;
    }
  },
  /**
   * Those far from the centre, the mean over all arrangements, on either side. Where the null
   * distribution is not symmetric this differs from doubling the smaller one-sided p, which is what
   * SciPy's {@code permutation_test} does; R's {@code coin} measures the distance, as here.
   */
  TWO_SIDED {
    @Override
    double extremeness(double value, double center) {
      return Math.abs(value - center);
    }
  };

  /** How much a value speaks against the null hypothesis; the larger, the more. */
  abstract double extremeness(double value, double center);
}
