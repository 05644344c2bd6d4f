package org.assay.jobs.runner;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.assay.config.RunConfig;
import org.assay.config.Section;

/** Small projects with planted truth, in {@code src/test/resources/fixtures}. */
public final class Fixtures {
  private static final Path SOURCES = Path.of("src/test/resources/fixtures").toAbsolutePath();

  private Fixtures() {}

  /** Compiles a project of JUnit tests into a folder; gives its section of a configuration. */
  public static String junit(String name, Path folder) {
    return junit(name, folder, "(junit|hamcrest|opentest4j|apiguardian).*");
  }

  /** The same with JUnit 4 alone on the class path. */
  public static String junit4(String name, Path folder) {
    return junit(name, folder, "(junit-4|hamcrest).*");
  }

  private static String junit(String name, Path folder, String jars) {
    try {
      Path classes = Files.createDirectories(folder.resolve("classes"));
      List<String> arguments =
          new ArrayList<>(List.of("-nowarn", "-cp", jars(jars, ":"), "-d", classes.toString()));
      try (Stream<Path> files = Files.list(SOURCES.resolve(name).resolve("src/acme"))) {
        files.map(Path::toString).forEach(arguments::add);
      }
      int code =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, arguments.toArray(String[]::new));
      if (code != 0) {
        throw new IllegalStateException("fixture " + name + " does not compile");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "kind = junit, project = \""
        + folder
        + "\", test-classes = [classes], class-path = [\""
        + jars(jars, "\", \"")
        + "\"]";
  }

  /** The JUnit jars of our own class path. */
  private static String jars(String names, String between) {
    return Arrays.stream(System.getProperty("java.class.path").split(":", -1))
        .filter(path -> Path.of(path).getFileName().toString().matches(names + "\\.jar"))
        .collect(Collectors.joining(between));
  }

  /** Copies a project of pytest into a folder; gives its section of a configuration. */
  public static String pytest(String name, Path folder) {
    try (Stream<Path> files = Files.list(SOURCES.resolve(name).resolve("tests"))) {
      Path tests = Files.createDirectories(folder.resolve("tests"));
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, tests.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "kind = pytest, project = \"" + folder + "\", python = \"" + python() + "\"";
  }

  /** The Python of the system, past the reach of a user's own. */
  private static String python() {
    return Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3";
  }

  /**
   * Whether there is a Python with pytest; what needs one is skipped, visibly, where there is none.
   */
  public static boolean hasPytest() {
    try {
      Process process =
          new ProcessBuilder(python(), "-c", "import pytest")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Reads a subject's section. */
  static Project subject(String section) {
    Section read = Section.root(ConfigFactory.parseString(section));
    return Subjects.project(new RunConfig.SubjectConfig(read.string("kind"), "core", read));
  }
}
