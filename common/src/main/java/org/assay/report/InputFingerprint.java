package org.assay.report;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;

/**
 * What a data set was when it was read.
 *
 * @param rows number of rows
 * @param hash hash of their content, independent of order and files, in hexadecimal digits
 * @param files number of files it was read from; 0 when the source is no files
 * @param bytes their size together
 * @param modified when the newest of them was written; null without files
 * @param notes what was left out of it, and where predictions came from; a line each
 */
public record InputFingerprint(
    long rows, String hash, long files, long bytes, Instant modified, List<String> notes)
    implements Serializable {

  public InputFingerprint {
    notes = List.copyOf(notes);
  }
}
