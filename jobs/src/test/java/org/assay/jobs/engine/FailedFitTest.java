package org.assay.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class FailedFitTest {
  @Test
  void saysWhatTheEstimatorSays() {
    assertThat(
            FailedFit.reason(
                new IllegalStateException(
                    "outer",
                    new IllegalArgumentException(
                        "requirement failed: Naive Bayes requires nonnegative feature values but found [-1.0].\nmore"))))
        .isEqualTo(
            "the estimator refuses these rows or its parameters: Naive Bayes requires nonnegative feature values but found [-1.0]; mend the model's params, its scale or encode, or the data");
    assertThat(
            FailedFit.reason(
                new RuntimeException(
                    "[USER_RAISED_EXCEPTION] Vector values MUST NOT be Negative, but got [-1.0] SQLSTATE: P0001")))
        .isEqualTo(
            "the estimator refuses these rows or its parameters: Vector values MUST NOT be Negative, but got [-1.0]; mend the model's params, its scale or encode, or the data");
    assertThat(FailedFit.reason(new IllegalArgumentException()))
        .isEqualTo(
            "the estimator refuses these rows or its parameters; mend the model's params, its scale or encode, or the data");
  }

  /** The text of Spark 3.5 and 4.1 for what a task of another process threw. */
  @Test
  void findsWhatATaskThrewInSparksWords() {
    String before =
        "Job aborted due to stage failure: Task 0 in stage 5.0 failed 4 times, most recent failure: Lost task 0.3 in stage 5.0 (TID 9) (127.0.0.1 executor 1): ";
    assertThat(
            FailedFit.reason(
                new SparkException(
                    before
                        + "java.lang.IllegalArgumentException: requirement failed: too few\n\tat x")))
        .isEqualTo(
            "the estimator refuses these rows or its parameters: too few; mend the model's params, its scale or encode, or the data");
    assertThat(
            FailedFit.reason(
                new SparkException(before + "java.lang.OutOfMemoryError: Java heap space")))
        .isEqualTo(
            "memory was not enough: Java heap space; give driver and executors more, or set fits-at-once lower");
    assertThat(FailedFit.reason(new SparkException(before + "java.lang.NullPointerException")))
        .isEqualTo("the fit broke off; the log of this run says where");
  }

  @Test
  void tellsFilesFromOtherFailures() {
    assertThat(FailedFit.reason(new UncheckedIOException(new IOException("disk full"))))
        .isEqualTo("a file or connection failed: disk full; when the cause is mended, run again");
    assertThat(FailedFit.reason(new IllegalStateException("org.apache.spark.X: no solution")))
        .isEqualTo("the fit broke off: no solution; the log of this run says where");
  }
}
