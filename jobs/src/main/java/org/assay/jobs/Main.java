package org.assay.jobs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
      OneJob.Evaluate.class,
      OneJob.CrossValidate.class,
      OneJob.Bootstrap.class,
      OneJob.Compare.class,
      OneJob.PermutationTest.class,
      OneJob.Flaky.class,
      OneJob.Importance.class,
      Show.class,
      Reproduce.class,
      Main.Demo.class
    })
public final class Main implements Callable<Integer> {
  private final PrintStream out;

  /** Where commands print. */
  PrintStream out() {
    return out;
  }

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
        config = config.withOutput(output);
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
              .withValue("subjects.suite.project", ConfigValueFactory.fromAnyRef(suite(files)))
              .withValue("output", ConfigValueFactory.fromAnyRef(output));
      return options.run(Runner.of(RunConfig.read(config), List.of()), main.out, output);
    }

    /** Puts the test suite where this machine can read it: beside the data, if that is here. */
    private String suite(FileSystem data) throws IOException {
      java.nio.file.Path folder =
          data.getUri().getScheme().equals("file")
              ? java.nio.file.Path.of(
                  data.makeQualified(new Path(output, "_demo/suite")).toUri().getPath())
              : java.nio.file.Path.of(System.getProperty("java.io.tmpdir"), "assay-demo-suite");
      Files.createDirectories(folder);
      try (InputStream in = resource("demo/suite/run-tests.sh")) {
        Files.copy(in, folder.resolve("run-tests.sh"), StandardCopyOption.REPLACE_EXISTING);
      }
      return folder.toString();
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
