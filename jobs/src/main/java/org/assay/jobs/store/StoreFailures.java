package org.assay.jobs.store;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.assay.UserException;

/** What to tell the user when the file system fails. */
final class StoreFailures {
  private StoreFailures() {}

  static UserException writing(Path path, IOException e) {
    return UserException.output(
        "cannot write "
            + path
            + ": "
            + FileTree.reason(e)
            + ". No part of this run is visible to readers; when the cause is mended, start it again, with --resume to keep what is"
            + " done",
        e);
  }

  static UserException reading(Path path, IOException e) {
    return UserException.output("cannot read " + path + ": " + FileTree.reason(e), e);
  }

  static UserException opening(Path output, IOException e) {
    return UserException.usage(
        "output "
            + output
            + " cannot be used: "
            + FileTree.reason(e)
            + ". Name a writable place with --output or in the key output");
  }
}
