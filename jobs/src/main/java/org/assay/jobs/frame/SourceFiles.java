package org.assay.jobs.frame;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The files that a data set was read from, for people who ask later what it was. Results do not
 * depend on them.
 *
 * @param count number of files; 0 for a source that is no files
 * @param bytes their size together
 * @param modified when the newest of them was written; null without files
 */
public record SourceFiles(long count, long bytes, Instant modified) {

  /** The files behind rows; one listing for each folder that holds some. */
  static SourceFiles of(Dataset<Row> rows, Configuration configuration) throws IOException {
    Map<Path, Set<Path>> folders = new HashMap<>();
    for (String file : rows.inputFiles()) {
      Path path = new Path(URI.create(file));
      folders.computeIfAbsent(path.getParent(), k -> new HashSet<>()).add(path);
    }
    long count = 0;
    long bytes = 0;
    long newest = Long.MIN_VALUE;
    for (Map.Entry<Path, Set<Path>> folder : folders.entrySet()) {
      Set<String> names = new HashSet<>();
      folder.getValue().forEach(path -> names.add(path.getName()));
      for (FileStatus file :
          folder.getKey().getFileSystem(configuration).listStatus(folder.getKey())) {
        if (names.contains(file.getPath().getName())) {
          count++;
          bytes += file.getLen();
          newest = Math.max(newest, file.getModificationTime());
        }
      }
    }
    return new SourceFiles(count, bytes, count == 0 ? null : Instant.ofEpochMilli(newest));
  }
}
