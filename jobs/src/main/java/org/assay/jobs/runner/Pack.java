package org.assay.jobs.runner;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.assay.UserException;

/**
 * Folders and files in one file, with their permissions, times and links, so that a work tree on an
 * executor is that of the driver. No link leads out of it.
 */
final class Pack {
  private static final PosixFilePermission[] PERMISSIONS = PosixFilePermission.values();
  private static final byte END = 0;
  private static final byte FOLDER = 1;
  private static final byte FILE = 2;
  private static final byte LINK = 3;

  /** What no test reads, and tools write. */
  private static final List<String> NEVER =
      List.of(".git", "**/.git", "__pycache__", "**/__pycache__", ".pytest_cache");

  private Pack() {}

  /** Whether a path below a folder is left out: matched by a glob, or what no test reads. */
  static Predicate<Path> excluded(List<String> globs) {
    List<PathMatcher> matchers = new ArrayList<>();
    for (String glob : NEVER) {
      matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + glob));
    }
    for (String glob : globs) {
      matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + glob));
    }
    return path -> matchers.stream().anyMatch(m -> m.matches(path));
  }

  /** Writes a pack. Not thread-safe. */
  static final class Writer implements AutoCloseable {
    private final DataOutputStream out;
    private final MessageDigest digest;
    private final byte[] buffer = new byte[1 << 16];

    Writer(Path file) throws IOException {
      this.out =
          new DataOutputStream(
              new BufferedOutputStream(
                  new DeflaterOutputStream(
                      Files.newOutputStream(file), new Deflater(Deflater.BEST_SPEED), 1 << 16),
                  1 << 16));
      try {
        this.digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }

    /**
     * Adds what lies below a folder.
     *
     * @param key the configuration's key that named the folder, for messages
     * @param prefix where it goes in the pack; empty for its root
     * @param excluded paths relative to the folder that are left out with all below them
     * @throws UserException if a link leads out of the folder
     */
    void tree(String key, Path folder, String prefix, Predicate<Path> excluded) throws IOException {
      Path root = folder.toRealPath();
      List<Path> paths = new ArrayList<>();
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
              if (!path.equals(root) && excluded.test(root.relativize(path))) {
                return FileVisitResult.SKIP_SUBTREE;
              }
              paths.add(path);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
              if (!excluded.test(root.relativize(path))
                  && (attributes.isRegularFile() || attributes.isSymbolicLink())) {
                paths.add(path);
              }
              return FileVisitResult.CONTINUE;
            }
          });
      paths.sort(null);
      for (Path path : paths) {
        String name = name(prefix, root.relativize(path));
        if (Files.isSymbolicLink(path)) {
          link(key, root, path, name);
        } else if (Files.isDirectory(path)) {
          head(FOLDER, name);
        } else {
          file(path, name);
        }
      }
    }

    private static String name(String prefix, Path relative) {
      String path = relative.toString().replace('\\', '/');
      return prefix.isEmpty() || path.isEmpty() ? prefix + path : prefix + "/" + path;
    }

    private void link(String key, Path root, Path path, String name) throws IOException {
      Path target = Files.readSymbolicLink(path);
      Path end = path.resolveSibling(target).normalize();
      Path real = Files.exists(path) ? path.toRealPath() : end;
      if (!end.startsWith(root) || !real.startsWith(root)) {
        throw UserException.input(
            key
                + ": the link "
                + root.relativize(path)
                + " leads to "
                + target
                + ", out of "
                + root
                + ", where executors cannot follow; put a copy in its place, or name it in exclude");
      }
      head(LINK, name);
      text(path.getParent().relativize(end).toString());
    }

    /** Adds a file. */
    void file(Path path, String name) throws IOException {
      head(FILE, name);
      int mode = 0;
      try {
        Set<PosixFilePermission> set = Files.getPosixFilePermissions(path);
        for (int i = 0; i < PERMISSIONS.length; i++) {
          mode |= set.contains(PERMISSIONS[i]) ? 1 << i : 0;
        }
      } catch (UnsupportedOperationException e) {
        mode = -1;
      }
      out.writeInt(mode);
      out.writeLong(Files.getLastModifiedTime(path).toMillis());
      long size = Files.size(path);
      out.writeLong(size);
      digest.update(Long.toString(size).getBytes(StandardCharsets.UTF_8));
      try (InputStream in = Files.newInputStream(path)) {
        long left = size;
        while (left > 0) {
          int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
          if (count < 0) {
            throw new IOException(path + " became shorter while it was read");
          }
          out.write(buffer, 0, count);
          digest.update(buffer, 0, count);
          left -= count;
        }
      }
    }

    private void head(byte type, String name) throws IOException {
      out.writeByte(type);
      digest.update(type);
      text(name);
    }

    private void text(String text) throws IOException {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
      digest.update(bytes);
    }

    /** Hash of names and contents so far, in hexadecimal digits; times are no part of it. */
    String hash() {
      try {
        return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException("SHA-256 can be cloned", e);
      }
    }

    @Override
    public void close() throws IOException {
      try (out) {
        out.writeByte(END);
      }
    }
  }

  /** Unpacks into an existing folder. */
  static void unpack(Path pack, Path into) throws IOException {
    Path folder = into.toAbsolutePath().normalize();
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(
                new InflaterInputStream(Files.newInputStream(pack)), 1 << 16))) {
      byte[] buffer = new byte[1 << 16];
      for (byte type = in.readByte(); type != END; type = in.readByte()) {
        Path path = folder.resolve(text(in)).normalize();
        if (!path.startsWith(folder)) {
          throw new IOException(path + " is outside of " + folder);
        }
        switch (type) {
          case FOLDER -> Files.createDirectories(path);
          case LINK -> Files.createSymbolicLink(path, Path.of(text(in)));
          case FILE -> file(in, path, buffer);
          default -> throw new IOException(pack + " is no pack");
        }
      }
    }
  }

  private static void file(DataInputStream in, Path path, byte[] buffer) throws IOException {
    int mode = in.readInt();
    FileTime time = FileTime.fromMillis(in.readLong());
    long left = in.readLong();
    Files.createDirectories(path.getParent());
    try (OutputStream to = Files.newOutputStream(path)) {
      while (left > 0) {
        int count = (int) Math.min(buffer.length, left);
        in.readFully(buffer, 0, count);
        to.write(buffer, 0, count);
        left -= count;
      }
    }
    Files.setLastModifiedTime(path, time);
    if (mode >= 0) {
      Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
      for (int i = 0; i < PERMISSIONS.length; i++) {
        if ((mode & 1 << i) != 0) {
          set.add(PERMISSIONS[i]);
        }
      }
      set.add(PosixFilePermission.OWNER_READ);
      try {
        Files.setPosixFilePermissions(path, set);
      } catch (UnsupportedOperationException e) {
        // a file system without permissions
      }
    }
  }

  private static String text(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Removes a folder with all in it, as far as that can be done; links are not followed. */
  static void remove(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
              path.toFile().setWritable(true);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(path);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException e) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path path, IOException e) throws IOException {
              Files.deleteIfExists(path);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      // what a test made unremovable stays, outside of every other order's way
    }
  }
}
