package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.jobs.Progress;
import org.assay.metric.ExactSum;
import org.assay.permutation.Alternative;
import org.assay.permutation.Arrangements;
import org.assay.permutation.CenteredStatistics;
import org.assay.permutation.Exceedances;
import org.assay.permutation.MaxT;
import org.assay.permutation.MonteCarloP;
import org.assay.permutation.Sequential;
import org.assay.permutation.Statistics;

/**
 * Permutation tests, cut by replicates: statistics are broadcast, each task computes some
 * replicates and hands over counts alone. One Spark job for any number of statistics, such as one
 * for every slice; no shuffle. One more for centres and spreads that are not known in closed form,
 * and with early stopping one per round of replicates.
 *
 * <p>How replicates are cut depends on the statistics and on what is asked, never on the cluster;
 * results do not depend on the cut at all. Arrangements that are enumerated are all looked at,
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

  /** Tasks that a part may have however many hypotheses. */
  private static final long FEWEST = 16;

  /** Replicates of the first round; each further round doubles what is drawn. */
  private static final long ROUND = 1_000;

  /** Replicates from which centres and spreads are estimated. */
  private static final int PILOT = 1_000;

  private Permuter() {}

  /** How the hypotheses of one part are judged. */
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
  public record Question(Alternative alternative, long replicates, int stopAfter, Jointly jointly)
      implements Serializable {
    private static final long serialVersionUID = 1L;

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
   * Statistics that share their arrangements.
   *
   * @param nanoseconds about how long one replicate of all hypotheses takes; tasks are made of some
   *     tenths of a second
   */
  public record Part(Statistics statistics, double nanoseconds) {}

  /**
   * What the replicates say of a part.
   *
   * @param p of each hypothesis
   * @param adjusted by step-down max-T; null when that was not asked for
   * @param center of each hypothesis: its mean over all arrangements, or an estimate; NaN for a
   *     statistic that is undefined
   * @param replicates that were computed
   */
  public record Answer(MonteCarloP[] p, double[] adjusted, double[] center, long replicates) {}

  /** Computes replicates of one part until the question is answered; as {@link #run} of several. */
  public static Answer run(
      JavaSparkContext context,
      String what,
      Statistics statistics,
      double nanoseconds,
      Question question,
      Progress progress) {
    Part part = new Part(statistics, nanoseconds);
    return run(context, what, List.of(part), question, progress).get(0);
  }

  /**
   * Computes replicates of several parts until the question is answered for each.
   *
   * @param what the work as a person reads it
   * @param parts bounded by what the caller knows to fit into an executor's memory
   */
  public static List<Answer> run(
      JavaSparkContext context,
      String what,
      List<Part> parts,
      Question question,
      Progress progress) {
    Statistics[] statistics = parts.stream().map(Part::statistics).toArray(Statistics[]::new);
    Broadcast<Statistics[]> shared = context.broadcast(statistics);
    try {
      return new Engine(context, what, parts, shared, progress).answers(question);
    } finally {
      shared.destroy();
    }
  }

  /** Some replicates of one part. */
  private record Piece(int part, long from, long to) implements Serializable {}

  /** Replicates that tasks gather, of one part. */
  private interface Tally<T> extends Serializable {
    T start(Statistics statistics, int part);

    void add(T tally, double[][] values, long from, int count);

    void merge(T tally, T other);
  }

  /** Centres and spreads of the hypotheses of each part. */
  private record Scales(double[][] center, double[][] spread) implements Serializable {
    private static final long serialVersionUID = 1L;

    Statistics of(Statistics statistics, int part) {
      return new CenteredStatistics(statistics, center[part], spread[part]);
    }
  }

  /** Counts of each hypothesis, and joint ones when asked for. */
  private record Counts(Exceedances apart, MaxT jointly) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  private record Counting(Question question, Scales scales) implements Tally<Counts> {
    private static final long serialVersionUID = 1L;

    @Override
    public Counts start(Statistics statistics, int part) {
      Statistics scaled = scales.of(statistics, part);
      return new Counts(
          new Exceedances(scaled, question.alternative()),
          question.jointly() == Jointly.MAX_T ? new MaxT(scaled, question.alternative()) : null);
    }

    @Override
    public void add(Counts tally, double[][] values, long from, int count) {
      tally.apart.add(values, count);
      if (tally.jointly != null) {
        tally.jointly.add(values, count);
      }
    }

    @Override
    public void merge(Counts tally, Counts other) {
      tally.apart.merge(other.apart);
      if (tally.jointly != null) {
        tally.jointly.merge(other.jointly);
      }
    }
  }

  private record Watching(Question question, Scales scales) implements Tally<Sequential> {
    private static final long serialVersionUID = 1L;

    @Override
    public Sequential start(Statistics statistics, int part) {
      return new Sequential(
          scales.of(statistics, part),
          question.alternative(),
          question.stopAfter(),
          question.replicates());
    }

    @Override
    public void add(Sequential tally, double[][] values, long from, int count) {
      tally.add(values, from, count);
    }

    @Override
    public void merge(Sequential tally, Sequential other) {
      tally.merge(other);
    }
  }

  /** Exact sums of distances from what was observed, and of their squares, by hypothesis. */
  private record Moments(double[] observed, long[] defined, ExactSum[] sum, ExactSum[] squares)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    double mean(int k) {
      return sum[k].value() / defined[k];
    }

    double center(int k) {
      return defined[k] == 0 ? observed[k] : observed[k] + mean(k);
    }

    double spread(int k) {
      double variance = squares[k].value() / defined[k] - mean(k) * mean(k);
      return defined[k] == 0 ? 0 : Math.sqrt(Math.max(0, variance));
    }
  }

  private record Measuring() implements Tally<Moments> {
    private static final long serialVersionUID = 1L;

    @Override
    public Moments start(Statistics statistics, int part) {
      int n = statistics.hypotheses();
      ExactSum[] sum = new ExactSum[n];
      ExactSum[] squares = new ExactSum[n];
      Arrays.setAll(sum, k -> new ExactSum());
      Arrays.setAll(squares, k -> new ExactSum());
      return new Moments(
          IntStream.range(0, n).mapToDouble(statistics::observed).toArray(),
          new long[n],
          sum,
          squares);
    }

    @Override
    public void add(Moments tally, double[][] values, long from, int count) {
      for (int k = 0; k < tally.observed.length; k++) {
        for (int r = 0; r < count; r++) {
          double off = values[k][r] - tally.observed[k];
          if (Double.isFinite(off)) {
            tally.defined[k]++;
            tally.sum[k].add(off);
            tally.squares[k].add(off * off);
          }
        }
      }
    }

    @Override
    public void merge(Moments tally, Moments other) {
      for (int k = 0; k < tally.observed.length; k++) {
        tally.defined[k] += other.defined[k];
        tally.sum[k].merge(other.sum[k]);
        tally.squares[k].merge(other.squares[k]);
      }
    }
  }

  private record Engine(
      JavaSparkContext context,
      String what,
      List<Part> parts,
      Broadcast<Statistics[]> shared,
      Progress progress) {

    /** Number of replicates of a part that are computed in any case, when they are not stopped. */
    private long replicates(int part, Question question) {
      long arrangements = parts.get(part).statistics().arrangements();
      return arrangements == Arrangements.MANY ? question.replicates() : arrangements;
    }

    private boolean isDrawn(int part) {
      return parts.get(part).statistics().arrangements() == Arrangements.MANY;
    }

    List<Answer> answers(Question question) {
      Scales scales = scales(question);
      boolean stops = question.stopAfter() > 0;
      Answer[] answers = new Answer[parts.size()];
      int[] whole = IntStream.range(0, answers.length).filter(i -> !stops || !isDrawn(i)).toArray();
      if (whole.length > 0) {
        count(whole, question, scales, answers);
      }
      int[] watched = IntStream.range(0, answers.length).filter(i -> answers[i] == null).toArray();
      if (watched.length > 0) {
        watch(watched, question, scales, answers);
      }
      return List.of(answers);
    }

    private void count(int[] chosen, Question question, Scales scales, Answer[] answers) {
      List<Piece> whole = new ArrayList<>();
      for (int part : chosen) {
        whole.add(new Piece(part, 0, replicates(part, question)));
      }
      boolean drawn = IntStream.of(chosen).anyMatch(this::isDrawn);
      List<Counts> found =
          tally(
              drawn ? ": " + question.replicates() + " replicates" : ": all arrangements",
              whole,
              new Counting(question, scales));
      for (int part : chosen) {
        Counts counts = found.get(part);
        answers[part] =
            new Answer(
                p(part, counts.apart::p),
                counts.jointly == null ? null : counts.jointly.stepDown(),
                scales.center()[part],
                replicates(part, question));
      }
    }

    private void watch(int[] chosen, Question question, Scales scales, Answer[] answers) {
      Watching watching = new Watching(question, scales);
      Sequential[] all = new Sequential[parts.size()];
      for (int part : chosen) {
        all[part] = watching.start(parts.get(part).statistics(), part);
      }
      long most = question.replicates();
      long drawn = 0;
      List<Piece> round = new ArrayList<>();
      do {
        long from = drawn;
        long to = Math.min(most, drawn == 0 ? ROUND : 2 * drawn);
        round.clear();
        for (int part : chosen) {
          if (!all[part].isDecided()) {
            round.add(new Piece(part, from, to));
          }
        }
        if (!round.isEmpty()) {
          List<Sequential> found =
              tally(
                  ": replicates " + from + " to " + (to - 1) + " of " + most + " at most",
                  round,
                  watching);
          round.forEach(piece -> all[piece.part].merge(found.get(piece.part)));
        }
        drawn = to;
      } while (!round.isEmpty());
      for (int part : chosen) {
        answers[part] =
            new Answer(p(part, all[part]::p), null, scales.center()[part], all[part].drawn());
      }
    }

    private MonteCarloP[] p(int part, IntFunction<MonteCarloP> of) {
      return IntStream.range(0, parts.get(part).statistics().hypotheses())
          .mapToObj(of)
          .toArray(MonteCarloP[]::new);
    }

    /**
     * Centres and spreads in closed form; those of a part that lacks one that is needed from
     * replicates that are not among those that count, or from all arrangements.
     */
    private Scales scales(Question question) {
      double[][] center = new double[parts.size()][];
      double[][] spread = new double[parts.size()][];
      List<Piece> lacking = new ArrayList<>();
      for (int i = 0; i < center.length; i++) {
        Statistics statistics = parts.get(i).statistics();
        center[i] = new double[statistics.hypotheses()];
        spread[i] = new double[statistics.hypotheses()];
        boolean lacks = false;
        for (int k = 0; k < center[i].length; k++) {
          center[i][k] = statistics.center(k);
          spread[i][k] = statistics.spread(k);
          boolean isNeeded =
              Double.isNaN(center[i][k])
                  || question.jointly() == Jointly.MAX_T && Double.isNaN(spread[i][k]);
          lacks |= isNeeded && !Double.isNaN(statistics.observed(k));
        }
        if (lacks) {
          long replicates = replicates(i, question);
          lacking.add(
              isDrawn(i)
                  ? new Piece(i, replicates, replicates + Math.min(replicates, PILOT))
                  : new Piece(i, 0, replicates));
        }
      }
      if (!lacking.isEmpty()) {
        List<Moments> found = tally(": centres and spreads", lacking, new Measuring());
        for (Piece piece : lacking) {
          Moments moments = found.get(piece.part);
          for (int k = 0; k < center[piece.part].length; k++) {
            if (Double.isNaN(center[piece.part][k])) {
              center[piece.part][k] = moments.center(k);
            }
            if (Double.isNaN(spread[piece.part][k])) {
              spread[piece.part][k] = moments.spread(k);
            }
          }
        }
      }
      return new Scales(center, spread);
    }

    /** Tallies of these replicates, by part; null for parts that have none. */
    private <T> List<T> tally(String doing, List<Piece> whole, Tally<T> kind) {
      List<Piece[]> tasks = tasks(whole);
      List<T> merged = new ArrayList<>(Collections.nCopies(parts.size(), null));
      Broadcast<Statistics[]> statistics = shared;
      Broadcast<List<Piece[]>> work = context.broadcast(new ArrayList<>(tasks));
      Broadcast<Tally<T>> tally = context.broadcast(kind);
      try {
        Tasks.run(
            context,
            what + doing,
            tasks.size(),
            task -> {
              List<T> found = new ArrayList<>();
              for (Piece piece : work.value().get(task)) {
                found.add(compute(statistics.value()[piece.part], piece, tally.value()));
              }
              return found;
            },
            (task, found) -> {
              for (int i = 0; i < found.size(); i++) {
                int part = tasks.get(task)[i].part;
                if (merged.get(part) == null) {
                  merged.set(part, found.get(i));
                } else {
                  kind.merge(merged.get(part), found.get(i));
                }
              }
            },
            progress);
      } finally {
        work.destroy();
        tally.destroy();
      }
      return merged;
    }

    /** Cuts long work into pieces, and puts short ones together. */
    private List<Piece[]> tasks(List<Piece> whole) {
      List<Piece[]> tasks = new ArrayList<>();
      List<Piece> open = new ArrayList<>();
      double waiting = 0;
      for (Piece piece : whole) {
        Part part = parts.get(piece.part);
        long replicates = piece.to - piece.from;
        double work = replicates * Math.max(1, part.nanoseconds());
        long most = Math.max(FEWEST, COUNTS / Math.max(1, part.statistics().hypotheses()));
        long pieces =
            (long) Math.max(1, Math.min(Math.min(most, replicates), Math.ceil(work / TASK)));
        for (long i = 0; i < pieces; i++) {
          open.add(
              new Piece(
                  piece.part,
                  piece.from + cut(replicates, i, pieces),
                  piece.from + cut(replicates, i + 1, pieces)));
          waiting += work / pieces;
          if (pieces > 1 || waiting >= TASK) {
            tasks.add(open.toArray(Piece[]::new));
            open.clear();
            waiting = 0;
          }
        }
      }
      if (!open.isEmpty()) {
        tasks.add(open.toArray(Piece[]::new));
      }
      return tasks;
    }

    /** Where the i-th of equal pieces of n begins; n may be 2^40. */
    private static long cut(long n, long i, long pieces) {
      return n / pieces * i + n % pieces * i / pieces;
    }

    private static <T> T compute(Statistics statistics, Piece piece, Tally<T> kind) {
      T tally = kind.start(statistics, piece.part);
      int hypotheses = statistics.hypotheses();
      int most =
          (int) Math.max(1, Math.min(piece.to - piece.from, VALUES / Math.max(1, hypotheses)));
      double[][] values = new double[hypotheses][most];
      for (long at = piece.from; at < piece.to; at += most) {
        int count = (int) Math.min(most, piece.to - at);
        statistics.fill(at, at + count, values);
        kind.add(tally, values, at, count);
      }
      return tally;
    }
  }
}
