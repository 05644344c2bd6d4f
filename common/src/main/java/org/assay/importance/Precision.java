package org.assay.importance;

/**
 * When sampling ends: as soon as no standard error is above a share of the spread of the values,
 * from the largest to the smallest, but not before and not after given numbers of draws.
 *
 * @param least draws in any case, at least 2, for a standard error needs as many
 * @param most draws at most
 * @param share of the spread, such as 0.025; 0 for exactly {@code most} draws
 */
public record Precision(int least, int most, double share) {

  /** Draws between two looks at the precision, so that a look costs little. */
  static final int STEP = 16;

  public Precision {
    if (least < 2 || most < least || !(share >= 0)) {
      throw new IllegalArgumentException(
          least
              + " to "
              + most
              + " draws to a precision of "
              + share
              + ": must be at least 2, not more than the most, and not below 0");
    }
  }

  /** A fixed number of draws. */
  public static Precision fixed(int draws) {
    return new Precision(draws, draws, 0);
  }

  /** How many draws to look at next, when there are so many already. */
  int next(long draws) {
    return draws < least ? least : (int) Math.min(most, draws + STEP);
  }

  /** Whether these draws are enough. */
  public boolean isReachedBy(Draws draws) {
    return draws.count() >= most
        || share > 0 && draws.count() >= least && draws.largestError() <= share;
  }
}
