package org.assay.importance;

import java.io.Serializable;
import org.assay.fit.Glm;

/**
 * What turns the raw scores of a row, sums of terms or of leaves, into its outputs. Thread-safe.
 */
public interface Link extends Serializable {

  /** The scores themselves. */
  Link IDENTITY = Links.IDENTITY;

  /** One score s to the probabilities of two classes: 1 / (1 + e^s) and 1 / (1 + e^-s). */
  Link LOGISTIC = Links.LOGISTIC;

  /** One score per class to probabilities proportional to their exponentials. */
  Link SOFTMAX = Links.SOFTMAX;

  /** e^s of each score. */
  Link EXP = Links.EXP;

  /** One score per class, none negative, to their shares; equal shares when all are 0. */
  Link SHARES = Links.SHARES;

  /** The mean of a generalized linear model. */
  static Link mean(Glm glm) {
    return new Mean(glm);
  }

  /** Outputs of a row with so many scores. */
  int outputs(int scores);

  /**
   * Applies it to rows.
   *
   * @param raw the scores, row after row from the array's beginning on; may be overwritten
   * @param rows number of rows
   * @param scores scores per row
   * @param out receives the outputs from place {@code at} on, row after row
   */
  void apply(double[] raw, int rows, int scores, double[] out, int at);

  /** See {@link #mean}. */
  record Mean(Glm glm) implements Link {
    @Override
    public int outputs(int scores) {
      return scores;
    }

    @Override
    public void apply(double[] raw, int rows, int scores, double[] out, int at) {
      for (int i = 0; i < rows * scores; i++) {
        out[at + i] = glm.mean(raw[i]);
      }
    }
  }
}
