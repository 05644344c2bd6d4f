package org.assay.jobs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.assay.UserException;
import org.assay.config.RunConfig;
import org.assay.jobs.store.RunStore;
import org.assay.report.Manifest;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * The entrance: {@code assay COMMAND ...}. The one place that maps failures to exit codes: 0 done,
 * 1 unexpected or some cells failed, 2 usage or configuration, 3 the input breaks its contract.
 */
@Command(
    name = "assay",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Evaluates models on Apache Spark, and says how sure it is.",
    subcommands = {
      Main.Run.class,
      Main.Check.class,
      Main.Explain.class,
      Main.OneJob.Evaluate.class,
      Main.OneJob.CrossValidate.class,
      Show.class,
      Main.Demo.class
    })
public final class Main implements Callable<Integer> {
  private final PrintStream out;

  private Main(PrintStream out) {
    this.out = out;
  }

  /** Runs a command; ends the process when its exit code is not 0, and returns otherwise. */
  public static void main(String[] args) {
    int code = run(System.out, args);
    if (code != 0) {
      System.exit(code);
    }
  }

  /** Runs a command and returns its exit code. */
  public static int run(PrintStream out, String... args) {
    Locale.setDefault(Locale.ROOT);
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    CommandLine line = new CommandLine(new Main(out));
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(
        (e, a) -> {
          System.err.println(
              "assay: "
                  + e.getMessage()
                  + "; see assay "
                  + (e.getCommandLine().getParent() == null
                      ? ""
                      : e.getCommandLine().getCommandName() + " ")
                  + "--help");
          return 2;
        });
    line.setExecutionExceptionHandler((e, command, result) -> exitCode(e));
    return line.execute(args);
  }

  private static int exitCode(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof UserException user) {
        System.err.println("assay: " + user.getMessage());
        LoggerFactory.getLogger(Main.class)
            .info("ended with exit code {}", user.kind().exitCode(), user);
        return user.kind().exitCode();
      }
    }
    LoggerFactory.getLogger(Main.class).error("unexpected failure", e);
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    if (root instanceof BindException) {
      System.err.println(
          "assay: Spark cannot open a port: "
              + root.getMessage()
              + "; set SPARK_LOCAL_IP=127.0.0.1");
    } else if (root instanceof IOException) {
      System.err.println(
          "assay: a file or connection failed: " + root.getMessage() + "; the log says where");
    } else {
      System.err.println(
          "assay: unexpected failure, a bug of ours; please report it with what follows");
      e.printStackTrace();
    }
    return 1;
  }

  @Override
  public Integer call() {
    CommandLine.usage(this, out);
    return 0;
  }

  /** The version as {@code --version} prints it. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"assay " + Runner.version()};
    }
  }

  /** What all commands that read a configuration file share. */
  static final class FileOptions {
    @Parameters(index = "0", paramLabel = "CONF", description = "the configuration, a HOCON file")
    private File file;

    @Option(
        names = "--set",
        paramLabel = "KEY=VALUE",
        description = "lays a value over the file; may be repeated")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--only", paramLabel = "JOB", split = ",", description = "only these jobs")
    private List<String> only = new ArrayList<>();

    @Option(
        names = "--output",
        paramLabel = "URI",
        description = "where the reports go; overrides the file's output")
    private String output;

    Runner runner() {
      List<String> all = new ArrayList<>(overrides);
      RunConfig config = RunConfig.load(file, all);
      if (output != null) {
        config =
            new RunConfig(
                config.name(),
                config.seed(),
                output,
                config.data(),
                config.models(),
                config.jobs(),
                config.text());
      }
      return Runner.of(config, only);
    }
  }

  /** Options of commands that write a report. */
  static final class RunOptions {
    @Option(
        names = "--run-id",
        paramLabel = "ID",
        description = "the run's id; made of the time unless given")
    private String runId;

    @Option(
        names = "--resume",
        description = "continue a run that was stopped: only what is missing is fitted")
    private boolean resume;

    int run(Runner runner, PrintStream out, String output) {
      Runner.Outcome outcome = runner.run(runId, resume, Progress.toStandardError());
      Manifest manifest = outcome.manifest();
      out.print(Show.summary(RunStore.open(output, Runner.hadoop()), manifest, 40, Show.width()));
      out.println(
          "sealed: "
              + output
              + ", run "
              + manifest.runId()
              + ", report hash "
              + manifest.reportHash().substring(0, 16));
      if (outcome.exitCode() != 0) {
        System.err.println("assay: " + manifest.reason());
      }
      return outcome.exitCode();
    }
  }

  /** {@code run}. */
  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description = "Runs the jobs of a configuration and seals the report.")
  static final class Run implements Callable<Integer> {
    @ParentCommand private Main main;
    @CommandLine.Mixin private FileOptions file;
    @CommandLine.Mixin private RunOptions options;

    @Override
    public Integer call() {
      Runner runner = file.runner();
      return options.run(runner, main.out, runner.output());
    }
  }

  /** {@code check}. */
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description =
          "Says whether a configuration is right; with --data also the data it names. Runs nothing.")
  static final class Check implements Callable<Integer> {
    @ParentCommand private Main main;
    @CommandLine.Mixin private FileOptions file;

    @Option(names = "--data", description = "read the data too")
    private boolean data;

    @Override
    public Integer call() {
      Runner runner = file.runner();
      if (data) {
        runner.explain(
            new PrintStream(OutputStream.nullOutputStream()), Progress.toStandardError());
      }
      main.out.println(
          "right: "
              + runner.steps().size()
              + (runner.steps().size() == 1 ? " job" : " jobs")
              + ", "
              + String.join(", ", runner.steps().stream().map(Job.Step::name).toList())
              + (data ? "; the data meet their contract" : ""));
      return 0;
    }
  }

  /** {@code explain}. */
  @Command(
      name = "explain",
      mixinStandardHelpOptions = true,
      description =
          "Says what would run: replicates, fits, passes, engine, rows. Reads the data, runs nothing.")
  static final class Explain implements Callable<Integer> {
    @ParentCommand private Main main;
    @CommandLine.Mixin private FileOptions file;

    @Override
    public Integer call() {
      file.runner().explain(main.out, Progress.toStandardError());
      return 0;
    }
  }

  /** What a data set is: each flag stands for the key of its name in {@code data.NAME}. */
  static final class DataFlags {
    @CommandLine.Spec private CommandLine.Model.CommandSpec flags;

    @Option(
        names = "--data",
        required = true,
        paramLabel = "PATH",
        description = "the data: a file, a folder or a glob")
    String path;

    @Option(names = "--format", description = "a Spark source; by the path's ending unless given")
    String format;

    @Option(
        names = "--option",
        paramLabel = "K=V",
        description = "an option of the source; may be repeated")
    Map<String, String> sourceOptions = new LinkedHashMap<>();

    @Option(names = "--where", paramLabel = "SQL", description = "a condition that rows must meet")
    String where;

    @Option(
        names = "--derive",
        paramLabel = "NAME=SQL",
        description = "a column made by an SQL expression; may be repeated")
    Map<String, String> derive = new LinkedHashMap<>();

    @Option(names = "--label", description = "the column to predict")
    String label;

    @Option(
        names = "--task",
        description = "classification or regression; inferred when it is clear")
    String task;

    @Option(names = "--positive", description = "the positive class of a binary label")
    String positive;

    @Option(names = "--id", description = "the column that names a row")
    String id;

    @Option(names = "--group", description = "the column whose equal values stay together")
    String group;

    @Option(names = "--time", description = "the column that orders rows in time")
    String time;

    @Option(names = "--weight", description = "the column of row weights")
    String weight;

    @Option(names = "--fold", description = "the column of predefined folds")
    String fold;

    @Option(
        names = "--features",
        split = ",",
        description = "columns to learn from; all without another role unless given")
    List<String> features = new ArrayList<>();

    @Option(names = "--exclude", split = ",", description = "columns not to learn from")
    List<String> exclude = new ArrayList<>();

    @Option(
        names = "--slices",
        paramLabel = "COLUMN[,...]",
        description =
            "columns whose values are reported apart; also [A,B] and {column=A,edges=[1,2]} as in a configuration")
    List<String> slices = new ArrayList<>();

    @Option(
        names = "--slice-min-count",
        paramLabel = "N",
        description = "report no slices of fewer rows")
    Integer sliceMinCount;

    @Option(
        names = "--slice-pool-rare",
        split = ",",
        paramLabel = "COLUMN",
        description = "columns of slices whose rare values count together as \"other\"")
    List<String> slicePoolRare = new ArrayList<>();

    @Option(names = "--nulls", split = ",", description = "texts that mean missing")
    List<String> nulls = new ArrayList<>();

    @Option(names = "--impute", description = "fail, median, mean or most-frequent")
    String impute;

    @Option(names = "--encode", description = "fail, one-hot or index")
    String encode;

    /** The flags that are not named like their keys. */
    private static final Map<String, String> KEYS = Map.of("data", "path", "option", "options");

    /** The keys of those that are given. */
    Map<String, Object> keys() {
      Map<String, Object> keys = new LinkedHashMap<>();
      for (CommandLine.Model.OptionSpec flag : flags.options()) {
        String name = flag.longestName().substring(2);
        OneJob.put(keys, KEYS.getOrDefault(name, name), flag.getValue());
      }
      if (!slices.isEmpty()) {
        keys.put("slices", OneJob.parsed("[" + String.join(",", slices) + "]"));
      }
      return keys;
    }
  }

  /** One job from flags; subclasses add what is particular to a job. */
  abstract static class OneJob implements Callable<Integer> {
    @ParentCommand private Main main;
    @CommandLine.Mixin private RunOptions options;

    @CommandLine.Mixin private DataFlags flags;

    @Option(
        names = "--metrics",
        split = ",",
        description = "what to measure; the usual ones of the task unless given")
    private List<String> metrics = new ArrayList<>();

    @Option(names = "--keep", description = "predictions to keep: all, first-repeat or none")
    private String keep;

    @Option(names = "--seed", description = "of all randomness; 0 unless given")
    private Long seed;

    @Option(names = "--name", description = "the suite's name")
    private String name;

    @Option(
        names = "--output",
        paramLabel = "URI",
        description = "where the reports go; ./reports unless given")
    private String output;

    @Option(
        names = "--print-conf",
        description = "print the configuration these flags stand for, and run nothing")
    private boolean printConf;

    abstract String kind();

    abstract void models(Map<String, Object> models);

    void job(Map<String, Object> job) {}

    void data(Map<String, Object> data) {}

    @Override
    public Integer call() {
      Map<String, Object> data = flags.keys();
      data(data);
      Map<String, Object> job = new LinkedHashMap<>();
      job.put("job", kind());
      job.put("data", "data");
      put(job, "metrics", metrics);
      put(job, "keep", keep);
      job(job);
      Map<String, Object> models = new LinkedHashMap<>();
      models(models);
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("name", name == null ? kind() : name);
      all.put("seed", seed == null ? 0L : seed);
      all.put("output", output == null ? "reports" : output);
      all.put("data", Map.of("data", data));
      all.put("models", models);
      all.put("jobs", List.of(job));
      Config config = ConfigValueFactory.fromMap(all, "the command line").toConfig();
      if (printConf) {
        main.out.print(
            config
                .root()
                .render(ConfigRenderOptions.defaults().setJson(false).setOriginComments(false)));
        Runner.of(RunConfig.read(config), List.of());
        return 0;
      }
      RunConfig run = RunConfig.read(config);
      return options.run(Runner.of(run, List.of()), main.out, run.output());
    }

    static void put(Map<String, Object> map, String key, Object value) {
      boolean empty =
          value == null
              || value instanceof List<?> list && list.isEmpty()
              || value instanceof Map<?, ?> m && m.isEmpty();
      if (!empty) {
        map.put(key, value);
      }
    }

    static Object parsed(String value) {
      return RunConfig.override(ConfigFactory.empty(), List.of("v=" + value))
          .getValue("v")
          .unwrapped();
    }

    /** {@code evaluate}. */
    @Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description =
            "Measures predictions that are there already, or a saved model, on all rows and by slice.")
    static final class Evaluate extends OneJob {
      @Option(names = "--prediction", description = "column of predictions")
      private String prediction;

      @Option(
          names = "--score",
          description = "column of scores: a probability, or a vector of one per class")
      private String score;

      @Option(
          names = "--correct",
          description = "column that says whether a prediction is right; then no label is needed")
      private String correct;

      @Option(
          names = "--predictions",
          paramLabel = "PATH",
          description =
              "a table of predictions, joined by id; or of a sealed run: {output=reports,job=cv,model=logit}")
      private String predictions;

      @Option(
          names = "--on-missing",
          description = "fail, or drop: leave out items that lack a prediction")
      private String onMissing;

      @Option(
          names = "--model-column",
          description = "for data with a row per item and model: the column that says which model")
      private String modelColumn;

      @Option(
          names = "--models",
          split = ",",
          description = "with --model-column: the models to measure, as that column names them")
      private List<String> names = new ArrayList<>();

      @Option(
          names = "--saved-model",
          paramLabel = "PATH",
          description = "a saved Spark ML PipelineModel")
      private String saved;

      @Override
      String kind() {
        return "evaluate";
      }

      @Override
      void models(Map<String, Object> models) {
        Map<String, Object> model = new LinkedHashMap<>();
        put(model, "model", saved);
        put(
            model,
            "predictions",
            predictions != null && predictions.startsWith("{") ? parsed(predictions) : predictions);
        put(model, "prediction", prediction);
        put(model, "score", score);
        put(model, "correct", correct);
        put(model, "on-missing", onMissing);
        if (names.isEmpty() != (modelColumn == null)) {
          throw UserException.usage(
              "--model-column and --models: give both, the column and the models to measure, or neither");
        }
        (names.isEmpty() ? List.of("model") : names).forEach(name -> models.put(name, model));
      }

      @Override
      void data(Map<String, Object> data) {
        put(data, "model-column", modelColumn);
      }
    }

    /** {@code cross-validate}. */
    @Command(
        name = "cross-validate",
        mixinStandardHelpOptions = true,
        description = "Fits models in every fold of a plan and measures them on the rows held out.")
    static final class CrossValidate extends OneJob {
      @Option(
          names = "--model",
          required = true,
          paramLabel = "[NAME=]ESTIMATOR",
          description = "a learner; may be repeated")
      private List<String> models = new ArrayList<>();

      @Option(
          names = "--param",
          paramLabel = "[NAME.]PARAM=VALUE",
          description = "a learner's parameter, of all models or of one; may be repeated")
      private List<String> params = new ArrayList<>();

      @Option(names = "--plan", description = "k-fold unless given")
      private String plan = "k-fold";

      @Option(names = "--folds", description = "number of folds")
      private Integer folds;

      @Option(names = "--repeats", description = "how often the plan is repeated")
      private Integer repeats;

      @Option(names = "--stratify", description = "balance the classes over the folds")
      private boolean stratify;

      @Option(
          names = "--plan-key",
          paramLabel = "K=V",
          description = "any other key of the plan; may be repeated")
      private Map<String, String> planKeys = new LinkedHashMap<>();

      @Override
      String kind() {
        return "cross-validate";
      }

      @Override
      void models(Map<String, Object> all) {
        for (String model : models) {
          int equals = model.indexOf('=');
          String estimator = model.substring(equals + 1);
          String name = equals < 0 ? estimator : model.substring(0, equals);
          Map<String, Object> values = new LinkedHashMap<>();
          for (String param : params) {
            int at = param.indexOf('=');
            if (at < 1) {
              throw UserException.usage(
                  "--param " + param + ": must be PARAM=VALUE or NAME.PARAM=VALUE");
            }
            String key = param.substring(0, at);
            int dot = key.indexOf('.');
            if (dot < 0 || key.substring(0, dot).equals(name)) {
              values.put(key.substring(dot + 1), parsed(param.substring(at + 1)));
            }
          }
          Map<String, Object> section = new LinkedHashMap<>();
          section.put("estimator", estimator);
          put(section, "params", values);
          if (all.put(name, section) != null) {
            throw UserException.usage(
                "--model " + model + ": the name '" + name + "' is taken; write NAME=" + estimator);
          }
        }
      }

      @Override
      void job(Map<String, Object> job) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("kind", plan);
        put(keys, "folds", folds == null && plan.equals("k-fold") ? (Integer) 10 : folds);
        put(keys, "repeats", repeats);
        if (stratify) {
          keys.put("stratify", true);
        }
        planKeys.forEach((k, v) -> keys.put(k, parsed(v)));
        job.put("plan", keys);
      }
    }
  }

  /** {@code demo}. */
  @Command(
      name = "demo",
      mixinStandardHelpOptions = true,
      description = "A whole small run on data that ship with the product.")
  static final class Demo implements Callable<Integer> {
    @ParentCommand private Main main;
    @CommandLine.Mixin private RunOptions options;

    @Option(
        names = "--output",
        paramLabel = "URI",
        description = "where the reports go; ./reports unless given")
    private String output = "reports";

    @Override
    public Integer call() throws IOException {
      Path data = new Path(output, "_demo/breast_cancer.csv");
      FileSystem files = data.getFileSystem(new Configuration());
      try (InputStream in = resource("demo/breast_cancer.csv");
          OutputStream to = files.create(data, true)) {
        in.transferTo(to);
      }
      Config config;
      try (InputStream in = resource("demo.conf")) {
        config = ConfigFactory.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
      config =
          config
              .withValue(
                  "data.wisconsin.path",
                  ConfigValueFactory.fromAnyRef(files.makeQualified(data).toString()))
              .withValue("output", ConfigValueFactory.fromAnyRef(output));
      return options.run(Runner.of(RunConfig.read(config), List.of()), main.out, output);
    }

    private static InputStream resource(String name) {
      InputStream in = Main.class.getResourceAsStream("/org/assay/conf/" + name);
      if (in == null) {
        throw new IllegalStateException("the jar lacks conf/" + name);
      }
      return in;
    }
  }
}
