package org.assay.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assay.bootstrap.Scored;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.jobs.engine.Items;
import org.assay.jobs.engine.Measurement;
import org.assay.jobs.frame.Columns;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Slicing;
import org.assay.metric.Metric;
import org.assay.permutation.PermutedMetrics;
import org.assay.permutation.Strata;
import org.assay.random.Keyed;

/**
 * Whether models are better than chance: every metric of every model in every slice, against the
 * same with the labels of the slice's rows exchanged among them. All models and metrics of a slice
 * share the labels; all slices are drawn at once.
 */
record LabelTest(
    String name,
    DataConfig data,
    List<ModelConfig> models,
    JobMetrics metrics,
    PermutationTest.Settings settings)
    implements Job.Step {

  /** What one slice takes besides its rows. */
  private static final long SLICE = 4096;

  @Override
  public Columns columns() {
    return new Columns(Map.of(), Map.of(), settings.keys());
  }

  private List<Metric<?>> measured(Frame frame, List<ModelConfig> of) {
    return metrics.of(
        of.stream().map(ModelConfig::name).toList(),
        of.stream().map(m -> ScoredModels.target(frame, m)).toList());
  }

  /** What the rows take in an executor: of each, in each cut, its label and what models say. */
  private long bytes(Frame frame, int metricCount) {
    long row = 8;
    for (ModelConfig model : models) {
      row += 8 + 8L * ScoredModels.width(frame, model) + 8L * metricCount;
    }
    return frame.rows() * frame.slicing().cuts() * row + SLICE * frame.slicing().size();
  }

  private void check(Frame frame, long bytes) {
    settings.memory().check(data, frame.rows(), ScoredModels.mostWidth(frame, models), bytes);
  }

  @Override
  public List<String> explain(RunContext context) {
    Frame frame = context.frame(data);
    List<Metric<?>> measured = measured(frame, models);
    long bytes = bytes(frame, measured.size());
    check(frame, bytes);
    return List.of(
        "permutation-test '" + name + "' on data." + data.name() + ": " + frame.rows() + " rows",
        "  slices      " + frame.slicing().describe(),
        "  models      " + String.join(", ", models.stream().map(ModelConfig::name).toList()),
        "  test        label-permutation, "
            + (settings.side().isEmpty() ? "two-sided" : settings.side()),
        "  design      " + settings.describe(frame.slicing().size()),
        "  engine      score, cut by replicates: one pass for all models, metrics and slices",
        "  memory      " + settings.memory().describe(bytes),
        "  metrics     " + String.join(", ", measured.stream().map(Metric::spec).toList()),
        "  p-values    "
            + (long) frame.slicing().size() * models.size() * measured.size()
            + ", adjusted by "
            + settings.adjustment());
  }

  @Override
  public void run(RunContext context) {
    Frame frame = context.frame(data);
    check(frame, bytes(frame, measured(frame, models).size()));
    Map<String, Measurement.Member> answers =
        ScoredModels.answers(context, frame, name, data, models);
    List<ModelConfig> answered =
        models.stream().filter(m -> answers.containsKey(m.name())).toList();
    if (answered.isEmpty()) {
      return;
    }
    List<Metric<?>> measured = measured(frame, answered);
    Slicing slicing = frame.slicing();
    context.context().setJobDescription(name + ": gather the items");
    Items items =
        Items.of(
            context.context(),
            frame,
            context.cells(),
            answered.stream()
                .map(
                    m ->
                        new Items.Answers(
                            List.of(answers.get(m.name())), ScoredModels.width(frame, m)))
                .toList(),
            slicing,
            null);
    double[] keys = settings.within().isEmpty() ? null : frame.keys(settings.within());
    context.context().setJobDescription(null);
    List<SliceRows> slices = SliceRows.of(items, slicing.size());
    Hypotheses hypotheses = new Hypotheses(name, settings);
    Keyed function = Keyed.of(context.config().seed(), "label permutation");
    for (SliceRows slice : slices) {
      Strata strata = keys == null ? Strata.one(slice.size()) : slice.strata(keys);
      PermutedMetrics statistics =
          new PermutedMetrics(
              function.derive(slice.slice()),
              slice.of(items.label()),
              items.weight() == null ? null : slice.of(items.weight()),
              strata,
              items.scored().stream().map(slice::of).toList(),
              measured,
              settings.exactUpTo(slices.size()));
      hypotheses.add(
          statistics,
          statistics.nanoseconds(),
          hypotheses(statistics, slicing.name(slice.slice()), slice.size(), answered, measured));
    }
    hypotheses.report(context);
  }

  private List<Hypotheses.Hypothesis> hypotheses(
      PermutedMetrics statistics,
      String slice,
      long n,
      List<ModelConfig> answered,
      List<Metric<?>> measured) {
    String heed = settings.heed(data);
    List<Hypotheses.Hypothesis> all = new ArrayList<>();
    for (ModelConfig model : answered) {
      for (Metric<?> metric : measured) {
        int k = all.size();
        all.add(
            new Hypotheses.Hypothesis(
                new Findings.About(data.name(), model.name(), "", slice, metric.spec()),
                statistics.point(k).value(),
                metric.direction() == Metric.Direction.LOWER_IS_BETTER ? -1 : 1,
                n,
                statistics.point(k).isDefined() ? heed : statistics.point(k).reason()));
      }
    }
    return all;
  }

  /**
   * The items of one slice, in canonical order.
   *
   * @param rows null for all items
   */
  record SliceRows(int slice, int[] rows, int size) {

    /** All slices that have items, in order. */
    static List<SliceRows> of(Items items, int slices) {
      int[] size = new int[slices];
      for (int[] cut : items.code()) {
        for (int slice : cut) {
          if (slice >= 0) {
            size[slice]++;
          }
        }
      }
      int[][] rows = new int[slices][];
      int[] next = new int[slices];
      for (int[] cut : items.code()) {
        for (int i = 0; i < cut.length; i++) {
          int slice = cut[i];
          if (slice < 0 || size[slice] == items.size()) {
            continue;
          }
          if (rows[slice] == null) {
            rows[slice] = new int[size[slice]];
          }
          rows[slice][next[slice]++] = i;
        }
      }
      return IntStream.range(0, slices)
          .filter(s -> size[s] > 0)
          .mapToObj(s -> new SliceRows(s, rows[s], size[s]))
          .toList();
    }

    int row(int i) {
      return rows == null ? i : rows[i];
    }

    double[] of(double[] x) {
      if (rows == null) {
        return x;
      }
      double[] own = new double[size];
      Arrays.setAll(own, i -> x[rows[i]]);
      return own;
    }

    Scored of(Scored scored) {
      if (rows == null) {
        return scored;
      }
      int width = scored.width();
      double[] scores = new double[size * width];
      for (int i = 0; i < size; i++) {
        System.arraycopy(scored.scores(), rows[i] * width, scores, i * width, width);
      }
      return new Scored(scored.target(), of(scored.prediction()), width, scores);
    }

    /** Which of the slice's rows may be exchanged: those of equal keys. */
    Strata strata(double[] keys) {
      return Strata.of(codes(keys));
    }

    /** Codes of the slice's rows, from 0, equal for equal keys; NaN is a key. */
    int[] codes(double[] keys) {
      double[] own = of(keys);
      double[] distinct = Arrays.stream(own).sorted().distinct().toArray();
      return Arrays.stream(own).mapToInt(key -> Arrays.binarySearch(distinct, key)).toArray();
    }
  }
}
