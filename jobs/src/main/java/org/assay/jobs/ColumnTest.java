package org.assay.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.Suggestion;
import org.assay.jobs.engine.Items;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Slicing;
import org.assay.permutation.DistanceCorrelation;
import org.assay.permutation.EnergyDistance;
import org.assay.permutation.LinearStatistics;
import org.assay.permutation.Spearman;
import org.assay.permutation.Statistics;
import org.assay.permutation.Strata;
import org.assay.random.Keyed;

/**
 * Whether columns of numbers differ between two samples of the rows, or depend on another column,
 * in every slice. Needs no model and no label. Rows without a value are left out of the test of
 * that column, and the row says how many.
 */
record ColumnTest(String name, DataConfig data, Columns asked, PermutationTest.Settings settings)
    implements Job.Step {

  /** What a test of one slice takes besides its rows. */
  private static final long SLICE = 2048;

  /**
   * The columns.
   *
   * @param values columns of numbers
   * @param by the column that makes the samples, or the one that values may depend on
   * @param samples the two values of {@code by}; empty when it has two
   */
  record Columns(
      List<String> values,
      String by,
      List<String> samples,
      List<PermutationTest.Statistic> statistics) {}

  @Override
  public List<ModelConfig> models() {
    return List.of();
  }

  private boolean isTwoSample() {
    return settings.kind() == PermutationTest.Kind.TWO_SAMPLE;
  }

  @Override
  public org.assay.jobs.frame.Columns columns() {
    Map<String, String> numbers = new LinkedHashMap<>();
    asked.values().forEach(c -> numbers.put(c, settings.section().path("values")));
    Map<String, String> texts = new LinkedHashMap<>();
    if (isTwoSample()) {
      texts.put(asked.by(), settings.section().path("between"));
    } else {
      numbers.put(asked.by(), settings.section().path("against"));
    }
    return new org.assay.jobs.frame.Columns(numbers, texts, settings.keys());
  }

  /** Refuses data that cannot be tested. */
  private void check(Frame frame) {
    if (data.weight().isPresent()) {
      throw settings
          .section()
          .wrong(
              "test",
              "takes no weights, and data."
                  + data.name()
                  + ".weight = "
                  + data.weight().get()
                  + "; name the same rows in a data set without weight");
    }
    settings.memory().check(data, frame.rows(), 1, bytes(frame));
  }

  private int tests(int slices) {
    return slices * asked.values().size() * asked.statistics().size();
  }

  /** What the rows take in an executor, in each cut; a tree of distances also in each task. */
  private long bytes(Frame frame) {
    long tests = tests(1);
    long row =
        asked.statistics().stream()
            .mapToLong(s -> s == PermutationTest.Statistic.DISTANCE_CORRELATION ? 76 : 16)
            .sum();
    return frame.rows() * frame.slicing().cuts() * (8 + row * asked.values().size())
        + SLICE * tests * frame.slicing().size();
  }

  /** The two samples' values of the column that makes them. */
  private List<String> samples(Frame frame) {
    List<String> known = frame.values(asked.by());
    String where = settings.section().path(asked.samples().isEmpty() ? "between" : "samples");
    if (asked.samples().isEmpty() && known.size() != 2) {
      throw UserException.input(
          where
              + " = "
              + asked.by()
              + ": has "
              + known.size()
              + (known.size() == 1 ? " distinct value" : " distinct values")
              + (known.isEmpty() ? "" : ", " + listed(known))
              + (known.size() < 2
                  ? "; two samples need two; add rows of another, or loosen where"
                  : "; name the two to compare in samples"));
    }
    for (String sample : asked.samples()) {
      if (!known.contains(sample)) {
        throw UserException.input(
            where
                + ": column "
                + asked.by()
                + " has no value '"
                + sample
                + "'"
                + Suggestion.of(sample, known)
                + "; known: "
                + listed(known));
      }
    }
    return asked.samples().isEmpty() ? known : asked.samples();
  }

  private static String listed(List<String> values) {
    return values.size() <= 10
        ? String.join(", ", values)
        : String.join(", ", values.subList(0, 10)) + " and " + (values.size() - 10) + " more";
  }

  @Override
  public List<String> explain(RunContext context) {
    Frame frame = context.frame(data);
    check(frame);
    return List.of(
        "permutation-test '" + name + "' on data." + data.name() + ": " + frame.rows() + " rows",
        "  slices      " + frame.slicing().describe(),
        "  values      " + String.join(", ", asked.values()),
        "  test        "
            + settings.kind().label()
            + (isTwoSample()
                ? " between " + asked.by() + " = " + String.join(" and ", samples(frame))
                : " against " + asked.by())
            + ", "
            + (settings.side().isEmpty() ? "two-sided" : settings.side()),
        "  design      " + settings.describe(tests(frame.slicing().size())),
        "  engine      score, cut by replicates: one pass for all columns and slices",
        "  memory      " + settings.memory().describe(bytes(frame)),
        "  statistics  "
            + String.join(
                ", ", asked.statistics().stream().map(PermutationTest.Statistic::label).toList()),
        "  p-values    "
            + (long) frame.slicing().size() * asked.values().size() * asked.statistics().size()
            + ", adjusted by "
            + settings.adjustment());
  }

  @Override
  public void run(RunContext context) {
    Frame frame = context.frame(data);
    check(frame);
    Slicing slicing = frame.slicing();
    context.context().setJobDescription(name + ": gather the columns");
    Items items = Items.of(context.context(), frame, context.cells(), List.of(), slicing, null);
    List<double[]> values = new ArrayList<>();
    for (String column : asked.values()) {
      values.add(checked("values", column, frame.numbers(column)));
    }
    double[] keys = settings.within().isEmpty() ? null : frame.keys(settings.within());
    Gathered all =
        isTwoSample()
            ? new Gathered(
                values, keys, frame.codes(asked.by()), null, samples(frame), codes(frame))
            : new Gathered(
                values,
                keys,
                null,
                checked("against", asked.by(), frame.numbers(asked.by())),
                List.of(),
                new int[2]);
    context.context().setJobDescription(null);
    List<LabelTest.SliceRows> slices = LabelTest.SliceRows.of(items, slicing.size());
    int parts = tests(slices.size());
    Hypotheses hypotheses = new Hypotheses(name, settings);
    Keyed function = Keyed.of(context.config().seed(), settings.kind().label());
    for (LabelTest.SliceRows slice : slices) {
      for (int v = 0; v < values.size(); v++) {
        add(
            hypotheses,
            function.derive(slice.slice()),
            all,
            v,
            slice,
            slicing.name(slice.slice()),
            settings.exactUpTo(parts));
      }
    }
    hypotheses.report(context);
  }

  private int[] codes(Frame frame) {
    List<String> known = frame.values(asked.by());
    return samples(frame).stream().mapToInt(known::indexOf).toArray();
  }

  private double[] checked(String key, String column, double[] values) {
    long infinite = Arrays.stream(values).filter(Double::isInfinite).count();
    if (infinite > 0
        && asked.statistics().stream().anyMatch(PermutationTest.Statistic::needsFinite)) {
      throw UserException.input(
          settings.section().path(key)
              + ": "
              + infinite
              + " of "
              + values.length
              + " rows have an infinite "
              + column
              + "; means and distances need finite numbers; remove them, for example by data."
              + data.name()
              + ".where");
    }
    return values;
  }

  /**
   * The columns of all rows.
   *
   * @param keys of the strata; null without
   * @param sample codes of the column that makes samples; null when there is none
   * @param against the other column; null when there is none
   * @param codes those of the two samples
   */
  private record Gathered(
      List<double[]> values,
      double[] keys,
      int[] sample,
      double[] against,
      List<String> names,
      int[] codes) {}

  private void add(
      Hypotheses hypotheses,
      Keyed function,
      Gathered all,
      int v,
      LabelTest.SliceRows slice,
      String sliceName,
      long exactUpTo) {
    double[] x = all.values.get(v);
    IntPredicate isOfTest =
        row ->
            isTwoSample()
                ? all.sample[row] == all.codes[0] || all.sample[row] == all.codes[1]
                : !Double.isNaN(all.against[row]);
    int[] tested = IntStream.range(0, slice.size()).map(slice::row).filter(isOfTest).toArray();
    int[] rows = Arrays.stream(tested).filter(row -> !Double.isNaN(x[row])).toArray();
    int missing = tested.length - rows.length;
    String left =
        missing == 0
            ? ""
            : missing + (missing == 1 ? " row" : " rows") + " without a value left out";
    String group = settings.heed(data);
    String heed = left + (left.isEmpty() || group.isEmpty() ? "" : "; ") + group;
    LabelTest.SliceRows own = new LabelTest.SliceRows(slice.slice(), rows, rows.length);
    Strata strata = all.keys == null ? Strata.one(rows.length) : Strata.of(own.codes(all.keys));
    double[] mine = own.of(x);
    String column = asked.values().get(v);
    for (PermutationTest.Statistic statistic : asked.statistics()) {
      Statistics made;
      String undefined;
      double nanoseconds;
      Findings.About about;
      if (isTwoSample()) {
        boolean[] first = new boolean[rows.length];
        int chosen = 0;
        for (int i = 0; i < rows.length; i++) {
          first[i] = all.sample[rows[i]] == all.codes[0];
          chosen += first[i] ? 1 : 0;
        }
        boolean mean = statistic == PermutationTest.Statistic.MEAN_DIFFERENCE;
        made =
            mean
                ? LinearStatistics.meanDifferences(
                    function, strata, first, new double[][] {mine}, exactUpTo)
                : EnergyDistance.of(function, strata, first, mine, exactUpTo);
        nanoseconds = rows.length * (mean ? 0.4 : 4.0);
        undefined =
            "no row with "
                + asked.by()
                + " = "
                + all.names.get(chosen == 0 ? 0 : 1)
                + " and a value";
        about =
            new Findings.About(
                data.name(),
                asked.by() + "=" + all.names.get(0),
                asked.by() + "=" + all.names.get(1),
                sliceName,
                statistic.label() + "(" + column + ")");
      } else {
        double[] against = own.of(all.against);
        boolean ranks = statistic == PermutationTest.Statistic.SPEARMAN;
        made =
            ranks
                ? new Spearman(function, strata, mine, against, exactUpTo)
                : new DistanceCorrelation(function, strata, mine, against, exactUpTo);
        nanoseconds = rows.length * (ranks ? 12.0 : 12.0 * Math.log(rows.length + 2));
        undefined = "all values of a column are equal";
        about = new Findings.About(data.name(), column, asked.by(), sliceName, statistic.label());
      }
      double observed = made.observed(0);
      hypotheses.add(
          made,
          nanoseconds + 10,
          List.of(
              new Hypotheses.Hypothesis(
                  about, observed, 1, rows.length, Double.isNaN(observed) ? undefined : heed)));
    }
  }
}
