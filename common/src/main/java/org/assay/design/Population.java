package org.assay.design;

import java.io.Serializable;
import java.util.List;

/** What a design is bound to. (Skeleton: to be written.) */
public final class Population implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The summary of one block. */
  public static Census census(Rows rows) {
    throw new UnsupportedOperationException();
  }

  /** The population whose blocks these are, in any order. */
  public static Population of(List<Census> blocks) {
    throw new UnsupportedOperationException();
  }

  /** What one block contributes. */
  public record Census(int block, int size) implements Serializable {}
}
