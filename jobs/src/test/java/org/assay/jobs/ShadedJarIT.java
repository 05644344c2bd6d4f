package org.assay.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the application jar holds: ours and a few libraries, and nothing that a cluster brings. */
class ShadedJarIT {
  private static final Path JAR = Path.of("target", "assay.jar").toAbsolutePath();

  /** What was compiled: the services named here are to be in the jar. */
  private static final List<Path> MODULES =
      List.of(Path.of("target", "classes"), Path.of("..", "common", "target", "classes"));

  /** Whole packages, or single files of META-INF. */
  private static final List<String> ALLOWED =
      List.of(
          "org/assay/",
          "picocli/",
          "com/typesafe/config/",
          "org/apache/commons/numbers/",
          "org/apache/commons/rng/",
          "org/apache/commons/statistics/",
          "ml/dmlc/xgboost4j/",
          "lib/",
          "xgboost4j-version.properties",
          "META-INF/services/org.assay.",
          "META-INF/MANIFEST.MF",
          "META-INF/LICENSE",
          "META-INF/NOTICE");

  private static JarFile jar;

  @BeforeAll
  static void open() throws IOException {
    jar = new JarFile(JAR.toFile());
  }

  @AfterAll
  static void close() throws IOException {
    jar.close();
  }

  @Test
  void holdsNothingThatIsNotListedHere() {
    assertThat(entries())
        .isNotEmpty()
        .allMatch(name -> ALLOWED.stream().anyMatch(name::startsWith));
  }

  @Test
  void holdsNoEntryTwice() {
    assertThat(entries()).doesNotHaveDuplicates();
  }

  @Test
  void holdsBothModulesAndEachLibrary() {
    assertThat(entries())
        .contains(
            "org/assay/jobs/Main.class",
            "org/assay/UserException.class",
            "picocli/CommandLine.class",
            "com/typesafe/config/Config.class",
            "ml/dmlc/xgboost4j/java/Booster.class",
            "lib/linux/x86_64/libxgboost4j.so",
            "org/apache/commons/statistics/distribution/NormalDistribution.class",
            "META-INF/LICENSE",
            "META-INF/NOTICE");
  }

  /**
   * Below 4 MiB, half of it our own classes, besides XGBoost's libraries for five platforms, which
   * are some 14.
   */
  @Test
  void isSmall() throws IOException {
    long libraries =
        jar.stream()
            .filter(e -> e.getName().startsWith("lib/"))
            .mapToLong(e -> e.getCompressedSize())
            .sum();
    assertThat(libraries).isBetween(1L << 20, 20L << 20);
    assertThat(Files.size(JAR) - libraries).isLessThan(4L << 20);
  }

  @Test
  void startsMain() throws IOException {
    assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
        .isEqualTo("org.assay.jobs.Main");
  }

  @Test
  void namesEveryProviderOfBothModules() throws IOException {
    for (String service : services()) {
      Set<String> compiled = new TreeSet<>();
      for (Path module : MODULES) {
        Path file = module.resolve("META-INF/services").resolve(service);
        if (Files.exists(file)) {
          compiled.addAll(providers(Files.readString(file)));
        }
      }
      assertThat(providers(text("META-INF/services/" + service)))
          .as(service)
          .containsExactlyInAnyOrderElementsOf(compiled);
    }
  }

  @Test
  void namesNoProviderThatDoesNotServe() throws Exception {
    URL[] alone = {JAR.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(alone, getClass().getClassLoader())) {
      for (String service : services()) {
        Class<?> contract = Class.forName(service, false, loader);
        for (String provider : providers(text("META-INF/services/" + service))) {
          assertThat(Class.forName(provider, false, loader)).isAssignableTo(contract);
        }
      }
    }
  }

  @Test
  void holdsEveryFileOfConf() throws IOException {
    Path conf = Path.of("..", "conf");
    try (Stream<Path> files = Files.walk(conf)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = "org/assay/conf/" + conf.relativize(file).toString().replace('\\', '/');
        assertThat(bytes(name)).as(name).isEqualTo(Files.readAllBytes(file));
      }
    }
  }

  private static List<String> entries() {
    return jar.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();
  }

  private static byte[] bytes(String name) throws IOException {
    ZipEntry entry = jar.getEntry(name);
    assertThat(entry).as("%s in %s", name, JAR).isNotNull();
    return jar.getInputStream(entry).readAllBytes();
  }

  private static String text(String name) throws IOException {
    return new String(bytes(name), UTF_8);
  }

  private static Set<String> services() throws IOException {
    Set<String> names = new HashSet<>();
    for (Path module : MODULES) {
      Path folder = module.resolve("META-INF/services");
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          files.forEach(file -> names.add(file.getFileName().toString()));
        }
      }
    }
    return names;
  }

  private static List<String> providers(String text) {
    return text.lines()
        .map(line -> line.replaceFirst("#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .toList();
  }
}
