package org.assay.jobs;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.util.Progressable;
import org.assay.jobs.store.StagedRun;

/**
 * A local file system that lets {@link #FREE} cells be marked as done and holds the others until
 * the process's standard input ends: a run under it stops at a known place for as long as a test
 * wants.
 */
public final class HeldMarks extends LocalFileSystem {
  /** Cells that are done before the run is held. */
  static final int FREE = 3;

  private static final AtomicInteger MARKS = new AtomicInteger();
  private static final Object INPUT = new Object();

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    await(file);
    return super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
  }

  /** Waits when the file is a mark, and enough are free. */
  private static void await(Path file) throws IOException {
    if (file.getName().equals(StagedRun.CELL_DONE) && MARKS.incrementAndGet() > FREE) {
      synchronized (INPUT) {
        while (System.in.read() >= 0) {
          // only the end counts
        }
      }
    }
  }

  /** The same on HDFS. */
  public static final class OnHdfs extends DistributedFileSystem {
    @Override
    public FSDataOutputStream create(
        Path file,
        FsPermission permission,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      await(file);
      return super.create(
          file, permission, overwrite, bufferSize, replication, blockSize, progress);
    }
  }
}
