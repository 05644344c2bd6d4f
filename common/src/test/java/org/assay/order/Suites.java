package org.assay.order;

import java.util.ArrayList;
import java.util.List;

/** Suites made up for tests. */
public final class Suites {
  private Suites() {}

  /** A suite of classes of these sizes: C0#t0, C0#t1, .. C1#t0, .. */
  public static Suite of(int... sizes) {
    List<TestId> tests = new ArrayList<>();
    for (int c = 0; c < sizes.length; c++) {
      for (int t = 0; t < sizes[c]; t++) {
        tests.add(new TestId("C" + c, "t" + t));
      }
    }
    return Suite.of(tests);
  }
}
