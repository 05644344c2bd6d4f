/**
 * Metrics: how far predictions are from labels.
 *
 * <p>A {@link org.assay.metric.Metric} is a name, a mergeable {@link org.assay.metric.State} and a
 * function of that state. Metrics whose states are equal in kind share one, so a scan feeds a
 * confusion matrix once for all that read it. Definitions are scikit-learn's, weights included.
 * States are exactly mergeable: sums are kept in {@link org.assay.metric.ExactSum} and ranked items
 * as multisets, so a value depends on the set of items alone, never on their order or on how they
 * were partitioned.
 *
 * <p>One file per metric, discovered by {@link java.util.ServiceLoader}. Does not belong here:
 * intervals and tests ({@code inference}), anything that knows where predictions come from.
 */
package org.assay.metric;
