package org.assay.fit;

import java.util.ArrayList;
import java.util.List;

/**
 * One fit under way: one set of training rows, and all points of a grid.
 *
 * <p>Whoever has the rows asks for empty {@link #sums()}, has blocks added to them ({@link Pass}),
 * merges them in the blocks' order and gives them to {@link #take}; and again while that says so.
 * Where the blocks are does not matter.
 */
public interface Fit {

  /** Empty sums for the next pass; any number of times, say once per block. */
  Sums sums();

  /**
   * Takes the sums over all training rows.
   *
   * @return whether another pass is needed
   * @throws org.assay.UserException if no model can be learned from such rows
   */
  boolean take(Sums total);

  /** The models, one for each point of the grid in its order, when no pass is needed any more. */
  List<? extends Model> models();

  /**
   * Carries fits to their ends where all rows are at hand.
   *
   * @param times for each fit and block: how often each row counts
   */
  static void finish(
      List<? extends Fit> fits, Center center, List<Examples> blocks, List<double[][]> times) {
    Pass pass = new Pass(center);
    List<Integer> open = new ArrayList<>();
    for (int f = 0; f < fits.size(); f++) {
      open.add(f);
    }
    while (!open.isEmpty()) {
      List<Sums> totals = new ArrayList<>();
      if (blocks.isEmpty()) {
        open.forEach(f -> totals.add(fits.get(f).sums()));
      }
      for (int b = 0; b < blocks.size(); b++) {
        List<Sums> sums = new ArrayList<>(open.size());
        List<double[]> counts = new ArrayList<>(open.size());
        for (int f : open) {
          sums.add(fits.get(f).sums());
          counts.add(times.get(f)[b]);
        }
        pass.add(blocks.get(b), counts, sums);
        if (b == 0) {
          totals.addAll(sums);
        } else {
          for (int k = 0; k < sums.size(); k++) {
            totals.get(k).merge(sums.get(k));
          }
        }
      }
      List<Integer> still = new ArrayList<>();
      for (int k = 0; k < open.size(); k++) {
        if (fits.get(open.get(k)).take(totals.get(k))) {
          still.add(open.get(k));
        }
      }
      open = still;
    }
  }
}
