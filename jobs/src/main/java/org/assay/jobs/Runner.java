package org.assay.jobs;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import org.assay.UserException;
import org.assay.config.RunConfig;
import org.assay.config.Suggestion;
import org.assay.jobs.runner.Subjects;
import org.assay.jobs.store.Claim;
import org.assay.jobs.store.Remains;
import org.assay.jobs.store.RunKey;
import org.assay.jobs.store.RunStore;
import org.assay.jobs.store.StagedRun;
import org.assay.report.Manifest;
import org.assay.report.Tables;

/** Carries out a configuration: reads its jobs, runs them in order, seals the report. */
final class Runner {
  private final RunConfig config;
  private final List<Job.Step> steps;

  private Runner(RunConfig config, List<Job.Step> steps) {
    this.config = config;
    this.steps = steps;
  }

  /**
   * Reads all jobs of a configuration, and keeps some.
   *
   * @param only names of the jobs to keep; empty means all
   * @throws UserException if anything in any of them is wrong
   */
  static Runner of(RunConfig config, List<String> only) {
    Map<String, Job> jobs = new TreeMap<>();
    ServiceLoader.load(Job.class, Runner.class.getClassLoader())
        .forEach(j -> jobs.put(j.kind(), j));
    List<Job.Step> steps = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    config.subjects().values().forEach(Subjects::read); // also those that no job names
    for (RunConfig.JobConfig entry : config.jobs()) {
      Job job = jobs.get(entry.kind());
      if (job == null) {
        throw entry
            .section()
            .wrong(
                "job",
                "no such job"
                    + Suggestion.of(entry.kind(), jobs.keySet())
                    + "; known: "
                    + String.join(", ", jobs.keySet()));
      }
      names.add(entry.name());
      Job.Step step = job.read(entry, config);
      if (step.data() != null) {
        step.data().check(step.models());
      }
      if (only.isEmpty() || only.contains(entry.name())) {
        steps.add(step);
      }
    }
    for (String name : only) {
      if (!names.contains(name)) {
        throw UserException.usage(
            "--only "
                + name
                + ": no such job"
                + Suggestion.of(name, names)
                + "; the jobs are "
                + String.join(", ", names));
      }
    }
    return new Runner(config, steps);
  }

  /** Starts Spark with what Assay needs of it; whatever the user set wins. */
  private SparkSession spark() {
    SparkConf conf = new SparkConf();
    conf.setIfMissing("spark.app.name", "assay " + config.name());
    conf.setIfMissing("spark.scheduler.mode", "FAIR");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    conf.setIfMissing("spark.sql.session.timeZone", "UTC");
    conf.setIfMissing("spark.sql.caseSensitive", "true");
    conf.setIfMissing("spark.sql.ansi.enabled", "false");
    if (!conf.contains("spark.master") && !SparkSession.getActiveSession().isDefined()) {
      throw UserException.usage(
          "no Spark master is set; start with scripts/assay or spark-submit, or pass --master local[*]");
    }
    return SparkSession.builder().config(conf).getOrCreate();
  }

  /** Prints what would run, after reading the data. */
  void explain(PrintStream out, Progress progress) {
    try (RunContext context = new RunContext(spark(), config, steps, progress, null, null)) {
      for (Job.Step step : steps) {
        step.explain(context).forEach(out::println);
      }
    }
  }

  /** Where the report goes. */
  String output() {
    return config.output();
  }

  /** The jobs that would run. */
  List<Job.Step> steps() {
    return steps;
  }

  /**
   * A hash of everything that the results depend on besides the data: the configuration without its
   * output, and the jobs chosen.
   */
  String configHash() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(config.text().getBytes(StandardCharsets.UTF_8));
      steps.forEach(step -> sha.update(("\n" + step.name()).getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** What became of a run. */
  record Outcome(int exitCode, Manifest manifest) {}

  /**
   * Runs and seals.
   *
   * @param runId the run's id, or null for one made of the time
   */
  Outcome run(String runId, boolean resume, Progress progress) {
    RunStore store = RunStore.open(config.output(), hadoop());
    RunKey key =
        new RunKey(
            config.name(), runId == null ? RunKey.freshId(Instant.now()) : runId, configHash());
    Claim claim = store.claim(key, resume ? Remains.RESUME : Remains.CLEAR);
    if (claim instanceof Claim.AlreadySealed sealed) {
      progress.say(
          "run " + key.runId() + " is sealed already with the same settings; nothing to do");
      return new Outcome(sealed.manifest().exitCode(), sealed.manifest());
    }
    try (StagedRun run = ((Claim.Claimed) claim).run()) {
      try (RunContext context =
          new RunContext(spark(), config, steps, progress, run, run.cells())) {
        for (Job.Step step : steps) {
          step.run(context);
        }
        Manifest manifest = seal(context, run);
        return new Outcome(manifest.exitCode(), manifest);
      } catch (RuntimeException | Error e) {
        try {
          run.fail(
              e.getMessage() == null ? e.toString() : e.getMessage(),
              e instanceof UserException user ? user.kind().exitCode() : 1);
        } catch (RuntimeException note) {
          e.addSuppressed(note); // what failed first is what the user must hear
        }
        throw e;
      }
    }
  }

  /** Hadoop's settings as Spark was given them, before Spark is started. */
  static Configuration hadoop() {
    return SparkHadoopUtil.get().newConfiguration(new SparkConf());
  }

  private Manifest seal(RunContext context, StagedRun run) {
    context.write();
    Instant started = run.startedAt();
    long failures = context.rows(Tables.FAILURES).size();
    Map<String, String> versions = new TreeMap<>();
    versions.put("assay", version());
    versions.put("spark", context.spark().version());
    versions.put("java", System.getProperty("java.version"));
    Manifest manifest =
        new Manifest(
            run.key().runId(),
            config.name(),
            failures == 0 ? Manifest.Status.COMPLETE : Manifest.Status.INCOMPLETE,
            failures == 0 ? 0 : 1,
            started,
            Instant.now(),
            config.seed(),
            config.text(),
            run.key().configHash(),
            context.inputs(),
            "",
            Map.of(),
            versions,
            context.spark().sparkContext().master(),
            "",
            failures,
            failures == 0 ? "" : failures + " cells failed; see table failures");
    return run.seal(manifest);
  }

  static String version() {
    String version = Runner.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
