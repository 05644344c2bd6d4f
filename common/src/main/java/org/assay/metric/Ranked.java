package org.assay.metric;

import java.util.ArrayList;
import java.util.List;

/**
 * The scores of the items by label: for each label and each score column, the multiset of scores.
 *
 * <p>A binary item has one column, the score of class 1; a multiclass item has one per class.
 * Memory is that of the scores: up to 8 bytes per item and column (16 once weights differ from 1),
 * less where scores repeat. Not thread-safe.
 */
public final class Ranked implements State<Ranked> {
  private static final long serialVersionUID = 1L;

  private final int classes;
  private final int columns;
  private final Multiset[] scores;

  /** No items yet of a target with scores. */
  public Ranked(Target target) {
    this.classes = target.classes();
    this.columns = classes == 2 ? 1 : classes;
    this.scores = new Multiset[classes * columns];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = new Multiset();
    }
  }

  @Override
  public void add(double label, double prediction, double[] itemScores, double weight) {
    int row = ((int) label) * columns;
    for (int c = 0; c < columns; c++) {
      scores[row + c].add(itemScores[c], weight);
    }
  }

  @Override
  public boolean remembersItems() {
    return true;
  }

  @Override
  public void merge(Ranked other) {
    for (int i = 0; i < scores.length; i++) {
      scores[i].merge(other.scores[i]);
    }
  }

  /** Number of classes. */
  public int classes() {
    return classes;
  }

  /** Total weight of the items with this label. */
  public double labeled(int label) {
    return scores[label * columns].total().value();
  }

  /** What the items with this label scored in this column. */
  Multiset scores(int label, int column) {
    return scores[label * columns + column];
  }

  /** What the items with any other label scored in this column. */
  Multiset scoresOfOthers(int label, int column) {
    List<Multiset> others = new ArrayList<>();
    for (int other = 0; other < classes; other++) {
      if (other != label) {
        others.add(scores(other, column));
      }
    }
    return Multiset.union(others);
  }
}
