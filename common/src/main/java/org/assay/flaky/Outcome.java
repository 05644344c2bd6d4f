package org.assay.flaky;

/** What became of one test in one run. */
public enum Outcome {
  /** It ran to its end and held. */
  PASS,
  /** An assertion did not hold. */
  FAIL,
  /** It, or what surrounds it, threw something else; also a failing teardown. */
  ERROR,
  /** It was disabled, or an assumption did not hold: says nothing of whether it can be trusted. */
  SKIP,
  /** It was still running at its time limit, and was killed. */
  TIMEOUT,
  /** The process ended while it ran. */
  CRASH,
  /**
   * It never ran, or nobody knows: the process ended, or the executor was lost, before it was its
   * turn or before its outcome was told.
   */
  MISSING;

  /** Whether it counts as a failure: FAIL, ERROR, TIMEOUT or CRASH. */
  public boolean failed() {
    return this == FAIL || this == ERROR || this == TIMEOUT || this == CRASH;
  }

  /** Whether it counts at all: it passed or failed. SKIP and MISSING say nothing of a test. */
  public boolean counts() {
    return this == PASS || failed();
  }
}
