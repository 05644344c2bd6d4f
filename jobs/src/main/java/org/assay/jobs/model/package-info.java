/**
 * Learners and fitted models.
 *
 * <p>A {@link org.assay.jobs.model.Learner} turns training rows into a {@link
 * org.assay.jobs.model.Scorer}, which scores one row at a time inside a task. One small file per
 * learner, discovered by {@link java.util.ServiceLoader}; names and parameters are Spark ML's. A
 * learner may also say how its fits share passes with all others ({@link
 * org.assay.jobs.model.Batched}), or how it trains in one task ({@link
 * org.assay.jobs.model.Local}). {@link org.assay.jobs.model.SavedPipeline} reads pipelines that
 * others saved. Does not belong here: which rows are trained on, how many fits run at once.
 */
package org.assay.jobs.model;
