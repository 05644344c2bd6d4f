package org.assay.jobs.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.Communicator;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.RabitTracker;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.assay.UserException;
import org.assay.jobs.frame.ByNumber;
import scala.Function1;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * One fit of XGBoost by many tasks: each holds a share of the rows, and they add up their
 * histograms over the network (XGBoost's own collective, as xgboost4j-spark uses it). So no task
 * holds all rows.
 *
 * <p>There are as many tasks as the cluster's cores allow, and not more than the blocks of the
 * frame; all run at the same time (Spark's barrier mode). The trees depend on how rows are shared,
 * in so far as the borders of bins are estimated from each share: of two clusters one may find
 * others.
 */
final class XgboostWorkers {
  /** Rows that are sent together. */
  private static final int CHUNK = 1024;

  /** Two fits at once could wait for each other's cores. */
  private static final Object ALONE = new Object();

  private XgboostWorkers() {}

  /** Rows on their way to a worker, which sorts them by the place that they came from. */
  private record Chunk(int block, int number, float[] features, float[] label, float[] weight)
      implements Serializable {}

  private interface Work
      extends Function1<
              scala.collection.Iterator<Tuple2<Integer, Chunk>>, scala.collection.Iterator<byte[]>>,
          Serializable {}

  /**
   * The booster in XGBoost's own format.
   *
   * @param types of each feature "c" (a category) or "q"
   * @param params as XGBoost has them, for one task but for the number of threads
   */
  static byte[] train(Training training, String[] types, Map<String, Object> params, int rounds) {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(training.rows().sparkSession().sparkContext());
    SparkConf conf = context.getConf();
    int threads = conf.getInt("spark.task.cpus", 1);
    Map<String, Object> own = new HashMap<>(params);
    own.put("nthread", threads);
    int blocks = training.rows().rdd().getNumPartitions();
    int workers = Math.max(1, Math.min(blocks, context.defaultParallelism() / threads));
    int width = training.width();
    JavaPairRDD<Integer, Chunk> shares =
        training
            .rows()
            .select("label", "weight", "features")
            .toJavaRDD()
            .mapPartitionsWithIndex((block, rows) -> new Chunks(block, workers, width, rows), false)
            .mapToPair(pair -> pair)
            .partitionBy(new ByNumber(workers));
    synchronized (ALONE) {
      try {
        RabitTracker tracker = new RabitTracker(workers, conf.get("spark.driver.host"));
        try {
          tracker.start();
          Map<String, Object> environment = new HashMap<>(tracker.getWorkerArgs());
          Work work =
              chunks ->
                  CollectionConverters.asScala(
                      List.of(
                              train(
                                  environment,
                                  types,
                                  own,
                                  rounds,
                                  CollectionConverters.asJava(chunks)))
                          .iterator());
          byte[][] boosters =
              (byte[][])
                  shares
                      .rdd()
                      .barrier()
                      .mapPartitions(work, false, ClassTag$.MODULE$.apply(byte[].class))
                      .collect();
          return boosters[0];
        } finally {
          tracker.stop();
        }
      } catch (XGBoostError e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
  }

  /** The rows of a block in chunks, each with the number of its worker. */
  private static final class Chunks implements Iterator<Tuple2<Integer, Chunk>> {
    private final int block;
    private final int workers;
    private final int width;
    private final Iterator<Row> rows;
    private int number;

    Chunks(int block, int workers, int width, Iterator<Row> rows) {
      this.block = block;
      this.workers = workers;
      this.width = width;
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Tuple2<Integer, Chunk> next() {
      List<Row> some = new ArrayList<>();
      while (some.size() < CHUNK && rows.hasNext()) {
        some.add(rows.next());
      }
      float[] features = new float[some.size() * width];
      float[] label = new float[some.size()];
      float[] weight = new float[some.size()];
      for (int i = 0; i < label.length; i++) {
        Row row = some.get(i);
        label[i] = (float) row.getDouble(0);
        weight[i] = (float) row.getDouble(1);
        double[] values = ((Vector) row.get(2)).toArray();
        for (int j = 0; j < width; j++) {
          features[i * width + j] = (float) values[j];
        }
      }
      Chunk chunk = new Chunk(block, number, features, label, weight);
      return new Tuple2<>((block + number++) % workers, chunk);
    }
  }

  /** A worker's part; the booster from the first of them, nothing from the others. */
  private static byte[] train(
      Map<String, Object> environment,
      String[] types,
      Map<String, Object> params,
      int rounds,
      Iterator<Tuple2<Integer, Chunk>> share) {
    int worker = TaskContext.getPartitionId();
    List<Chunk> chunks = new ArrayList<>();
    share.forEachRemaining(pair -> chunks.add(pair._2()));
    chunks.sort(Comparator.comparingInt(Chunk::block).thenComparingInt(Chunk::number));
    Map<String, Object> own = new HashMap<>(environment);
    own.put("DMLC_TASK_ID", Integer.toString(worker));
    DMatrix rows = null;
    Booster booster = null;
    try {
      Communicator.init(own);
      try {
        rows = matrix(chunks, types);
        chunks.clear();
        booster = XGBoost.train(rows, params, rounds, Map.of(), null, null);
        return worker == 0 ? booster.toByteArray("ubj") : new byte[0];
      } finally {
        if (booster != null) {
          booster.dispose();
        }
        if (rows != null) {
          rows.dispose();
        }
        Communicator.shutdown();
      }
    } catch (XGBoostError e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static DMatrix matrix(List<Chunk> chunks, String[] types) throws XGBoostError {
    long rows = chunks.stream().mapToLong(chunk -> chunk.label().length).sum();
    if (rows * types.length > Integer.MAX_VALUE - 8) {
      throw UserException.input(
          "a worker of XGBoost would hold "
              + rows
              + " rows of "
              + types.length
              + " columns, more numbers than an array can; use more executors");
    }
    float[] features = new float[(int) (rows * types.length)];
    float[] label = new float[(int) rows];
    float[] weight = new float[(int) rows];
    int at = 0;
    for (Chunk chunk : chunks) {
      System.arraycopy(chunk.features(), 0, features, at * types.length, chunk.features().length);
      System.arraycopy(chunk.label(), 0, label, at, chunk.label().length);
      System.arraycopy(chunk.weight(), 0, weight, at, chunk.label().length);
      at += chunk.label().length;
    }
    DMatrix matrix = new DMatrix(features, label.length, types.length, Float.NaN);
    matrix.setFeatureTypes(types);
    matrix.setLabel(label);
    matrix.setWeight(weight);
    return matrix;
  }
}
