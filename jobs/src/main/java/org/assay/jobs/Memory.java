package org.assay.jobs;

import org.assay.config.DataConfig;
import org.assay.config.Section;

/**
 * What the rows of a job may take on the driver and on each executor: the key {@code memory}, the
 * same in every job that brings rows to one place. A job that can also do without ({@code
 * bootstrap}) plans by it; the others refuse larger data before anything is gathered.
 *
 * <p>It bounds what grows with the data. Spark serializes what it sends and keeps the form that was
 * sent beside the one that is used, so that a process needs some three times as much.
 *
 * @param bytes the bound
 */
record Memory(Section section, long bytes) {
  private static final String KEY = "memory";

  private static final long DEFAULT = 1L << 30;
  private static final long LEAST = 16L << 20;
  private static final long MOST = 1L << 50;

  /** Arrays of numbers end here, whatever the memory. */
  private static final long MOST_NUMBERS = 1L << 30;

  static Memory read(Section section) {
    return new Memory(section, section.bytes(KEY, DEFAULT, LEAST, MOST));
  }

  /**
   * Refuses what is larger.
   *
   * @param rows number of rows
   * @param width most numbers per row that one array holds, at least 1
   * @param needed bytes that they take
   */
  void check(DataConfig data, long rows, int width, long needed) {
    boolean tooMany = rows > MOST_NUMBERS / width;
    if (!tooMany && needed <= bytes) {
      return;
    }
    throw section.wrong(
        KEY,
        "the "
            + rows
            + " rows of data."
            + data.name()
            + " take about "
            + Section.bytes(needed)
            + " on the driver and on each executor, "
            + (tooMany
                ? "and no array holds more than 2^30 numbers"
                : "more than "
                    + Section.bytes(bytes)
                    + "; raise it, and give them three times that")
            + (tooMany ? "; test" : ", or test")
            + " a sample of the rows by data."
            + data.name()
            + ".where");
  }

  /** What is needed beside the bound, as {@code explain} shows it. */
  String describe(long needed) {
    return "about "
        + Section.bytes(needed)
        + " of "
        + KEY
        + " = "
        + Section.bytes(bytes)
        + ", on the driver and on each executor";
  }
}
