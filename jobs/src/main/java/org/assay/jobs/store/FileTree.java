package org.assay.jobs.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The few operations on a Hadoop file system that the store is built from.
 *
 * <p>On {@code file:} it goes around Hadoop's checksum layer, which would leave a {@code .crc} file
 * beside every file and move the two one after the other. Thread-safe.
 */
final class FileTree {
  private final FileSystem fs;
  private final Path root;

  private FileTree(FileSystem fs, Path root) {
    this.fs = fs;
    this.root = root;
  }

  /** The tree below a path; the path need not exist. */
  static FileTree at(Path root, Configuration conf) throws IOException {
    return of(fileSystem(root, conf), root);
  }

  /** The tree below a path of a given file system. */
  static FileTree of(FileSystem fs, Path root) {
    return new FileTree(fs, fs.makeQualified(root));
  }

  static FileSystem fileSystem(Path path, Configuration conf) throws IOException {
    Path qualified =
        path.toUri().getScheme() == null
            ? path.makeQualified(FileSystem.getDefaultUri(conf), new Path("/"))
            : path;
    if ("file".equals(qualified.toUri().getScheme())) {
      LocalFiles local = new LocalFiles();
      local.initialize(qualified.toUri(), conf);
      return local;
    }
    return path.getFileSystem(conf);
  }

  FileSystem fileSystem() {
    return fs;
  }

  Path root() {
    return root;
  }

  Path path(String... names) {
    Path path = root;
    for (String name : names) {
      path = new Path(path, name);
    }
    return path;
  }

  boolean exists(Path path) throws IOException {
    return fs.exists(path);
  }

  /** What is in a folder, in order of names; nothing when there is no such folder. */
  List<FileStatus> list(Path folder) throws IOException {
    try {
      List<FileStatus> found = new ArrayList<>(Arrays.asList(fs.listStatus(folder)));
      found.sort(Comparator.comparing(status -> status.getPath().getName()));
      return found;
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  /**
   * The Parquet files of a folder, in order of names; hidden ones and those of unfinished writers
   * left out.
   */
  List<Path> parquetFiles(Path folder) throws IOException {
    return list(folder).stream()
        .filter(status -> status.isFile())
        .map(FileStatus::getPath)
        .filter(path -> path.getName().endsWith(".parquet"))
        .filter(path -> !path.getName().startsWith(".") && !path.getName().startsWith("_"))
        .toList();
  }

  /** The text of a file, if there is one. */
  Optional<String> text(Path file) throws IOException {
    try (FSDataInputStream in = fs.open(file)) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  Optional<FileStatus> status(Path path) throws IOException {
    try {
      return Optional.of(fs.getFileStatus(path));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  void createFolder(Path folder) throws IOException {
    if (!fs.mkdirs(folder)) {
      throw new IOException("cannot create the folder " + folder);
    }
  }

  /**
   * Creates a file that must not exist yet; of several that try at once, one succeeds.
   *
   * <p>On {@code file:} this is the system's own exclusive creation, since Hadoop's checks first
   * and creates afterwards.
   *
   * @return whether this call created it
   */
  boolean createNew(Path file, String text) throws IOException {
    createFolder(file.getParent());
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (isLocal()) {
      try {
        Files.write(
            java.nio.file.Path.of(file.toUri().getPath()),
            bytes,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      }
    }
    try (FSDataOutputStream out = fs.create(file, false)) {
      out.write(bytes);
    } catch (IOException e) {
      if (exists(file)) {
        return false;
      }
      throw e;
    }
    return true;
  }

  /**
   * Writes a small file anew. Where renaming replaces, readers see the old text or the new one;
   * elsewhere maybe none for a moment.
   */
  void overwrite(Path file, String text) throws IOException {
    if (isLocal()) {
      Path whole = new Path(file.getParent(), "." + file.getName() + ".new");
      write(whole, text);
      if (!fs.rename(whole, file)) {
        throw new IOException("cannot replace " + file);
      }
    } else {
      write(file, text);
    }
  }

  /** Writes a file under another name and gives it its own when it is whole. */
  void publish(Path file, String text) throws IOException {
    createFolder(file.getParent());
    Path whole = new Path(file.getParent(), "." + file.getName() + ".new");
    write(whole, text);
    if (!isLocal() && exists(file)) {
      delete(file);
    }
    if (!fs.rename(whole, file)) {
      throw new IOException("cannot rename " + whole + " to " + file.getName());
    }
  }

  /** Deletes a file, or a folder with all that is in it; nothing when there is none. */
  void delete(Path path) throws IOException {
    if (!fs.delete(path, true) && exists(path)) {
      throw new IOException("cannot delete " + path);
    }
  }

  /**
   * Moves a folder of files; can be repeated after it was cut off anywhere.
   *
   * <p>One rename where the file system renames folders atomically. Object stores copy file by
   * file: what an earlier attempt left at the target is kept when it is whole, and the rest is
   * moved one by one.
   */
  void move(Path from, Path to) throws IOException {
    if (!exists(from)) {
      if (!exists(to)) {
        throw new FileNotFoundException(from + " is gone and " + to + " is not there");
      }
      return;
    }
    createFolder(to.getParent());
    if (!exists(to) && fs.rename(from, to)) {
      return;
    }
    if (!exists(to)) {
      throw new IOException("cannot rename " + from + " to " + to);
    }
    for (FileStatus file : list(from)) {
      Path target = new Path(to, file.getPath().getName());
      Optional<FileStatus> there = status(target);
      if (there.isPresent() && there.get().getLen() == file.getLen()) {
        delete(file.getPath());
        continue;
      }
      delete(target);
      if (!fs.rename(file.getPath(), target) && exists(file.getPath())) {
        throw new IOException("cannot rename " + file.getPath() + " to " + target);
      }
    }
    delete(from);
  }

  /** Why an operation failed, for a message: the last clause of what the file system said. */
  static String reason(IOException e) {
    if (e instanceof FileSystemException f) {
      String name =
          f.getClass()
              .getSimpleName()
              .replace("Exception", "")
              .replaceAll("(?<=[a-z])(?=[A-Z])", " ");
      return f.getFile() + ": " + (f.getReason() != null ? f.getReason() : name);
    }
    String message = e.getMessage();
    return message == null
        ? e.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message);
  }

  private void write(Path file, String text) throws IOException {
    try (FSDataOutputStream out = fs.create(file, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private boolean isLocal() {
    return "file".equals(fs.getUri().getScheme());
  }
}
