package org.assay.jobs.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.assay.UserException;
import org.assay.report.Column;
import org.assay.report.Table;

/**
 * The rows of a table's files, read as they are asked for; one row group is held at a time. To be
 * closed. Not thread-safe.
 *
 * @param <T> the record of one row
 */
public final class TableRows<T extends Record> implements Iterator<T>, AutoCloseable {
  private final Table<T> table;
  private final FileSystem fs;
  private final Configuration conf;
  private final Iterator<Path> files;
  private ParquetFileReader file;
  private MessageColumnIO columns;
  private RowBuilder builder;
  private RecordReader<Object[]> group;
  private long left;

  TableRows(Table<T> table, List<Path> files, FileSystem fs, Configuration conf) {
    this.table = table;
    this.fs = fs;
    this.conf = conf;
    this.files = List.copyOf(files).iterator();
  }

  /**
   * Whether there is another row.
   *
   * @throws UserException if a file is not of this table
   * @throws UncheckedIOException if the file system fails
   */
  @Override
  public boolean hasNext() {
    try {
      while (left == 0) {
        if (file == null) {
          if (!files.hasNext()) {
            return false;
          }
          start(files.next());
        }
        PageReadStore pages = file.readNextRowGroup();
        if (pages == null) {
          close();
        } else {
          left = pages.getRowCount();
          group = columns.getRecordReader(pages, builder);
        }
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    left--;
    return table.row(group.read());
  }

  /** All rows that are left. */
  List<T> toList() {
    List<T> all = new ArrayList<>();
    forEachRemaining(all::add);
    return all;
  }

  /** Closes the file that is being read; the rows of the others are still to come. */
  @Override
  public void close() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        file = null;
        left = 0;
      }
    }
  }

  private void start(Path path) throws IOException {
    try {
      file = ParquetTable.reader(path, fs, conf);
    } catch (RuntimeException e) {
      throw UserException.input(path + " is not a Parquet file: " + e.getMessage(), e);
    }
    MessageType schema = file.getFileMetaData().getSchema();
    List<Type> fields = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    Object[] absent = new Object[table.columns().size()];
    for (int i = 0; i < absent.length; i++) {
      Column column = table.columns().get(i);
      if (!schema.containsField(column.name())) {
        absent[i] = absent(column, path);
        continue;
      }
      Type field = schema.getType(column.name());
      if (!ParquetSchema.fits(column, field)) {
        throw UserException.input(
            path
                + ": column "
                + column.name()
                + " is "
                + field
                + ", which cannot be read as "
                + column.type());
      }
      fields.add(field);
      places.add(i);
    }
    MessageType wanted = new MessageType(schema.getName(), fields);
    file.setRequestedSchema(wanted);
    columns = new ColumnIOFactory().getColumnIO(wanted, schema);
    builder = new RowBuilder(table.columns(), places, absent);
  }

  private Object absent(Column column, Path path) {
    if (column.isNullable()) {
      return null;
    }
    return switch (column.type()) {
      case TEXT -> "";
      case DOUBLE -> Double.NaN;
      case INT, LONG, BOOLEAN, INSTANT, DOUBLES ->
          throw UserException.input(
              path + ": has no column " + column.name() + "; it is not of table " + table.name());
    };
  }

  private static final class RowBuilder extends RecordMaterializer<Object[]> {
    private final Object[] absent;
    private final GroupConverter root;
    private Object[] row;

    RowBuilder(List<Column> columns, List<Integer> places, Object[] absent) {
      this.absent = absent;
      Converter[] fields =
          places.stream().map(i -> field(columns.get(i).type(), i)).toArray(Converter[]::new);
      this.root =
          new GroupConverter() {
            @Override
            public Converter getConverter(int field) {
              return fields[field];
            }

            @Override
            public void start() {
              row = RowBuilder.this.absent.clone();
            }

            @Override
            public void end() {}
          };
    }

    @Override
    public Object[] getCurrentRecord() {
      return row;
    }

    @Override
    public GroupConverter getRootConverter() {
      return root;
    }

    private Converter field(Column.Type type, int place) {
      return switch (type) {
        case TEXT -> new TextConverter(place);
        case DOUBLES -> new ListConverter(place);
        case INT ->
            new PrimitiveConverter() {
              @Override
              public void addInt(int value) {
                row[place] = value;
              }
            };
        case LONG ->
            new PrimitiveConverter() {
              @Override
              public void addLong(long value) {
                row[place] = value;
              }
            };
        case DOUBLE ->
            new PrimitiveConverter() {
              @Override
              public void addDouble(double value) {
                row[place] = value;
              }
            };
        case BOOLEAN ->
            new PrimitiveConverter() {
              @Override
              public void addBoolean(boolean value) {
                row[place] = value;
              }
            };
        case INSTANT ->
            new PrimitiveConverter() {
              @Override
              public void addLong(long micros) {
                row[place] =
                    Instant.ofEpochSecond(
                        Math.floorDiv(micros, 1_000_000L),
                        Math.floorMod(micros, 1_000_000L) * 1_000L);
              }
            };
      };
    }

    /** Decodes a text of a dictionary when it is first met, and once. */
    private final class TextConverter extends PrimitiveConverter {
      private final int place;
      private Dictionary dictionary;
      private String[] decoded;

      TextConverter(int place) {
        this.place = place;
      }

      @Override
      public boolean hasDictionarySupport() {
        return true;
      }

      @Override
      public void setDictionary(Dictionary texts) {
        dictionary = texts;
        decoded = new String[texts.getMaxId() + 1];
      }

      @Override
      public void addValueFromDictionary(int id) {
        if (decoded[id] == null) {
          decoded[id] = text(dictionary.decodeToBinary(id));
        }
        row[place] = decoded[id];
      }

      @Override
      public void addBinary(Binary value) {
        row[place] = text(value);
      }

      private static String text(Binary value) {
        return new String(value.getBytesUnsafe(), StandardCharsets.UTF_8);
      }
    }

    /** A list of three levels; an element that is null reads as NaN. */
    private final class ListConverter extends GroupConverter {
      private final int place;
      private double[] numbers = new double[8];
      private int size;

      private final PrimitiveConverter element =
          new PrimitiveConverter() {
            @Override
            public void addDouble(double value) {
              numbers[size - 1] = value;
            }
          };

      private final GroupConverter list =
          new GroupConverter() {
            @Override
            public Converter getConverter(int field) {
              return element;
            }

            @Override
            public void start() {
              if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * size);
              }
              numbers[size++] = Double.NaN;
            }

            @Override
            public void end() {}
          };

      ListConverter(int place) {
        this.place = place;
      }

      @Override
      public Converter getConverter(int field) {
        return list;
      }

      @Override
      public void start() {
        size = 0;
      }

      @Override
      public void end() {
        row[place] = Arrays.copyOf(numbers, size);
      }
    }
  }
}
