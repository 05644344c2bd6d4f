package org.assay.jobs.frame;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assay.UserException;
import org.assay.config.ModelConfig;
import org.assay.config.SealedPredictions;
import org.assay.config.Suggestion;
import org.assay.jobs.store.RunStore;
import org.assay.report.Manifest;
import org.assay.report.Tables;

/**
 * One set of predictions in the report of a sealed run: a job's, of one model, setting and repeat.
 *
 * @param origin which, for messages
 * @param rows rows of the table predictions, keyed by row_key
 * @param parts the columns that hold the answers
 */
record SealedAnswers(String origin, Dataset<Row> rows, Map<Answers.Part, String> parts) {

  static SealedAnswers of(SparkSession spark, ModelConfig model) {
    SealedPredictions wanted = model.run().orElseThrow();
    String where = "models." + model.name() + ".predictions";
    RunStore store = RunStore.open(wanted.output(), spark.sparkContext().hadoopConfiguration());
    Manifest run = run(store, wanted, where);
    if (run.tables().getOrDefault(Tables.PREDICTIONS.name(), 0L) == 0) {
      throw UserException.input(
          where
              + ": run "
              + run.runId()
              + " kept no predictions; run it again with keep = all in its job");
    }
    Dataset<Row> rows = spark.read().parquet(store.folder(Tables.PREDICTIONS, run).toString());
    String origin = "run " + run.runId();
    Dataset<Row> chosen = rows;
    chosen = choose(chosen, "job", wanted.job(), where, origin);
    chosen = choose(chosen, "model", Optional.of(wanted.model()), where, origin);
    chosen = choose(chosen, "params", wanted.params(), where, origin);
    chosen =
        choose(chosen, "repeat", Optional.of(Integer.toString(wanted.repeat())), where, origin);
    Row first = chosen.select("job", "model", "params", "repeat", "score", "scores").head();
    Map<Answers.Part, String> parts = new LinkedHashMap<>();
    parts.put(Answers.Part.PREDICTION, "prediction");
    parts.put(Answers.Part.LABEL, "label");
    if (!first.isNullAt(4) || !first.isNullAt(5)) {
      parts.put(Answers.Part.SCORE, first.isNullAt(4) ? "scores" : "score");
    }
    return new SealedAnswers(
        origin
            + ", job "
            + first.getString(0)
            + ", model "
            + first.getString(1)
            + (first.getString(2).isEmpty() ? "" : ", " + first.getString(2))
            + ", repeat "
            + first.getInt(3),
        chosen,
        parts);
  }

  private static Manifest run(RunStore store, SealedPredictions wanted, String where) {
    if (!wanted.runId().equals(SealedPredictions.LATEST)) {
      try {
        return store.sealedRun(wanted.runId());
      } catch (UserException e) {
        throw e.at(where + ".run-id");
      }
    }
    List<Manifest> runs =
        store.sealedRuns().stream()
            .filter(r -> wanted.suite().map(r.suite()::equals).orElse(true))
            .toList();
    if (runs.isEmpty()) {
      throw UserException.input(
          where
              + ".run-id = latest: no sealed run"
              + wanted.suite().map(s -> " of suite " + s).orElse("")
              + " in "
              + store.output()
              + "; name the output that it was sealed in");
    }
    return runs.get(runs.size() - 1);
  }

  /** The rows with one value of a column: the wanted one, or the only one there is. */
  private static Dataset<Row> choose(
      Dataset<Row> rows, String key, Optional<String> wanted, String where, String origin) {
    TreeSet<String> there = new TreeSet<>();
    rows.select(Source.column(key).cast("string"))
        .distinct()
        .limit(1000)
        .collectAsList()
        .forEach(r -> there.add(r.getString(0)));
    String listed = Source.abbreviated(there.stream().map(t -> "'" + t + "'").toList());
    if (wanted.isEmpty() && there.size() > 1) {
      throw UserException.usage(
          where + "." + key + ": " + origin + " has several, " + listed + "; name one");
    }
    String value = wanted.orElse(there.first());
    if (!there.contains(value)) {
      throw UserException.input(
          where
              + "."
              + key
              + " = "
              + value
              + ": "
              + origin
              + " has no predictions of it"
              + Suggestion.of(value, there)
              + "; it has "
              + listed);
    }
    return rows.where(Source.column(key).cast("string").equalTo(value));
  }
}
