package org.assay.inference;

import java.io.Serializable;

/**
 * What tests and effect sizes are computed from: the few kinds of summaries to which measurements
 * of two or more models are reduced. Each is small whatever the number of rows, except {@link
 * ScoreTable} and {@link FoldScores}, which hold one number per model and data set or split.
 */
public sealed interface Evidence extends Serializable
    permits PairedOutcomes, OutcomeTotals, RocPlacements, FoldScores, ScoreTable, Difference {

  /** The kinds, with the words that messages use. */
  enum Kind {
    /** {@link PairedOutcomes}. */
    PAIRED_OUTCOMES("right or wrong answers of two models to the same items"),
    /** {@link OutcomeTotals}. */
    OUTCOME_TOTALS("right or wrong answers of several models to the same items"),
    /** {@link RocPlacements}. */
    ROC_PLACEMENTS("scores and binary labels of the same items"),
    /** {@link FoldScores}. */
    FOLD_SCORES("values of two models on the splits of one data set"),
    /** {@link ScoreTable}. */
    SCORE_TABLE("values of models on several data sets"),
    /** {@link Difference}. */
    DIFFERENCE("a difference with its standard error");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** What it is, as a noun phrase. */
    public String words() {
      return words;
    }
  }

  /** Which kind this is. */
  Kind kind();
}
