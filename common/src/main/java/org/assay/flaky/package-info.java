/**
 * From outcomes of tests to conclusions: which tests cannot be trusted, how often they fail, why,
 * and which other tests are to blame.
 *
 * <p>{@link org.assay.flaky.Run}s come in: one order, executed once, with the {@link
 * org.assay.flaky.Outcome} of each test. {@link org.assay.flaky.Verdict}s and {@link
 * org.assay.flaky.Dependency dependencies} come out, each with its uncertainty and its evidence.
 * All is a pure function of the runs, whatever their order.
 *
 * <p>Does not belong here: starting processes, Spark, files other than the stream of a JUnit XML
 * report; which orders there are ({@code order}).
 */
package org.assay.flaky;
