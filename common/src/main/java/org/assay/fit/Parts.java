package org.assay.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Sums of all rows but those of one part, for every part, from the sums of the parts.
 *
 * <p>Not by subtraction: what comes before and what comes after the part are merged, which costs as
 * little (three merges per part) and loses no digits, so that a feature which is constant in the
 * rest is seen to be so.
 */
public final class Parts {
  private Parts() {}

  /**
   * The sums of the others.
   *
   * @param parts sums of each part; unchanged
   * @param empty gives empty sums of their kind
   */
  public static <S extends Sums> List<S> complements(List<S> parts, Supplier<S> empty) {
    int count = parts.size();
    List<S> after = new ArrayList<>();
    after.add(empty.get());
    for (int p = count - 1; p > 0; p--) {
      S sums = empty.get();
      sums.merge(parts.get(p));
      sums.merge(after.get(after.size() - 1));
      after.add(sums);
    }
    List<S> others = new ArrayList<>();
    S before = empty.get();
    for (int p = 0; p < count; p++) {
      S sums = empty.get();
      sums.merge(before);
      sums.merge(after.get(count - 1 - p));
      others.add(sums);
      before.merge(parts.get(p));
    }
    return others;
  }

  /**
   * Sums of folds from sums of micro-groups: groups of rows that stay together in every fold, of
   * which any number of repeats is made without another pass.
   *
   * @param fold of each group, in [0, folds)
   */
  public static <S extends Sums> List<S> folds(
      List<S> groups, int[] fold, int folds, Supplier<S> empty) {
    List<S> sums = new ArrayList<>();
    for (int f = 0; f < folds; f++) {
      sums.add(empty.get());
    }
    for (int g = 0; g < groups.size(); g++) {
      sums.get(fold[g]).merge(groups.get(g));
    }
    return sums;
  }
}
