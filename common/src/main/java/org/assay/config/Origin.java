package org.assay.config;

import java.io.Serializable;

/**
 * Where a part of a configuration is written, as errors about it begin: file and line. All origins
 * are equal, for where a thing is written is no part of what it is.
 *
 * @param prefix {@code "my.conf:7: "}; empty when unknown
 */
public record Origin(String prefix) implements Serializable {
  @Override
  public boolean equals(Object other) {
    return other instanceof Origin;
  }

  @Override
  public int hashCode() {
    return 0;
  }
}
