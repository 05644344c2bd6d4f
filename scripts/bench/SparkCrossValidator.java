import java.util.stream.DoubleStream;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Spark's own cross-validation, for comparison: {@code SparkCrossValidator DATA.parquet MASTER
 * PARALLELISM FOLDS PENALTIES}. Prints a line of JSON: fits, and seconds of wall time after a first
 * fit that warms the session.
 */
public final class SparkCrossValidator {
  public static void main(String[] args) {
    SparkSession spark = SparkSession.builder().master(args[1]).config("spark.ui.enabled", "false").getOrCreate();
    int folds = Integer.parseInt(args[3]);
    int penalties = Integer.parseInt(args[4]);
    Dataset<Row> all = spark.read().parquet(args[0]);
    String[] names = java.util.Arrays.stream(all.columns()).filter(c -> !c.equals("label")).toArray(String[]::new);
    Dataset<Row> rows = new VectorAssembler().setInputCols(names).setOutputCol("features").transform(all).select("label", "features").coalesce(2).cache();
    rows.count();
    LogisticRegression learner = new LogisticRegression();
    learner.fit(rows);
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid(learner.regParam(), DoubleStream.iterate(1, x -> x / 2.8).limit(penalties).toArray())
            .build();
    CrossValidator validator =
        new CrossValidator()
            .setEstimator(learner)
            .setEvaluator(new BinaryClassificationEvaluator())
            .setEstimatorParamMaps(grid)
            .setNumFolds(folds)
            .setParallelism(Integer.parseInt(args[2]));
    long from = System.nanoTime();
    validator.fit(rows);
    double seconds = (System.nanoTime() - from) / 1e9;
    System.out.println("{\"fits\": " + (folds * penalties + 1) + ", \"wall_s\": " + seconds + "}");
    spark.stop();
  }
}
