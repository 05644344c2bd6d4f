package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.jobs.Progress;
import org.assay.permutation.Alternative;
import org.assay.permutation.Arrangements;
import org.assay.permutation.Exceedances;
import org.assay.permutation.MaxT;
import org.assay.permutation.MonteCarloP;
import org.assay.permutation.Sequential;
import org.assay.permutation.Statistics;

/**
 * Permutation tests, cut by replicates: the statistics are broadcast, each task computes some
 * replicates of all hypotheses and hands over counts alone. One Spark job, no shuffle; with early
 * stopping one job per round of replicates.
 *
 * <p>How replicates are cut depends on the statistics and on what is asked, never on the cluster;
 * p-values do not depend on the cut at all. Arrangements that are enumerated are all looked at,
 * whatever the number of replicates asked for, and never stopped early.
 *
 * <p>Memory of a task besides what is broadcast: {@value #VALUES} numbers some three times over,
 * and what the statistics take.
 */
public final class Permuter {

  /** Values of a task at a time. */
  private static final int VALUES = 1 << 20;

  /** Nanoseconds of a task: few enough for every core to have work, many beside its start. */
  private static final double TASK = 2e8;

  /** Hypotheses times tasks at most, so that the counts of all tasks stay below Spark's 1 GiB. */
  private static final long COUNTS = 1L << 22;

  /** Tasks that there may be however many hypotheses. */
  private static final long FEWEST = 16;

  /** Replicates of the first round; each further round doubles what is drawn. */
  private static final long ROUND = 1_000;

  /** Replicates from which scales are estimated that are not known in closed form. */
  private static final int PILOT = 1_000;

  private Permuter() {}

  /** How hypotheses that are tested at once are judged. */
  public enum Jointly {
    /** Each by itself. */
    NO,
    /** Also all together: with p-values adjusted by {@link MaxT}. */
    MAX_T
  }

  /**
   * What to draw, and what to conclude from it.
   *
   * @param alternative which values are extreme
   * @param replicates to draw at most; of no account when arrangements are enumerated
   * @param stopAfter extreme replicates after which a hypothesis is decided, by {@link Sequential};
   *     0 to draw all
   * @param jointly whether hypotheses are judged together; not with {@code stopAfter}
   */
  public record Question(Alternative alternative, long replicates, int stopAfter, Jointly jointly) {
    public Question {
      if (replicates < 1 || stopAfter < 0) {
        throw new IllegalArgumentException(
            replicates + " replicates, stopping after " + stopAfter + ": must be positive");
      }
      if (stopAfter > 0 && jointly == Jointly.MAX_T) {
        throw new IllegalArgumentException(
            "max-T needs all replicates of all hypotheses: stop-after must be 0");
      }
    }
  }

  /**
   * What the replicates say.
   *
   * @param p of each hypothesis
   * @param adjusted by step-down max-T; null when that was not asked for
   * @param replicates that were computed
   */
  public record Answer(MonteCarloP[] p, double[] adjusted, long replicates) {}

  /**
   * Computes replicates until the question is answered.
   *
   * @param what the work as a person reads it
   * @param nanoseconds about how long one replicate of all hypotheses takes; tasks are made of some
   *     tenths of a second
   */
  public static Answer run(
      JavaSparkContext context,
      String what,
      Statistics statistics,
      double nanoseconds,
      Question question,
      Progress progress) {
    Broadcast<Statistics> shared = context.broadcast(statistics);
    try {
      Engine engine = new Engine(context, what, shared, nanoseconds, progress);
      return question.stopAfter() > 0 && statistics.arrangements() == Arrangements.MANY
          ? engine.sequential(question)
          : engine.all(question);
    } finally {
      shared.destroy();
    }
  }

  /** Replicates in how many tasks. */
  static int tasks(long replicates, int hypotheses, double nanoseconds) {
    long most = Math.max(FEWEST, COUNTS / Math.max(1, hypotheses));
    double wanted = Math.ceil(replicates * Math.max(1, nanoseconds) / TASK);
    return (int) Math.max(1, Math.min(Math.min(most, replicates), wanted));
  }

  /** What tasks gather, replicate by replicate. */
  private interface Tally<T> extends Serializable {
    T start(Statistics statistics);

    void add(T tally, double[][] values, long from, int count);
  }

  /** Counts by themselves, and jointly when asked for. */
  private record Counts(Exceedances apart, MaxT jointly) implements Serializable {
    Counts merged(Counts other) {
      apart.merge(other.apart);
      if (jointly != null) {
        jointly.merge(other.jointly);
      }
      return this;
    }
  }

  private record Counting(Alternative alternative, double[] scales) implements Tally<Counts> {
    @Override
    public Counts start(Statistics statistics) {
      return new Counts(
          new Exceedances(statistics, alternative),
          scales == null ? null : new MaxT(statistics, alternative, scales));
    }

    @Override
    public void add(Counts tally, double[][] values, long from, int count) {
      tally.apart.add(values, count);
      if (tally.jointly != null) {
        tally.jointly.add(values, count);
      }
    }
  }

  private record Watching(Alternative alternative, int stopAfter, long most)
      implements Tally<Sequential> {
    @Override
    public Sequential start(Statistics statistics) {
      return new Sequential(statistics, alternative, stopAfter, most);
    }

    @Override
    public void add(Sequential tally, double[][] values, long from, int count) {
      tally.add(values, from, count);
    }
  }

  /** Sums of values and of squares about the centre, of each hypothesis in one task. */
  private record Moments(long[] defined, double[] squares) implements Serializable {
    Moments merged(Moments later) {
      for (int k = 0; k < squares.length; k++) {
        defined[k] += later.defined[k];
        squares[k] += later.squares[k];
      }
      return this;
    }
  }

  private record Measuring(double[] centers) implements Tally<Moments> {
    @Override
    public Moments start(Statistics statistics) {
      return new Moments(new long[centers.length], new double[centers.length]);
    }

    @Override
    public void add(Moments tally, double[][] values, long from, int count) {
      for (int k = 0; k < centers.length; k++) {
        for (int r = 0; r < count; r++) {
          double off = values[k][r] - centers[k];
          if (!Double.isNaN(off)) {
            tally.defined[k]++;
            tally.squares[k] += off * off;
          }
        }
      }
    }
  }

  private record Engine(
      JavaSparkContext context,
      String what,
      Broadcast<Statistics> shared,
      double nanoseconds,
      Progress progress) {

    /** Tallies of the replicates [from, to), merged in order of replicates. */
    <T> T tally(String part, long from, long to, Tally<T> kind, BinaryOperator<T> merge) {
      Broadcast<Statistics> broadcast = shared;
      int tasks = tasks(to - from, shared.value().hypotheses(), nanoseconds);
      Map<Integer, T> waiting = new HashMap<>();
      List<T> merged = new ArrayList<>(); // none or one
      int[] next = {0};
      Tasks.run(
          context,
          what + part,
          tasks,
          task ->
              compute(
                  broadcast.value(),
                  from + (to - from) * task / tasks,
                  from + (to - from) * (task + 1) / tasks,
                  kind),
          (task, result) -> {
            waiting.put(task, result);
            for (T tally = waiting.remove(next[0]);
                tally != null;
                tally = waiting.remove(++next[0])) {
              if (merged.isEmpty()) {
                merged.add(tally);
              } else {
                merged.set(0, merge.apply(merged.get(0), tally));
              }
            }
          },
          progress);
      return merged.get(0);
    }

    private static <T> T compute(Statistics statistics, long from, long to, Tally<T> kind) {
      T tally = kind.start(statistics);
      int hypotheses = statistics.hypotheses();
      int most = (int) Math.max(1, Math.min(to - from, VALUES / Math.max(1, hypotheses)));
      double[][] values = new double[hypotheses][most];
      for (long at = from; at < to; at += most) {
        int count = (int) Math.min(most, to - at);
        statistics.fill(at, at + count, values);
        kind.add(tally, values, at, count);
      }
      return tally;
    }

    Answer all(Question question) {
      Statistics statistics = shared.value();
      long replicates =
          statistics.arrangements() == Arrangements.MANY
              ? question.replicates()
              : statistics.arrangements();
      double[] scales = question.jointly() == Jointly.MAX_T ? scales(statistics, replicates) : null;
      Counts counts =
          tally(
              ": " + replicates + " replicates",
              0,
              replicates,
              new Counting(question.alternative(), scales),
              Counts::merged);
      MonteCarloP[] p = new MonteCarloP[statistics.hypotheses()];
      Arrays.setAll(p, counts.apart::p);
      return new Answer(p, scales == null ? null : counts.jointly.stepDown(), replicates);
    }

    /**
     * Spreads of the statistics: in closed form; where one is not known so, all from replicates
     * that are not among those that count, or from all arrangements.
     */
    private double[] scales(Statistics statistics, long replicates) {
      double[] scales = new double[statistics.hypotheses()];
      double[] centers = new double[scales.length];
      boolean isKnown = true;
      for (int k = 0; k < scales.length; k++) {
        scales[k] = statistics.spread(k);
        centers[k] = statistics.center(k);
        isKnown &= !Double.isNaN(scales[k]) || Double.isNaN(statistics.observed(k));
      }
      if (isKnown) {
        return scales;
      }
      boolean drawn = statistics.arrangements() == Arrangements.MANY;
      Moments moments =
          tally(
              ": scales",
              drawn ? replicates : 0,
              drawn ? replicates + PILOT : replicates,
              new Measuring(centers),
              Moments::merged);
      Arrays.setAll(
          scales,
          k -> moments.defined[k] == 0 ? 0 : Math.sqrt(moments.squares[k] / moments.defined[k]));
      return scales;
    }

    Answer sequential(Question question) {
      Statistics statistics = shared.value();
      long most = question.replicates();
      Sequential all =
          new Sequential(statistics, question.alternative(), question.stopAfter(), most);
      Watching watching = new Watching(question.alternative(), question.stopAfter(), most);
      long drawn = 0;
      while (!all.isDecided()) {
        long to = Math.min(most, drawn == 0 ? ROUND : 2 * drawn);
        all.merge(
            tally(
                ": replicates " + drawn + " to " + (to - 1) + " of " + most + " at most",
                drawn,
                to,
                watching,
                (a, b) -> {
                  a.merge(b);
                  return a;
                }));
        drawn = to;
      }
      MonteCarloP[] p = new MonteCarloP[statistics.hypotheses()];
      Arrays.setAll(p, all::p);
      return new Answer(p, null, drawn);
    }
  }
}
