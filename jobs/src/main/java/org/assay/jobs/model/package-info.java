/**
 * Learners and fitted models.
 *
 * <p>A {@link org.assay.jobs.model.Learner} turns training rows into a {@link
 * org.assay.jobs.model.Scorer}, which scores one row at a time inside a task. One small file per
 * learner, discovered by {@link java.util.ServiceLoader}; names and parameters are Spark ML's.
 * {@link org.assay.jobs.model.SavedPipeline} reads pipelines that others saved. Does not belong
 * here: which rows are trained on, how many fits run at once.
 */
package org.assay.jobs.model;
