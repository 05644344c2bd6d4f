package org.assay.inference;

import java.util.List;
import java.util.stream.Collectors;
import org.assay.UserException;

/** The tests that exist, by name: those of this package and any that another jar provides. */
public final class ComparisonTests {
  private ComparisonTests() {}

  /** All tests, in order of their names. */
  public static List<ComparisonTest> all() {
    return List.copyOf(
        Discovery.byName(ComparisonTest.class, ComparisonTest::name, "tests").values());
  }

  /** The names of all tests, in order. */
  public static List<String> names() {
    return all().stream().map(ComparisonTest::name).toList();
  }

  /**
   * The test of this name.
   *
   * @throws UserException if there is none; the message lists those there are
   */
  public static ComparisonTest named(String name) {
    return Discovery.named(
        name, "test", Discovery.byName(ComparisonTest.class, ComparisonTest::name, "tests"));
  }

  /**
   * Null when the test is valid for the evidence; else the reason it is not, as a sentence that
   * starts with the test's name.
   */
  public static String refusal(ComparisonTest test, Evidence evidence, TestSettings settings) {
    if (!test.accepts().contains(evidence.kind())) {
      return test.name()
          + " needs "
          + test.accepts().stream().map(Evidence.Kind::words).collect(Collectors.joining(", or "))
          + "; found "
          + evidence.kind().words();
    }
    String reason = test.refusal(evidence, settings);
    return reason == null ? null : test.name() + " " + reason;
  }

  /**
   * The results of a test.
   *
   * @throws IllegalArgumentException with the reason if the test is not valid for the evidence
   */
  public static List<TestResult> results(
      ComparisonTest test, Evidence evidence, TestSettings settings) {
    String reason = refusal(test, evidence, settings);
    if (reason != null) {
      throw new IllegalArgumentException(reason);
    }
    return test.results(evidence, settings);
  }
}
