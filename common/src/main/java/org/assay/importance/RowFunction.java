package org.assay.importance;

import java.io.Serializable;
import org.assay.fit.Examples;
import org.assay.fit.Model;

/**
 * A model as a function of rows. A row's outputs depend on that row alone, to the bit, whatever
 * rows stand beside it. Thread-safe.
 */
public interface RowFunction extends Serializable {

  /** Number of features of a row. */
  int width();

  /** Numbers that it gives for a row: 1 for a number, else one probability per class. */
  int outputs();

  /**
   * Predicts.
   *
   * @param rows row after row; not kept, not changed
   * @param count number of rows
   * @param out receives the outputs, row after row
   */
  void predict(double[] rows, int count, double[] out);

  /** A model of this library. */
  static RowFunction of(Model model, int width) {
    return new Fitted(model, width);
  }

  /** A model whose rows have no labels. */
  record Fitted(Model model, int width) implements RowFunction {
    @Override
    public int outputs() {
      return model.outputs();
    }

    @Override
    public void predict(double[] rows, int count, double[] out) {
      double[] exact =
          rows.length == count * width ? rows : java.util.Arrays.copyOf(rows, count * width);
      double[] none = new double[count];
      double[] found = model.predict(new Examples(width, exact, none, none));
      System.arraycopy(found, 0, out, 0, found.length);
    }
  }
}
