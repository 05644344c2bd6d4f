package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.List;

/**
 * Inputs of a model that are looked at together: a column, or a group of columns.
 *
 * @param name the column, or the group's name
 * @param kind which of both
 * @param members names of the columns
 * @param features their numbers among the features of the frame
 */
public record InputSet(String name, Kind kind, List<String> members, int[] features)
    implements Serializable {

  /** What it is. */
  public enum Kind {
    SINGLE,
    GROUP
  }
}
