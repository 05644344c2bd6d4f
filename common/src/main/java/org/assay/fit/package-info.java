/**
 * Kernels that fit many models in the same passes over blocks of rows: all folds, repeats,
 * replicates and grid points of a design together, on one processor or, block by block, on many.
 *
 * <p>Read three types first. {@link org.assay.fit.Examples}: a block of rows as a learner sees
 * them. {@link org.assay.fit.Sums}: what one fit must know of its training rows, as sums over them
 * that are added block by block and merged in the blocks' order. {@link org.assay.fit.Fit}: one fit
 * under way, which asks for sums, takes them and either asks again or has its models, one for each
 * point of its grid. Learners whose training is a sum over rows (linear regression, naive Bayes)
 * ask once; the others (logistic regression) once per step, for gradients and at times a Hessian.
 * {@link org.assay.fit.Pass} adds one block to the sums of any number of fits, and there the time
 * goes: products of columns are formed once per row and shared by all fits.
 *
 * <p>A row counts in a fit so often as the design says (0 when held out, 1, or a bootstrap's
 * count); its weight is its own affair. A row that counts k times is k rows: this matters where
 * MLlib's standard deviations tell the two apart.
 *
 * <p>Everything is deterministic to the bit: sums of a block depend on that block alone, and {@link
 * org.assay.fit.Sums#merge} is called in the blocks' order. Parameters have MLlib's names and
 * meaning, and models are what MLlib would converge to.
 *
 * <p>Does not belong here: reading, encoding and imputing columns, Spark, metrics.
 */
package org.assay.fit;
