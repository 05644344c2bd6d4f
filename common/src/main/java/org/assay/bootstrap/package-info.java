/**
 * The bootstrap of predictions: metrics of many reweighted copies of the same scored items, and the
 * intervals that follow.
 *
 * <p>A {@link org.assay.bootstrap.Resampling} says how often each replicate draws each item, eight
 * replicates at a time, as a pure function of (seed, replicate, item). A {@link
 * org.assay.bootstrap.Replication} holds the scored items in the form that each metric needs (cells
 * of a confusion matrix, losses, order of scores) and measures any batch of replicates: all models,
 * metrics and slices with the same draws, which is what makes their differences sharp. The same
 * machinery with a {@link org.assay.bootstrap.Jackknife} gives the acceleration of BCa intervals.
 *
 * <p>Work is cut by replicates, and then a task is a range of batches over all items; or by rows: a
 * {@link org.assay.bootstrap.KeyedResampling} knows how often each replicate draws an item by its
 * key alone, a task is a range of items, and the {@link org.assay.bootstrap.Tallies} of ranges
 * merge in the order of the items.
 *
 * <p>Everything here is single-threaded, deterministic to the bit and knows no Spark. Does not
 * belong here: tests that permute or flip signs, closed-form intervals.
 */
package org.assay.bootstrap;
