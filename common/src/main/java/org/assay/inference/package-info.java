/**
 * What may be concluded from measured values: intervals, tests, effect sizes, adjustments. One file
 * per method.
 *
 * <p>Everything here is a pure function of numbers: the same input gives the same bits. A result
 * that cannot be computed is NaN and says why; it is never a number by accident. Does not belong
 * here: how the numbers were measured ({@code metric}), which rows they came from ({@code design}),
 * Spark.
 */
package org.assay.inference;
