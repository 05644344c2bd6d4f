/**
 * Assay on Spark: the entrance ({@link org.assay.jobs.Main}), one file per job, and the rooms they
 * use.
 *
 * <p>A {@link org.assay.jobs.Job} reads its section of the configuration and gives a step; a step
 * works in a {@link org.assay.jobs.RunContext}, which holds the session, the frames and the report
 * being written. To add a job, write one class with {@code @AutoService(Job.class)}. Statistics do
 * not belong here but in {@code common}.
 */
package org.assay.jobs;
