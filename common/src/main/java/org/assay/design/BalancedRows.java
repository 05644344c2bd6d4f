package org.assay.design;

import org.assay.random.Keyed;
import org.assay.random.Permutation;

/**
 * Rows in parts that are exact in size.
 *
 * <p>All rows are lined up, stratum after stratum and in random order within each, and a {@link
 * Deal} that starts at a random place of its period is dealt to them. So equal parts differ in size
 * by at most 1, overall and in every stratum; the row's part is uniform over the shares, whatever
 * the remainders; and a row's part takes O(1) time from its rank in its stratum.
 */
record BalancedRows(
    Keyed function, Deal deal, Blocks blocks, long[] stratumSize, long[][] stratumStart)
    implements Allocation {

  static BalancedRows of(Deal deal, boolean stratify, Population population, long seed) {
    return new BalancedRows(
        Keyed.of(seed, "balanced rows"),
        deal,
        population.blocks(),
        stratify ? population.stratumSizes() : null,
        stratify ? population.stratumStart() : null);
  }

  @Override
  public void fill(int repeat, Rows rows, int[] part) {
    long start = blocks.start(rows);
    if (rows.size() == 0) {
      return;
    }
    long first = function.below(deal.period(), repeat, 0);
    if (stratumSize == null) {
      Permutation permutation = Permutation.of(function.derive(0), repeat, blocks.rows());
      for (int i = 0; i < rows.size(); i++) {
        part[i] = deal.at(first + permutation.at(start + i));
      }
      return;
    }
    int strata = stratumSize.length;
    long[] place = new long[strata];
    for (int s = 0; s < strata; s++) {
      place[s] = first;
      first += stratumSize[s];
    }
    long[] rank = stratumStart[rows.block()].clone();
    Permutation[] permutations = new Permutation[strata];
    for (int i = 0; i < rows.size(); i++) {
      int s = rows.stratum()[i];
      Permutation permutation = permutations[s];
      if (permutation == null) {
        permutation = Permutation.of(function.derive(s), repeat, stratumSize[s]);
        permutations[s] = permutation;
      }
      part[i] = deal.at(place[s] + permutation.at(rank[s]++));
    }
  }
}
