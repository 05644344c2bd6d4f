package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.assay.importance.Exchange;
import org.assay.importance.FeatureGroups;
import org.assay.importance.RocArea;
import org.assay.importance.RowSums;
import org.assay.jobs.Progress;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Preparation;
import org.assay.metric.RocAuc;
import org.assay.metric.Scorecard;
import org.assay.metric.Target;
import org.assay.metric.Value;
import org.assay.random.Permutation;
import scala.Tuple2;

/**
 * Answers of models in tasks that hold all rows: a task has some repeats of some sets and all rows
 * that the model is measured on. Rows are prepared once per model and process, donors are places
 * among them, and metrics that rank see all scores of a repeat together, so that none of them
 * travel.
 */
final class WholeAnswers {
  /** Answers of a task, more or less. */
  private static final long ANSWERS = 1L << 22;

  /** Sets that a task has at least when rows are not too many: trees share the walk of a path. */
  private static final int SETS = 8;

  /** Rows that are answered together. */
  private static final int TILE = 2048;

  private final JavaSparkContext context;
  private final AllRows all;
  private final Room room;

  WholeAnswers(
      JavaSparkContext context,
      Frame frame,
      AllRows all,
      RowExchange.Order order,
      RowExchange.Design design,
      Questions questions) {
    this.context = context;
    this.all = all;
    long[] starts = new long[frame.blockCount()];
    Arrays.setAll(starts, frame::start);
    this.room =
        new Room(questions, design, order, starts, frame.schema().data().weight().isPresent());
  }

  /**
   * Whether a task can hold all rows as the model is asked with them: from data and configuration
   * alone.
   */
  static boolean fits(long rows, FittedModel fitted, int sets, long memory) {
    long numbers =
        Math.max(fitted.preparation().width(), sets * (long) Math.max(1, fitted.width()));
    return rows * numbers < Integer.MAX_VALUE - 8 && 8 * rows * (numbers + 8) <= memory / 2;
  }

  /** A part of the work: some repeats of some sets for a model. */
  private record Piece(int work, int repeat, int repeats, int set, int sets, boolean baseline)
      implements Serializable {}

  /** Measures all. */
  Explainer.Result run(String what, int firstRepeat, Progress progress) {
    List<Piece> pieces = pieces(firstRepeat);
    Broadcast<Room> shared = context.broadcast(room);
    Broadcast<List<Piece>> todo = context.broadcast(pieces);
    Broadcast<List<Block>> blocks = all.blocks();
    Explainer.Result[] results = new Explainer.Result[pieces.size()];
    try {
      Tasks.run(
          context,
          what,
          pieces.size(),
          task -> shared.value().answer(todo.value().get(task), blocks.value()),
          (task, result) -> results[task] = result,
          progress);
    } finally {
      shared.destroy();
      todo.destroy();
    }
    Explainer.Result result = new Explainer.Result();
    for (Explainer.Result one : results) {
      result.add(one);
    }
    return result;
  }

  private List<Piece> pieces(int firstRepeat) {
    List<Piece> pieces = new ArrayList<>();
    int sets = room.questions.sets().size();
    int repeats = room.questions.span().repeats();
    long rows = Math.max(1, room.order.row().length);
    long most = Math.max(Math.min(SETS, 2 * ANSWERS / rows), ANSWERS / rows);
    int chunks = (int) ((sets + Math.max(1, most) - 1) / Math.max(1, most));
    int step = chunks > 1 ? 1 : (int) Math.max(1, Math.min(repeats, ANSWERS / (rows * sets)));
    for (int work = 0; work < room.questions.works().size(); work++) {
      for (int r = 0; r < repeats; r += step) {
        for (int c = 0; c < chunks; c++) {
          int from = (int) ((long) sets * c / chunks);
          int to = (int) ((long) sets * (c + 1) / chunks);
          pieces.add(
              new Piece(
                  work,
                  firstRepeat + r,
                  Math.min(step, repeats - r),
                  from,
                  to - from,
                  room.questions.span().baseline() && r == 0 && c == 0));
        }
      }
    }
    return pieces;
  }

  /** What tasks share, and what they keep for those after them. */
  private static final class Room implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Models whose rows are kept. */
    private static final int KEPT = 2;

    final Questions questions;
    final RowExchange.Design design;
    final RowExchange.Order order;
    final long[] starts;
    final boolean weighted;
    private transient Map<Integer, Held> kept;

    Room(
        Questions questions,
        RowExchange.Design design,
        RowExchange.Order order,
        long[] starts,
        boolean weighted) {
      this.questions = questions;
      this.design = design;
      this.order = order;
      this.starts = starts;
      this.weighted = weighted;
    }

    private synchronized Held held(int work, List<Block> blocks) {
      if (kept == null) {
        kept = new LinkedHashMap<>();
      }
      Held held = kept.get(work);
      if (held == null) {
        held = new Held(this, questions.works().get(work), blocks);
        kept.put(work, held);
        if (kept.size() > KEPT) {
          kept.remove(kept.keySet().iterator().next());
        }
      }
      return held;
    }

    Explainer.Result answer(Piece piece, List<Block> blocks) {
      return held(piece.work(), blocks).answer(piece);
    }
  }

  /** A model with the rows that it is measured on. */
  private static final class Held {
    /** Repeats whose donors are kept. */
    private static final int KEPT = 4;

    final Room room;
    final Questions.Work work;
    final FittedModel.Asked asked;
    final FeatureGroups groups;
    final Exchange.Prepared prepared;

    /** The row of each, in the order of the frame; and of each row of the frame its place here. */
    final int[] row;

    final int[] position;
    final double[] label;
    final double[] weight;
    final int[] group;
    final int[][] slices;
    final int[] identity;
    final double[] prediction;
    final double[] scores;
    private final Map<Integer, int[]> donors = new LinkedHashMap<>();

    Held(Room room, Questions.Work work, List<Block> blocks) {
      this.room = room;
      this.work = work;
      Questions questions = room.questions;
      int[][] tested = new int[blocks.size()][];
      int n = 0;
      for (int b = 0; b < tested.length; b++) {
        tested[b] = work.placement().tested(work.replicate(), blocks.get(b));
        n += tested[b].length;
      }
      row = new int[n];
      position = new int[room.order.stratum().length];
      label = new double[n];
      weight = room.weighted ? new double[n] : null;
      group = new int[n];
      slices = new int[questions.slicing().cuts()][n];
      int[] blockOf = new int[n];
      int[] inBlock = new int[n];
      int at = 0;
      for (int b = 0; b < tested.length; b++) {
        Block block = blocks.get(b);
        double[] labels = work.placement().labels(block);
        for (int cut = 0; cut < slices.length; cut++) {
          int[] codes = questions.slicing().codes(cut, block);
          for (int i = 0; i < tested[b].length; i++) {
            slices[cut][at + i] = codes[tested[b][i]];
          }
        }
        for (int i : tested[b]) {
          int global = (int) room.starts[b] + i;
          row[at] = global;
          position[global] = at;
          blockOf[at] = b;
          inBlock[at] = i;
          label[at] = labels[i];
          if (weight != null) {
            weight[at] = block.weight(i);
          }
          group[at] = questions.groups().of(questions.grouped() ? block.group(i) : global);
          at++;
        }
      }
      identity = new int[n];
      Arrays.setAll(identity, i -> i);
      Preparation preparation = work.fitted().preparation();
      int width = preparation.width();
      groups = DirectAnswers.groups(preparation, questions.sets());
      asked = work.fitted().asked(groups, preparation.largest(questions.ends()));
      prepared =
          asked
              .exchange()
              .prepare(
                  (from, to, out) -> {
                    Arrays.fill(out, 0, (to - from) * width, 0);
                    for (int i = from; i < to; i++) {
                      preparation.features(
                          blocks.get(blockOf[i]), inBlock[i], out, (i - from) * width);
                    }
                  },
                  n);
      int scoreWidth = work.fitted().width();
      prediction = new double[n];
      scores = new double[n * scoreWidth];
      double[] plain = new double[TILE * asked.exchange().outputs()];
      double[] some = new double[TILE];
      double[] someScores = new double[TILE * scoreWidth];
      for (int from = 0; from < n; from += TILE) {
        int count = Math.min(TILE, n - from);
        asked.exchange().predict(prepared, from, from + count, plain);
        asked.answer(plain, count, some, someScores);
        System.arraycopy(some, 0, prediction, from, count);
        System.arraycopy(someScores, 0, scores, from * scoreWidth, count * scoreWidth);
      }
    }

    /** Of each row the place of its donor. */
    private synchronized int[] donors(int repeat) {
      int[] found = donors.get(repeat);
      if (found == null) {
        found = new int[row.length];
        Map<Integer, Permutation> permutations = new HashMap<>();
        for (int i = 0; i < found.length; i++) {
          found[i] = position[room.order.donor(room.design, permutations, repeat, row[i])];
        }
        donors.put(repeat, found);
        if (donors.size() > KEPT) {
          donors.remove(donors.keySet().iterator().next());
        }
      }
      return found;
    }

    Explainer.Result answer(Piece piece) {
      Questions asked =
          room.questions.part(piece.set(), piece.sets(), piece.repeats(), piece.baseline());
      int[][] donor = new int[piece.repeats()][];
      int[][] donorGroup = new int[piece.repeats()][row.length];
      for (int r = 0; r < donor.length; r++) {
        donor[r] = donors(piece.repeat() + r);
        for (int i = 0; i < row.length; i++) {
          donorGroup[r][i] = group[donor[r][i]];
        }
      }
      AnswerTally.Rows rows =
          new AnswerTally.Rows(0, piece.repeat(), label, weight, group, donorGroup, slices);
      boolean[] apart = apart();
      AnswerTally tally = new AnswerTally(work, rows, asked, apart);
      Areas areas =
          IntStream.range(0, apart.length).anyMatch(m -> apart[m]) ? new Areas(rows, asked) : null;
      int width = work.fitted().width();
      if (piece.baseline()) {
        tally.add(AnswerTally.NONE, 0, identity, 0, row.length, prediction, scores, width);
        if (areas != null) {
          areas.add(AnswerTally.NONE, 0, scores);
        }
      }
      double[][] score = new double[areas == null ? 0 : piece.sets()][row.length];
      for (int r = 0; r < piece.repeats(); r++) {
        exchange(piece, r, donor[r], tally, score);
        for (int set = 0; set < score.length; set++) {
          areas.add(set, r, score[set]);
        }
      }
      List<Tuple2<AnswerParts.Key, AnswerParts.Partial>> parts = new ArrayList<>();
      tally.emit(parts);
      return result(piece, parts, areas, apart);
    }

    /** Answers all rows with each set of a piece exchanged. */
    private void exchange(
        Piece piece, int repeat, int[] donor, AnswerTally tally, double[][] score) {
      Exchange exchange = asked.exchange();
      int outputs = exchange.outputs();
      int width = work.fitted().width();
      int[] of = new int[piece.sets()];
      double[][] changed = new double[groups.size()][];
      for (int set = 0; set < of.length; set++) {
        of[set] = groups.names().indexOf(Integer.toString(piece.set() + set));
        if (of[set] >= 0 && !exchange.uses(of[set])) {
          of[set] = -1;
        }
        if (of[set] >= 0) {
          changed[of[set]] = new double[TILE * outputs];
        }
      }
      double[] some = new double[TILE];
      double[] someScores = new double[TILE * width];
      int[] places = new int[TILE];
      for (int from = 0; from < row.length; from += TILE) {
        int n = Math.min(TILE, row.length - from);
        System.arraycopy(donor, from, places, 0, n);
        exchange.exchange(prepared, from, from + n, prepared, places, changed);
        for (int set = 0; set < of.length; set++) {
          if (of[set] < 0) {
            System.arraycopy(prediction, from, some, 0, n);
            System.arraycopy(scores, from * width, someScores, 0, n * width);
          } else {
            asked.answer(changed[of[set]], n, some, someScores);
          }
          tally.add(set, repeat, identity, from, n, some, someScores, width);
          if (score.length > 0) {
            System.arraycopy(someScores, 0, score[set], from, n);
          }
        }
      }
    }

    /** Metrics whose ranks are counted here. */
    private boolean[] apart() {
      Target target = work.target();
      boolean[] apart = new boolean[room.questions.metrics().size()];
      for (int m = 0; m < apart.length; m++) {
        apart[m] =
            room.questions.metrics().get(m) instanceof RocAuc
                && target.classes() == 2
                && work.fitted().width() == 1
                && weight == null;
      }
      return apart;
    }

    private Explainer.Result result(
        Piece piece,
        List<Tuple2<AnswerParts.Key, AnswerParts.Partial>> parts,
        Areas areas,
        boolean[] apart) {
      Explainer.Result result = new Explainer.Result();
      Map<AnswerParts.Key, Scorecard> cards = new HashMap<>();
      for (Tuple2<AnswerParts.Key, AnswerParts.Partial> part : parts) {
        boolean isSet = part._1().set() >= 0 && part._2().card() != null;
        if (areas != null && isSet) {
          cards.put(part._1(), part._2().card());
        } else {
          result.put(part._2().of(part._1()));
        }
      }
      if (areas == null) {
        return result;
      }
      RowSums sums = new RowSums(work.target(), room.questions.metrics());
      for (int set = 0; set < piece.sets(); set++) {
        for (int slice = 0; slice < room.questions.slicing().size(); slice++) {
          if (areas.rows[slice] == 0) {
            continue;
          }
          int number = room.questions.span().sets()[piece.set() + set];
          for (int r = 0; r < piece.repeats(); r++) {
            List<Value> values = new ArrayList<>();
            Scorecard card =
                cards.get(new AnswerParts.Key(work.number(), number, piece.repeat() + r, slice));
            int next = 0;
            for (int m = 0; m < apart.length; m++) {
              if (apart[m]) {
                values.add(areas.value[set + 1][r][slice]);
              } else if (!sums.has(m)) {
                values.add(card.value(next++));
              }
            }
            result
                .measured()
                .add(
                    new Explainer.Measured(
                        work.number(),
                        number,
                        piece.repeat() + r,
                        slice,
                        areas.rows[slice],
                        values));
          }
        }
      }
      for (int set = piece.baseline() ? 0 : 1; set <= piece.sets(); set++) {
        for (int slice = 0; slice < room.questions.slicing().size(); slice++) {
          for (int m = 0; m < apart.length; m++) {
            if (apart[m] && areas.rows[slice] > 0) {
              result
                  .deleted()
                  .add(
                      new Explainer.Deleted(
                          work.number(),
                          set == 0 ? -1 : room.questions.span().sets()[piece.set() + set - 1],
                          set == 0 ? 0 : piece.repeat(),
                          slice,
                          m,
                          areas.without[set][slice],
                          areas.has[slice]));
            }
          }
        }
      }
      return result;
    }
  }

  /** Areas under ROC curves of sets, repeats and slices, and those without groups of rows. */
  private static final class Areas {
    private final AnswerTally.Rows of;
    private final RocArea area;

    /** By slice its rows; null for all. */
    private final int[][] members;

    final int[] rows;
    final boolean[][] has;

    /** By set, from the one without any on; by repeat; by slice. */
    final Value[][][] value;

    /** By set, from the one without any on; by slice; by group. */
    final double[][][] without;

    Areas(AnswerTally.Rows of, Questions questions) {
      this.of = of;
      int groups = questions.groups().count();
      int slices = questions.slicing().size();
      this.area = new RocArea(groups);
      this.members = new int[slices][];
      this.rows = new int[slices];
      this.has = new boolean[slices][groups];
      int n = of.label().length;
      for (int cut = 0; cut < of.slices().length; cut++) {
        int[] codes = of.slices()[cut];
        for (int i = 0; i < n; i++) {
          if (codes[i] >= 0) {
            rows[codes[i]]++;
          }
        }
      }
      int[] next = new int[slices];
      for (int cut = 0; cut < of.slices().length; cut++) {
        int[] codes = of.slices()[cut];
        for (int i = 0; i < n; i++) {
          int slice = codes[i];
          if (slice >= 0) {
            if (cut > 0) {
              members[slice] = members[slice] == null ? new int[rows[slice]] : members[slice];
              members[slice][next[slice]++] = i;
            }
            has[slice][of.group()[i]] = true;
          }
        }
      }
      this.value = new Value[questions.sets().size() + 1][questions.span().repeats()][slices];
      this.without = new double[value.length][slices][groups];
    }

    void add(int set, int repeat, double[] score) {
      int[] donor = set == AnswerTally.NONE ? null : of.donorGroup()[repeat];
      for (int slice = 0; slice < rows.length; slice++) {
        int[] some = members[slice];
        if (some == null) {
          area.take(of.label(), score, of.group(), donor, rows[slice]);
        } else {
          area.take(
              picked(of.label(), some),
              picked(score, some),
              picked(of.group(), some),
              donor == null ? null : picked(donor, some),
              some.length);
        }
        value[set + 1][repeat][slice] =
            RocAuc.of(area.positives(), area.negatives(), area.concordance());
        area.addWithout(without[set + 1][slice]);
      }
    }

    private static double[] picked(double[] all, int[] some) {
      return Arrays.stream(some).mapToDouble(i -> all[i]).toArray();
    }

    private static int[] picked(int[] all, int[] some) {
      return Arrays.stream(some).map(i -> all[i]).toArray();
    }
  }
}
