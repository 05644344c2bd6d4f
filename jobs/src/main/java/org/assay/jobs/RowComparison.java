package org.assay.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assay.bootstrap.DifferenceStatistics;
import org.assay.bootstrap.Distribution;
import org.assay.bootstrap.Draws;
import org.assay.bootstrap.IntervalMethod;
import org.assay.bootstrap.Means;
import org.assay.bootstrap.Replicates;
import org.assay.bootstrap.Replication;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.Section;
import org.assay.inference.ComparisonTest;
import org.assay.inference.ComparisonTests;
import org.assay.inference.Difference;
import org.assay.inference.EffectSizes;
import org.assay.inference.Evidence;
import org.assay.inference.Interval;
import org.assay.inference.OutcomeTotals;
import org.assay.inference.RocPlacements;
import org.assay.inference.Subject;
import org.assay.inference.TestResult;
import org.assay.inference.TestSettings;
import org.assay.jobs.engine.BootstrapPlan;
import org.assay.jobs.engine.Items;
import org.assay.jobs.engine.Measurement;
import org.assay.jobs.engine.Permuter;
import org.assay.jobs.engine.Resampler;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Slicing;
import org.assay.metric.Metric;
import org.assay.permutation.Alternative;
import org.assay.permutation.Column;
import org.assay.permutation.Exceedances;
import org.assay.permutation.LinearStatistics;
import org.assay.permutation.MaxT;
import org.assay.permutation.MonteCarloP;
import org.assay.random.Keyed;

/**
 * Comparison of models by their answers to the same rows, by metric and slice.
 *
 * <p>Closed-form tests take rows for independent and equally weighted; where the data have groups
 * or weights they are refused, and what is left are exchanges and draws of whole groups.
 *
 * <p>Chosen unless tests are named: for accuracy McNemar's mid-p test, with Cochran's Q beside it
 * for three models and more; for the area under the ROC curve DeLong's; for other means over rows
 * the exchange of signs; else the paired bootstrap. With groups or weights, and for max-t: the
 * exchange of signs if all metrics are means over rows, else the paired bootstrap.
 */
record RowComparison(
    String name,
    DataConfig data,
    List<ModelConfig> models,
    Section section,
    JobMetrics metrics,
    Compare.Settings settings,
    Memory memory)
    implements Job.Step {

  /**
   * Bytes of a difference in the form in which signs are exchanged, at most (see {@link Column}).
   */
  private static final long DIFFERENCE = 13;

  /** Bytes of a row's score and its placement. */
  private static final long PLACEMENT = 16;

  /** A test to make of a metric, and why it was chosen; empty when it was asked for. */
  private record Choice(int metric, String test, String why) {}

  private List<Metric<?>> measured(Frame frame, List<ModelConfig> of) {
    return metrics.of(
        of.stream().map(ModelConfig::name).toList(),
        of.stream().map(m -> ScoredModels.target(frame, m)).toList());
  }

  private boolean isPlain() {
    return data.group().isEmpty() && data.weight().isEmpty();
  }

  private static boolean isAccuracy(Metric<?> metric) {
    return metric.spec().equals("accuracy");
  }

  private boolean isRoc(Frame frame, Metric<?> metric) {
    return metric.spec().equals("roc-auc") && frame.schema().classCount() == 2;
  }

  /** The tests to make; refuses those that are not valid for the data or for any metric. */
  private List<Choice> choices(Frame frame, List<Metric<?>> measured) {
    List<Choice> choices = new ArrayList<>();
    if (settings.isAuto()) {
      boolean allMeans = measured.stream().allMatch(Means::isOne);
      for (int j = 0; j < measured.size(); j++) {
        choices.addAll(chosen(frame, j, measured.get(j), allMeans));
      }
      return choices;
    }
    for (String test : settings.tests()) {
      int before = choices.size();
      String reason = "";
      for (int j = 0; j < measured.size(); j++) {
        String refusal = refusal(frame, test, measured.get(j));
        if (refusal.isEmpty()) {
          choices.add(new Choice(j, test, ""));
        } else if (reason.isEmpty()) {
          reason = refusal;
        }
      }
      if (choices.size() == before) {
        throw section.wrong("tests", reason);
      }
    }
    return choices;
  }

  private List<Choice> chosen(Frame frame, int j, Metric<?> metric, boolean allMeans) {
    if (settings.jointly() || !isPlain()) {
      String cause =
          settings.jointly()
              ? "max-t needs joint replicates"
              : "rows are " + (data.group().isPresent() ? "grouped" : "weighted");
      return List.of(
          allMeans
              ? new Choice(j, Compare.SIGN_FLIP, cause + ", and all metrics are means over rows")
              : new Choice(
                  j, Compare.PAIRED_BOOTSTRAP, cause + ", and some metric is no mean over rows"));
    }
    if (isAccuracy(metric)) {
      List<Choice> both = new ArrayList<>();
      both.add(new Choice(j, "mcnemar-mid-p", "right and wrong answers to the same rows"));
      if (models.size() > 2) {
        both.add(new Choice(j, "cochran-q", "right and wrong answers of several models"));
      }
      return both;
    }
    if (isRoc(frame, metric)) {
      return List.of(new Choice(j, "delong", "areas under ROC curves of the same rows"));
    }
    return List.of(
        Means.isOne(metric)
            ? new Choice(j, Compare.SIGN_FLIP, "a mean over the same rows")
            : new Choice(j, Compare.PAIRED_BOOTSTRAP, "no mean over rows"));
  }

  /** Why a test is not possible for a metric; empty when it is. */
  private String refusal(Frame frame, String test, Metric<?> metric) {
    if (test.equals(Compare.PAIRED_BOOTSTRAP)) {
      return "";
    }
    if (test.equals(Compare.SIGN_FLIP)) {
      return Means.isOne(metric)
          ? ""
          : test
              + " needs a metric that is a mean over rows, and "
              + metric.spec()
              + " is none; take "
              + Compare.PAIRED_BOOTSTRAP;
    }
    ComparisonTest known = ComparisonTests.named(test);
    if (!known.accepts().contains(Evidence.Kind.PAIRED_OUTCOMES)
        && !known.accepts().contains(Evidence.Kind.OUTCOME_TOTALS)
        && !known.accepts().contains(Evidence.Kind.ROC_PLACEMENTS)) {
      return test
          + " needs "
          + String.join(", or ", known.accepts().stream().map(Evidence.Kind::words).toList())
          + "; compare with from = the name of a cross-validate job";
    }
    if (known.accepts().contains(Evidence.Kind.DIFFERENCE)) {
      return Double.isNaN(settings.numbers().margin())
          ? test + " needs a margin, the difference that does not matter; set margin"
          : "";
    }
    if (!isPlain()) {
      return test
          + " takes rows for independent and of equal weight, and data."
          + data.name()
          + " has a "
          + (data.group().isPresent() ? "group" : "weight")
          + "; take "
          + Compare.SIGN_FLIP
          + " or "
          + Compare.PAIRED_BOOTSTRAP;
    }
    boolean roc = known.accepts().contains(Evidence.Kind.ROC_PLACEMENTS);
    if (roc ? isRoc(frame, metric) : isAccuracy(metric)) {
      return "";
    }
    return test
        + " compares "
        + (roc ? "roc-auc of a binary task" : "accuracy")
        + ", not "
        + metric.spec()
        + "; name that metric, or take "
        + Compare.PAIRED_BOOTSTRAP;
  }

  private boolean needsReplicates(Frame frame, Metric<?> metric, String test) {
    boolean hasClosedForm =
        isPlain() && (isAccuracy(metric) || isRoc(frame, metric) || Means.isOne(metric));
    return test.equals(Compare.PAIRED_BOOTSTRAP)
        || !test.equals(Compare.SIGN_FLIP)
            && ComparisonTests.named(test).accepts().contains(Evidence.Kind.DIFFERENCE)
            && !hasClosedForm;
  }

  /**
   * What the rows take, estimated: the items, what is made of them for each test, and what the
   * replicates gave.
   */
  private long bytes(Frame frame, List<Metric<?>> measured, List<Choice> choices) {
    long cuts = frame.slicing().cuts();
    boolean draws =
        choices.stream().anyMatch(c -> needsReplicates(frame, measured.get(c.metric()), c.test()));
    long pairs = settings.pairs(models.stream().map(ModelConfig::name).toList()).size();
    long values = 8L * settings.replicates() * frame.slicing().size();
    BootstrapPlan.Request drawn =
        new BootstrapPlan.Request(
            frame.rows(),
            ScoredModels.planned(frame, models),
            draws ? measured : List.of(),
            frame.slicing().cuts(),
            frame.slicing().size(),
            settings.replicates(),
            data.weight().isPresent(),
            data.group().isPresent(),
            false,
            BootstrapPlan.Cutting.REPLICATES,
            BootstrapPlan.Weights.MULTINOMIAL,
            memory.bytes());
    long bytes = drawn.gathered() + (draws ? values * models.size() * measured.size() : 0);
    for (Choice choice : choices) {
      switch (choice.test()) {
        case Compare.SIGN_FLIP -> bytes += frame.rows() * pairs * cuts * DIFFERENCE;
        case Compare.PAIRED_BOOTSTRAP -> bytes += 2 * values * pairs;
        default -> {}
      }
    }
    for (Metric<?> metric : measured) {
      bytes +=
          isPlain() && isRoc(frame, metric) ? frame.rows() * cuts * models.size() * PLACEMENT : 0;
    }
    return bytes;
  }

  /** The tests to make, of data that fit the memory. */
  private List<Choice> checked(Frame frame, List<Metric<?>> measured) {
    List<Choice> choices = choices(frame, measured);
    memory.check(
        data, frame.rows(), ScoredModels.mostWidth(frame, models), bytes(frame, measured, choices));
    return choices;
  }

  @Override
  public List<String> explain(RunContext context) {
    Frame frame = context.frame(data);
    List<Metric<?>> measured = measured(frame, models);
    List<Choice> choices = checked(frame, measured);
    List<String> lines = new ArrayList<>();
    lines.add(
        "compare '"
            + name
            + "' on data."
            + data.name()
            + ": "
            + frame.rows()
            + " rows, "
            + frame.blockCount()
            + (frame.blockCount() == 1 ? " block" : " blocks"));
    lines.add("  slices      " + frame.slicing().describe());
    lines.add(
        "  models      " + String.join(", ", models.stream().map(ModelConfig::name).toList()));
    for (Choice choice : choices) {
      lines.add(
          "  test        "
              + measured.get(choice.metric()).spec()
              + ": "
              + choice.test()
              + (choice.why().isEmpty() ? "" : ", for " + choice.why()));
    }
    lines.add(
        "  family      "
            + (settings.jointly() ? Findings.MAX_T : settings.adjust().label())
            + (settings.isAuto()
                ? " over all pairs, slices and metrics"
                : " over all pairs, slices and metrics of a test"));
    lines.add(
        "  engine      score, cut by replicates: "
            + settings.replicates()
            + " replicates where a test draws them, shared by all pairs, slices and metrics");
    lines.add("  memory      " + memory.describe(bytes(frame, measured, choices)));
    return lines;
  }

  @Override
  public void run(RunContext context) {
    Frame frame = context.frame(data);
    checked(frame, measured(frame, models));
    Map<String, Measurement.Member> answers =
        ScoredModels.answers(context, frame, name, data, models);
    List<ModelConfig> answered =
        models.stream().filter(m -> answers.containsKey(m.name())).toList();
    if (answered.size() < 2) {
      return;
    }
    List<Metric<?>> measured = measured(frame, answered);
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
            frame.slicing(),
            null);
    new Work(context, frame, answered.stream().map(ModelConfig::name).toList(), measured, items)
        .run(choices(frame, measured));
  }

  /** One run of the job. */
  private final class Work {
    private final RunContext context;
    private final Slicing slicing;
    private final List<String> names;
    private final List<int[]> pairs;
    private final List<Metric<?>> measured;
    private final Items items;
    private final long[] counts;
    private final RowEvidence evidence;
    private final TestSettings numbers;
    private final Findings findings = new Findings(name, settings.adjust());
    private final Frame frame;

    Work(
        RunContext context,
        Frame frame,
        List<String> names,
        List<Metric<?>> measured,
        Items items) {
      this.context = context;
      this.frame = frame;
      this.slicing = frame.slicing();
      this.names = names;
      this.pairs = settings.pairs(names);
      this.measured = measured;
      this.items = items;
      this.counts = items.counts(slicing.size());
      this.evidence = new RowEvidence(items, slicing.size());
      this.numbers = settings.numbers(names);
    }

    void run(List<Choice> choices) {
      Map<String, List<Choice>> byTest = new LinkedHashMap<>();
      choices.forEach(c -> byTest.computeIfAbsent(c.test(), t -> new ArrayList<>()).add(c));
      Replicates[] drawn = null;
      if (choices.stream()
          .anyMatch(c -> needsReplicates(frame, measured.get(c.metric()), c.test()))) {
        drawn = replicates();
      }
      Map<Integer, Evidence[][]> closed = new LinkedHashMap<>();
      for (int j = 0; j < measured.size(); j++) {
        closed.put(j, evidence(j, drawn));
      }
      for (Map.Entry<String, List<Choice>> entry : byTest.entrySet()) {
        switch (entry.getKey()) {
          case Compare.SIGN_FLIP -> signFlips(entry.getValue());
          case Compare.PAIRED_BOOTSTRAP -> pairedBootstrap(entry.getValue(), drawn);
          default -> closedForm(entry.getKey(), entry.getValue(), closed);
        }
      }
      effects(closed);
      findings.report(context);
    }

    private Findings.About about(int[] pair, int slice, int metric) {
      return new Findings.About(
          data.name(),
          names.get(pair[0]),
          names.get(pair[1]),
          slicing.name(slice),
          measured.get(metric).spec());
    }

    /** Values of all models in all replicates, and of the rows as they are. */
    private Replicates[] replicates() {
      Replication replication =
          new Replication(
              items.label(),
              items.weight(),
              items.scored(),
              measured,
              items.cuts(slicing, 0, slicing.size()));
      Replicates values =
          Resampler.run(
              context.context(),
              name + ": replicates",
              replication,
              new Draws(context.config().seed(), settings.replicates(), items.units()),
              context.progress());
      return new Replicates[] {values, replication.point()};
    }

    private static double[] minus(double[] a, double[] b) {
      double[] difference = new double[a.length];
      Arrays.setAll(difference, r -> a[r] - b[r]);
      return difference;
    }

    /** What is known of each pair in each slice besides permutations; null where nothing is. */
    private Evidence[][] evidence(int j, Replicates[] drawn) {
      Metric<?> metric = measured.get(j);
      Evidence[][] all = new Evidence[pairs.size()][slicing.size()];
      RocPlacements[] placements = isPlain() && isRoc(frame, metric) ? evidence.placements() : null;
      for (int p = 0; p < pairs.size(); p++) {
        int a = pairs.get(p)[0];
        int b = pairs.get(p)[1];
        if (placements != null) {
          for (int s = 0; s < slicing.size(); s++) {
            all[p][s] = placements[s] == null ? null : placements[s].select(a, b);
          }
        } else if (isPlain() && isAccuracy(metric)) {
          all[p] = evidence.outcomes(a, b);
        } else if (isPlain() && Means.isOne(metric)) {
          all[p] = evidence.differences(metric, a, b);
        } else if (drawn != null) {
          for (int s = 0; s < slicing.size(); s++) {
            double[] replicates = minus(drawn[0].of(a, j, s), drawn[0].of(b, j, s));
            double point = drawn[1].get(a, j, s, 0) - drawn[1].get(b, j, s, 0);
            Distribution boot = Distribution.of(point, counts[s], replicates, "");
            all[p][s] =
                new Difference(
                    point,
                    boot.standardError(),
                    Double.POSITIVE_INFINITY,
                    "normal",
                    counts[s],
                    metric.direction(),
                    "");
          }
        }
      }
      return all;
    }

    private void closedForm(String test, List<Choice> choices, Map<Integer, Evidence[][]> closed) {
      ComparisonTest known = ComparisonTests.named(test);
      for (Choice choice : choices) {
        if (known.scope() == ComparisonTest.Scope.OMNIBUS) {
          OutcomeTotals[] totals = evidence.totals();
          for (int s = 0; s < totals.length; s++) {
            if (counts[s] > 0) {
              Findings.About all =
                  new Findings.About(
                      data.name(), "", "*", slicing.name(s), measured.get(choice.metric()).spec());
              add(known, totals[s], all, test, choice);
            }
          }
          continue;
        }
        for (int p = 0; p < pairs.size(); p++) {
          for (int s = 0; s < slicing.size(); s++) {
            Evidence found = closed.get(choice.metric())[p][s];
            if (counts[s] > 0 && found != null) {
              add(
                  known,
                  found,
                  about(pairs.get(p), s, choice.metric()),
                  settings.family(test),
                  choice);
            }
          }
        }
      }
    }

    private void add(
        ComparisonTest test, Evidence found, Findings.About about, String family, Choice choice) {
      String refusal = ComparisonTests.refusal(test, found, numbers);
      if (refusal != null) {
        throw section.wrong("tests", refusal);
      }
      for (TestResult result : ComparisonTests.results(test, found, numbers)) {
        findings.add(new Findings.Finding(about, result, family, null, null, choice.why()));
      }
    }

    private void signFlips(List<Choice> choices) {
      int[] units = evidence.units();
      int unitCount = units == null ? items.size() : Arrays.stream(units).max().orElse(-1) + 1;
      double[] weights = evidence.weights();
      List<Column> columns = new ArrayList<>();
      List<double[]> columnWeights = new ArrayList<>();
      List<Findings.About> abouts = new ArrayList<>();
      List<String> whys = new ArrayList<>();
      List<Integer> slices = new ArrayList<>();
      List<Interval> intervals = new ArrayList<>();
      for (Choice choice : choices) {
        Metric<?> metric = measured.get(choice.metric());
        for (int[] pair : pairs) {
          double[] difference =
              minus(evidence.means(metric, pair[0]), evidence.means(metric, pair[1]));
          for (int i = 0; items.weight() != null && i < difference.length; i++) {
            difference[i] *= items.weight()[i];
          }
          Difference[] means = isPlain() ? evidence.differences(metric, pair[0], pair[1]) : null;
          Column column = Column.of(difference);
          for (int[] code : items.code()) {
            int first = Arrays.stream(code).filter(c -> c >= 0).min().orElse(-1);
            if (first < 0) {
              continue;
            }
            int count = Arrays.stream(code).max().orElse(-1) - first + 1;
            int[] within = Arrays.stream(code).map(c -> c < 0 ? -1 : c - first).toArray();
            Column sliced = count == 1 && first == 0 ? column : column.by(within, count);
            columns.add(units == null ? sliced : sliced.joined(units, unitCount));
            columnWeights.add(Arrays.copyOfRange(weights, first, first + count));
            for (int s = first; s < first + count; s++) {
              abouts.add(about(pair, s, choice.metric()));
              whys.add(choice.why());
              slices.add(s);
              intervals.add(
                  means == null || means[s] == null
                      ? Interval.none(numbers.level())
                      : means[s].interval(numbers.level()));
            }
          }
        }
      }
      LinearStatistics statistics =
          LinearStatistics.pairedMeans(
              Keyed.of(context.config().seed(), Compare.SIGN_FLIP),
              columns,
              columnWeights.stream().flatMapToDouble(Arrays::stream).toArray(),
              settings.exactUpTo());
      Permuter.Answer answer =
          Permuter.run(
              context.context(),
              name + ": exchange signs",
              statistics,
              0.3 * items.size() * columns.size(),
              new Permuter.Question(
                  Alternative.TWO_SIDED,
                  settings.replicates(),
                  0,
                  settings.jointly() ? Permuter.Jointly.MAX_T : Permuter.Jointly.NO),
              context.progress());
      for (int k = 0; k < abouts.size(); k++) {
        if (counts[slices.get(k)] == 0) {
          continue;
        }
        MonteCarloP p = answer.p()[k];
        Interval interval = intervals.get(k);
        double observed = statistics.observed(k);
        findings.add(
            new Findings.Finding(
                abouts.get(k),
                new TestResult(
                    Compare.SIGN_FLIP,
                    Subject.PAIR,
                    observed,
                    Double.NaN,
                    Double.NaN,
                    observed,
                    interval,
                    p.p(),
                    counts[slices.get(k)],
                    p.method().equals("exact") ? "all " + p.replicates() + " exchanges" : ""),
                settings.family(Compare.SIGN_FLIP),
                p,
                settings.jointly() ? (Double) answer.adjusted()[k] : null,
                whys.get(k)));
      }
    }

    private void pairedBootstrap(List<Choice> choices, Replicates[] drawn) {
      List<Double> points = new ArrayList<>();
      List<double[]> differences = new ArrayList<>();
      List<Findings.About> abouts = new ArrayList<>();
      List<String> whys = new ArrayList<>();
      List<Integer> slices = new ArrayList<>();
      List<String> reasons = new ArrayList<>();
      List<Double> sizes = new ArrayList<>();
      for (Choice choice : choices) {
        int j = choice.metric();
        for (int[] pair : pairs) {
          for (int s = 0; s < slicing.size(); s++) {
            if (counts[s] == 0) {
              continue;
            }
            double a = drawn[1].get(pair[0], j, s, 0);
            double b = drawn[1].get(pair[1], j, s, 0);
            points.add(a - b);
            sizes.add(Math.abs(a) + Math.abs(b));
            differences.add(minus(drawn[0].of(pair[0], j, s), drawn[0].of(pair[1], j, s)));
            abouts.add(about(pair, s, j));
            whys.add(choice.why());
            slices.add(s);
            String ofA = drawn[0].reason(pair[0], j, s);
            reasons.add(ofA.isEmpty() ? drawn[0].reason(pair[1], j, s) : ofA);
          }
        }
      }
      DifferenceStatistics statistics = new DifferenceStatistics(points, differences, sizes);
      Exceedances apart = new Exceedances(statistics, Alternative.TWO_SIDED);
      int count = settings.replicates();
      double[][] values = new double[points.size()][count];
      statistics.fill(0, count, values);
      apart.add(values, count);
      double[] adjusted = null;
      if (settings.jointly()) {
        MaxT joint = new MaxT(statistics, Alternative.TWO_SIDED);
        joint.add(values, count);
        adjusted = joint.stepDown();
      }
      for (int k = 0; k < points.size(); k++) {
        MonteCarloP p = apart.p(k);
        Distribution.Result percentile =
            Distribution.of(
                    points.get(k), counts[slices.get(k)], differences.get(k), reasons.get(k))
                .interval(IntervalMethod.PERCENTILE, numbers.level(), () -> 0);
        String note = percentile.note();
        findings.add(
            new Findings.Finding(
                abouts.get(k),
                new TestResult(
                    Compare.PAIRED_BOOTSTRAP,
                    Subject.PAIR,
                    points.get(k),
                    Double.NaN,
                    Double.NaN,
                    points.get(k),
                    percentile.interval(),
                    p.p(),
                    counts[slices.get(k)],
                    Double.isNaN(p.p()) && note.isEmpty() ? "the difference is undefined" : note),
                settings.family(Compare.PAIRED_BOOTSTRAP),
                p,
                adjusted == null ? null : (Double) adjusted[k],
                whys.get(k)));
      }
    }

    private void effects(Map<Integer, Evidence[][]> closed) {
      closed.forEach(
          (j, all) -> {
            for (int p = 0; p < all.length; p++) {
              for (int s = 0; s < all[p].length; s++) {
                if (counts[s] == 0 || all[p][s] == null) {
                  continue;
                }
                Findings.About about = about(pairs.get(p), s, j);
                EffectSizes.of(all[p][s], numbers).forEach(e -> findings.add(about, e));
              }
            }
          });
    }
  }
}
