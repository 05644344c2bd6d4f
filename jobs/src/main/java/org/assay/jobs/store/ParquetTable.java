package org.assay.jobs.store;

import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.assay.report.Column;
import org.assay.report.Table;

/**
 * Report tables as Parquet files, without Spark.
 *
 * <p>Files are compressed with Zstandard and hold what Spark would write for the same columns:
 * texts as UTF-8 strings, instants as microseconds in UTC, lists in the standard three levels. A
 * table without rows is a file with the schema alone, so that a glob over a table always finds its
 * columns.
 */
public final class ParquetTable {
  private static final String UNFINISHED = ".unfinished";

  private ParquetTable() {}

  /**
   * Writes one file: it appears under its name when it is whole.
   *
   * <p>A file that is there already is replaced. So tasks may write: one that is retried or runs
   * twice writes the same rows to the same name, and whichever ends last wins.
   *
   * @param rows read once, to the end
   * @return the number of rows
   * @throws IOException if the file system fails; what was there under the name stays
   * @throws IllegalArgumentException if a row holds null where the table does not allow it
   */
  public static <T extends Record> long write(
      Table<T> table, Iterator<? extends T> rows, Path file, Configuration conf)
      throws IOException {
    return write(table, rows, file, FileTree.fileSystem(file, conf), conf);
  }

  static <T extends Record> long write(
      Table<T> table, Iterator<? extends T> rows, Path file, FileSystem fs, Configuration conf)
      throws IOException {
    Path unfinished =
        new Path(file.getParent(), "." + file.getName() + "." + UUID.randomUUID() + UNFINISHED);
    long count = 0;
    boolean isWhole = false;
    try {
      try (ParquetWriter<Object[]> writer =
          new Builder(table, new HadoopOutput(fs, unfinished)).withConf(conf).build()) {
        while (rows.hasNext()) {
          writer.write(table.values(rows.next()));
          count++;
        }
      }
      fs.delete(file, false);
      if (!fs.rename(unfinished, file)) {
        // Another attempt at the same file was faster by a moment: the file is whole.
        if (!fs.exists(file)) {
          throw new IOException("cannot rename " + unfinished + " to " + file.getName());
        }
        deleteQuietly(fs, unfinished);
      }
      isWhole = true;
    } finally {
      if (!isWhole) {
        deleteQuietly(fs, unfinished);
      }
    }
    return count;
  }

  /** Whether a file is one that a writer has left unfinished, or is writing. */
  static boolean isUnfinished(Path file) {
    return file.getName().startsWith(".") && file.getName().endsWith(UNFINISHED);
  }

  /** All rows of some files, in order of the files; all are held in memory. */
  public static <T extends Record> List<T> read(
      Table<T> table, List<Path> files, Configuration conf) throws IOException {
    try (TableRows<T> rows = open(table, files, conf)) {
      return rows.toList();
    }
  }

  /**
   * The rows of some files, one by one.
   *
   * <p>Columns are found by name; others in the file are passed over. A column that the file lacks,
   * because it was written before the column existed, reads as null, an empty text or NaN; where
   * the type has no such value, opening fails.
   */
  public static <T extends Record> TableRows<T> open(
      Table<T> table, List<Path> files, Configuration conf) throws IOException {
    return new TableRows<>(
        table, files, files.isEmpty() ? null : FileTree.fileSystem(files.get(0), conf), conf);
  }

  /** The number of rows of a file, from its footer. */
  static long count(Path file, FileSystem fs, Configuration conf) throws IOException {
    try (ParquetFileReader reader = reader(file, fs, conf)) {
      return reader.getFooter().getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
    }
  }

  static ParquetFileReader reader(Path file, FileSystem fs, Configuration conf) throws IOException {
    return ParquetFileReader.open(
        new HadoopInput(fs, file), HadoopReadOptions.builder(conf).build());
  }

  private static void deleteQuietly(FileSystem fs, Path file) {
    try {
      fs.delete(file, false);
    } catch (IOException e) {
      // The failure that brought us here is the one to report; the remains lie in staging, where no
      // reader looks.
    }
  }

  private static final class Builder extends ParquetWriter.Builder<Object[], Builder> {
    private final Table<?> table;

    Builder(Table<?> table, OutputFile file) {
      super(file);
      this.table = table;
      withCompressionCodec(CompressionCodecName.ZSTD);
      withWriteMode(ParquetFileWriter.Mode.CREATE);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Object[]> getWriteSupport(Configuration conf) {
      return new RowWriter(table);
    }
  }

  private static final class RowWriter extends WriteSupport<Object[]> {
    private final MessageType schema;
    private final List<Column> columns;
    private RecordConsumer out;

    RowWriter(Table<?> table) {
      this.schema = ParquetSchema.of(table);
      this.columns = table.columns();
    }

    @Override
    public WriteContext init(Configuration conf) {
      return new WriteContext(schema, Map.of("writer.model.name", "assay"));
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      out = consumer;
    }

    @Override
    public void write(Object[] row) {
      out.startMessage();
      for (int i = 0; i < row.length; i++) {
        if (row[i] != null) {
          out.startField(columns.get(i).name(), i);
          value(columns.get(i).type(), row[i]);
          out.endField(columns.get(i).name(), i);
        }
      }
      out.endMessage();
    }

    private void value(Column.Type type, Object value) {
      switch (type) {
        case TEXT -> out.addBinary(Binary.fromString((String) value));
        case INT -> out.addInteger((Integer) value);
        case LONG -> out.addLong((Long) value);
        case DOUBLE -> out.addDouble((Double) value);
        case BOOLEAN -> out.addBoolean((Boolean) value);
        case INSTANT -> out.addLong(micros((Instant) value));
        case DOUBLES -> list((double[]) value);
      }
    }

    private void list(double[] numbers) {
      out.startGroup();
      if (numbers.length > 0) {
        out.startField("list", 0);
        for (double number : numbers) {
          out.startGroup();
          out.startField("element", 0);
          out.addDouble(number);
          out.endField("element", 0);
          out.endGroup();
        }
        out.endField("list", 0);
      }
      out.endGroup();
    }

    private static long micros(Instant instant) {
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }
  }

  private record HadoopOutput(FileSystem fs, Path file) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
      return HadoopStreams.wrap(fs.create(file, false));
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
      return HadoopStreams.wrap(fs.create(file, true));
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }

    @Override
    public String getPath() {
      return file.toString();
    }
  }

  private record HadoopInput(FileSystem fs, Path file) implements InputFile {
    @Override
    public long getLength() throws IOException {
      return fs.getFileStatus(file).getLen();
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
      return HadoopStreams.wrap(fs.open(file));
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }
}
