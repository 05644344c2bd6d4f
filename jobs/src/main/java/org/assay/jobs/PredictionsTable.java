package org.assay.jobs;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.assay.jobs.engine.CellFiles;
import org.assay.jobs.engine.Measurement;
import org.assay.jobs.engine.Predictions;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Schema;
import org.assay.jobs.store.ParquetTable;
import org.assay.metric.Target;
import org.assay.report.Prediction;
import org.assay.report.ReportHash;
import org.assay.report.Tables;

/**
 * Writes the predictions of a job: one file per block, rows by member and then in canonical order.
 */
final class PredictionsTable {
  private PredictionsTable() {}

  /**
   * One set of predictions as the table names it.
   *
   * @param repeat its repeat; 0 without a plan
   * @param fold its fold; 0 without a plan
   */
  record Source(
      String job,
      String data,
      String model,
      String params,
      int repeat,
      int fold,
      Measurement.Member member)
      implements Serializable {}

  static void write(RunContext context, Frame frame, String job, List<Source> sources) {
    context.context().setJobDescription(job + ": write predictions");
    String folder = context.stage(Tables.PREDICTIONS).toString();
    SerializableConfiguration configuration =
        new SerializableConfiguration(context.spark().sparkContext().hadoopConfiguration());
    Schema schema = frame.schema();
    CellFiles files = context.cells();
    List<Source> all = new ArrayList<>(sources);
    try {
      ReportHash hash =
          frame
              .blocks()
              .map(
                  block -> {
                    ReportHash part = new ReportHash();
                    Path file =
                        new Path(
                            folder, String.format("part-%s-%05d.parquet", job, block.number()));
                    try (CellFiles.Reader reader = files.reader()) {
                      ParquetTable.write(
                          Tables.PREDICTIONS,
                          rows(block, schema, reader, all, part),
                          file,
                          configuration.value());
                    }
                    return part;
                  })
              .treeReduce(
                  (a, b) -> {
                    a.merge(b);
                    return a;
                  });
      context.staged(Tables.PREDICTIONS, hash);
    } catch (Exception e) { // Spark's checked ones among them, which Scala does not declare
      Throwable root = e;
      while (root.getCause() != null && root.getCause() != root) {
        root = root.getCause();
      }
      if (root instanceof IOException full) {
        throw context.unwritable(Tables.PREDICTIONS, full);
      }
      throw e;
    }
  }

  /** Whether all that is known of a prediction is that it is none but the label's class. */
  private static boolean isUnknown(Target target, double label, double prediction) {
    return target.isOnlyCorrectness() && target.classes() > 2 && prediction != label;
  }

  private static Iterator<Prediction> rows(
      Block block, Schema schema, CellFiles.Reader files, List<Source> sources, ReportHash hash) {
    return new Iterator<>() {
      private int source = -1;
      private int at;
      private Predictions predictions =
          new Predictions(new int[0], new double[0], 0, new double[0]);

      @Override
      public boolean hasNext() {
        while (at == predictions.size() && source + 1 < sources.size()) {
          source++;
          at = 0;
          predictions = Measurement.predictions(block, files, sources.get(source).member());
        }
        return at < predictions.size();
      }

      @Override
      public Prediction next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Source s = sources.get(source);
        int row = predictions.row()[at];
        double[] scores = new double[predictions.width()];
        predictions.scores(at, scores);
        Prediction prediction =
            new Prediction(
                s.job(),
                s.data(),
                s.model(),
                s.params(),
                s.repeat(),
                s.fold(),
                block.rowKey(row),
                schema.labelText(block.label(row)),
                isUnknown(s.member().target(), block.label(row), predictions.prediction()[at])
                    ? null
                    : schema.labelText(predictions.prediction()[at]),
                scores.length == 1 ? (Double) scores[0] : null,
                scores.length > 1 ? scores : null,
                block.weight(row));
        at++;
        hash.add(Tables.PREDICTIONS, prediction);
        return prediction;
      }
    };
  }
}
