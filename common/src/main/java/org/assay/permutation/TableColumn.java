package org.assay.permutation;

/**
 * Any numbers, summed by tables: of each 8 rows the sums of all 256 subsets, so that a replicate
 * costs one look-up per 8 rows. The 8 tables of a word, 16 KiB, stay in the nearest cache while all
 * replicates of a batch pass.
 */
final class TableColumn extends Column {
  private static final long serialVersionUID = 1L;

  private final long[] units;

  TableColumn(Shape shape, Entries entries) {
    super(shape, entries);
    this.units = new long[shape.rows()];
    for (int e = 0; e < entries.size; e++) {
      units[entries.rows[e]] = entries.units[e];
    }
  }

  @Override
  Entries entries() {
    Entries entries = new Entries();
    for (int row = 0; row < units.length; row++) {
      entries.add(row, 0, units[row]);
    }
    return entries;
  }

  @Override
  void add(int word, Batch batch, int output) {
    int first = (word << 6) - shape().shift();
    for (int octet = 0; octet < 8; octet++) {
      tabulate(first + 8 * octet, batch.tables, octet << 8);
    }
    look(batch.tables, batch.words, batch.count, batch.sums[output]);
  }

  /** The sums of all subsets of the rows [first, first + 8); rows outside count 0. */
  private void tabulate(int first, long[] tables, int at) {
    tables[at] = 0;
    for (int i = 0; i < 8; i++) {
      int row = first + i;
      long unit = row >= 0 && row < units.length ? units[row] : 0;
      for (int subset = 0, size = 1 << i; subset < size; subset++) {
        tables[at + size + subset] = tables[at + subset] + unit;
      }
    }
  }

  private static void look(long[] t, long[] words, int count, long[] sums) {
    for (int r = 0; r < count; r++) {
      long w = words[r];
      int low = (int) w;
      int high = (int) (w >>> 32);
      sums[r] +=
          t[low & 255]
              + t[256 | low >>> 8 & 255]
              + t[512 | low >>> 16 & 255]
              + t[768 | low >>> 24]
              + t[1024 | high & 255]
              + t[1280 | high >>> 8 & 255]
              + t[1536 | high >>> 16 & 255]
              + t[1792 | high >>> 24];
    }
  }
}
