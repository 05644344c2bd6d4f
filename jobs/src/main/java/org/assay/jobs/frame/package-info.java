/**
 * Data in canonical form.
 *
 * <p>A {@link org.assay.jobs.frame.Frame} is a data set whose rows are keyed by a hash of the id,
 * or of their content when there is no id, ordered by that key and cut into blocks of consecutive
 * rows; columns are primitive arrays. The number of blocks is a function of the data alone, so row
 * i is the same row, and block j the same block, on any cluster and for any order or partitioning
 * of the input. Because keys are hashes, the first rows in canonical order are a simple random
 * sample.
 *
 * <p>Belongs here: reading, checking, keying, blocks, and what is fitted to features inside a
 * training fold before a learner sees them ({@link org.assay.jobs.frame.Preparation}). Does not
 * belong here: designs, learners, metrics.
 */
package org.assay.jobs.frame;
