/**
 * Designs: what each replicate does to each row.
 *
 * <p>A {@link org.assay.design.Scheme} is what a user asks for (k-fold with 10 folds). Bound to a
 * {@link org.assay.design.Population} (how many rows, their strata, groups and times) it is a
 * {@link org.assay.design.Design}: a pure function of (seed, replicate, row) that fills a primitive
 * array for one replicate and one block of rows. Nothing is stored and nothing is drawn in
 * sequence, so any task recomputes any part.
 *
 * <p>One file per scheme, discovered by {@link java.util.ServiceLoader}. Repeats, strata, groups
 * and stable assignment are options of a {@link org.assay.design.Plan}, served by {@link
 * org.assay.design.Allocation} for every scheme at once. Does not belong here: fitting, scoring,
 * anything that knows features.
 */
package org.assay.design;
