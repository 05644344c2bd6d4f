package org.assay.importance;

/**
 * The exchange for any model: rows are put together and predicted, {@value #BATCH} at most at a
 * time.
 */
public final class AnyExchange implements Exchange {
  private static final long serialVersionUID = 1L;

  /** Rows of a call of the model. */
  private static final int BATCH = 4096;

  private final FeatureGroups groups;
  private final RowFunction model;

  /**
   * The exchange of a model.
   *
   * @throws IllegalArgumentException if the groups are of another width
   */
  public AnyExchange(FeatureGroups groups, RowFunction model) {
    if (groups.width() != model.width()) {
      throw new IllegalArgumentException(
          "groups of " + groups.width() + " features of a model with " + model.width());
    }
    this.groups = groups;
    this.model = model;
  }

  @Override
  public FeatureGroups groups() {
    return groups;
  }

  @Override
  public int outputs() {
    return model.outputs();
  }

  /** Not known, so true. */
  @Override
  public boolean uses(int group) {
    return true;
  }

  @Override
  public Prepared prepare(Source source, int count) {
    int width = groups.width();
    double[] all = new double[Math.multiplyExact(count, width)];
    double[] rows = new double[Math.min(BATCH, count) * width];
    for (int start = 0; start < count; start += BATCH) {
      int end = Math.min(count, start + BATCH);
      source.fill(start, end, rows);
      System.arraycopy(rows, 0, all, start * width, (end - start) * width);
    }
    return new Rows(all, count);
  }

  @Override
  public void predict(Prepared rows, int from, int to, double[] out) {
    int width = groups.width();
    double[] all = ((Rows) rows).values;
    double[] batch = new double[Math.min(BATCH, to - from) * width];
    double[] found = new double[Math.min(BATCH, to - from) * outputs()];
    for (int start = from; start < to; start += BATCH) {
      int count = Math.min(BATCH, to - start);
      System.arraycopy(all, start * width, batch, 0, count * width);
      model.predict(batch, count, found);
      System.arraycopy(found, 0, out, (start - from) * outputs(), count * outputs());
    }
  }

  @Override
  public void exchange(
      Prepared rows, int from, int to, Prepared donors, int[] donor, double[][] out) {
    Exchange.check(this, rows, from, to, donors, donor, out);
    int width = groups.width();
    double[] all = ((Rows) rows).values;
    double[] others = ((Rows) donors).values;
    double[] batch = new double[Math.min(BATCH, to - from) * width];
    double[] found = new double[Math.min(BATCH, to - from) * outputs()];
    for (int start = from; start < to; start += BATCH) {
      int count = Math.min(BATCH, to - start);
      for (int g = 0; g < out.length; g++) {
        if (out[g] == null) {
          continue;
        }
        System.arraycopy(all, start * width, batch, 0, count * width);
        for (int i = 0; i < count; i++) {
          int at = donor[start - from + i] * width;
          for (int feature : groups.features()[g]) {
            batch[i * width + feature] = others[at + feature];
          }
        }
        model.predict(batch, count, found);
        System.arraycopy(found, 0, out[g], (start - from) * outputs(), count * outputs());
      }
    }
  }

  private record Rows(double[] values, int count) implements Prepared {}
}
