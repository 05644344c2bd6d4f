package org.assay.jobs.store;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The local file system without checksum files.
 *
 * <p>New files and folders have the permissions of the process's umask. Hadoop would set them by a
 * {@code chmod} process for each, which costs more than writing a small file.
 */
class LocalFiles extends RawLocalFileSystem {

  @Override
  protected OutputStream createOutputStreamWithMode(
      Path file, boolean append, FsPermission permission) throws IOException {
    return new FileOutputStream(pathToFile(file), append);
  }

  @Override
  protected boolean mkOneDirWithMode(Path path, File folder, FsPermission permission)
      throws IOException {
    return folder.mkdir();
  }
}
