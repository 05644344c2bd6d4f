package org.assay.jobs.store;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.Progressable;

/**
 * A local file system whose user dies right before a chosen change. A file whose closing is the
 * change stays empty. A dead user can do nothing more.
 *
 * <p>With the scheme {@code kill} it renames as HDFS does: never onto a file, and into a folder
 * that exists.
 */
final class KillableFileSystem extends LocalFiles {

  /** What ends a process in the middle of things. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("killed");
    }
  }

  private final String scheme;
  private final int last;
  private int changes;
  private boolean isDead;
  private IOException failure;

  KillableFileSystem(String scheme, int last) throws IOException {
    this.scheme = scheme;
    this.last = last;
    initialize(getUri(), new Configuration(false));
  }

  /** Lets every write of content fail from now on, as on a full disk. */
  void failWrites(IOException e) {
    failure = e;
  }

  int changes() {
    return changes;
  }

  @Override
  public URI getUri() {
    return URI.create((scheme == null ? "file" : scheme) + ":///");
  }

  private interface Change<T> {
    T make() throws IOException;
  }

  private synchronized <T> T change(Change<T> change) throws IOException {
    alive();
    changes++;
    if (changes == last) {
      isDead = true;
      throw new Killed();
    }
    return change.make();
  }

  private synchronized void alive() {
    if (isDead) {
      throw new Killed();
    }
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    FSDataOutputStream out =
        change(() -> super.create(file, overwrite, bufferSize, replication, blockSize, progress));
    return new FSDataOutputStream(new Buffered(out), null);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return change(
        () -> {
          if ("kill".equals(scheme) && exists(to)) {
            return getFileStatus(to).isDirectory()
                && super.rename(from, new Path(to, from.getName()));
          }
          return super.rename(from, to);
        });
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    // A recursive deletion can be cut off between any two files.
    if (recursive && exists(path) && getFileStatus(path).isDirectory()) {
      for (FileStatus child : listStatus(path)) {
        delete(child.getPath(), true);
      }
    }
    return exists(path) ? change(() -> super.delete(path, recursive)) : false;
  }

  @Override
  public boolean mkdirs(Path folder) throws IOException {
    return exists(folder) ? super.mkdirs(folder) : change(() -> super.mkdirs(folder));
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    alive();
    return super.open(file, bufferSize);
  }

  @Override
  public FileStatus[] listStatus(Path folder) throws IOException {
    alive();
    return super.listStatus(folder);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    alive();
    return super.getFileStatus(path);
  }

  /** Holds content back until it is closed. */
  private final class Buffered extends FilterOutputStream {
    private final java.io.ByteArrayOutputStream content = new java.io.ByteArrayOutputStream();
    private boolean isClosed;

    Buffered(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      fail();
      content.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      fail();
      content.write(bytes, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() throws IOException {
      if (isClosed) {
        return;
      }
      isClosed = true;
      try {
        change(
            () -> {
              content.writeTo(out);
              return null;
            });
      } finally {
        out.close();
      }
    }

    private void fail() throws IOException {
      if (failure != null) {
        throw failure;
      }
    }
  }
}
