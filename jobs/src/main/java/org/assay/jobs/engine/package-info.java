/**
 * Engines carry out designs: they fit, score, and leave predictions.
 *
 * <p>The unit of work is a {@link org.assay.jobs.engine.Cell}: one model with one setting in one
 * replicate. Its predictions for the rows that the replicate holds out are written block by block
 * ({@link org.assay.jobs.engine.CellFiles}), so that a run that was stopped fits only what is
 * missing. {@link org.assay.jobs.engine.Measurement} then reads all predictions of a job in one
 * pass; {@link org.assay.jobs.engine.LeftOut} and {@link org.assay.jobs.engine.NoInformation} do so
 * for what refits on bootstrap samples ask besides.
 *
 * <p>{@link org.assay.jobs.engine.Engines} chooses what fits a model: all its cells together
 * ({@code batched}), each in a task ({@code task}), or each as Spark jobs of its own ({@link
 * org.assay.jobs.engine.ClusterEngine}). Cells that are carried out together are a batch, and share
 * a bundle of files. To add an engine, write an {@link org.assay.jobs.engine.Engine} and name it
 * there.
 */
package org.assay.jobs.engine;
