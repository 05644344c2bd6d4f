package org.assay.jobs.runner;

import org.assay.config.Section;

/**
 * One way of running tests. To add one, write one class with {@code @AutoService(TestRunner.class)}
 * and a public constructor without arguments.
 */
public interface TestRunner {

  /** The {@code kind} of subjects that it runs. */
  String kind();

  /**
   * Reads a subject's section to its end, without looking at files.
   *
   * @throws org.assay.UserException if anything in it is wrong
   */
  Subject read(String name, Section section);
}
