package org.assay;

/** What a label is: one of two classes, one of several, or a number. */
public enum Task {
  BINARY,
  MULTICLASS,
  REGRESSION;

  /** Whether labels are classes. */
  public boolean isClassification() {
    return this != REGRESSION;
  }
}
