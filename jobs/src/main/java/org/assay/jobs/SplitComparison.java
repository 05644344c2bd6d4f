package org.assay.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.Section;
import org.assay.config.Suggestion;
import org.assay.inference.ComparisonTest;
import org.assay.inference.ComparisonTests;
import org.assay.inference.EffectSizes;
import org.assay.inference.Evidence;
import org.assay.inference.FoldScores;
import org.assay.inference.ScoreTable;
import org.assay.inference.Subject;
import org.assay.inference.TestResult;
import org.assay.inference.TestSettings;
import org.assay.metric.Metric;
import org.assay.metric.Metrics;
import org.assay.report.Estimate;
import org.assay.report.Score;
import org.assay.report.Tables;

/**
 * Comparison of models by what earlier cross-validations measured: by their values on the splits of
 * one data set, or by their means over several data sets, one per job.
 *
 * <p>Chosen unless tests are named: over splits the combined 5x2cv F-test for a five-by-two plan,
 * else Nadeau and Bengio's corrected t-test; over data sets Wilcoxon's signed ranks for two models,
 * Friedman's test for more, with Nemenyi's comparisons of all pairs, or Holm's with a control.
 */
record SplitComparison(
    String name,
    DataConfig data,
    List<String> from,
    Section section,
    JobMetrics metrics,
    Compare.Settings settings)
    implements Job.Step {

  @Override
  public List<ModelConfig> models() {
    return List.of();
  }

  @Override
  public List<String> explain(RunContext context) {
    return List.of(
        "compare '"
            + name
            + "': "
            + (from.size() == 1
                ? "values on the splits of job " + from.get(0)
                : "means of the jobs " + String.join(", ", from) + ", one data set each"),
        "  tests       "
            + (settings.isAuto()
                ? from.size() == 1
                    ? "five-by-two-f for a five-by-two plan, else corrected-resampled-t"
                    : "wilcoxon for two models; friedman and "
                        + (settings.control().isEmpty() ? "nemenyi" : "holm")
                        + " for more"
                : String.join(", ", settings.tests())),
        "  family      " + settings.adjust().label() + " over all pairs, slices and metrics",
        "  engine      none: no pass over the data");
  }

  @Override
  public void run(RunContext context) {
    Findings findings = new Findings(name, settings.adjust());
    if (from.size() == 1) {
      overSplits(context, findings);
    } else {
      overDataSets(context, findings);
    }
    findings.report(context);
  }

  /** The models' names, with their parameters where a model has several settings. */
  private static final class Labels {
    private final Map<String, Set<String>> settings = new LinkedHashMap<>();

    void see(String model, String params) {
      settings.computeIfAbsent(model, m -> new LinkedHashSet<>()).add(params);
    }

    String of(String model, String params) {
      return settings.get(model).size() == 1 ? model : model + " (" + params + ")";
    }
  }

  private UserException absent(String job) {
    return UserException.usage(
        section.path("from")
            + " = "
            + job
            + ": job '"
            + job
            + "' measured nothing in this run; do not leave it out by --only");
  }

  /** The models to compare, as results name them. */
  private List<String> models(Set<String> found) {
    List<String> models = List.copyOf(found);
    if (models.size() < 2) {
      throw section.wrong(
          "from", "has one model only, " + models + "; a comparison needs at least two");
    }
    if (!settings.control().isEmpty() && !models.contains(settings.control())) {
      throw section.wrong(
          "control",
          "is none of the models of "
              + String.join(", ", from)
              + Suggestion.of(settings.control(), models)
              + "; they are "
              + String.join(", ", models));
    }
    return models;
  }

  private boolean isWanted(String metric) {
    return metrics == null || metrics.names(metric);
  }

  // ---- over the splits of one data set

  /** Where values of one metric in one slice are. */
  private record Place(String slice, String metric) {}

  private void overSplits(RunContext context, Findings findings) {
    String source = from.get(0);
    Map<Place, Map<String, List<Score>>> scores = new LinkedHashMap<>();
    Set<String> found = new LinkedHashSet<>();
    Labels labels = new Labels();
    List<Score> wanted =
        context.rows(Tables.SCORES).stream()
            .filter(s -> s.job().equals(source) && s.split().equals("test") && isWanted(s.metric()))
            .toList();
    wanted.forEach(s -> labels.see(s.model(), s.params()));
    for (Score score : wanted) {
      String model = labels.of(score.model(), score.params());
      found.add(model);
      scores
          .computeIfAbsent(new Place(score.slice(), score.metric()), p -> new LinkedHashMap<>())
          .computeIfAbsent(model, m -> new ArrayList<>())
          .add(score);
    }
    if (scores.isEmpty()) {
      throw absent(source);
    }
    List<String> models = models(found);
    TestSettings numbers = settings.numbers(models);
    scores.forEach(
        (place, byModel) -> {
          Metric<?> metric = Metrics.named(place.metric());
          for (int[] pair : settings.pairs(models)) {
            List<Score> a = byModel.getOrDefault(models.get(pair[0]), List.of());
            List<Score> b = byModel.getOrDefault(models.get(pair[1]), List.of());
            Findings.About about =
                new Findings.About(
                    data.name(),
                    models.get(pair[0]),
                    models.get(pair[1]),
                    place.slice(),
                    place.metric());
            FoldScores evidence = evidence(a, b, metric.direction());
            List<String> tests = settings.tests();
            String why = "";
            if (settings.isAuto()) {
              boolean fiveByTwo = evidence.repeats() == 5 && evidence.hasFolds(2);
              tests = List.of(fiveByTwo ? "five-by-two-f" : "corrected-resampled-t");
              why =
                  fiveByTwo
                      ? "5 repeats of 2 folds"
                      : "training sets overlap, which the correction heeds";
            }
            for (String test : tests) {
              add(findings, test, evidence, about, numbers, why);
            }
            EffectSizes.of(evidence, numbers).forEach(e -> findings.add(about, e));
          }
        });
  }

  /** The values of two models on the splits that either has; NaN where one has none. */
  private static FoldScores evidence(List<Score> a, List<Score> b, Metric.Direction direction) {
    TreeMap<Integer, TreeMap<Integer, double[]>> values = new TreeMap<>();
    double train = 0;
    double test = 0;
    int count = 0;
    for (int m = 0; m < 2; m++) {
      for (Score score : m == 0 ? a : b) {
        double[] both =
            values
                .computeIfAbsent(score.repeat(), r -> new TreeMap<>())
                .computeIfAbsent(score.fold(), f -> new double[] {Double.NaN, Double.NaN});
        both[m] = score.value();
        train += score.nTrain();
        test += score.nTest();
        count++;
      }
    }
    String plan = a.isEmpty() ? "" : a.get(0).plan();
    boolean random = plan.contains("shuffle-split") || plan.contains("holdout");
    double[][][] tables = new double[2][][];
    for (int m = 0; m < 2; m++) {
      int model = m;
      tables[m] =
          values.values().stream()
              .map(folds -> folds.values().stream().mapToDouble(v -> v[model]).toArray())
              .toArray(double[][]::new);
    }
    return new FoldScores(
        tables[0],
        tables[1],
        Math.max(1, train / count),
        Math.max(1, test / count),
        random ? FoldScores.Splits.RANDOM : FoldScores.Splits.FOLDS,
        direction);
  }

  // ---- over data sets

  private void overDataSets(RunContext context, Findings findings) {
    Map<String, Map<String, Map<String, Double>>> means = new LinkedHashMap<>();
    Set<String> sets = new LinkedHashSet<>();
    Labels labels = new Labels();
    List<Estimate> wanted =
        context.rows(Tables.ESTIMATES).stream()
            .filter(
                e ->
                    from.contains(e.job())
                        && e.slice().isEmpty()
                        && e.estimator().equals("mean-of-folds")
                        && isWanted(e.metric()))
            .toList();
    wanted.forEach(e -> labels.see(e.model(), e.params()));
    for (Estimate estimate : wanted) {
      sets.add(estimate.data());
      means
          .computeIfAbsent(estimate.metric(), m -> new LinkedHashMap<>())
          .computeIfAbsent(estimate.job(), j -> new LinkedHashMap<>())
          .put(labels.of(estimate.model(), estimate.params()), estimate.value());
    }
    for (String job : from) {
      if (means.values().stream().noneMatch(byJob -> byJob.containsKey(job))) {
        throw absent(job);
      }
    }
    String allSets = String.join(",", sets);
    means.forEach(
        (metric, byJob) -> {
          Set<String> common = null;
          for (Map<String, Double> byModel : byJob.values()) {
            if (common == null) {
              common = new LinkedHashSet<>(byModel.keySet());
            } else {
              common.retainAll(byModel.keySet());
            }
          }
          List<String> models = models(common);
          double[][] values =
              byJob.values().stream()
                  .map(byModel -> models.stream().mapToDouble(byModel::get).toArray())
                  .toArray(double[][]::new);
          ScoreTable table =
              new ScoreTable(values, models.size(), Metrics.named(metric).direction());
          overDataSets(findings, table, models, allSets, metric);
        });
  }

  private void overDataSets(
      Findings findings, ScoreTable table, List<String> models, String sets, String metric) {
    TestSettings numbers = settings.numbers(models);
    List<String> tests = settings.tests();
    String why = "";
    if (settings.isAuto()) {
      tests =
          models.size() == 2
              ? List.of("wilcoxon")
              : List.of("friedman", settings.control().isEmpty() ? "nemenyi" : "holm");
      why = models.size() + " models on " + table.n() + " data sets";
    }
    for (String test : tests) {
      if (ComparisonTests.names().contains(test)
          && ComparisonTests.named(test).scope() == ComparisonTest.Scope.PAIR) {
        for (int[] pair : settings.pairs(models)) {
          add(
              findings,
              test,
              table.pair(pair[0], pair[1]),
              new Findings.About(sets, models.get(pair[0]), models.get(pair[1]), "", metric),
              numbers,
              why);
        }
      } else {
        for (TestResult result : results(test, table, numbers)) {
          findings.add(
              new Findings.Finding(
                  about(result.subject(), models, sets, metric),
                  result,
                  ComparisonTests.named(test).scope() == ComparisonTest.Scope.POST_HOC
                      ? ""
                      : settings.family(test),
                  null,
                  null,
                  why));
        }
      }
    }
    EffectSizes.of(table, numbers)
        .forEach(e -> findings.add(about(e.subject(), models, sets, metric), e));
  }

  private static Findings.About about(
      Subject subject, List<String> models, String sets, String metric) {
    return new Findings.About(
        sets,
        subject.a() < 0 ? "" : models.get(subject.a()),
        subject.a() < 0 ? "*" : subject.b() < 0 ? "" : models.get(subject.b()),
        "",
        metric);
  }

  private List<TestResult> results(String test, Evidence evidence, TestSettings numbers) {
    if (Arrays.asList(Compare.SIGN_FLIP, Compare.PAIRED_BOOTSTRAP).contains(test)) {
      throw section.wrong(
          "tests",
          test
              + " needs the models' answers to the same rows; compare with data and models in place of from");
    }
    ComparisonTest known = ComparisonTests.named(test);
    String refusal = ComparisonTests.refusal(known, evidence, numbers);
    if (refusal != null) {
      throw section.wrong("tests", refusal);
    }
    return ComparisonTests.results(known, evidence, numbers);
  }

  private void add(
      Findings findings,
      String test,
      Evidence evidence,
      Findings.About about,
      TestSettings numbers,
      String why) {
    for (TestResult result : results(test, evidence, numbers)) {
      findings.add(new Findings.Finding(about, result, settings.family(test), null, null, why));
    }
  }
}
