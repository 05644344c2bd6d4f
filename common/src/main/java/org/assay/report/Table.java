package org.assay.report;

import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A report table: its name, its columns and the way between a record and a row of objects.
 *
 * <p>Immutable and thread-safe. Serialized by name: on the other side it is the table of that name
 * in {@link Tables}.
 *
 * @param <T> the record of one row
 */
public final class Table<T extends Record> implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final transient Class<T> type;
  private final transient List<Column> columns;
  private final transient MethodHandle[] readers;
  private final transient MethodHandle constructor;

  private Table(String name, Class<T> type) {
    this.name = name;
    this.type = type;
    RecordComponent[] components = type.getRecordComponents();
    List<Column> found = new ArrayList<>();
    this.readers = new MethodHandle[components.length];
    Class<?>[] parameters = new Class<?>[components.length];
    try {
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      for (int i = 0; i < components.length; i++) {
        found.add(column(components[i]));
        readers[i] =
            lookup
                .unreflect(components[i].getAccessor())
                .asType(MethodType.methodType(Object.class, Record.class));
        parameters[i] = components[i].getType();
      }
      this.constructor =
          lookup
              .unreflectConstructor(type.getDeclaredConstructor(parameters))
              .asSpreader(Object[].class, components.length)
              .asType(MethodType.methodType(Record.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type.getName() + " must be a public record", e);
    }
    this.columns = List.copyOf(found);
  }

  /** The table of a public record. */
  static <T extends Record> Table<T> of(String name, Class<T> type) {
    return new Table<>(name, type);
  }

  /** Its name, the first folder of its files. */
  public String name() {
    return name;
  }

  /** The record of one row. */
  public Class<T> type() {
    return type;
  }

  /** The columns, in the order of the record's components. */
  public List<Column> columns() {
    return columns;
  }

  /** Whether the whole table is left out of the report's hash. */
  public boolean isVolatile() {
    return type.isAnnotationPresent(Volatile.class);
  }

  /**
   * A row as objects in the order of the columns: String, Integer, Long, Double, Boolean, double[],
   * Instant or null. The array is new; a {@code double[]} in it is the record's own.
   *
   * @throws IllegalArgumentException if a column is null that must not be
   */
  public Object[] values(T row) {
    Object[] values = new Object[readers.length];
    try {
      for (int i = 0; i < values.length; i++) {
        values[i] = (Object) readers[i].invokeExact((Record) row);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    check(values);
    return values;
  }

  /**
   * The record of a row of objects, as {@link #values} gives them.
   *
   * @throws IllegalArgumentException if there are too many or too few, one has another type, or one
   *     is null that must not be
   */
  public T row(Object... values) {
    check(values);
    try {
      return type.cast((Record) constructor.invokeExact(values));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  void check(Object[] values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          name + " has " + columns.size() + " columns, not " + values.length);
    }
    for (int i = 0; i < values.length; i++) {
      Column column = columns.get(i);
      if (values[i] == null
          ? !column.isNullable()
          : !column.type().javaClass().isInstance(values[i])) {
        throw new IllegalArgumentException(
            name
                + "."
                + column.name()
                + " must be "
                + column.type().javaClass().getSimpleName()
                + (column.isNullable() ? " or null" : "")
                + ", not "
                + (values[i] == null ? "null" : values[i].getClass().getSimpleName()));
      }
    }
  }

  private static Column column(RecordComponent component) {
    Named named = component.getAnnotation(Named.class);
    Class<?> type = component.getType();
    boolean isNullable =
        component.isAnnotationPresent(Nullable.class)
            || type == Double.class
            || type == Long.class
            || type == double[].class;
    if (isNullable && type.isPrimitive()) {
      throw new IllegalArgumentException(
          component.getName() + " cannot be null: write " + type.getName() + " as a class");
    }
    return new Column(
        named == null ? snakeCase(component.getName()) : named.value(),
        Column.Type.of(type),
        isNullable,
        component.isAnnotationPresent(Volatile.class));
  }

  /** {@code fitSeconds} to {@code fit_seconds}; digits stay with the letters before them. */
  static String snakeCase(String name) {
    StringBuilder snake = new StringBuilder();
    for (char c : name.toCharArray()) {
      if (c >= 'A' && c <= 'Z') {
        snake.append('_').append((char) (c - 'A' + 'a'));
      } else {
        snake.append(c);
      }
    }
    return snake.toString();
  }

  private Object readResolve() {
    return Tables.named(name);
  }

  @Override
  public String toString() {
    return name + Arrays.toString(columns.stream().map(Column::name).toArray());
  }
}
