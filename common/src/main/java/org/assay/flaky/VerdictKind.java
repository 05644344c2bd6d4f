package org.assay.flaky;

/** What is concluded of a test. Reports show the names as they stand here. */
public enum VerdictKind {
  /** No failure was seen: the rate is below a bound. It is never called "not flaky". */
  STABLE_WITHIN,
  /** It failed in every run that counts: broken, not flaky. */
  ALWAYS_FAILS,
  /** Its outcome varies under one fixed order within one worker; the order does not matter. */
  NOD,
  /** It fails after a polluter; confirmed by runs made for that. */
  OD_VICTIM,
  /** It passes only after a state-setter; confirmed by runs made for that. */
  OD_BRITTLE,
  /** The order fixes its outcome, but no polluter or setter is confirmed (yet). */
  OD,
  /** Its outcome varies under one fixed order, and the order changes the rate as well. */
  NDOD,
  /** Its outcome goes with the worker, the host or the night, or with whole failing runs. */
  INFRASTRUCTURE,
  /** Its rate varies with a declared factor of the environment. */
  FACTOR,
  /** It passed and it failed, and the runs do not say why. */
  UNDECIDED,
  /** It never passed nor failed: skipped, missing, or in no order. */
  NOT_RUN;

  /** Whether the test passes and fails without a change of the code. */
  public boolean isFlaky() {
    return this != STABLE_WITHIN && this != ALWAYS_FAILS && this != NOT_RUN;
  }

  /** Whether the order of tests alone decides. */
  public boolean isOrderDependent() {
    return this == OD || this == OD_VICTIM || this == OD_BRITTLE;
  }
}
