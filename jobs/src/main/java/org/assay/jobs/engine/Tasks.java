package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.assay.jobs.Progress;
import scala.Function2;
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
    List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
    over(
        context,
        what,
        context.parallelize(numbers, Math.max(1, tasks)),
        tasks,
        pieces -> work.of(pieces.next()),
        received,
        progress);
  }

  /** What a task does with the elements of a partition. */
  public interface Part<T, R> extends Serializable {
    /** The result of a partition. */
    R of(Iterator<T> elements);
  }

  /**
   * Works on the first partitions of a collection, a task each.
   *
   * @param what the work as a person reads it
   * @param received receives number and result of each partition, one at a time, in any order
   */
  public static <T, R> void over(
      JavaSparkContext context,
      String what,
      JavaRDD<T> rdd,
      int partitions,
      Part<T, R> work,
      BiConsumer<Integer, R> received,
      Progress progress) {
    over(context, what, rdd, IntStream.range(0, partitions), work, received, progress);
  }

  /** The same with the partitions of these numbers; results are numbered from 0. */
  static <T, R> void over(
      JavaSparkContext context,
      String what,
      JavaRDD<T> rdd,
      IntStream partitions,
      Part<T, R> work,
      BiConsumer<Integer, R> received,
      Progress progress) {
    List<Object> numbers = partitions.mapToObj(n -> (Object) n).toList();
    context.setJobDescription(what);
    progress.start(what, numbers.size());
    try {
      Function2<TaskContext, scala.collection.Iterator<T>, R> each = each(work);
      Function2<Object, R, BoxedUnit> handler =
          (task, result) -> {
            received.accept((Integer) task, result);
            progress.step();
            return BoxedUnit.UNIT;
          };
      context
          .sc()
          .<T, R>runJob(
              rdd.rdd(),
              each,
              CollectionConverters.asScala(numbers).toSeq(),
              handler,
              ClassTag$.MODULE$.apply(Object.class));
    } finally {
      progress.end();
      context.setJobDescription(null);
    }
  }

  @SuppressWarnings("unchecked") // a lambda of two interfaces
  private static <T, R> Function2<TaskContext, scala.collection.Iterator<T>, R> each(
      Part<T, R> work) {
    return (Function2<TaskContext, scala.collection.Iterator<T>, R> & Serializable)
        (task, elements) -> work.of(CollectionConverters.asJava(elements));
  }
}
