package org.assay.importance;

/** The links without parameters. */
enum Links implements Link {
  IDENTITY {
    @Override
    public void apply(double[] raw, int rows, int scores, double[] out, int at) {
      System.arraycopy(raw, 0, out, at, rows * scores);
    }
  },
  LOGISTIC {
    @Override
    public int outputs(int scores) {
      if (scores != 1) {
        throw new IllegalArgumentException(
            scores + " scores: must be one, of the second of two classes");
      }
      return 2;
    }

    @Override
    public void apply(double[] raw, int rows, int scores, double[] out, int at) {
      for (int i = 0; i < rows; i++) {
        double e = Math.exp(-Math.abs(raw[i]));
        double less = e / (1 + e);
        double more = 1 / (1 + e);
        boolean positive = raw[i] >= 0;
        out[at + 2 * i] = positive ? less : more;
        out[at + 2 * i + 1] = positive ? more : less;
      }
    }
  },
  SOFTMAX {
    @Override
    public void apply(double[] raw, int rows, int scores, double[] out, int at) {
      for (int i = 0; i < rows; i++) {
        int from = i * scores;
        double most = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < scores; k++) {
          most = Math.max(most, raw[from + k]);
        }
        double sum = 0;
        for (int k = 0; k < scores; k++) {
          double e = Math.exp(raw[from + k] - most);
          out[at + from + k] = e;
          sum += e;
        }
        for (int k = 0; k < scores; k++) {
          out[at + from + k] /= sum;
        }
      }
    }
  },
  EXP {
    @Override
    public void apply(double[] raw, int rows, int scores, double[] out, int at) {
      for (int i = 0; i < rows * scores; i++) {
        out[at + i] = Math.exp(raw[i]);
      }
    }
  },
  SHARES {
    @Override
    public void apply(double[] raw, int rows, int scores, double[] out, int at) {
      for (int i = 0; i < rows; i++) {
        int from = i * scores;
        double sum = 0;
        for (int k = 0; k < scores; k++) {
          sum += raw[from + k];
        }
        for (int k = 0; k < scores; k++) {
          out[at + from + k] = sum == 0 ? 1.0 / scores : raw[from + k] / sum;
        }
      }
    }
  };

  @Override
  public int outputs(int scores) {
    return scores;
  }
}
