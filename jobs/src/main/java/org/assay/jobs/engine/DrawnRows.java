package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.assay.fit.Examples;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.RawRows;
import org.assay.jobs.frame.Schema;
import org.assay.random.Keyed;

/**
 * Rows drawn without replacement from those that models were fitted to, or are tested on, in
 * canonical order: those of the least keys, which are the same for all models and however the frame
 * is spread.
 */
final class DrawnRows {
  private DrawnRows() {}

  /**
   * From which rows to draw, for whom.
   *
   * @param fitted who sees them; null for a pipeline, which sees them as the source had them
   */
  record From(Placement placement, int replicate, FittedModel fitted) implements Serializable {}

  /** For models that are no pipelines. */
  static List<From> from(List<Explainer.Member> members, CellFiles files, Schema schema) {
    List<From> from = new ArrayList<>();
    for (Explainer.Member member : members) {
      from.add(new From(member.placement(), member.replicate(), member.fitted(files, schema)));
    }
    return from;
  }

  /**
   * A drawn row.
   *
   * @param features as a fitted model sees it; null for a pipeline
   * @param raw as a pipeline sees it; else null
   */
  record Drawn(long key, long index, double[] features, Row raw, double label, double weight)
      implements Serializable {}

  private static final Comparator<Drawn> BY_KEY =
      Comparator.comparingLong(Drawn::key).thenComparingLong(Drawn::index);

  /** The same for fitted models, as these see them. */
  static List<Examples> examples(
      JavaSparkContext context,
      Frame frame,
      List<From> from,
      RawRows.Part part,
      int most,
      Keyed function,
      String what) {
    List<List<Drawn>> all = of(context, frame, from, part, most, function, what);
    List<Examples> examples = new ArrayList<>();
    for (int k = 0; k < from.size(); k++) {
      examples.add(examples(from.get(k).fitted().preparation().width(), all.get(k)));
    }
    return examples;
  }

  /**
   * Draws rows of positive weight.
   *
   * @param most of each, at most
   * @param function what is random; a row's key is that of its canonical index
   */
  static List<List<Drawn>> of(
      JavaSparkContext context,
      Frame frame,
      List<From> from,
      RawRows.Part part,
      int most,
      Keyed function,
      String what) {
    context.setJobDescription(what);
    Broadcast<List<From>> sent = context.broadcast(new ArrayList<>(from));
    long[] starts = frame.starts();
    long stream = function.stream(0);
    Schema schema = frame.schema();
    List<List<Drawn>> all =
        frame
            .blocks()
            .<List<List<Drawn>>>map(
                block -> {
                  List<List<Drawn>> drawn = new ArrayList<>();
                  for (From one : sent.value()) {
                    drawn.add(draw(schema, block, starts[block.number()], one, part, most, stream));
                  }
                  return drawn;
                })
            .treeReduce(
                (a, b) -> {
                  List<List<Drawn>> both = new ArrayList<>();
                  for (int k = 0; k < a.size(); k++) {
                    List<Drawn> together = new ArrayList<>(a.get(k));
                    together.addAll(b.get(k));
                    both.add(least(together, most));
                  }
                  return both;
                });
    context.setJobDescription(null);
    sent.destroy();
    all.forEach(drawn -> drawn.sort(Comparator.comparingLong(Drawn::index)));
    return all;
  }

  private static List<Drawn> draw(
      Schema schema, Block block, long start, From from, RawRows.Part part, int most, long stream) {
    int[] rows =
        part == RawRows.Part.TEST
            ? from.placement().tested(from.replicate(), block)
            : from.placement().trained(from.replicate(), block);
    List<Drawn> places = new ArrayList<>();
    for (int row : rows) {
      if (block.weight(row) > 0) {
        places.add(new Drawn(Keyed.at(stream, start + row), row, null, null, 0, 0));
      }
    }
    List<Drawn> drawn = new ArrayList<>();
    double[] labels = from.placement().labels(block);
    for (Drawn place : least(places, most)) {
      int row = (int) place.index();
      double[] features = null;
      if (from.fitted() != null) {
        features = new double[from.fitted().preparation().width()];
        from.fitted().preparation().features(block, row, features, 0);
      }
      drawn.add(
          new Drawn(
              place.key(),
              start + row,
              features,
              features == null ? RawRows.row(schema, block, row, block, row, null) : null,
              labels[row],
              block.weight(row)));
    }
    return drawn;
  }

  private static List<Drawn> least(List<Drawn> all, int most) {
    all.sort(BY_KEY);
    return new ArrayList<>(all.subList(0, Math.min(most, all.size())));
  }

  private static Examples examples(int width, List<Drawn> drawn) {
    double[] features = new double[drawn.size() * width];
    for (int i = 0; i < drawn.size(); i++) {
      System.arraycopy(drawn.get(i).features(), 0, features, i * width, width);
    }
    return new Examples(
        width,
        features,
        drawn.stream().mapToDouble(Drawn::label).toArray(),
        drawn.stream().mapToDouble(Drawn::weight).toArray());
  }
}
