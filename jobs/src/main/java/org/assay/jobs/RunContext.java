package org.assay.jobs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.RunConfig;
import org.assay.jobs.engine.CellFiles;
import org.assay.jobs.frame.Columns;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.runner.Shell;
import org.assay.jobs.store.StagedRun;
import org.assay.report.InputFingerprint;
import org.assay.report.ReportHash;
import org.assay.report.Table;

/** What a job works in: the session, the frames, the rows of the report so far. Not thread-safe. */
public final class RunContext implements AutoCloseable {
  private final SparkSession spark;
  private final RunConfig config;
  private final Progress progress;
  private final Path cells;
  private final StagedRun run;
  private final Map<String, List<ModelConfig>> models = new LinkedHashMap<>();
  private final Map<String, Columns> columns = new LinkedHashMap<>();
  private final Map<String, Frame> frames = new LinkedHashMap<>();
  private final Map<String, InputFingerprint> inputs = new LinkedHashMap<>();
  private final Map<Table<?>, List<Record>> rows = new LinkedHashMap<>();
  private final Map<String, List<CrossValidation.Fit>> fits = new LinkedHashMap<>();

  /**
   * A context for some steps of a run.
   *
   * @param run the run in the making; null when no table will be written by tasks
   * @param cells where cells' predictions go; null when nothing will be fitted
   */
  RunContext(
      SparkSession spark,
      RunConfig config,
      List<Job.Step> steps,
      Progress progress,
      StagedRun run,
      Path cells) {
    this.spark = spark;
    this.config = config;
    this.progress = progress;
    this.run = run;
    this.cells = cells;
    for (Job.Step step : steps) {
      if (step.data() == null) {
        continue;
      }
      note(step, step.data());
      step.furtherData().forEach(data -> note(step, data));
    }
  }

  private void note(Job.Step step, DataConfig data) {
    List<ModelConfig> all = models.computeIfAbsent(data.name(), d -> new ArrayList<>());
    step.models().stream().filter(m -> !all.contains(m)).forEach(all::add);
    columns.merge(data.name(), step.columns(), Columns::and);
  }

  /** The session. */
  public SparkSession spark() {
    return spark;
  }

  /** The session's context. */
  public JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  /** The run's configuration. */
  public RunConfig config() {
    return config;
  }

  /** Where to say how far the run is. */
  public Progress progress() {
    return progress;
  }

  /**
   * A data set's frame, read at first use, with the predictions of every model, and the further
   * columns, that any job uses with it.
   */
  public Frame frame(DataConfig data) {
    return frames.computeIfAbsent(
        data.name(),
        name -> {
          progress.say("reading data." + name + " from " + data.path());
          Frame frame =
              Frame.read(
                  spark,
                  data,
                  models.getOrDefault(name, List.of()),
                  columns.getOrDefault(name, Columns.NONE));
          frame.notes().forEach(progress::say);
          return frame;
        });
  }

  /** The frames read so far, by data set. */
  Map<String, Frame> frames() {
    return frames;
  }

  /** Notes what was read besides data sets. */
  public void input(String name, InputFingerprint input) {
    inputs.put(name, input);
  }

  /** What was read so far: data sets by name, and whatever else. */
  Map<String, InputFingerprint> inputs() {
    Map<String, InputFingerprint> all = new LinkedHashMap<>();
    frames.forEach(
        (name, frame) ->
            all.put(
                name,
                new InputFingerprint(
                    frame.rows(),
                    frame.fingerprint(),
                    frame.files().count(),
                    frame.files().bytes(),
                    frame.files().modified(),
                    frame.notes())));
    all.putAll(inputs);
    return all;
  }

  /** How a command line names this run: its output and its id. */
  public String reference() {
    return Shell.quoted(config.output())
        + (run == null ? "" : " --run-id " + Shell.quoted(run.key().runId()));
  }

  /** Where cells' predictions go. */
  public CellFiles cells() {
    return new CellFiles(cells, spark.sparkContext().hadoopConfiguration());
  }

  /** A folder in which a job keeps finished work from one start of the run to the next. */
  public Path kept(String job) {
    return new Path(cells, job);
  }

  /** Keeps what a job fitted for later jobs of the run. */
  void keep(String job, List<CrossValidation.Fit> fitted) {
    fits.put(job, fitted);
  }

  /** What an earlier job of the run fitted. */
  Optional<List<CrossValidation.Fit>> fits(String job) {
    return Optional.ofNullable(fits.get(job));
  }

  /** Where tasks write the files of a large table. */
  public Path stage(Table<?> table) {
    return run.stage(table);
  }

  /** What to tell the user when tasks could not write a table. */
  public UserException unwritable(Table<?> table, IOException e) {
    return run.unwritable(table, e);
  }

  /** Adds a row to a table. */
  public <T extends Record> void add(Table<T> table, T row) {
    rows.computeIfAbsent(table, t -> new ArrayList<>()).add(row);
  }

  /** The rows of a table so far, those that tasks wrote excepted. */
  @SuppressWarnings("unchecked")
  public <T extends Record> List<T> rows(Table<T> table) {
    return (List<T>) (List<?>) rows.getOrDefault(table, List.of());
  }

  /** Notes rows that tasks wrote. */
  public void staged(Table<?> table, ReportHash hash) {
    run.staged(table, hash);
  }

  /** Whether tasks can write tables. */
  boolean isWritten() {
    return run != null;
  }

  /** Writes the rows of all tables. */
  void write() {
    rows.forEach((table, records) -> write(table, records));
  }

  @SuppressWarnings("unchecked")
  private <T extends Record> void write(Table<T> table, List<Record> records) {
    run.write(table, (List<T>) (List<?>) records);
  }

  /** Forgets the frames. */
  @Override
  public void close() {
    frames.values().forEach(Frame::close);
  }
}
