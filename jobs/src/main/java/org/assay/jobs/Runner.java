package org.assay.jobs;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.assay.UserException;
import org.assay.config.RunConfig;
import org.assay.config.Suggestion;

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
    ServiceLoader.load(Job.class, Runner.class.getClassLoader()).forEach(j -> jobs.put(j.kind(), j));
    List<Job.Step> steps = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (RunConfig.JobConfig entry : config.jobs()) {
      Job job = jobs.get(entry.kind());
      if (job == null) {
        throw entry.section().wrong("job", "no such job" + Suggestion.of(entry.kind(), jobs.keySet()) + "; known: " + String.join(", ", jobs.keySet()));
      }
      names.add(entry.name());
      Job.Step step = job.read(entry, config);
      if (only.isEmpty() || only.contains(entry.name())) {
        steps.add(step);
      }
    }
    for (String name : only) {
      if (!names.contains(name)) {
        throw UserException.usage("--only " + name + ": no such job" + Suggestion.of(name, names) + "; the jobs are " + String.join(", ", names));
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
      throw UserException.usage("no Spark master is set; start with scripts/assay or spark-submit, or pass --master local[*]");
    }
    return SparkSession.builder().config(conf).getOrCreate();
  }

  /** Prints what would run, after reading the data. */
  void explain(PrintStream out, Progress progress) {
    try (RunContext context = new RunContext(spark(), config, steps, progress, null)) {
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

  /** A hash of everything that the results depend on besides the data: the configuration without its output, and the jobs chosen. */
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

  static String version() {
    String version = Runner.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
