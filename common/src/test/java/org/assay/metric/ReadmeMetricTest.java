package org.assay.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.assay.Task;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The metric that the README adds: it compiles as it stands there, is discovered, and keeps the
 * contract of all metrics.
 */
class ReadmeMetricTest extends MetricContractTest {
  private static ClassLoader before;
  private static URLClassLoader withService;

  @BeforeAll
  static void add(@TempDir Path folder) throws IOException, IllegalAccessException {
    String readme = Files.readString(Path.of("..", "README.md"));
    Matcher snippet = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);
    assertThat(snippet.find()).isTrue();
    Path source = folder.resolve("Jaccard.java");
    Files.writeString(source, snippet.group(1));
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                messages,
                messages,
                "-proc:none",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "-d",
                folder.toString(),
                source.toString());
    assertThat(result).as(messages.toString(StandardCharsets.UTF_8)).isZero();
    // In the package itself, as a class of another loader would not be.
    MethodHandles.privateLookupIn(Metric.class, MethodHandles.lookup())
        .defineClass(Files.readAllBytes(folder.resolve("org/assay/metric/Jaccard.class")));
    Path services = Files.createDirectories(folder.resolve("services/META-INF/services"));
    Files.writeString(services.resolve(Metric.class.getName()), "org.assay.metric.Jaccard\n");
    before = Thread.currentThread().getContextClassLoader();
    withService =
        new URLClassLoader(
            new URL[] {folder.resolve("services").toUri().toURL()}, Metric.class.getClassLoader());
    Thread.currentThread().setContextClassLoader(withService);
  }

  @AfterAll
  static void remove() throws IOException {
    Thread.currentThread().setContextClassLoader(before);
    withService.close();
  }

  @Test
  void isDiscovered() {
    assertThat(Metrics.names()).contains("jaccard");
  }

  /**
   * {@code jaccard_score([1, 1, 0, 0], [1, 0, 1, 0], sample_weight=[2, 1, 1, 7])} is 2 / (2 + 1 +
   * 1) by its definition.
   */
  @Test
  void isTheShareOfTruePositives() {
    Scorecard card =
        Scorecard.of(
            new Target(Task.BINARY, 2, Target.Scores.NONE), List.of(Metrics.named("jaccard")));
    card.add(0, 0, null, 7);
    assertThat(card.value(0)).isEqualTo(Value.undefined("no label and no prediction is positive"));
    card.add(1, 1, null, 2);
    card.add(1, 0, null, 1);
    card.add(0, 1, null, 1);
    assertThat(card.value(0)).isEqualTo(Value.of(0.5));
  }
}
