package org.assay.jobs.engine;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.bootstrap.Replicates;
import org.assay.bootstrap.Replication;
import org.assay.bootstrap.Resampling;
import org.assay.jobs.Progress;
import org.assay.random.Lanes;
import scala.Tuple2;

/**
 * The engine {@code score}, cut by replicates: items are broadcast, each task measures some batches
 * of eight replicates over all of them. One Spark job, no shuffle.
 */
public final class Resampler {
  /** Items times batches of a task: some tenths of a second. */
  private static final long WORK = 4_000_000;

  private Resampler() {}

  /**
   * Measures all replicates of a resampling.
   *
   * @param what the work as a person reads it
   */
  public static Replicates run(
      JavaSparkContext context,
      String what,
      Replication replication,
      Resampling resampling,
      Progress progress) {
    Replicates all = replication.room(resampling.replicates());
    int batches = Lanes.batches(resampling.replicates());
    int each = (int) Math.max(1, Math.min(batches, WORK / Math.max(1, replication.items())));
    int tasks = (batches + each - 1) / each;
    Broadcast<Replication> shared = context.broadcast(replication);
    Broadcast<Resampling> draws = context.broadcast(resampling);
    try {
      Tasks.run(
          context,
          what,
          tasks,
          task -> {
            List<Tuple2<Integer, Replicates>> done = new ArrayList<>();
            shared
                .value()
                .measure(
                    draws.value(),
                    task * each,
                    Math.min(batches, (task + 1) * each),
                    (batch, values) -> done.add(new Tuple2<>(batch, values)));
            return done;
          },
          (task, done) -> done.forEach(part -> all.put(part._1(), part._2())),
          progress);
      return all;
    } finally {
      shared.destroy();
      draws.destroy();
    }
  }
}
