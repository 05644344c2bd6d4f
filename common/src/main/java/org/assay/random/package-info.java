/**
 * Random numbers as pure functions of (seed, purpose, replicate, row): no generator state, so that
 * any task recomputes any part of a design and gets the same numbers.
 */
package org.assay.random;
