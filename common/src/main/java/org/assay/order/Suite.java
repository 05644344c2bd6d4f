package org.assay.order;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tests of a subject in their original order, numbered from 0, and the class of each: classes
 * are numbered by first appearance. Immutable; a pure function of the list of tests.
 */
public final class Suite implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<TestId> tests;
  private final int[] classOf;
  private final int[][] members;

  private Suite(List<TestId> tests, int[] classOf, int[][] members) {
    this.tests = tests;
    this.classOf = classOf;
    this.members = members;
  }

  /**
   * The suite of these tests.
   *
   * @param tests in their original order
   * @throws IllegalArgumentException if there is none, or one is there twice
   */
  public static Suite of(Collection<TestId> tests) {
    if (tests.isEmpty()) {
      throw new IllegalArgumentException("a suite without tests");
    }
    Map<TestId, Integer> numbers = new LinkedHashMap<>();
    Map<String, Integer> classes = new LinkedHashMap<>();
    int[] classOf = new int[tests.size()];
    int i = 0;
    for (TestId test : tests) {
      if (numbers.putIfAbsent(test, i) != null) {
        throw new IllegalArgumentException("test " + test + " is in the suite twice");
      }
      classOf[i++] = classes.computeIfAbsent(test.container(), c -> classes.size());
    }
    int[] sizes = new int[classes.size()];
    for (int c : classOf) {
      sizes[c]++;
    }
    int[][] members = new int[sizes.length][];
    for (int c = 0; c < sizes.length; c++) {
      members[c] = new int[sizes[c]];
    }
    int[] filled = new int[sizes.length];
    for (int t = 0; t < classOf.length; t++) {
      members[classOf[t]][filled[classOf[t]]++] = t;
    }
    return new Suite(List.copyOf(tests), classOf, members);
  }

  /** How many tests. */
  public int size() {
    return tests.size();
  }

  /** The test of a number. */
  public TestId test(int number) {
    return tests.get(number);
  }

  /** All tests; their index is their number. */
  public List<TestId> tests() {
    return tests;
  }

  /** How many classes. */
  public int classes() {
    return members.length;
  }

  /** The number of a test's class. */
  public int classOf(int test) {
    return classOf[test];
  }

  /** The tests of a class, ascending; a copy. */
  public int[] members(int c) {
    return members[c].clone();
  }

  /** Whether all tests of each class stand together in the original order. */
  public boolean keepsClassesTogether() {
    int changes = 1;
    for (int t = 1; t < classOf.length; t++) {
      changes += classOf[t] == classOf[t - 1] ? 0 : 1;
    }
    return changes == members.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Suite suite && tests.equals(suite.tests);
  }

  @Override
  public int hashCode() {
    return tests.hashCode();
  }

  @Override
  public String toString() {
    return "Suite of " + tests.size() + " tests in " + members.length + " classes";
  }

  /** The original order. */
  int[] original() {
    int[] all = new int[tests.size()];
    Arrays.setAll(all, i -> i);
    return all;
  }
}
