package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.assay.UserException;
import org.assay.fit.Center;
import org.assay.fit.Examples;
import org.assay.fit.Model;
import org.assay.fit.Sums;
import org.assay.jobs.Progress;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.ByNumber;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Preparation;
import org.assay.jobs.model.Batched;
import org.assay.metric.Squares;
import scala.Tuple2;

/**
 * The engine {@code batched}: the fits of a model in all replicates and with all settings share
 * passes over the rows ({@link org.assay.fit}).
 *
 * <p>Cut by replicates, when the rows are few: blocks are broadcast once, and each task fits and
 * scores some replicates; one Spark job. Cut by rows: each pass is a Spark job in which every block
 * adds to the sums of all fits. Sums are merged in the order of the blocks, in groups of {@value
 * #GROUP}, so that models are the same to the bit on any cluster.
 */
final class BatchedEngine implements Engine {
  /** Blocks whose sums one task merges. */
  private static final int GROUP = 32;

  private final SparkSession spark;
  private final Frame frame;
  private final CellFiles files;
  private final BatchPlan.Bounds bounds;

  BatchedEngine(SparkSession spark, Frame frame, CellFiles files, BatchPlan.Bounds bounds) {
    this.spark = spark;
    this.frame = frame;
    this.files = files;
    this.bounds = bounds;
  }

  @Override
  public List<Outcome> run(String job, List<Cell> cells, Progress progress) {
    Ledger ledger = new Ledger(cells, files);
    ledger
        .byModel()
        .forEach(
            (model, own) -> {
              List<Batch.Unit> units = Batch.units(cells, own);
              int settings = units.stream().mapToInt(u -> u.settings().size()).max().orElse(1);
              List<Batch> batches = new ArrayList<>();
              BatchPlan.Cut[] cut = new BatchPlan.Cut[1]; // the same for all
              Batch.byFolds(units)
                  .forEach(
                      (folds, alike) -> {
                        BatchPlan plan =
                            BatchPlan.of(
                                model, frame.schema(), alike.size(), folds, settings, bounds);
                        boolean whole = alike.get(0).placement().design().isByJackknife();
                        int each = whole ? alike.size() : plan.units();
                        batches.addAll(Batch.of(cells, alike, each, frame.schema()));
                        cut[0] = plan.cut();
                      });
              run(job + ": fit and score " + model.name(), cut[0], batches, ledger, progress);
            });
    return ledger.outcomes();
  }

  private void run(
      String what, BatchPlan.Cut cut, List<Batch> planned, Ledger ledger, Progress progress) {
    List<Batch> batches = ledger.open(planned);
    if (batches.isEmpty()) {
      return;
    }
    // Of all that were planned, so that a run which goes on makes the pilots of the whole one.
    Batch all = Batch.all(planned);
    List<List<Map<String, Object>>> settings =
        all.isByJackknife() ? List.of() : Pilots.worthwhile(all);
    if (cut == BatchPlan.Cut.ROWS) {
      Pilots pilots = Pilots.of(settings, own -> pilotsByRows(what, all, own, progress));
      batches.forEach(batch -> ledger.settle(batch, byRows(what, batch, pilots, progress)));
      return;
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    CellFiles out = files;
    try (AllRows rows = new AllRows(context, frame, what)) {
      Map<List<Map<String, Object>>, List<Batched.Group>> done = new HashMap<>();
      rows.run(
          what + " (all rows)",
          settings,
          (own, blocks) -> pilotsAtHand(all, own, blocks),
          (number, groups) -> done.put(settings.get(number), groups),
          progress);
      Pilots pilots = new Pilots(done);
      rows.run(
          what,
          batches,
          (batch, blocks) -> atHand(batch, blocks, pilots, out),
          (number, report) -> ledger.settle(batches.get(number), report),
          progress);
    }
  }

  private static List<Batched.Group> pilotsAtHand(
      Batch all, List<Map<String, Object>> settings, List<Block> blocks) {
    Batch.Unit any = all.units().get(0);
    Preparation preparation = // the same for all
        Preparation.fit(all.schema(), blocks, any.placement(), any.replicate(), all.options());
    List<Examples> examples =
        blocks.stream().map(block -> all.examples(block, preparation)).toList();
    Center center = Center.of(examples.subList(0, 1), preparation.width());
    List<BlockCounts> counts = BlockCounts.of(all, blocks);
    return groups(
        Batch.finish(all.pilots(center, settings), fits -> sums(all, examples, fits, counts)));
  }

  /** The groups of fits that are done; none when one failed. */
  private static List<Batched.Group> groups(List<Batch.Fitted> fitted) {
    return fitted.stream().allMatch(fit -> fit.reason().isEmpty())
        ? new ArrayList<>(fitted.stream().map(fit -> fit.open().group()).toList())
        : List.of();
  }

  private List<Batched.Group> pilotsByRows(
      String what, Batch all, List<Map<String, Object>> settings, Progress progress) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Ready ready = ready(context, what, all);
    Broadcast<Ready> shared = context.broadcast(ready);
    try {
      return groups(
          finish(
              context,
              what + " (all rows)",
              shared,
              all.pilots(ready.center(0), settings),
              progress));
    } finally {
      shared.destroy();
    }
  }

  /** Carries out a batch where all blocks are at hand. */
  private static Batch.Report atHand(
      Batch batch, List<Block> blocks, Pilots pilots, CellFiles files) {
    if (batch.isByJackknife()) {
      return byJackknife(batch, blocks, files);
    }
    long from = System.nanoTime();
    int units = batch.units().size();
    String[][] reason = new String[units][];
    long[] unseen = new long[units];
    Squares[][] squares = new Squares[units][];
    List<CellFiles.Writer> out =
        batch.predicts()
            ? blocks.stream().map(block -> files.writer(batch.id(), block.number())).toList()
            : List.of();
    int step = batch.isFixed() ? units : 1;
    for (int first = 0; first < units; first += step) {
      List<Integer> some = IntStream.range(first, first + step).boxed().toList();
      Batch.Unit any = batch.units().get(first);
      Preparation preparation =
          Preparation.fit(
              batch.schema(), blocks, any.placement(), any.replicate(), batch.options());
      List<Examples> examples =
          blocks.stream().map(block -> batch.examples(block, preparation)).toList();
      Center center = Center.of(examples.subList(0, 1), preparation.width());
      List<BlockCounts> counts = BlockCounts.of(batch, blocks);
      List<Batch.Open> open = new ArrayList<>();
      for (int u : some) {
        reason[u] = batch.isChecked() ? refused(batch, u, examples, counts) : null;
        if (reason[u] == null) {
          open.addAll(batch.begin(u, center, pilots));
        }
      }
      List<Batch.Fitted> fitted = Batch.finish(open, fits -> sums(batch, examples, fits, counts));
      for (int u : some) {
        Model[] models = batch.models(u, fitted);
        reason[u] = reason[u] == null ? batch.reasons(u, fitted) : reason[u];
        squares[u] = batch.squares(u, fitted);
        batch.keep(u, models, preparation, files);
        for (int b = 0; b < out.size(); b++) {
          unseen[u] +=
              batch.predict(u, models, counts.get(b), preparation, examples.get(b), out.get(b));
        }
      }
    }
    out.forEach(CellFiles.Writer::close);
    return new Batch.Report(reason, unseen, squares, (System.nanoTime() - from) / 1e9);
  }

  /** Leaves out the rows of a batch, one per replicate, by the fit to all rows. */
  private static Batch.Report byJackknife(Batch batch, List<Block> blocks, CellFiles files) {
    long from = System.nanoTime();
    Batch.Unit any = batch.units().get(0);
    Preparation preparation = // the same for all
        Preparation.fit(batch.schema(), blocks, any.placement(), any.replicate(), batch.options());
    List<Examples> examples =
        blocks.stream().map(block -> batch.examples(block, preparation)).toList();
    Center center = Center.of(examples.subList(0, 1), preparation.width());
    List<BlockCounts> counts = BlockCounts.of(batch, blocks);
    int settings = any.settings().size();
    String[] reason = new String[settings];
    String refusal = null;
    for (int b = 0; b < blocks.size() && refusal == null && batch.isChecked(); b++) {
      refusal = batch.refusal(0, examples.get(b), counts.get(b).times(Batch.ALL));
    }
    double[][] said = new double[settings][0];
    Model[] models = new Model[settings];
    Arrays.fill(reason, refusal);
    if (refusal == null) {
      List<Batch.Fitted> fitted =
          Batch.finish(batch.whole(center), fits -> sums(batch, examples, fits, counts));
      models = batch.models(Batch.ALL, fitted);
      reason = batch.reasons(Batch.ALL, fitted);
      Examples rows = Examples.concatenated(examples);
      for (int s = 0; s < settings; s++) {
        try {
          said[s] = models[s] == null ? said[s] : batch.leftOut(s, models[s], center, rows);
        } catch (UserException e) {
          reason[s] = e.getMessage();
        }
      }
    }
    int start = 0;
    for (int b = 0; b < blocks.size(); b++) {
      try (CellFiles.Writer out = files.writer(batch.id(), blocks.get(b).number())) {
        for (Batch.Unit unit : batch.units()) {
          int[] held = unit.held(blocks.get(b));
          for (int s = 0; s < settings; s++) {
            int count = said[s].length == 0 ? 1 : models[s].outputs();
            double[] own = new double[said[s].length == 0 ? 0 : held.length * count];
            for (int i = 0; i < own.length / count; i++) {
              System.arraycopy(said[s], (start + held[i]) * count, own, i * count, count);
            }
            int[] rows = own.length == 0 ? new int[0] : held;
            out.add(batch.predictions(unit.settings().get(s), own, count, rows));
          }
        }
      }
      start += blocks.get(b).size();
    }
    String[][] reasons = new String[batch.units().size()][];
    Arrays.fill(reasons, reason);
    return new Batch.Report(
        reasons,
        new long[reasons.length],
        new Squares[reasons.length][],
        (System.nanoTime() - from) / 1e9);
  }

  /** Why a replicate's rows are refused, by setting; null when they are not. */
  private static String[] refused(
      Batch batch, int unit, List<Examples> examples, List<BlockCounts> counts) {
    for (int b = 0; b < examples.size(); b++) {
      Examples rows = batch.labelled(unit, examples.get(b), counts.get(b).block());
      String refusal = batch.refusal(unit, rows, counts.get(b).times(unit));
      if (refusal != null) {
        String[] all = new String[batch.units().get(unit).settings().size()];
        Arrays.fill(all, refusal);
        return all;
      }
    }
    return null;
  }

  /** The sums of fits over blocks that are at hand. */
  private static List<Ask.Answer> sums(
      Batch batch, List<Examples> examples, List<Batch.Open> fits, List<BlockCounts> counts) {
    List<Ask> asks = Ask.of(batch, fits);
    List<Sums> totals = new ArrayList<>();
    for (int from = 0; from < counts.size(); from += GROUP) {
      List<Sums> group = new ArrayList<>();
      for (int b = from; b < Math.min(counts.size(), from + GROUP); b++) {
        merge(group, Ask.over(batch, asks, examples.get(b), counts.get(b)));
      }
      merge(totals, group);
    }
    return Ask.answers(fits, asks, totals);
  }

  /** Adds sums of later blocks; takes them over when there are none yet. */
  private static void merge(List<Sums> totals, List<Sums> later) {
    if (totals.isEmpty()) {
      totals.addAll(later);
      return;
    }
    for (int k = 0; k < totals.size(); k++) {
      totals.get(k).merge(later.get(k));
    }
  }

  /**
   * What tasks need to work on their blocks.
   *
   * @param preparation by unit; one for all when they do not differ
   * @param center by unit; one for all when they do not differ
   */
  private record Ready(Batch batch, List<Preparation> preparation, List<Center> center)
      implements Serializable {

    Preparation preparation(int unit) {
      return preparation.get(preparation.size() == 1 ? 0 : unit);
    }

    Center center(int unit) {
      return center.get(center.size() == 1 ? 0 : unit);
    }

    /** What is asked for, over a block. */
    List<Sums> sums(Block block, List<Ask> asks) {
      BlockCounts counts = new BlockCounts(batch, block);
      List<Sums> all = new ArrayList<>();
      int at = 0;
      while (at < asks.size()) {
        int from = at;
        int unit = asks.get(at).fits().get(0).unit();
        while (at < asks.size()
            && (preparation.size() == 1 || asks.get(at).fits().get(0).unit() == unit)) {
          at++;
        }
        Examples rows = batch.examples(block, preparation(unit));
        all.addAll(Ask.over(batch, asks.subList(from, at), rows, counts));
      }
      return all;
    }
  }

  private Batch.Report byRows(String what, Batch batch, Pilots pilots, Progress progress) {
    long from = System.nanoTime();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Ready ready = ready(context, what, batch);
    Broadcast<Ready> shared = context.broadcast(ready);
    try {
      int units = batch.units().size();
      String[][] reason =
          batch.isChecked() ? refused(context, what, shared, units, progress) : new String[units][];
      List<Batch.Open> open = new ArrayList<>();
      for (int u = 0; u < units; u++) {
        if (reason[u] == null) {
          open.addAll(batch.begin(u, ready.center(u), pilots));
        }
      }
      List<Batch.Fitted> fitted = finish(context, what, shared, open, progress);
      List<Model[]> models = new ArrayList<>();
      for (int u = 0; u < units; u++) {
        models.add(batch.models(u, fitted));
        reason[u] = reason[u] == null ? batch.reasons(u, fitted) : reason[u];
        batch.keep(u, models.get(u), ready.preparation(u), files);
      }
      Squares[][] squares = new Squares[units][];
      Arrays.setAll(squares, u -> batch.squares(u, fitted));
      long[] unseen =
          batch.predicts()
              ? score(context, what + " (scores)", shared, models, progress)
              : new long[units];
      return new Batch.Report(reason, unseen, squares, (System.nanoTime() - from) / 1e9);
    } finally {
      shared.destroy();
    }
  }

  private List<Batch.Fitted> finish(
      JavaSparkContext context,
      String what,
      Broadcast<Ready> ready,
      List<Batch.Open> open,
      Progress progress) {
    int[] passes = {0};
    return Batch.finish(
        open,
        fits ->
            pass(
                context,
                what + " (pass " + ++passes[0] + ", " + fits.size() + " fits)",
                ready,
                fits,
                progress));
  }

  private Ready ready(JavaSparkContext context, String what, Batch batch) {
    context.setJobDescription(what + " (columns)");
    int count = batch.isFixed() ? 1 : batch.units().size();
    List<Preparation> preparations = new ArrayList<>();
    for (int u = 0; u < count; u++) {
      Batch.Unit unit = batch.units().get(u);
      preparations.add(Preparation.fit(frame, unit.placement(), unit.replicate(), batch.options()));
    }
    List<Preparation> fixed = preparations;
    List<Center> centers =
        frame
            .blocks()
            .filter(block -> block.number() == 0)
            .map(
                block -> {
                  List<Center> each = new ArrayList<>();
                  for (Preparation preparation : fixed) {
                    each.add(
                        Center.of(
                            List.of(batch.examples(block, preparation)), preparation.width()));
                  }
                  return each;
                })
            .first();
    return new Ready(batch, preparations, centers);
  }

  /** Why the rows of each unit are refused, by setting; null where they are not. */
  private String[][] refused(
      JavaSparkContext context, String what, Broadcast<Ready> ready, int units, Progress progress) {
    String[][] reason = new String[units][];
    Tasks.over(
        context,
        what + " (check)",
        frame.blocks(),
        frame.blockCount(),
        blocks -> {
          Block block = blocks.next();
          Batch batch = ready.value().batch();
          BlockCounts counts = new BlockCounts(batch, block);
          String[][] found = new String[units][];
          Examples rows = null;
          for (int u = 0; u < units; u++) {
            if (rows == null || ready.value().preparation().size() > 1) {
              rows = batch.examples(block, ready.value().preparation(u));
            }
            found[u] = BatchedEngine.refused(batch, u, List.of(rows), List.of(counts));
          }
          return found;
        },
        (block, found) -> {
          for (int u = 0; u < units; u++) {
            // Of several blocks the one whose words come first, whichever is received first.
            if (found[u] != null
                && (reason[u] == null || found[u][0].compareTo(reason[u][0]) < 0)) {
              reason[u] = found[u];
            }
          }
        },
        progress);
    return reason;
  }

  private List<Ask.Answer> pass(
      JavaSparkContext context,
      String what,
      Broadcast<Ready> ready,
      List<Batch.Open> fits,
      Progress progress) {
    List<Ask> asks = Ask.of(ready.value().batch(), fits);
    Broadcast<List<Ask>> open = context.broadcast(new ArrayList<>(asks));
    try {
      int groups = (frame.blockCount() + GROUP - 1) / GROUP;
      List<List<Sums>> merged = new ArrayList<>(Collections.nCopies(groups, null));
      Tasks.over(
          context,
          what,
          frame
              .blocks()
              .mapToPair(
                  block ->
                      new Tuple2<>(
                          block.number() / GROUP,
                          new Tuple2<>(block.number(), ready.value().sums(block, open.value()))))
              .groupByKey(new ByNumber(groups))
              .values(),
          groups,
          group -> inOrder(group.next()),
          merged::set,
          progress);
      List<Sums> totals = new ArrayList<>();
      for (int g = 0; g < groups; g++) {
        merge(totals, merged.get(g));
      }
      return Ask.answers(fits, asks, totals);
    } finally {
      open.destroy();
    }
  }

  /** Scores the rows to be predicted; gives by unit how many have a category unseen in training. */
  private long[] score(
      JavaSparkContext context,
      String what,
      Broadcast<Ready> ready,
      List<Model[]> models,
      Progress progress) {
    Broadcast<List<Model[]>> shared = context.broadcast(new ArrayList<>(models));
    CellFiles out = files;
    long[] unseen = new long[models.size()];
    try {
      Tasks.over(
          context,
          what,
          frame.blocks(),
          frame.blockCount(),
          blocks -> {
            Block block = blocks.next();
            Batch batch = ready.value().batch();
            BlockCounts counts = new BlockCounts(batch, block);
            long[] found = new long[shared.value().size()];
            Examples all =
                ready.value().preparation().size() == 1
                    ? batch.examples(block, ready.value().preparation(0))
                    : null;
            try (CellFiles.Writer file = out.writer(batch.id(), block.number())) {
              for (int u = 0; u < found.length; u++) {
                Preparation preparation = ready.value().preparation(u);
                found[u] = batch.predict(u, shared.value().get(u), counts, preparation, all, file);
              }
            }
            return found;
          },
          (block, found) -> Arrays.setAll(unseen, u -> unseen[u] + found[u]),
          progress);
      return unseen;
    } finally {
      shared.destroy();
    }
  }

  private static List<Sums> inOrder(Iterable<Tuple2<Integer, List<Sums>>> blocks) {
    List<Tuple2<Integer, List<Sums>>> sorted = new ArrayList<>();
    blocks.forEach(sorted::add);
    sorted.sort(Comparator.comparing(Tuple2::_1));
    List<Sums> totals = new ArrayList<>();
    for (Tuple2<Integer, List<Sums>> block : sorted) {
      merge(totals, block._2());
    }
    return totals;
  }
}
