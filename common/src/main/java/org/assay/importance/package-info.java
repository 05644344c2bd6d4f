/**
 * How much models depend on their inputs, as pure functions of measured values: permutation
 * importance and its inference. Which rows are exchanged and what models answer is decided
 * elsewhere.
 */
package org.assay.importance;
