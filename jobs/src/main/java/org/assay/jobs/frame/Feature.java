package org.assay.jobs.frame;

import java.io.Serializable;
import org.apache.spark.sql.types.DataType;

/**
 * One column to learn from.
 *
 * @param name the column's name
 * @param kind how it is held in blocks
 * @param type its type in the source
 * @param at first numeric slot (numbers, vectors), or number of the text column (texts)
 * @param width number of numeric slots; 0 for a text
 * @param missing how many rows lack it
 */
public record Feature(String name, Kind kind, DataType type, int at, int width, long missing)
    implements Serializable {

  /** How a feature is held. */
  public enum Kind {
    /** A number or a truth value, in one numeric slot. */
    NUMBER,
    /** A vector of fixed width, in as many numeric slots. */
    VECTOR,
    /** A text, as the code of its value in the frame's dictionary of that column. */
    TEXT
  }

  /**
   * Values of rows [from, to) of a block: numbers, or codes of texts; NaN where missing. A new
   * array; null for vectors.
   */
  public double[] values(Block block, int from, int to) {
    if (kind == Kind.VECTOR) {
      return null;
    }
    double[] values = new double[to - from];
    for (int i = from; i < to; i++) {
      int code = kind == Kind.TEXT ? block.text(at, i) : 0;
      values[i - from] = kind == Kind.NUMBER ? block.numeric(at, i) : code < 0 ? Double.NaN : code;
    }
    return values;
  }
}
