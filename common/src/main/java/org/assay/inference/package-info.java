/**
 * What may be concluded from measured values: intervals, tests, effect sizes, adjustments. One file
 * per method.
 *
 * <p>Measurements come in as one of a few kinds of {@link org.assay.inference.Evidence}. A {@link
 * org.assay.inference.ComparisonTest} makes {@link org.assay.inference.TestResult}s of it, an
 * {@link org.assay.inference.EffectSize} makes {@link org.assay.inference.Effect}s; both are
 * discovered, and found by name or all together in {@link org.assay.inference.ComparisonTests} and
 * {@link org.assay.inference.EffectSizes}. An {@link org.assay.inference.Adjustment} then looks at
 * all p-values of a family. The methods are also plain static functions of their classes.
 *
 * <p>Everything here is a pure function of numbers: the same input gives the same bits. A result
 * that cannot be computed is NaN and says why; it is never a number by accident. Does not belong
 * here: how the numbers were measured ({@code metric}), which rows they came from ({@code design}),
 * what is found by drawing at random ({@code bootstrap}, {@code permutation}), Spark.
 */
package org.assay.inference;
