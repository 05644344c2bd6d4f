package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.execution.SparkSqlParser;
import org.assay.UserException;
import org.assay.config.RunConfig;
import org.assay.config.Section;
import org.assay.design.Plan;
import org.assay.design.Scheme;
import org.assay.jobs.model.Learners;
import org.assay.jobs.store.Claim;
import org.assay.jobs.store.Remains;
import org.assay.jobs.store.RunKey;
import org.assay.jobs.store.RunStore;
import org.assay.jobs.store.StagedRun;
import org.assay.metric.Metrics;
import org.assay.report.Estimate;
import org.assay.report.Manifest;
import org.assay.report.Tables;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the documents say is true: configurations are read, commands and queries work, every key and
 * name is documented, with its default. The metric of the README has a test beside the metrics.
 */
class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Path REFERENCE = ROOT.resolve("conf/reference.conf");

  @TempDir Path folder;

  private static String reference() throws IOException {
    return Files.readString(REFERENCE);
  }

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

  private record Ran(int exitCode, String out) {}

  private static Ran run(List<String> args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int code =
        Main.run(new PrintStream(out, true, StandardCharsets.UTF_8), args.toArray(String[]::new));
    return new Ran(code, out.toString(StandardCharsets.UTF_8));
  }

  /** The arguments of every command line of the README and the samples, from the command on. */
  static Stream<List<String>> commands() throws IOException {
    StringBuilder text = new StringBuilder(readme());
    for (Path file : configurations().toList()) {
      text.append(Files.readString(file));
    }
    Matcher matcher =
        Pattern.compile("(?m)^(?:#|   ) *(?:scripts/assay|spark-submit) +([^#\n]*)").matcher(text);
    Set<List<String>> commands = new LinkedHashSet<>();
    while (matcher.find()) {
      List<String> args =
          new ArrayList<>(List.of(matcher.group(1).strip().replace("'", "").split(" +")));
      while (args.get(0).startsWith("--")) { // spark-submit's, each with a value
        args = args.subList(2, args.size());
      }
      commands.add(args.get(0).endsWith(".jar") ? args.subList(1, args.size()) : args);
    }
    assertThat(commands).extracting(c -> c.get(0)).contains("demo", "check", "run", "show");
    return commands.stream();
  }

  /**
   * With --help a command line is parsed, unknown commands and options refused, and nothing run.
   */
  @ParameterizedTest
  @MethodSource("commands")
  void commandIsThere(List<String> command) {
    List<String> args = new ArrayList<>(command);
    args.add("--help");
    Ran ran = run(args);
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).startsWith("Usage: assay " + command.get(0));
  }

  @Test
  void commandOfTheReadmeStandsForAConfiguration() throws IOException {
    List<String> args =
        new ArrayList<>(
            commands().filter(c -> c.get(0).equals("cross-validate")).findFirst().orElseThrow());
    args.add("--print-conf");
    Ran ran = run(args);
    assertThat(ran.exitCode()).isZero();
    assertThat(RunConfig.read(ConfigFactory.parseString(ran.out())).jobs()).hasSize(1);
  }

  @Test
  void pathsOfTheDocumentsAreThere() throws IOException {
    Matcher links = Pattern.compile("\\]\\(([^):]+)\\)|path = \"(conf/[^\"]+)\"").matcher(readme());
    int count = 0;
    while (links.find()) {
      String path = links.group(1) == null ? links.group(2) : links.group(1);
      assertThat(ROOT.resolve(path)).exists();
      count++;
    }
    assertThat(count).isGreaterThanOrEqualTo(4);
    for (String sample :
        List.of(
            "cross-validate",
            "evaluate",
            "learner-permutation-test",
            "learning-curve",
            "nested",
            "permutation-test",
            "random-search",
            "validation-curve",
            "demo")) {
      RunConfig config =
          RunConfig.load(ROOT.resolve("conf/" + sample + ".conf").toFile(), List.of());
      assertThat(config.data().values())
          .allSatisfy(data -> assertThat(ROOT.resolve(data.path())).exists());
    }
  }

  private static Estimate estimate(String model, String slice, String estimator, double value) {
    return new Estimate(
        "cv",
        "d",
        model,
        slice,
        "roc-auc",
        "",
        estimator,
        value,
        0.01,
        "corrected-t",
        0.95,
        value - 0.02,
        value + 0.02,
        569,
        10,
        "");
  }

  @Test
  void queryOfTheReadmeFindsTheMeansOfASealedRun() throws IOException, SQLException {
    RunKey key = new RunKey("tumours", "20261124T001359Z-3fa9", "aa");
    RunStore store = RunStore.open(folder.resolve("reports").toString(), new Configuration());
    StagedRun staged = ((Claim.Claimed) store.claim(key, Remains.CLEAR)).run();
    staged.write(
        Tables.ESTIMATES,
        List.of(
            estimate("logit", "", "mean-of-folds", 0.75),
            estimate("logit", "size=large", "mean-of-folds", 0.5),
            estimate("logit", "", "pooled-out-of-fold", 0.25),
            estimate("forest", "", "mean-of-folds", 0.875)));
    Instant started = Instant.parse("2026-11-24T00:13:59Z");
    staged.seal(
        new Manifest(
            key.runId(),
            key.suite(),
            Manifest.Status.COMPLETE,
            0,
            started,
            started.plusSeconds(75),
            42,
            "{}",
            key.configHash(),
            Map.of(),
            "",
            Map.of(),
            Map.of("assay", "0.1.0"),
            "",
            "",
            0,
            ""));
    String query = snippets("sql").get(0).replace("'reports/", "'" + folder + "/reports/");
    List<String> found = new ArrayList<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        found.add(rows.getString("model") + " " + rows.getDouble("value"));
      }
    }
    assertThat(found).containsExactly("forest 0.875", "logit 0.75");
  }

  /** Its grammar alone, since tests of documents start no Spark. */
  @Test
  void queryOfTheReadmeForSparkIsSparkSql() throws Exception {
    String plan = new SparkSqlParser().parsePlan(snippets("sql").get(1)).toString();
    assertThat(plan).contains("parquet, reports/estimates").contains("parquet, reports/runs");
  }

  @Test
  void referenceNamesEveryMetricEstimatorJobAndKindOfPlan() throws IOException {
    String reference = reference();
    List<String> names = new ArrayList<>(Metrics.names());
    names.addAll(Learners.all().keySet());
    ServiceLoader.load(Job.class).forEach(job -> names.add(job.kind()));
    ServiceLoader.load(Scheme.class).forEach(scheme -> names.add(scheme.kind()));
    names.add("nested");
    assertThat(names)
        .hasSizeGreaterThan(50)
        .allSatisfy(name -> assertThat(reference).containsPattern(word(name)));
  }

  @Test
  void valuesOfTheReferenceAreTheDefaults() {
    RunConfig reference = RunConfig.load(REFERENCE.toFile(), List.of());
    RunConfig least =
        RunConfig.read(
            ConfigFactory.parseString(
                """
                name = least
                data.customers { path = "data/customers.parquet", label = churned }
                models.forest { estimator = random-forest, params { numTrees = 200 }, grid { maxDepth = [4, 8] } }
                models.scored { predictions = "hdfs:///scores/llm", prediction = answer, score = p }
                models.validated.predictions { output = reports }
                jobs = [ { job = cross-validate } ]
                """));
    assertThat(reference.seed()).isEqualTo(least.seed());
    assertThat(reference.output()).isEqualTo(least.output());
    assertThat(reference.data()).isEqualTo(least.data());
    assertThat(reference.models()).containsAllEntriesOf(least.models());
    assertThat(reference.jobs().get(0).name()).isEqualTo(least.jobs().get(0).name());
    Plan plan = Plan.read(reference.jobs().get(0).section().section("plan"), false);
    Plan plain = Plan.read(Section.root(ConfigFactory.parseString("kind = k-fold")), false);
    assertThat(plan.options()).isEqualTo(plain.options());
    assertThat(plan.label()).isEqualTo(plain.label());
  }

  @Test
  void parametersOfMetricsInTheReferenceAreTheDefaults() throws IOException {
    String all = reference().substring(reference().indexOf("All, with the defaults"));
    Matcher matcher = Pattern.compile("([a-z-]+)\\([a-z]+=[0-9.]+\\)").matcher(all);
    int count = 0;
    while (matcher.find()) {
      assertThat(Metrics.named(matcher.group()).spec()).isEqualTo(matcher.group(1));
      count++;
    }
    assertThat(count).isEqualTo(3);
  }

  /**
   * A key without a default stands as a comment, {@code # key = sample}, that may be uncommented.
   */
  @Test
  void samplesOfTheReferenceAreRight() throws IOException {
    Matcher comment = Pattern.compile("(?m)^( *)# (?=[a-z-]+ = )").matcher(reference());
    String all = comment.replaceAll("$1");
    assertThat(comment.reset().results().count()).isGreaterThan(15);
    Config config = ConfigFactory.parseString(all);
    Runner runner = Runner.of(RunConfig.read(config), List.of());
    assertThat(runner.steps()).extracting(Job.Step::name).contains("cross-validate", "chosen");
  }

  /** Each section's readers say which keys they know when they meet one that they do not. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bogus",
        "data.customers.bogus",
        "models.forest.bogus",
        "models.validated.predictions.bogus"
      })
  void referenceNamesEveryKey(String path) throws IOException {
    Config config =
        ConfigFactory.parseFile(REFERENCE.toFile())
            .withValue(path, ConfigValueFactory.fromAnyRef(1));
    String reference = reference();
    assertThat(known(() -> Runner.of(RunConfig.read(config), List.of())))
        .hasSizeGreaterThan(5)
        .allSatisfy(key -> assertThat(reference).containsPattern(word(key)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-validate", "evaluate", "bootstrap", "compare", "permutation-test"})
  void referenceNamesEveryKeyOfAJob(String kind) throws IOException {
    String reference = reference();
    Config config =
        ConfigFactory.parseString(
            reference.replace("job = " + kind + "\n", "job = " + kind + ", bogus = 1\n"));
    assertThat(known(() -> Runner.of(RunConfig.read(config), List.of())))
        .hasSizeGreaterThan(4)
        .allSatisfy(key -> assertThat(reference).containsPattern(word(key)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"label-permutation", "two-sample", "independence"})
  void referenceNamesEveryKeyOfAPermutationTest(String test) throws IOException {
    String reference = reference();
    String key = "test = " + test + "\n";
    assertThat(reference).containsOnlyOnce(key);
    Config config =
        ConfigFactory.parseString(reference.replace(key, "test = " + test + ", bogus = 1\n"));
    assertThat(known(() -> Runner.of(RunConfig.read(config), List.of())))
        .hasSizeGreaterThan(10)
        .allSatisfy(name -> assertThat(reference).containsPattern(word(name)));
  }

  static List<String> plans() {
    List<String> kinds = new ArrayList<>(List.of("nested"));
    ServiceLoader.load(Scheme.class).forEach(scheme -> kinds.add(scheme.kind()));
    return kinds;
  }

  /** The keys of a kind's own stand in its row of the list of kinds. */
  @ParameterizedTest
  @MethodSource("plans")
  void referenceNamesEveryKeyOfAPlan(String kind) throws IOException {
    Matcher row =
        Pattern.compile("(?m)^ *#   " + kind + "( .*(?:\n *#    +.*)*)").matcher(reference());
    assertThat(row.find()).isTrue();
    String parts =
        kind.equals("nested") ? ", outer { kind = k-fold }, inner { kind = k-fold }" : "";
    Config config = ConfigFactory.parseString("kind = " + kind + ", bogus = 1" + parts);
    boolean grouped = kind.equals("leave-one-group-out");
    List<String> own = new ArrayList<>(known(() -> Plan.read(Section.root(config), grouped)));
    List<String> common = List.of("kind", "repeats", "stratify", "group", "assign", "train-sizes");
    if (!kind.equals("nested")) {
      assertThat(own).containsAll(common);
    }
    own.removeAll(common);
    assertThat(own).allSatisfy(key -> assertThat(row.group(1)).containsPattern(word(key)));
  }

  private static String word(String name) {
    return "(?<![a-z0-9-])" + Pattern.quote(name) + "(?![a-z0-9-])";
  }

  private static List<String> known(ThrowingCallable reader) {
    Throwable failure = catchThrowable(reader);
    assertThat(failure).isInstanceOf(UserException.class).hasMessageContaining("unknown key");
    Matcher known = Pattern.compile("known here: ([^;]*)").matcher(failure.getMessage());
    assertThat(known.find()).as(failure.getMessage()).isTrue();
    return List.of(known.group(1).strip().split(", "));
  }
}
