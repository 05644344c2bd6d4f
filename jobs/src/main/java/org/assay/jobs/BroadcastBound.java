package org.assay.jobs;

import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.Section;

/**
 * The most that a job sends to every executor: {@code broadcast-mb}. A job that is cut by
 * replicates holds its items in the memory of the driver and of each executor, so larger data are
 * refused before anything is gathered.
 */
record BroadcastBound(Section section, long megabytes) {
  private static final String KEY = "broadcast-mb";

  /** Arrays of one number per row end here, whatever the memory. */
  private static final long MOST_ROWS = 1L << 30;

  static BroadcastBound read(Section section) {
    return new BroadcastBound(section, section.integer(KEY, 1024, 1, 1 << 16));
  }

  /**
   * Refuses what is larger.
   *
   * @param bytes what the rows take when they are sent
   */
  void check(DataConfig data, long rows, long bytes) {
    if (megabytes(bytes) > megabytes || rows > MOST_ROWS) {
      throw UserException.usage(
          section.path(KEY)
              + " = "
              + megabytes
              + ": the "
              + rows
              + " rows of data."
              + data.name()
              + " take about "
              + megabytes(bytes)
              + " MB in every executor; "
              + (rows > MOST_ROWS
                  ? "at most 2^30 rows can be tested"
                  : "raise it if driver and executors have some three times as much memory")
              + ", or test a sample of the rows by data."
              + data.name()
              + ".where");
    }
  }

  /** What these bytes are called: {@code 12 MB of at most 1024 MB}. */
  String describe(long bytes) {
    return megabytes(bytes) + " MB of at most " + megabytes + " MB (" + KEY + ")";
  }

  private static long megabytes(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }
}
