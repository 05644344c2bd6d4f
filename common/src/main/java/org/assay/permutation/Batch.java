package org.assay.permutation;

/** A batch of replicates: their subsets of some words of rows, and where their sums go. */
final class Batch {
  /** Of each word in turn, the subset of each replicate. */
  final long[] words;

  /** Of each slice of each column in turn, the sum of each replicate. */
  final long[][] sums;

  /** Room for the tables of one word of rows. */
  final long[] tables = new long[8 << 8];

  /** Number of replicates. */
  int count;

  /** Where the batch begins in each array of sums. */
  int offset;

  Batch(int words, long[][] sums) {
    this.words = new long[words];
    this.sums = sums;
  }
}
