package org.assay.report;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A column, or a whole table, that may differ between two runs of the same settings and is no part
 * of the report's hash.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
public @interface Volatile {

  /** Why it may differ, as a clause. */
  String reason();
}
