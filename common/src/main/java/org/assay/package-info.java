/**
 * Assay's library: designs, metrics, inference, configuration and report records.
 *
 * <p>Belongs here: what can be stated without a cluster, a model or a file system. Does not belong
 * here: Spark, Hadoop, a learner, a process. The build refuses a dependency on Spark or Hadoop.
 */
package org.assay;
