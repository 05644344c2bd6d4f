package org.assay.design;

import java.io.Serializable;

/** Where each block starts in canonical order; the last entry is the number of rows. */
record Blocks(long[] start) implements Serializable {

  long rows() {
    return start[start.length - 1];
  }

  /**
   * The rank of the block's first row.
   *
   * @throws IllegalArgumentException if the block is not one of those counted here
   */
  long start(Rows rows) {
    int b = rows.block();
    long size = b < start.length - 1 ? start[b + 1] - start[b] : 0;
    if (size != rows.size()) {
      throw new IllegalArgumentException(
          "block "
              + b
              + " has "
              + rows.size()
              + " rows, and the design is bound to a population where it has "
              + size);
    }
    return b < start.length - 1 ? start[b] : rows();
  }
}
