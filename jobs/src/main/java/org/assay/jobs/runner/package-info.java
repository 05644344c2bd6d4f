/**
 * Runs test suites of others: finds their tests, carries a suite to the executors, runs one exact
 * order in a fresh process, and proves that it ran.
 *
 * <p>A {@link org.assay.jobs.runner.TestRunner} is one way of running tests, discovered by its
 * kind; it reads a {@link org.assay.jobs.runner.Subject}, which on the driver becomes a {@link
 * org.assay.jobs.runner.Prepared} suite. {@link org.assay.jobs.runner.OrderRuns} runs its orders, a
 * Spark task each, and keeps what is known of each the moment it ends.
 *
 * <p>Does not belong here: which orders to run, and what outcomes mean ({@code org.assay.order},
 * {@code org.assay.flaky}).
 */
package org.assay.jobs.runner;
