package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.assay.config.RunConfig;
import org.assay.jobs.model.Learners;
import org.assay.jobs.store.Claim;
import org.assay.jobs.store.Remains;
import org.assay.jobs.store.RunKey;
import org.assay.jobs.store.RunStore;
import org.assay.jobs.store.StagedRun;
import org.assay.metric.Metrics;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users get wrong, through the command line: each ends with its exit code and exactly its message, which names the thing, the
 * value, the rule and the way out, without a stack trace, and leaves no table that a reader would see.
 */
class BadInputTest {
  private static final Pattern JAVA = Pattern.compile("\\b[a-z]\\w*(\\.[a-z]\\w*)+\\.[A-Z]\\w+|Exception|^\\s+at ", Pattern.MULTILINE);

  private static final String DATA =
      """
      id,x,z,y
      1,0.5,1.5,0
      2,1.5,0.5,1
      3,2.5,1.0,0
      4,3.5,2.0,1
      5,4.5,0.1,0
      6,5.5,1.1,1
      7,6.5,2.2,0
      8,7.5,0.3,1
      9,8.5,1.3,0
      10,9.5,2.4,0
      """;

  private static final String CONF =
      """
      name = bad, seed = 1, output = "DIR/out"
      data.d { path = "DIR/d.csv", id = id, label = y }
      models.m { estimator = logistic-regression }
      jobs = [ { job = cross-validate, plan { kind = k-fold, folds = 2 } } ]
      """;

  private static final String REGRESSION = "data.d.task = regression\n";
  private static final String TABLE = "models = null, models.p { predictions = \"DIR/p.csv\", prediction = prediction, score = score }, jobs = [ { job = evaluate, metrics = [accuracy] } ]";
  private static final String COLUMNS = "models = null, models.p { prediction = x, score = z }, jobs = [ { job = evaluate } ]";
  private static final String PREDICTIONS = table("id,prediction,score", "1,0,0.1", "2,1,0.9", "3,0,0.2", "4,1,0.8", "5,0,0.3", "6,1,0.7", "7,0,0.4", "8,1,0.6", "9,0,0.5", "10,0,0.1");

  @TempDir Path dir;

  /** One wrong thing: files besides the configuration, lines laid over the configuration, arguments. */
  private record Bad(String name, int code, Map<String, String> files, String conf, List<String> args, String message) {
    @Override
    public String toString() {
      return name;
    }

    Bad file(String file, String text) {
      Map<String, String> all = new LinkedHashMap<>(files);
      all.put(file, text);
      return new Bad(name, code, all, conf, args, message);
    }

    /** Other rows than {@link #DATA}. */
    Bad data(String... lines) {
      return file("d.csv", table(lines));
    }

    Bad args(String... more) {
      return new Bad(name, code, files, conf, List.of(more), message);
    }
  }

  private static String table(String... lines) {
    return String.join("\n", lines) + "\n";
  }

  private static Bad bad(String name, int code, String conf, String message) {
    return new Bad(name, code, Map.of("d.csv", DATA), conf, List.of(), message);
  }

  private static String job(String plan) {
    return "jobs = [ { job = cross-validate, plan { " + plan + " } } ]";
  }

  private static String metrics(String metrics) {
    return "jobs = [ { job = cross-validate, plan { kind = k-fold, folds = 2 }, metrics = [" + metrics + "] } ]";
  }

  static Stream<Bad> configurations() {
    return Stream.of(
        bad("unknown key", 2, job("kind = k-fold, fold = 3"), "?"),
        bad("misspelled job", 2, "jobs = [ { job = cross-validat } ]", "?"),
        bad("wrong type", 2, job("kind = k-fold, folds = many"), "?"),
        bad("number out of range", 2, job("kind = k-fold, folds = 1"), "?"),
        bad("neither true nor false", 2, job("kind = k-fold, stratify = maybe"), "?"),
        bad("no such choice", 2, "data.d.impute = zero", "?"),
        bad("missing key", 2, "data.d.label = null", "?"),
        bad("no jobs", 2, "jobs = []", "?"),
        bad("two jobs of one name", 2, "jobs = ${jobs} [ { job = cross-validate, plan { kind = k-fold } } ]", "?"),
        bad("syntax error", 2, "models { m = ", "?"),
        bad("unresolved reference", 2, "seed = ${nowhere}", "?"),
        bad("--set without =", 2, "", "?").args("--set", "seed"),
        bad("--set of an unknown key", 2, "", "?").args("--set", "sede=7"),
        bad("--only of an unknown job", 2, "", "?").args("--only", "cross-validat"),
        bad("unknown option", 2, "", "?").args("--frobnicate"),
        bad("bad run id", 2, "", "?").args("--run-id", "../up"),
        bad("no such data set", 2, "jobs = [ { job = cross-validate, data = dd, plan { kind = k-fold } } ]", "?"),
        bad("no such model", 2, "jobs = [ { job = cross-validate, models = [mm], plan { kind = k-fold } } ]", "?"),
        bad("column named twice in the configuration", 2, "data.d.features = [x, id]", "?"),
        bad("feature named twice", 2, "data.d.features = [x, z, x]", "?"),
        bad("unknown plan", 2, job("kind = kfold"), "?"),
        bad("plan without its column", 2, job("kind = time-series"), "?"),
        bad("unknown estimator", 2, "models.m.estimator = logistic-regresion", "?"),
        bad("unknown estimator parameter", 2, "models.m.params.regparam = 0.1", "?"),
        bad("estimator parameter out of range", 2, "models.m.params.regParam = -1", "?"),
        bad("estimator parameter of the wrong type", 2, "models.m.params.maxIter = few", "?"),
        bad("unknown metric", 2, metrics("acuracy"), "?"),
        bad("metric twice", 2, metrics("accuracy, accuracy"), "?"),
        bad("fitting in evaluate", 2, "jobs = [ { job = evaluate } ]", "?"),
        bad("output that is no URI", 2, "output = \"nowhere://a b\"", "?"),
        bad("output of an unknown file system", 2, "output = \"nowhere://there/x\"", "?"));
  }

  static Stream<Bad> data() {
    return Stream.of(
        bad("missing data file", 3, "data.d.path = \"DIR/nothing.csv\"", "?"),
        bad("empty table", 3, "", "?").data("id,x,z,y"),
        bad("empty file", 3, "", "?").file("d.csv", ""),
        bad("where that keeps nothing", 3, "data.d.where = \"x > 100\"", "?"),
        bad("bad SQL", 2, "data.d.where = \"x >> > 1\"", "?"),
        bad("unknown column in SQL", 2, "data.d.where = \"xx > 1\"", "?"),
        bad("unknown format", 2, "data.d.format = parket", "?"),
        bad("bad schema", 2, "data.d.schema = \"id BIGINTEGER\"", "?"),
        bad("unreadable Parquet", 3, "data.d.path = \"DIR/d.parquet\"", "?").file("d.parquet", DATA),
        bad("column twice in the header", 3, "", "?").data("id,x,x,y", "1,2,3,0", "2,3,4,1"),
        bad("label column missing", 3, "data.d.label = Y", "?"),
        bad("no such feature", 3, "data.d.features = [x, zz]", "?"),
        bad("label with one class", 3, "", "?").data("id,x,y", "1,2,0", "2,3,0"),
        bad("label with null", 3, "", "?").data("id,x,y", "1,2,0", "2,3,", "3,4,1"),
        bad("label with NaN", 3, REGRESSION, "?").data("id,x,y", "1,2,0.5", "2,3,NaN", "3,4,1.5"),
        bad("infinite label", 3, REGRESSION, "?").data("id,x,y", "1,2,0.5", "2,3,Inf", "3,4,1.5"),
        bad("label of times", 3, "", "?").data("id,x,y", "1,2,2026-01-01 00:00:00", "2,3,2026-01-02 00:00:00"),
        bad("ambiguous task", 2, "", "?").data("id,x,y", "1,2,1", "2,3,2", "3,4,3", "4,5,4", "5,6,5"),
        bad("regression of texts", 2, REGRESSION, "?").data("id,x,y", "1,2,no", "2,3,yes"),
        bad("no such positive class", 2, "data.d.positive = yes", "?"),
        bad("null ids", 3, "", "?").data("id,x,y", "1,2,0", ",3,1", ",4,1"),
        bad("duplicate ids", 3, "", "?").data("id,x,y", "a,2,0", "a,3,1", "b,4,1", "b,4,0", "c,5,1", "c,6,0", "d,7,1", "d,8,0", "e,9,0"),
        bad("text feature without encoding", 3, "", "?").data("id,x,city,y", "1,2,Bonn,0", "2,3,Ulm,1", "3,4,Ulm,1", "4,5,Bonn,0"),
        bad("text feature of too many values", 3, "data.d { encode = one-hot, max-categories = 2 }", "?").data("id,city,y", "1,Bonn,0", "2,Ulm,1", "3,Kiel,1"),
        bad("feature of times", 3, "", "?").data("id,x,at,y", "1,2,2026-01-01 00:00:00,0", "2,3,2026-01-02 00:00:00,1"),
        bad("no feature left", 3, "data.d.exclude = [x, z]", "?"),
        bad("infinite feature", 3, "", "?").data("id,x,y", "1,2,0", "2,Inf,1", "3,4,0"),
        bad("missing values", 3, "", "?").data("id,x,z,y", "1,2,,0", "2,,3,1", "3,4,,0"),
        bad("negative weight", 3, "data.d.weight = w", "?").data("id,x,w,y", "1,2,1,0", "2,3,-1,1"),
        bad("weights all zero", 3, "data.d.weight = w", "?").data("id,x,w,y", "1,2,0,0", "2,3,0,1"),
        bad("weight of text", 3, "data.d.weight = w", "?").data("id,x,w,y", "1,2,heavy,0", "2,3,light,1"),
        bad("estimator without weights", 2, "data.d.weight = w, models.m.estimator = factorization-machines", "?").data("id,x,w,y", "1,2,1,0", "2,3,2,1", "3,4,1,0", "4,5,2,1"),
        bad("group with nulls", 3, "data.d.group = g", "?").data("id,x,g,y", "1,2,a,0", "2,3,,1", "3,4,b,0"),
        bad("time of text", 3, "data.d.time = at", "?").data("id,x,at,y", "1,2,soon,0", "2,3,late,1"),
        bad("fold with nulls", 3, "data.d.fold = f\n" + job("kind = predefined"), "?").data("id,x,f,y", "1,2,a,0", "2,3,,1", "3,4,b,0"),
        bad("more folds than rows", 3, job("kind = k-fold, folds = 11"), "?"),
        bad("more folds than groups", 3, "data.d.group = g\n" + job("kind = k-fold, folds = 3"), "?").data("id,x,g,y", "1,2,a,0", "2,3,a,1", "3,4,b,0"),
        bad("more folds than members of a class", 3, job("kind = k-fold, folds = 5, stratify = true"), "?"),
        bad("metric that the model cannot give", 2, "models.m.estimator = linear-svc\n" + metrics("log-loss"), "?"),
        bad("regression metric of a classification", 2, metrics("rmse"), "?"),
        bad("regression estimator on a classification", 2, "models.m.estimator = linear-regression", "?"),
        bad("classification estimator on a regression", 2, REGRESSION + "models.m.estimator = naive-bayes", "?"),
        bad("predictions missing", 3, TABLE, "?").file("p.csv", PREDICTIONS.replace("2,1,0.9\n", "").replace("5,0,0.3\n", "")),
        bad("predictions of other rows", 3, TABLE, "?").file("p.csv", PREDICTIONS + "11,1,0.5\n12,1,0.5\n"),
        bad("predictions twice", 3, TABLE, "?").file("p.csv", PREDICTIONS + "2,1,0.5\n4,1,0.5\n"),
        bad("predictions without their column", 3, TABLE, "?").file("p.csv", PREDICTIONS.replace("score", "p")),
        bad("predictions without a file", 3, TABLE, "?"),
        bad("predictions of no class", 3, TABLE, "?").file("p.csv", PREDICTIONS.replace("2,1,0.9", "2,2,0.9")),
        bad("null predictions", 3, TABLE, "?").file("p.csv", PREDICTIONS.replace("2,1,0.9", "2,,0.9")),
        bad("scores outside [0, 1]", 3, TABLE, "?").file("p.csv", PREDICTIONS.replace("2,1,0.9", "2,1,1.9").replace("3,0,0.2", "3,0,-0.2")),
        bad("scores of text", 3, TABLE, "?").file("p.csv", PREDICTIONS.replace("2,1,0.9", "2,1,high")),
        bad("predictions that are no numbers", 3, REGRESSION + TABLE.replace(", score = score", "").replace("accuracy", "rmse"), "?").file("p.csv", PREDICTIONS.replace("2,1,0.9", "2,much,0.9")),
        bad("scores of a regression", 2, REGRESSION + COLUMNS, "?"),
        bad("no such slice", 3, "data.d.slices = [land]", "?"),
        bad("output that is a file", 2, "output = \"DIR/d.csv\"", "?"),
        bad("output below a file", 2, "output = \"DIR/d.csv/reports\"", "?"));
  }

  @BeforeAll
  static void start() {
    Shared.spark();
  }

  /** An exit code and standard error from the message on, with the test's folder as DIR. */
  private record Ended(int code, String message) {}

  private Ended run(String... args) {
    PrintStream err = System.err;
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int code;
    try (PrintStream caught = new PrintStream(text, true, StandardCharsets.UTF_8)) {
      System.setErr(caught);
      code = Main.run(new PrintStream(OutputStream.nullOutputStream()), args);
    } finally {
      System.setErr(err);
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
    String all = text.toString(StandardCharsets.UTF_8);
    int from = Math.max(0, all.indexOf("assay: "));
    return new Ended(code, all.substring(from).strip().replace(dir.toString(), "DIR"));
  }

  private Path conf(Bad bad) throws IOException {
    for (Map.Entry<String, String> file : bad.files().entrySet()) {
      Files.writeString(dir.resolve(file.getKey()), file.getValue());
    }
    return Files.writeString(dir.resolve("bad.conf"), (CONF + bad.conf()).replace("DIR", dir.toString()));
  }

  /** What a reader of the output sees: all but what begins with a point or an underscore. */
  private List<String> visible(Path output) throws IOException {
    if (!Files.isDirectory(output)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(output)) {
      return all.map(p -> output.relativize(p).toString()).filter(p -> !p.isEmpty() && !p.startsWith("_") && !p.startsWith(".")).sorted().toList();
    }
  }

  private void check(Bad bad) throws IOException {
    List<String> args = new ArrayList<>(List.of("run", conf(bad).toString()));
    args.addAll(bad.args());
    Ended ended = run(args.toArray(String[]::new));
    System.out.println("###" + bad.name() + "###" + ended.code() + "###" + ended.message().replace("\n", "\\n"));
    TreeSet<String> jobs = new TreeSet<>();
    ServiceLoader.load(Job.class).forEach(j -> jobs.add(j.kind()));
    String expected =
        bad.message()
            .replace("{jobs}", String.join(", ", jobs))
            .replace("{estimators}", String.join(", ", new TreeSet<>(Learners.all().keySet())))
            .replace("{metrics}", String.join(", ", Metrics.names()));
    assertThat(ended).isEqualTo(new Ended(bad.code(), "assay: " + expected));
    assertThat(ended.message()).doesNotContainPattern(JAVA);
    assertThat(visible(dir.resolve("out"))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource
  void configurations(Bad bad) throws IOException {
    check(bad);
    assertThat(dir.resolve("out")).as("nothing is written before the configuration is right").doesNotExist();
  }

  @ParameterizedTest
  @MethodSource
  void data(Bad bad) throws IOException {
    check(bad);
  }

  @Test
  void missingConfigurationFile() {
    assertThat(run("run", dir.resolve("none.conf").toString())).isEqualTo(new Ended(2, "assay: no configuration file 'DIR/none.conf'; give the path of a HOCON file"));
  }

  @Test
  void unknownCommand() {
    assertThat(run("rnu")).isEqualTo(new Ended(2, "?"));
  }

  private static Bad good() {
    return bad("good", 0, "data.d.exclude = []\n" + TABLE, "").file("p.csv", PREDICTIONS);
  }

  @Test
  void runIdOfOtherSettings() throws IOException {
    String conf = conf(good()).toString();
    assertThat(run("run", conf, "--run-id", "r1").code()).isZero();
    List<String> before = visible(dir.resolve("out"));
    assertThat(before).isNotEmpty();
    Ended again = run("run", conf, "--run-id", "r1", "--set", "seed=2");
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.message().replaceAll("[0-9a-f]{12}", "HASH")).isEqualTo("?");
    assertThat(visible(dir.resolve("out"))).isEqualTo(before);
  }

  @Test
  void runIdHeldByALiveProcess() throws IOException {
    Path conf = conf(good());
    Runner runner = Runner.of(RunConfig.load(conf.toFile(), List.of()), List.of());
    RunStore store = RunStore.open(dir.resolve("out").toString(), new Configuration());
    Claim claim = store.claim(new RunKey("bad", "r1", runner.configHash()), Remains.CLEAR);
    try (StagedRun held = ((Claim.Claimed) claim).run()) {
      Ended second = run("run", conf.toString(), "--run-id", "r1");
      assertThat(second.code()).isEqualTo(2);
      assertThat(second.message().replaceAll("process \\d+ on \\S+ has", "process PID on HOST has").replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:]+Z", "TIME"))
          .isEqualTo("?");
      assertThat(visible(dir.resolve("out"))).isEmpty();
    }
  }

  /** A local file system that is full after {@link #LIMIT} bytes per file. */
  public static final class Full extends RawLocalFileSystem {
    static final int LIMIT = 600;

    @Override
    public URI getUri() {
      return URI.create("full:///");
    }

    @Override
    public String getScheme() {
      return "full";
    }

    @Override
    public FSDataOutputStream create(org.apache.hadoop.fs.Path file, boolean overwrite, int buffer, short replication, long block, Progressable progress) throws IOException {
      return limited(super.create(file, overwrite, buffer, replication, block, progress));
    }

    @Override
    public FSDataOutputStream create(org.apache.hadoop.fs.Path file, FsPermission permission, boolean overwrite, int buffer, short replication, long block, Progressable progress)
        throws IOException {
      return limited(super.create(file, permission, overwrite, buffer, replication, block, progress));
    }

    private static FSDataOutputStream limited(FSDataOutputStream out) throws IOException {
      OutputStream limited =
          new OutputStream() {
            private long left = LIMIT;

            @Override
            public void write(int b) throws IOException {
              write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
              left -= length;
              if (left < 0) {
                throw new IOException("No space left on device");
              }
              out.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
              out.close();
            }
          };
      return new FSDataOutputStream(limited, null);
    }
  }

  @Test
  void diskFull() throws IOException {
    String key = "spark.hadoop.fs.full.impl";
    System.setProperty(key, Full.class.getName());
    Shared.spark().sparkContext().hadoopConfiguration().set("fs.full.impl", Full.class.getName());
    try {
      for (Bad job : List.of(good(), bad("fits", 1, "", ""))) {
        Ended ended = run("run", conf(job).toString(), "--run-id", "r1-" + job.name(), "--output", "full://" + dir.resolve("out"));
        System.out.println("###disk full " + job.name() + "###" + ended.code() + "###" + ended.message().replace("\n", "\\n"));
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.message()).isEqualTo("?");
        assertThat(visible(dir.resolve("out"))).isEmpty();
      }
    } finally {
      System.clearProperty(key);
    }
  }
}
