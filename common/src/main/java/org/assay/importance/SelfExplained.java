package org.assay.importance;

import java.util.List;

/** A model that itself says how much its features matter. */
public interface SelfExplained {

  /**
   * What it says, by one or more scales; empty when there is nothing to say.
   *
   * @param width number of features of a row
   */
  List<NativeImportance> importances(int width);
}
