package org.assay.permutation;

import java.util.Arrays;

/**
 * Any numbers with slices, summed for all replicates of a batch at once: the loop over replicates
 * has no branch, and the compiler makes it a vector loop. Rows of one slice in one word of rows go
 * four at a time, since reading and writing the sums costs more than the additions. With wide
 * vectors 0.05 ns per row and replicate for 2 slices, 0.2 ns for 2,000.
 */
final class SlicedColumn extends Column {
  private static final long serialVersionUID = 1L;

  /** Of each word, where its entries start; they are in order of slices. */
  private final int[] starts;

  private final byte[] places;
  private final int[] codes;
  private final long[] units;

  SlicedColumn(Shape shape, Entries entries) {
    super(shape, entries);
    this.starts = entries.starts(shape.shift(), shape.words());
    this.places = new byte[entries.size];
    this.codes = new int[entries.size];
    this.units = new long[entries.size];
    long[] bySlice = new long[64];
    for (int word = 0; word < starts.length - 1; word++) {
      int size = starts[word + 1] - starts[word];
      if (size > bySlice.length) {
        bySlice = new long[2 * size];
      }
      for (int i = 0; i < size; i++) {
        bySlice[i] = (long) entries.codes[starts[word] + i] << 32 | starts[word] + i;
      }
      Arrays.sort(bySlice, 0, size);
      for (int i = 0; i < size; i++) {
        int e = (int) bySlice[i];
        places[starts[word] + i] = (byte) (shape.shift() + entries.rows[e] & 63);
        codes[starts[word] + i] = entries.codes[e];
        units[starts[word] + i] = entries.units[e];
      }
    }
  }

  @Override
  Entries entries() {
    Entries entries = new Entries();
    for (int word = 0; word < starts.length - 1; word++) {
      for (int e = starts[word]; e < starts[word + 1]; e++) {
        entries.add((word << 6) - shape().shift() + places[e], codes[e], units[e]);
      }
    }
    return entries;
  }

  @Override
  void add(int word, Batch batch, int output) {
    int end = starts[word + 1];
    for (int e = starts[word]; e < end; ) {
      long[] sums = batch.sums[output + codes[e]];
      int run = 1;
      while (run < 4 && e + run < end && codes[e + run] == codes[e]) {
        run++;
      }
      if (run < 3) {
        addOne(e, batch.words, batch.count, sums);
        e++;
      } else {
        addFour(e, run, batch.words, batch.count, sums);
        e += run;
      }
    }
  }

  private void addOne(int e, long[] words, int count, long[] sums) {
    long unit = units[e];
    int place = places[e];
    for (int r = 0; r < count; r++) {
      sums[r] += unit & -(words[r] >>> place & 1);
    }
  }

  /** Adds {@code run} entries, 3 or 4. */
  private void addFour(int e, int run, long[] words, int count, long[] sums) {
    int last = e + run - 1;
    long unit0 = units[e];
    long unit1 = units[e + 1];
    long unit2 = units[e + 2];
    long unit3 = run == 4 ? units[last] : 0;
    int place0 = places[e];
    int place1 = places[e + 1];
    int place2 = places[e + 2];
    int place3 = places[last];
    for (int r = 0; r < count; r++) {
      long w = words[r];
      sums[r] +=
          (unit0 & -(w >>> place0 & 1))
              + (unit1 & -(w >>> place1 & 1))
              + (unit2 & -(w >>> place2 & 1))
              + (unit3 & -(w >>> place3 & 1));
    }
  }
}
