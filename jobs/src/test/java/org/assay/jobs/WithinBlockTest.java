package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.functions;
import org.assay.config.RunConfig;
import org.assay.jobs.frame.Columns;
import org.assay.jobs.frame.Frame;
import org.assay.report.ImportanceRow;
import org.assay.report.Tables;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code within = block} changes at a million rows. Of a linear model and squared loss both
 * expectations are known exactly: 2 w^2 times the variance of all rows, and 2 w^2 times the mean of
 * the variances inside blocks. So is the error of one shuffle, 2 w^2 times the variance over sqrt(n
 * - 1), for that is the standard deviation of a covariance under random permutations. The
 * difference is below a tenth of it.
 */
@Tag("slow")
class WithinBlockTest {
  private static final int ROWS = 1_000_000;
  private static final int REPEATS = 5;

  @TempDir Path dir;

  @Test
  void aMillionRowsInBlocks() {
    Shared.spark()
        .range(ROWS)
        .withColumn("a", functions.expr("tan(1.5 * sin(id * 0.7310585) + cos(id * 1.9372) / 20)"))
        .withColumn("b", functions.expr("sin(id * 5.1137) + id / 1000000"))
        .withColumn("y", functions.expr("2 * a - 3 * b"))
        .drop("id")
        .write()
        .parquet(dir.resolve("d.parquet").toString());
    String conf =
        """
        name = t, seed = 3, output = unused
        data.d { path = "DIR/d.parquet", label = y, task = regression }
        models.m { estimator = linear-regression }
        jobs = [
          { job = importance, name = all, metrics = [mse], repeats = 5 }
          { job = importance, name = block, metrics = [mse], repeats = 5, within = block }
        ]
        """
            .replace("DIR", dir.toString());
    List<ImportanceRow> rows = Shared.run(conf, dir.resolve("cells")).rows(Tables.IMPORTANCES);
    RunConfig config = RunConfig.read(ConfigFactory.parseString(conf));
    try (Frame frame =
        Frame.read(
            Shared.spark(),
            config.data().get("d"),
            List.copyOf(config.models().values()),
            Columns.NONE)) {
      assertThat(frame.blockCount()).isGreaterThan(10);
      for (String feature : List.of("a", "b")) {
        int slot = feature.equals("a") ? 0 : 1;
        double weight = feature.equals("a") ? 2 : -3;
        List<double[]> blocks =
            frame
                .blocks()
                .map(
                    block -> {
                      double sum = 0;
                      for (int i = 0; i < block.size(); i++) {
                        sum += block.numeric(slot, i);
                      }
                      double mean = sum / block.size();
                      double squares = 0;
                      for (int i = 0; i < block.size(); i++) {
                        squares += Math.pow(block.numeric(slot, i) - mean, 2);
                      }
                      return new double[] {block.size(), mean, squares};
                    })
                .collect();
        double mean = blocks.stream().mapToDouble(b -> b[0] * b[1]).sum() / ROWS;
        double inside = blocks.stream().mapToDouble(b -> b[2]).sum() / ROWS;
        double between =
            blocks.stream().mapToDouble(b -> b[0] * Math.pow(b[1] - mean, 2)).sum() / ROWS;
        double factor = 2 * weight * weight;
        double error = factor * (inside + between) / Math.sqrt(ROWS - 1);
        assertThat(factor * between).isPositive().isLessThan(0.1 * error);
        for (ImportanceRow row : rows) {
          if (row.feature().equals(feature)) {
            boolean isBlock = row.job().equals("block");
            assertThat(row.value())
                .isCloseTo(
                    factor * (inside + (isBlock ? 0 : between)),
                    within(5 * error / Math.sqrt(REPEATS)));
          }
        }
      }
    }
  }
}
