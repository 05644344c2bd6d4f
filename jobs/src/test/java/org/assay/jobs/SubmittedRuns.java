package org.assay.jobs;

import org.apache.spark.sql.SparkSession;

/**
 * {@code assay run} of several configurations in one session, which is stopped at the end as {@code
 * spark-submit} does it.
 */
final class SubmittedRuns {
  private SubmittedRuns() {}

  /** The arguments are configurations called ID.conf, run as ID. */
  public static void main(String[] args) {
    int code = 0;
    for (String conf : args) {
      String id = conf.substring(conf.lastIndexOf('/') + 1, conf.length() - ".conf".length());
      code = Math.max(code, Main.run(System.out, "run", conf, "--run-id", id));
    }
    if (SparkSession.getDefaultSession().isDefined()) {
      SparkSession.getDefaultSession().get().stop();
    }
    System.exit(code);
  }
}
