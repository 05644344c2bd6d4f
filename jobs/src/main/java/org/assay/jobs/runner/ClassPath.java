package org.assay.jobs.runner;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assay.launcher.Main;

/**
 * A class path that can travel: what lies in the work tree stays there, and everything else, with
 * our launcher, goes into the library.
 */
final class ClassPath {
  private static final String LAUNCHER = "launcher";
  private static final Pattern ENGINE = Pattern.compile("junit-platform-engine-(.+)\\.jar");

  private final Path root;
  private final List<String> entries = new ArrayList<>();
  private final Map<Path, String> outside = new LinkedHashMap<>();

  /**
   * A class path of these entries.
   *
   * @param root the real path of the folder that the work tree is packed from
   */
  ClassPath(Path root, List<Path> paths) throws IOException {
    this.root = root;
    for (Path path : paths) {
      add(path);
    }
  }

  private void add(Path path) throws IOException {
    Path real = path.toRealPath();
    if (real.startsWith(root)) {
      entries.add("tree/" + root.relativize(real));
    } else if (!outside.containsKey(real)) {
      String name = String.format("%03d/%s", outside.size(), real.getFileName());
      outside.put(real, name);
      entries.add("library/" + name);
    }
  }

  /** Where a folder outside of the tree lies in the library. */
  String place(Path real) {
    return outside.get(real);
  }

  /** {@code dir/*} as all jars of a folder, in the order of their names; anything else as it is. */
  static List<Path> expanded(Path base, String entry) throws IOException {
    if (!entry.endsWith("*")) {
      return List.of(base.resolve(entry));
    }
    Path folder = base.resolve(entry.substring(0, entry.length() - 1));
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> jars = Files.list(folder)) {
      return jars.filter(p -> p.toString().endsWith(".jar")).sorted().toList();
    }
  }

  /**
   * The platform's launcher that belongs to the engine on a class path without one: beside it, as
   * in a Maven repository or in a folder of jars.
   *
   * @return empty when the class path needs none, else the launcher's place, which may not exist
   */
  static Optional<Path> missingLauncher(List<Path> paths) {
    for (Path path : paths) {
      if (path.getFileName().toString().startsWith("junit-platform-launcher")) {
        return Optional.empty();
      }
    }
    for (Path path : paths) {
      Matcher engine = ENGINE.matcher(path.getFileName().toString());
      if (engine.matches()) {
        String version = engine.group(1);
        String jar = "junit-platform-launcher-" + version + ".jar";
        Path beside = path.resolveSibling(jar);
        Path repository =
            path.resolveSibling("../../junit-platform-launcher/" + version + "/" + jar).normalize();
        return Optional.of(Files.exists(beside) ? beside : repository);
      }
    }
    return Optional.empty();
  }

  /** Writes what lies outside of the tree, and our launcher. */
  void pack(Pack.Writer library) throws IOException {
    for (Map.Entry<Path, String> entry : outside.entrySet()) {
      if (Files.isDirectory(entry.getKey())) {
        library.tree("class-path", entry.getKey(), entry.getValue(), path -> false);
      } else {
        library.file(entry.getKey(), entry.getValue());
      }
    }
    Path scratch = Files.createTempDirectory("assay-launcher-");
    try {
      for (String name : launcherClasses()) {
        Path file = scratch.resolve("class");
        Files.write(
            file, Main.class.getResourceAsStream("/org/assay/launcher/" + name).readAllBytes());
        library.file(file, LAUNCHER + "/org/assay/launcher/" + name);
      }
    } finally {
      Pack.remove(scratch);
    }
  }

  private static List<String> launcherClasses() throws IOException {
    URL url = Main.class.getResource("Main.class");
    Predicate<String> isClass = name -> name.endsWith(".class");
    List<String> names = new ArrayList<>();
    if (url.openConnection() instanceof JarURLConnection connection) {
      connection.setUseCaches(false);
      String folder = "org/assay/launcher/";
      try (JarFile jar = connection.getJarFile()) {
        for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
          String name = all.nextElement().getName();
          if (name.startsWith(folder) && isClass.test(name)) {
            names.add(name.substring(folder.length()));
          }
        }
      }
    } else {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(Path.of(java.net.URI.create(url.toString())).getParent())) {
        files.forEach(file -> names.add(file.getFileName().toString()));
        names.removeIf(isClass.negate());
      }
    }
    names.sort(null);
    return names;
  }

  /** The entries for {@link #resolve}. */
  List<String> entries() {
    List<String> all = new ArrayList<>(entries);
    all.add("library/" + LAUNCHER);
    return all;
  }

  /** The class path of a process. */
  static String resolve(List<String> entries, Places places) {
    List<String> paths = new ArrayList<>();
    for (String entry : entries) {
      paths.add(
          entry.startsWith("tree/")
              ? places.tree().resolve(entry.substring("tree/".length())).toString()
              : places.library().resolve(entry.substring("library/".length())).toString());
    }
    return String.join(java.io.File.pathSeparator, paths);
  }
}
