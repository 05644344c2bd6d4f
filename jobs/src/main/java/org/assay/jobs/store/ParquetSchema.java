package org.assay.jobs.store;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;

import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.assay.report.Column;
import org.assay.report.Table;

/** The Parquet schema of a report table, the same as Spark writes for these types. */
final class ParquetSchema {
  private ParquetSchema() {}

  static MessageType of(Table<?> table) {
    return new MessageType(
        table.name(), table.columns().stream().map(ParquetSchema::type).toList());
  }

  private static Type type(Column column) {
    Repetition repetition = column.isNullable() ? Repetition.OPTIONAL : Repetition.REQUIRED;
    PrimitiveTypeName primitive = primitive(column.type());
    return switch (column.type()) {
      case TEXT -> Types.primitive(primitive, repetition).as(stringType()).named(column.name());
      case INSTANT ->
          Types.primitive(primitive, repetition)
              .as(timestampType(true, TimeUnit.MICROS))
              .named(column.name());
      case DOUBLES -> Types.list(repetition).requiredElement(primitive).named(column.name());
      case INT, LONG, DOUBLE, BOOLEAN ->
          Types.primitive(primitive, repetition).named(column.name());
    };
  }

  /** Whether a field of a file can be read as a column. */
  static boolean fits(Column column, Type field) {
    if (column.type() == Column.Type.DOUBLES) {
      return !field.isPrimitive() && isListOfDoubles(field.asGroupType());
    }
    return field.isPrimitive()
        && !field.isRepetition(Repetition.REPEATED)
        && field.asPrimitiveType().getPrimitiveTypeName() == primitive(column.type())
        && (column.type() != Column.Type.INSTANT
            || timestampType(true, TimeUnit.MICROS).equals(field.getLogicalTypeAnnotation()));
  }

  private static boolean isListOfDoubles(GroupType list) {
    if (list.getFieldCount() != 1
        || list.getType(0).isPrimitive()
        || !list.getType(0).isRepetition(Repetition.REPEATED)) {
      return false;
    }
    GroupType element = list.getType(0).asGroupType();
    return element.getFieldCount() == 1
        && element.getType(0).isPrimitive()
        && element.getType(0).asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.DOUBLE;
  }

  private static PrimitiveTypeName primitive(Column.Type type) {
    return switch (type) {
      case TEXT -> PrimitiveTypeName.BINARY;
      case INT -> PrimitiveTypeName.INT32;
      case LONG, INSTANT -> PrimitiveTypeName.INT64;
      case DOUBLE, DOUBLES -> PrimitiveTypeName.DOUBLE;
      case BOOLEAN -> PrimitiveTypeName.BOOLEAN;
    };
  }
}
