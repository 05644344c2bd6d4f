/**
 * Permutation tests: what a statistic becomes when signs, labels or pairs are exchanged in every
 * way that the null hypothesis allows, or in many ways drawn at random.
 *
 * <p>Three layers. <b>Arrangements</b>: which rows flip or form the first sample ({@link
 * org.assay.permutation.Subsets}), which row stands in for which ({@link
 * org.assay.permutation.Donors}); a pure function of (seed, purpose, replicate, row), or an
 * enumeration by replicate. <b>Statistics</b> of the data under an arrangement ({@link
 * org.assay.permutation.Statistics}): any range of replicates can be computed anywhere, with the
 * same bits. <b>Conclusions</b>, from counts that add up over ranges: {@link
 * org.assay.permutation.MonteCarloP}, Besag and Clifford's {@link org.assay.permutation.Sequential}
 * stopping, Westfall and Young's {@link org.assay.permutation.MaxT}.
 *
 * <p>Does not belong here: tests in closed form and their intervals ({@code inference}), resampling
 * with replacement ({@code bootstrap}), Spark.
 */
package org.assay.permutation;
