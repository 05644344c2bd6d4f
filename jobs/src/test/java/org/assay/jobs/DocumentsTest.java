package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.assay.Task;
import org.assay.UserException;
import org.assay.config.RunConfig;
import org.assay.jobs.model.Learners;
import org.assay.metric.Metric;
import org.assay.metric.Metrics;
import org.assay.metric.Scorecard;
import org.assay.metric.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the documents say is true: configurations are read, snippets compile, every key and name is
 * documented.
 */
class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path folder;

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  private static List<String> snippets(String language) throws IOException {
    Matcher matcher =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(readme());
    List<String> snippets = new ArrayList<>();
    while (matcher.find()) {
      snippets.add(matcher.group(1));
    }
    assertThat(snippets).as(language).isNotEmpty();
    return snippets;
  }

  static Stream<Path> configurations() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("conf"))) {
      return files.filter(f -> f.toString().endsWith(".conf")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void configurationIsRight(Path file) {
    assertThat(Runner.of(RunConfig.load(file.toFile(), List.of()), List.of()).steps()).isNotEmpty();
  }

  @Test
  void configurationsOfTheReadmeAreRight() throws IOException {
    for (String snippet : snippets("hocon")) {
      Path file = Files.writeString(folder.resolve("churn.conf"), snippet);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      assertThat(
              Main.run(
                  new PrintStream(out, true, StandardCharsets.UTF_8), "check", file.toString()))
          .isZero();
      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("right: 1 job, cv\n");
    }
  }

  @Test
  void commandOfTheReadmeIsRight() throws IOException {
    Matcher matcher = Pattern.compile("scripts/assay (cross-validate .*)").matcher(readme());
    assertThat(matcher.find()).isTrue();
    List<String> args = new ArrayList<>(List.of(matcher.group(1).split(" ")));
    args.add("--print-conf");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(
            Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8), args.toArray(String[]::new)))
        .isZero();
    assertThat(
            RunConfig.read(ConfigFactory.parseString(out.toString(StandardCharsets.UTF_8))).jobs())
        .hasSize(1);
  }

  @Test
  void queryOfTheReadmeIsSql() throws IOException, SQLException {
    for (String snippet : snippets("sql")) {
      try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
        // without a report the files are what is missing, not the grammar
        Throwable failure = catchThrowable(() -> duck.createStatement().executeQuery(snippet));
        assertThat(failure).hasMessageContaining("No files found that match the pattern");
      }
    }
  }

  @Test
  void metricOfTheReadmeWorks() throws Exception {
    String source = snippets("java").get(0);
    Path file = folder.resolve("org/assay/metric/Jaccard.java");
    Files.createDirectories(file.getParent());
    Files.writeString(file, source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int result =
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "-d",
            folder.toString(),
            file.toString());
    assertThat(result).isZero();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      Metric<?> metric =
          (Metric<?>) loader.loadClass("org.assay.metric.Jaccard").getConstructor().newInstance();
      Scorecard card =
          Scorecard.of(new Target(Task.BINARY, 2, Target.Scores.NONE), List.of(metric));
      card.add(1, 1, null, 1);
      card.add(1, 0, null, 1);
      card.add(0, 1, null, 1);
      card.add(0, 0, null, 1);
      assertThat(card.value(0).value()).isEqualTo(1.0 / 3);
    }
  }

  @Test
  void referenceNamesEveryMetricAndEstimator() throws IOException {
    String reference = Files.readString(ROOT.resolve("conf/reference.conf"));
    assertThat(Metrics.names())
        .isNotEmpty()
        .allSatisfy(
            name ->
                assertThat(reference).containsPattern("(?<![a-z0-9-])" + name + "(?![a-z0-9-])"));
    assertThat(Learners.all().keySet())
        .isNotEmpty()
        .allSatisfy(name -> assertThat(reference).contains(name));
  }

  /** Each section's readers say which keys they know when they meet one that they do not. */
  @ParameterizedTest
  @ValueSource(strings = {"bogus", "data.customers.bogus", "models.forest.bogus"})
  void referenceNamesEveryKey(String path) throws IOException {
    Path file = ROOT.resolve("conf/reference.conf");
    Config config =
        ConfigFactory.parseFile(file.toFile()).withValue(path, ConfigValueFactory.fromAnyRef(1));
    assertKnown(Files.readString(file), config);
  }

  @Test
  void referenceNamesEveryKeyOfJobs() throws IOException {
    String reference = Files.readString(ROOT.resolve("conf/reference.conf"));
    Config config = ConfigFactory.parseString(reference);
    assertKnown(
        reference,
        ConfigFactory.parseString(
            reference.replace("job = cross-validate", "job = cross-validate, bogus = 1")));
    assertKnown(
        reference,
        ConfigFactory.parseString(
            reference.replace("kind = k-fold\n", "kind = k-fold\n bogus = 1\n")));
    assertThat(config.getConfigList("jobs")).hasSize(1);
  }

  private static void assertKnown(String reference, Config config) {
    Throwable failure = catchThrowable(() -> Runner.of(RunConfig.read(config), List.of()));
    assertThat(failure).isInstanceOf(UserException.class).hasMessageContaining("unknown key");
    Matcher known = Pattern.compile("known here: ([^;]*)").matcher(failure.getMessage());
    assertThat(known.find()).as(failure.getMessage()).isTrue();
    assertThat(known.group(1).strip().split(", "))
        .allSatisfy(
            key ->
                assertThat(reference)
                    .containsPattern("(?<![a-z-])" + Pattern.quote(key) + "(?![a-z-])"));
  }
}
