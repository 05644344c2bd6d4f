package org.assay.jobs.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.assay.config.ModelConfig;
import org.assay.config.Section;
import org.assay.fit.Examples;
import org.assay.fit.Model;
import org.assay.jobs.Progress;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Preparation;
import org.assay.jobs.frame.Schema;
import org.assay.jobs.model.Learner;
import org.assay.jobs.model.Learners;
import org.assay.jobs.model.Local;
import org.assay.metric.Squares;

/**
 * The engine {@code task}: whole fits of single-machine learners ({@link Local}), each in a task
 * that holds the rows, as many at once as the cluster has cores. A task uses {@code
 * spark.task.cpus} threads. A learner that crashes its process costs an executor; Spark then tries
 * the task anew.
 */
final class TaskEngine implements Engine {
  /** A task keeps the rows as they are stored, twice as they are learned from, and its model. */
  private static final int COPIES = 4;

  private final SparkSession spark;
  private final Frame frame;
  private final CellFiles files;

  TaskEngine(SparkSession spark, Frame frame, CellFiles files) {
    this.spark = spark;
    this.frame = frame;
    this.files = files;
  }

  /** Why a model cannot be fitted so, as a clause; empty if it can. */
  static Optional<String> refusal(ModelConfig model, Schema schema, long memory) {
    if (model.kind() != ModelConfig.Kind.ESTIMATOR) {
      return Optional.of("a saved pipeline is fitted by Spark");
    }
    Learner learner = Learners.of(model);
    if (learner.local().isEmpty()) {
      return Optional.of(learner.name() + " does not train in one task");
    }
    for (Map<String, Object> setting : model.settings()) {
      String refusal = learner.local().get().refusal(schema.task(), setting);
      if (refusal != null) {
        return Optional.of(refusal);
      }
    }
    long bytes = bytes(model, schema);
    return bytes > memory
        ? Optional.of(
            "a task needs about "
                + Section.bytes(bytes)
                + " for "
                + schema.rows()
                + " rows, and memory = "
                + Section.bytes(memory))
        : Optional.empty();
  }

  /** What a task holds, about. */
  static long bytes(ModelConfig model, Schema schema) {
    return COPIES
        * schema.rows()
        * (Frame.bytesPerRow(schema) + 8L * BatchPlan.width(model, schema));
  }

  @Override
  public List<Outcome> run(String job, List<Cell> cells, Progress progress) {
    Ledger ledger = new Ledger(cells, files);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int threads = context.getConf().getInt("spark.task.cpus", 1);
    CellFiles out = files;
    ledger
        .byModel()
        .forEach(
            (model, own) -> {
              List<Batch> batches = ledger.open(Batch.single(cells, own, frame.schema()));
              Map<String, Long> seeds = new HashMap<>();
              for (Batch batch : batches) {
                int cell = batch.units().get(0).cells().get(0);
                seeds.put(batch.id(), cells.get(cell).fitSeed());
              }
              if (!batches.isEmpty()) {
                String what = job + ": fit and score " + model.name();
                try (AllRows rows = new AllRows(context, frame, what)) {
                  rows.run(
                      what,
                      batches,
                      (batch, blocks) -> fit(batch, seeds.get(batch.id()), threads, blocks, out),
                      (number, report) -> ledger.settle(batches.get(number), report),
                      progress);
                }
              }
            });
    return ledger.outcomes();
  }

  private static Batch.Report fit(
      Batch batch, long seed, int threads, List<Block> blocks, CellFiles files) {
    long from = System.nanoTime();
    Batch.Unit unit = batch.units().get(0);
    Map<String, Object> params = unit.settings().get(0);
    Schema schema = batch.schema();
    List<BlockCounts> counts = BlockCounts.of(batch, blocks);
    Preparation preparation =
        Preparation.fit(schema, blocks, unit.placement(), unit.replicate(), batch.options());
    Model model = null;
    String reason = "";
    try {
      model =
          Learners.of(batch.model())
              .local()
              .orElseThrow()
              .fit(
                  new Local.Given(
                      training(unit, counts, preparation),
                      preparation.nominal(),
                      schema.task(),
                      schema.classCount(),
                      seed,
                      threads),
                  params);
    } catch (RuntimeException e) {
      reason = FailedFit.reason(e);
    }
    batch.keep(0, new Model[] {model}, preparation, files);
    long unseen = 0;
    for (BlockCounts block : counts) {
      try (CellFiles.Writer out = files.writer(batch.id(), block.block().number())) {
        unseen += batch.predict(0, new Model[] {model}, block, preparation, null, out);
      }
    }
    return new Batch.Report(
        new String[][] {{reason}},
        new long[] {unseen},
        new Squares[1][],
        (System.nanoTime() - from) / 1e9);
  }

  /**
   * The rows of all blocks that count in training; one that counts k times with k times its weight.
   */
  private static Examples training(
      Batch.Unit unit, List<BlockCounts> counts, Preparation preparation) {
    List<double[]> times = counts.stream().map(block -> block.times(0)).toList();
    int rows = (int) times.stream().flatMapToDouble(Arrays::stream).filter(t -> t > 0).count();
    int width = preparation.width();
    double[] features = new double[Math.multiplyExact(rows, width)];
    double[] label = new double[rows];
    double[] weight = new double[rows];
    int at = 0;
    for (int b = 0; b < times.size(); b++) {
      Block block = counts.get(b).block();
      double[] labels = unit.placement().labels(block);
      for (int i = 0; i < block.size(); i++) {
        if (times.get(b)[i] > 0) {
          preparation.features(block, i, features, at * width);
          label[at] = labels[i];
          weight[at++] = times.get(b)[i] * block.weight(i);
        }
      }
    }
    return new Examples(width, features, label, weight);
  }
}
