package org.assay.jobs.runner;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.assay.UserException;

/** A module that Maven builds, asked once for its class path. */
final class MavenModule {
  private final String path;
  private final Path folder;
  private final List<String> arguments;
  private final Limits limits;

  /**
   * A module.
   *
   * @param path of the subject in the configuration, for messages
   * @param folder where its pom.xml lies
   * @param arguments for Maven, such as {@code -o}
   */
  MavenModule(String path, Path folder, List<String> arguments, Limits limits) {
    this.path = path;
    this.folder = folder;
    this.arguments = arguments;
    this.limits = limits;
  }

  /** Compiles the tests, and gives their class path. */
  List<Path> classPath(Path scratch, Consumer<String> say) throws IOException {
    if (!Files.exists(folder.resolve("pom.xml"))) {
      throw UserException.input(
          path
              + ".project = "
              + folder
              + ": holds no pom.xml; name the folder of a Maven module, or give a compiled project's class-path");
    }
    Path file = scratch.resolve("class-path").toAbsolutePath();
    say.accept("building " + folder + " with " + program());
    maven(
        "test-compile",
        "dependency:build-classpath",
        "-DincludeScope=test",
        "-Dmdep.outputFile=" + file);
    List<Path> paths = new ArrayList<>();
    paths.add(folder.resolve("target/test-classes"));
    if (Files.isDirectory(folder.resolve("target/classes"))) {
      paths.add(folder.resolve("target/classes"));
    }
    for (String entry : Files.readString(file).strip().split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        paths.add(Path.of(entry));
      }
    }
    Optional<Path> launcher = ClassPath.missingLauncher(paths);
    if (launcher.isPresent() && !Files.exists(launcher.get())) {
      String jar = launcher.get().getFileName().toString();
      String version =
          jar.substring("junit-platform-launcher-".length(), jar.length() - ".jar".length());
      maven("dependency:get", "-Dartifact=org.junit.platform:junit-platform-launcher:" + version);
    }
    return paths;
  }

  /** The wrapper of the module or of a folder above it, else Maven. */
  private String program() {
    for (Path up = folder; up != null; up = up.getParent()) {
      if (Files.isExecutable(up.resolve("mvnw"))) {
        return up.resolve("mvnw").toString();
      }
    }
    return "mvn";
  }

  private void maven(String... goals) throws IOException {
    List<String> command = new ArrayList<>(List.of(program(), "-B", "-q"));
    command.addAll(arguments);
    command.addAll(List.of(goals));
    Map<String, String> environment = new LinkedHashMap<>(System.getenv());
    Subprocess.Ended ended;
    try {
      ended =
          Subprocess.run(
              command,
              folder,
              environment,
              limits.secondsPerOrder(),
              1 << 16,
              () -> Subprocess.Killed.NO);
    } catch (IOException e) {
      throw UserException.input(
          path
              + ": "
              + command.get(0)
              + " cannot be started: "
              + e.getMessage()
              + "; install Maven on the driver, or give a compiled project's class-path");
    }
    if (ended.exitCode() != 0) {
      throw UserException.input(
          path
              + ": "
              + String.join(" ", command)
              + " ended with exit code "
              + ended.exitCode()
              + " in "
              + folder
              + ", and wrote: "
              + Listing.lastLines(ended.output())
              + "; mend the build until this command succeeds");
    }
  }
}
