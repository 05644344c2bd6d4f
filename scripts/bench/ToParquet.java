import org.apache.spark.sql.SparkSession;

/** Turns a CSV with a header into one file of Parquet: {@code ToParquet FROM TO SCHEMA}. */
public final class ToParquet {
  public static void main(String[] args) throws Exception {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      spark
          .read()
          .option("header", "true")
          .schema(args[2])
          .csv(args[0])
          .coalesce(1)
          .write()
          .parquet(args[1]);
    }
  }
}
