package org.assay.inference;

import java.util.List;
import java.util.Set;

/**
 * One way to test whether models differ.
 *
 * <p>To add a test, write one class with a public constructor without arguments and
 * {@code @AutoService(ComparisonTest.class)}; the inherited contract test then covers it. A test is
 * stateless. Callers go through {@link ComparisonTests}, which checks that the evidence suits.
 */
public interface ComparisonTest {

  /** How many models a test looks at, and what it makes of them. */
  enum Scope {
    /** Evidence about two models, one result. */
    PAIR,
    /** Evidence about two or more models, and whether there is any difference among them. */
    OMNIBUS,
    /**
     * Evidence about two or more models, one result for each pair of interest. The p-values hold
     * for the family of these pairs already: adjust them no further.
     */
    POST_HOC
  }

  /** The name in configurations and reports, in kebab-case. */
  String name();

  /** What it looks at. */
  Scope scope();

  /** The kinds of evidence it can be computed from, the preferred first. */
  Set<Evidence.Kind> accepts();

  /**
   * Null when the test is valid for this evidence, which is of a kind it accepts; else why it is
   * not, as a clause: "needs ...".
   */
  default String refusal(Evidence evidence, TestSettings settings) {
    return null;
  }

  /**
   * The test itself: one result, or more where the class says so. The evidence is of a kind it
   * accepts and not refused. What cannot be computed is NaN with a note; nothing is thrown for it.
   */
  List<TestResult> results(Evidence evidence, TestSettings settings);
}
