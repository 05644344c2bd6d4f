package org.assay.jobs.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;

/**
 * What a model says of some rows of one block.
 *
 * @param row the rows, ascending, as positions in the block
 * @param prediction the predicted class code or number of each
 * @param width scores per row: 0, 1 (binary) or the number of classes
 * @param scores the scores, {@code width} per row, row by row
 */
public record Predictions(int[] row, double[] prediction, int width, double[] scores)
    implements Serializable {

  /** Number of rows. */
  public int size() {
    return row.length;
  }

  /** Copies the scores of the i-th of these rows. */
  public void scores(int i, double[] out) {
    System.arraycopy(scores, i * width, out, 0, width);
  }

  /** Bytes that {@link #write} writes. */
  long bytes() {
    return 2L * Integer.BYTES + row.length * (Integer.BYTES + (1L + width) * Double.BYTES);
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(row.length);
    out.writeInt(width);
    for (int i = 0; i < row.length; i++) {
      out.writeInt(row[i]);
      out.writeDouble(prediction[i]);
      for (int j = 0; j < width; j++) {
        out.writeDouble(scores[i * width + j]);
      }
    }
  }

  static Predictions read(DataInputStream in) throws IOException {
    int n = in.readInt();
    int width = in.readInt();
    Predictions read = new Predictions(new int[n], new double[n], width, new double[n * width]);
    for (int i = 0; i < n; i++) {
      read.row[i] = in.readInt();
      read.prediction[i] = in.readDouble();
      for (int j = 0; j < width; j++) {
        read.scores[i * width + j] = in.readDouble();
      }
    }
    return read;
  }
}
