package org.assay.jobs.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowChunksTest {

  /**
   * Keys from a narrow range, a wide one, the whole, and with few values, so that many are tied.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 1, 300",
    "5, 5, 300",
    "-3, 7, 300",
    "9223372036854775800, 40, 1000",
    "1234567, 4611686018427387904, 5000",
    "0, -1, 4096",
    "-9223372036854775808, 1048576, 4097",
    "17, 1, 1",
    "17, 1, 0"
  })
  void rowsAreSortedByAllTheirBytes(long least, long range, int count) {
    Random random = new Random(range ^ count);
    RowChunks.Rows rows = new RowChunks.Rows();
    List<byte[]> expected = new ArrayList<>();
    ByteBuffer chunk = ByteBuffer.allocate(1 << 18);
    for (int i = 0; i < count; i++) {
      byte[] row = new byte[8 + random.nextInt(4)];
      random.nextBytes(row);
      long offset = random.nextInt(3) == 0 ? random.nextInt(3) : random.nextLong();
      ByteBuffer.wrap(row).putLong(0, least + Long.remainderUnsigned(offset, range));
      for (int b = 8; b < row.length; b++) {
        row[b] &= 1; // so that contents are often equal, too
      }
      expected.add(row);
      chunk.putInt(row.length).put(row);
      if (random.nextInt(50) == 0) {
        rows.add(Arrays.copyOf(chunk.array(), chunk.position()));
        chunk.clear();
      }
    }
    rows.add(Arrays.copyOf(chunk.array(), chunk.position()));
    expected.sort(Arrays::compareUnsigned);
    int[] order = rows.sorted();
    assertThat(order).hasSize(count);
    for (int i = 0; i < count; i++) {
      ByteBuffer bytes = rows.bytes(order[i]);
      byte[] found = new byte[bytes.remaining()];
      bytes.get(found);
      assertThat(found).as("row %s", i).isEqualTo(expected.get(i));
    }
  }
}
