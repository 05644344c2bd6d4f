package org.assay.inference;

/**
 * The plain paired t-test that the two tests "by name only" share: mean / (s / sqrt(m)) with m - 1
 * degrees of freedom, which takes splits for independent.
 */
final class PlainT {
  private PlainT() {}

  static TestResult of(String name, FoldScores scores, double level, String warning) {
    CorrectedT t = CorrectedT.of(scores.differences(), scores.nTrain(), scores.nTest(), level);
    Difference plain =
        new Difference(
            t.mean(),
            t.naiveError(),
            Math.max(1, t.m() - 1),
            "student-t",
            t.m(),
            scores.direction(),
            t.note());
    return plain.test(name, level).noting(warning);
  }
}
