package org.assay.design;

import org.assay.random.Keyed;

/**
 * Parts by a hash of the unit's key alone: u = uniform(seed, repeat, key) falls into the first part
 * whose cumulative share exceeds it. A unit stays in its part whatever rows come or go. Sizes are
 * binomial around the shares, and a part may be empty.
 */
record StableParts(Keyed function, int parts, double test, double train, boolean grouped)
    implements Allocation {

  static StableParts equal(int parts, boolean grouped, long seed) {
    return new StableParts(Keyed.of(seed, "stable part"), parts, 0, 0, grouped);
  }

  /** Part 0 with share {@code test}, part 1 with share {@code train}, part 2 with the rest. */
  static StableParts split(double test, double train, boolean grouped, long seed) {
    return new StableParts(Keyed.of(seed, "stable part"), 0, test, train, grouped);
  }

  @Override
  public void fill(int repeat, Rows rows, int[] part) {
    long[] key = grouped ? rows.group() : rows.key();
    if (parts > 0) {
      for (int i = 0; i < rows.size(); i++) {
        part[i] = (int) function.below(parts, repeat, key[i]);
      }
    } else {
      double both = test + train;
      for (int i = 0; i < rows.size(); i++) {
        double u = function.uniform(repeat, key[i]);
        part[i] = u < test ? 0 : u < both ? 1 : 2;
      }
    }
  }
}
