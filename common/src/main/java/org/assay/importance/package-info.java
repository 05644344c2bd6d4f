/**
 * Which inputs a model depends on: what its predictions become when inputs are exchanged, removed
 * or moved, and what follows from that. Pure functions over primitive arrays.
 *
 * <p>Start with {@link org.assay.importance.FeatureGroups} (what is exchanged together) and {@link
 * org.assay.importance.Exchange} (a model's predictions with each group exchanged in turn, with a
 * kernel for linear models, one for tree ensembles and one for any {@link
 * org.assay.importance.RowFunction}). What measured values say of an importance: {@link
 * org.assay.importance.Repeats} and {@link org.assay.importance.Influence}.
 *
 * <p>Does not belong here: reading models, Spark, metrics, tests of means and adjustments ({@code
 * inference}).
 */
package org.assay.importance;
