package org.assay.flaky;

import java.io.Serializable;
import java.util.Arrays;
import org.assay.inference.Interval;

/**
 * What a test is to others, as runs made for that show.
 *
 * <pre>
 *   role      test           others, in the order they run
 *   POLLUTER  the polluter   the victim
 *   SETTER    the setter     the brittle test; other setters that are needed as well come before it
 *   CLEANER   the cleaner    the polluter, the victim
 *   VICTIM    the victim     the smallest set of tests found that makes it fail, two or more
 * </pre>
 *
 * @param test the number of the test that the row is about
 * @param role what it is
 * @param others the numbers of the others
 * @param confirmed runs in which the effect was seen
 * @param of runs made
 * @param rate interval for the probability of the effect: 1 up to chance for state that always
 *     leaks, less for pollution that is itself probabilistic
 * @param pValue of the effect against the runs without the test, exact; NaN where none was made
 */
public record Dependency(
    int test, Role role, int[] others, int confirmed, int of, Interval rate, double pValue)
    implements Serializable {

  /** What a test can be to others. */
  public enum Role {
    /** Makes the victim fail when it runs before it. */
    POLLUTER,
    /** Makes the brittle test pass when it runs before it. */
    SETTER,
    /** Between polluter and victim, makes the victim pass. */
    CLEANER,
    /** Fails after all of the others. */
    VICTIM
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Dependency d
        && test == d.test
        && role == d.role
        && Arrays.equals(others, d.others)
        && confirmed == d.confirmed
        && of == d.of
        && rate.equals(d.rate)
        && Double.compare(pValue, d.pValue) == 0;
  }

  @Override
  public int hashCode() {
    return (31 * test + role.hashCode()) * 31 + Arrays.hashCode(others);
  }
}
