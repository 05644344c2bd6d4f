package org.assay.jobs.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.assay.UserException;
import org.assay.jobs.Progress;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Preparation;
import org.assay.jobs.frame.RawRows;
import org.assay.jobs.frame.Schema;
import org.assay.jobs.model.Learner;
import org.assay.jobs.model.Learners;
import org.assay.jobs.model.ModelFiles;
import org.assay.jobs.model.SavedPipeline;
import org.assay.jobs.model.Scorer;
import org.assay.jobs.model.Training;
import org.assay.metric.Target;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine {@code cluster}: each fit is a sequence of Spark jobs over the frame's blocks, several
 * fits at once under a fair scheduler. For any Spark ML estimator or pipeline and any size of data.
 */
public final class ClusterEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterEngine.class);

  private final SparkSession spark;
  private final Frame frame;
  private final CellFiles files;
  private final int fitsAtOnce;

  /** An engine over one frame that leaves its predictions in {@code files}. */
  public ClusterEngine(SparkSession spark, Frame frame, CellFiles files, int fitsAtOnce) {
    this.spark = spark;
    this.frame = frame;
    this.files = files;
    this.fitsAtOnce = fitsAtOnce;
  }

  /** From so many blocks per core on a fit has the cluster to itself. */
  private static final int ALONE = 32;

  /**
   * How many fits run at once unless the configuration says: twice what keeps the cluster's cores
   * busy with one task per block each, between 1 and 32. The driver's share of a small fit is what
   * the factor 2 hides; it is small beside {@value #ALONE} blocks per core, and then one fit at a
   * time needs half the memory, for learners keep a copy of the rows they train on.
   */
  public static int fitsAtOnce(SparkSession spark, Frame frame) {
    return fitsAtOnce(spark.sparkContext().defaultParallelism(), frame.blockCount());
  }

  static int fitsAtOnce(int cores, int blocks) {
    return blocks >= ALONE * cores ? 1 : Math.min(32, 2 * cores / Math.min(blocks, cores));
  }

  @Override
  public List<Outcome> run(String job, List<Cell> cells, Progress progress) {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            fitsAtOnce,
            runnable -> {
              Thread thread = new Thread(runnable, "fit");
              thread.setDaemon(true);
              return thread;
            });
    progress.start(job + ": fits", cells.size());
    try {
      List<Future<Outcome>> futures = new ArrayList<>();
      for (Cell cell : cells) {
        futures.add(
            pool.submit(
                () -> {
                  Outcome outcome = carryOut(job, cell);
                  progress.step();
                  return outcome;
                }));
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (Future<Outcome> future : futures) {
        outcomes.add(future.get());
      }
      return outcomes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while fitting", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
      progress.end();
    }
  }

  private Outcome carryOut(String job, Cell cell) {
    String id = cell.id();
    Optional<List<CellFiles.Done>> before = files.done(id);
    if (before.isPresent()) {
      return Outcome.done(cell, place(cell, id), before.get().get(0));
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    context.setLocalProperty("spark.scheduler.pool", "fit-" + Thread.currentThread().getId());
    context.setJobGroup("assay-" + id, job + ": fit and score " + cell.label());
    try {
      long from = System.nanoTime();
      CellFiles.Done done =
          switch (cell.model().kind()) {
            case ESTIMATOR -> learn(context, cell, id, from);
            case PIPELINE -> pipeline(cell, id, from);
            case MODEL -> transform(SavedPipeline.fitted(cell.model()), cell, id, from);
            case ONNX, XGBOOST -> ask(context, cell, id, from);
            case TABLE, RUN, COLUMNS ->
                throw new IllegalArgumentException(cell.model().kind() + " is not for fitting");
          };
      files.finish(id, List.of(done));
      return Outcome.done(cell, place(cell, id), done);
    } catch (UserException e) {
      throw e;
    } catch (Exception e) {
      if (spark.sparkContext().isStopped()) {
        throw new IllegalStateException("Spark stopped during " + cell.label(), e);
      }
      LOG.warn("{}: {} failed", job, cell.label(), e);
      return Outcome.failed(cell, FailedFit.reason(e));
    }
  }

  private static CellFiles.Place place(Cell cell, String id) {
    return new CellFiles.Place(id, 0, cell.predicts() == Cell.Predicts.TRAINED_TOO ? 1 : -1);
  }

  private CellFiles.Done learn(JavaSparkContext context, Cell cell, String id, long from) {
    Schema schema = frame.schema();
    Learner learner = Learners.of(cell.model());
    Preparation preparation =
        Preparation.fit(
            frame,
            cell.placement(),
            cell.replicate(),
            Preparation.Options.of(schema.data(), cell.model()));
    Training training =
        new Training(
            rows(cell, preparation),
            schema.task(),
            schema.classCount(),
            preparation.width(),
            schema.data().weight().isPresent() ? Training.Weights.GIVEN : Training.Weights.EQUAL,
            cell.fitSeed());
    return score(context, cell, id, from, preparation, learner.fit(training, cell.params()));
  }

  /** A model that is fitted already. */
  private CellFiles.Done ask(JavaSparkContext context, Cell cell, String id, long from) {
    Schema schema = frame.schema();
    Preparation preparation = Preparation.asIs(schema);
    Scorer scorer = ModelFiles.scorer(cell.model(), schema, preparation.width());
    return score(context, cell, id, from, preparation, scorer);
  }

  private CellFiles.Done score(
      JavaSparkContext context,
      Cell cell,
      String id,
      long from,
      Preparation preparation,
      Scorer scorer) {
    Schema schema = frame.schema();
    double seconds = (System.nanoTime() - from) / 1e9;
    int width = width(scorer.scores(), schema);
    FittedModel fitted = FittedModel.of(preparation, scorer, width);
    Broadcast<FittedModel> shared = context.broadcast(fitted);
    Placement placement = cell.placement();
    int replicate = cell.replicate();
    files.keep(place(cell, id), fitted);
    boolean trainedToo = cell.predicts() == Cell.Predicts.TRAINED_TOO;
    CellFiles out = files;
    long unseen =
        frame
            .blocks()
            .map(
                block -> {
                  int[] held = placement.tested(replicate, block);
                  try (CellFiles.Writer file = out.writer(id, block.number())) {
                    file.add(shared.value().predict(block, held));
                    if (trainedToo) {
                      int[] trained = placement.trained(replicate, block);
                      file.add(shared.value().predict(block, trained));
                    }
                  }
                  return Arrays.stream(held).filter(i -> preparation.isUnseen(block, i)).count();
                })
            .reduce(Long::sum);
    shared.destroy();
    return new CellFiles.Done(seconds, unseen);
  }

  /** Scores per row that a model's predictions carry. */
  public static int width(Target.Scores scores, Schema schema) {
    return scores == Target.Scores.NONE ? 0 : schema.classCount() == 2 ? 1 : schema.classCount();
  }

  private Dataset<Row> rows(Cell cell, Preparation preparation) {
    Placement placement = cell.placement();
    int replicate = cell.replicate();
    JavaRDD<Row> rows =
        frame
            .blocks()
            .flatMap(
                block ->
                    trainingRows(
                        block,
                        placement.weights(replicate, block),
                        placement.labels(block),
                        preparation));
    Metadata label = Metadata.empty();
    if (frame.schema().task().isClassification()) {
      label =
          NominalAttribute.defaultAttr()
              .withName("label")
              .withNumValues(frame.schema().classCount())
              .toMetadata();
    }
    StructType type =
        new StructType(
            new StructField[] {
              new StructField("label", DataTypes.DoubleType, false, label),
              new StructField("weight", DataTypes.DoubleType, false, Metadata.empty()),
              new StructField("features", SQLDataTypes.VectorType(), false, preparation.metadata())
            });
    return spark.createDataFrame(rows, type);
  }

  /** Training rows; one that counts k times comes k times, for not all learners heed weights. */
  private static Iterator<Row> trainingRows(
      Block block, int[] weights, double[] labels, Preparation preparation) {
    return new Iterator<>() {
      private int at = next(-1);
      private int times;

      private int next(int after) {
        int i = after + 1;
        while (i < weights.length && weights[i] <= 0) {
          i++;
        }
        return i;
      }

      @Override
      public boolean hasNext() {
        return at < weights.length;
      }

      @Override
      public Row next() {
        int i = at;
        times++;
        if (times == weights[i]) {
          at = next(i);
          times = 0;
        }
        return RowFactory.create(labels[i], block.weight(i), preparation.features(block, i));
      }
    };
  }

  private CellFiles.Done pipeline(Cell cell, String id, long from) {
    PipelineModel fitted =
        SavedPipeline.unfitted(cell.model())
            .fit(RawRows.of(spark, frame, cell.placement(), cell.replicate(), RawRows.Part.TRAIN));
    files.keep(place(cell, id), fitted);
    return transform(fitted, cell, id, from);
  }

  private CellFiles.Done transform(PipelineModel model, Cell cell, String id, long from) {
    double seconds = (System.nanoTime() - from) / 1e9;
    boolean trainedToo = cell.predicts() == Cell.Predicts.TRAINED_TOO;
    JavaRDD<Predictions> tested = predictions(model, cell, RawRows.Part.TEST);
    JavaRDD<Predictions> trained = trainedToo ? predictions(model, cell, RawRows.Part.TRAIN) : null;
    Placement placement = cell.placement();
    int replicate = cell.replicate();
    CellFiles out = files;
    // All that is predicted of a block comes together, the rows held out first.
    JavaRDD<List<Predictions>> each =
        trainedToo
            ? tested.zipPartitions(
                trained, (a, b) -> Collections.singleton(List.of(a.next(), b.next())).iterator())
            : tested.map(List::of);
    JavaRDD<Long> written =
        frame
            .blocks()
            .zipPartitions(
                each,
                (blocks, predicted) -> {
                  Block block = blocks.next();
                  List<Predictions> sets = predicted.next();
                  check(placement.tested(replicate, block), sets.get(0));
                  if (sets.size() > 1) {
                    check(placement.trained(replicate, block), sets.get(1));
                  }
                  try (CellFiles.Writer file = out.writer(id, block.number())) {
                    sets.forEach(file::add);
                  }
                  return Collections.singleton(0L).iterator();
                });
    written.count();
    return new CellFiles.Done(seconds, 0);
  }

  private JavaRDD<Predictions> predictions(PipelineModel model, Cell cell, RawRows.Part part) {
    Dataset<Row> scored =
        model.transform(RawRows.of(spark, frame, cell.placement(), cell.replicate(), part));
    return SavedPipeline.predictions(scored, frame, cell.model());
  }

  private static void check(int[] rows, Predictions predictions) {
    if (!Arrays.equals(rows, predictions.row())) {
      throw new IllegalStateException(
          "the pipeline dropped or added rows: "
              + rows.length
              + " went in, "
              + predictions.size()
              + " came out");
    }
  }
}
