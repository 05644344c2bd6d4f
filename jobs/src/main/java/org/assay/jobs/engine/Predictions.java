package org.assay.jobs.engine;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;

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

  /** As bytes: the numbers of rows and of scores, then the rows, predictions and scores. */
  void write(DataOutputStream out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(bytes()));
    bytes.putInt(row.length).putInt(width);
    bytes.asIntBuffer().put(row);
    bytes.position(bytes.position() + Integer.BYTES * row.length);
    bytes.asDoubleBuffer().put(prediction).put(scores);
    out.write(bytes.array());
  }

  /** What {@link #write} wrote. */
  static Predictions read(byte[] written) {
    ByteBuffer bytes = ByteBuffer.wrap(written);
    int n = bytes.getInt();
    int width = bytes.getInt();
    Predictions read = new Predictions(new int[n], new double[n], width, new double[n * width]);
    bytes.asIntBuffer().get(read.row);
    bytes.position(bytes.position() + Integer.BYTES * n);
    bytes.asDoubleBuffer().get(read.prediction).get(read.scores);
    return read;
  }
}
