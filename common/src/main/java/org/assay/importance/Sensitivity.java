package org.assay.importance;

/**
 * One-at-a-time sensitivity: by how much a model's outputs change when one feature of a row is
 * moved up and down by a step and the others stay.
 *
 * <pre>
 *   slope of a row = (f(x + step) - f(x - step)) / 2,  swing = |f(x + step) - f(x - step)| / 2
 * </pre>
 *
 * <p>Both are in units of the output, for a step such as a standard deviation. The mean slope says
 * which way a feature works, the mean swing how much; a mean swing well above the mean slope's size
 * is a feature that works either way. Interactions at a distance and joint changes are not seen.
 *
 * <p>Rows of disjoint ranges are added and merged in any order, to the bit. Not thread-safe.
 *
 * <p>Source: M. D. Morris, "Factorial sampling plans for preliminary computational experiments",
 * Technometrics 33 (1991), doi:10.1080/00401706.1991.10484804, whose elementary effects these are,
 * at the rows of the data and centred.
 */
public final class Sensitivity implements java.io.Serializable {
  private static final long serialVersionUID = 1L;

  /** Rows of a call of the model. */
  private static final int BATCH = 4096;

  private final double[] steps;
  private final int outputs;
  private final Draws slopes;
  private final Draws swings;

  /**
   * No rows yet.
   *
   * @param steps of each feature, positive; 0 for one that is not moved
   * @param outputs of the model
   */
  public Sensitivity(double[] steps, int outputs) {
    for (double step : steps) {
      if (!(step >= 0 && step < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a step of " + step + ": must be 0 or positive");
      }
    }
    this.steps = steps.clone();
    this.outputs = outputs;
    this.slopes = new Draws(steps.length, outputs);
    this.swings = new Draws(steps.length, outputs);
  }

  /**
   * Adds rows.
   *
   * @param rows row after row; not changed
   */
  public void add(RowFunction model, double[] rows, int count) {
    int width = steps.length;
    if (model.width() != width || model.outputs() != outputs) {
      throw new IllegalArgumentException(
          "a model with "
              + model.width()
              + " features and "
              + model.outputs()
              + " outputs: must have "
              + width
              + " and "
              + outputs);
    }
    int most = Math.max(1, BATCH / (2 * width));
    double[] batch = new double[most * 2 * width * width];
    double[] found = new double[most * 2 * width * outputs];
    double[] slope = new double[width * outputs];
    double[] swing = new double[width * outputs];
    for (int from = 0; from < count; from += most) {
      int size = Math.min(most, count - from);
      for (int i = 0; i < size; i++) {
        for (int move = 0; move < 2 * width; move++) {
          int at = (i * 2 * width + move) * width;
          System.arraycopy(rows, (from + i) * width, batch, at, width);
          int feature = move / 2;
          batch[at + feature] += move % 2 == 0 ? steps[feature] : -steps[feature];
        }
      }
      model.predict(batch, size * 2 * width, found);
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < width; j++) {
          int up = (i * 2 * width + 2 * j) * outputs;
          for (int k = 0; k < outputs; k++) {
            slope[j * outputs + k] = (found[up + k] - found[up + outputs + k]) / 2;
            swing[j * outputs + k] = Math.abs(slope[j * outputs + k]);
          }
        }
        slopes.add(slope);
        swings.add(swing);
      }
      slopes.addEvaluations(size * 2L * width);
    }
  }

  /** Adds the rows of {@code other}, which are none of these. */
  public void merge(Sensitivity other) {
    slopes.merge(other.slopes);
    swings.merge(other.swings);
  }

  /** Mean slopes by feature and output, with standard errors over rows. */
  public Draws slopes() {
    return slopes;
  }

  /** Mean swings by feature and output, with standard errors over rows. */
  public Draws swings() {
    return swings;
  }
}
