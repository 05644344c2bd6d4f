package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.assay.jobs.Progress;
import scala.Function2;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/** Independent pieces of work, one Spark task each; results are handed over as they come. */
public final class Tasks {
  private Tasks() {}

  /** What a task does. */
  public interface Work<R> extends Serializable {
    /** The result of a piece of work. */
    R of(int task);
  }

  /**
   * Does pieces 0 .. {@code tasks} - 1.
   *
   * @param what the work as a person reads it
   * @param received receives number and result of each, one at a time, in any order
   */
  public static <R> void run(
      JavaSparkContext context,
      String what,
      int tasks,
      Work<R> work,
      BiConsumer<Integer, R> received,
      Progress progress) {
    context.setJobDescription(what);
    progress.start(what, tasks);
    try {
      List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
      JavaRDD<Integer> rdd = context.parallelize(numbers, Math.max(1, tasks));
      Function2<TaskContext, Iterator<Integer>, R> each = each(work);
      Function2<Object, R, BoxedUnit> handler =
          (task, result) -> {
            received.accept((Integer) task, result);
            progress.step();
            return BoxedUnit.UNIT;
          };
      context
          .sc()
          .<Integer, R>runJob(
              rdd.rdd(),
              each,
              CollectionConverters.asScala(numbers.stream().map(n -> (Object) n).toList()).toSeq(),
              handler,
              ClassTag$.MODULE$.apply(Object.class));
    } finally {
      progress.end();
      context.setJobDescription(null);
    }
  }

  @SuppressWarnings("unchecked") // a lambda of two interfaces
  private static <R> Function2<TaskContext, Iterator<Integer>, R> each(Work<R> work) {
    return (Function2<TaskContext, Iterator<Integer>, R> & Serializable)
        (task, numbers) -> work.of(numbers.next());
  }
}
