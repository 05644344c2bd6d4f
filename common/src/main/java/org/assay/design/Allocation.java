package org.assay.design;

import java.io.Serializable;

/**
 * Divides the units of a population into parts of given shares: the one thing that all schemes with
 * chance in them do.
 *
 * <p>A unit is a row, or a group when the plan is grouped. {@link BalancedRows} is exact in size,
 * overall and in every stratum; {@link BalancedGroups} as exact as whole groups allow; {@link
 * StableParts} looks at the unit's key alone. Immutable and thread-safe.
 */
interface Allocation extends Serializable {

  /** Fills {@code part[0 .. rows.size())} with the parts of the rows in one repeat. */
  void fill(int repeat, Rows rows, int[] part);

  /** Equal parts. */
  static Allocation equal(
      int parts, int repeats, Plan.Options options, Population population, long seed) {
    return options.assign() == Plan.Assign.STABLE
        ? StableParts.equal(parts, options.grouped(), seed)
        : balanced(new Deal.RoundRobin(parts), repeats, options, population, seed);
  }

  /** Parts as {@code deal} gives them, exact in size. */
  static Allocation balanced(
      Deal deal, int repeats, Plan.Options options, Population population, long seed) {
    return options.grouped()
        ? BalancedGroups.of(deal, repeats, options.stratify(), population, seed)
        : BalancedRows.of(deal, options.stratify(), population, seed);
  }
}
