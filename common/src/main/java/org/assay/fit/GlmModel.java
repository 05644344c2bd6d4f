package org.assay.fit;

/** A generalized linear model: the expected label of each row, with its offset if it has one. */
public record GlmModel(Glm glm, LinearModel linear, Convergence convergence) implements Model {
  private static final long serialVersionUID = 1L;

  @Override
  public int outputs() {
    return 1;
  }

  @Override
  public double[] predict(Examples rows) {
    double[] out = linear.predict(rows);
    for (int i = 0; i < out.length; i++) {
      out[i] = glm.mean(out[i] + rows.offset(i));
    }
    return out;
  }
}
