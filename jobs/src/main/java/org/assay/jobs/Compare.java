package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.RunConfig;
import org.assay.config.Section;
import org.assay.config.Suggestion;
import org.assay.inference.Adjustment;
import org.assay.inference.ComparisonTests;
import org.assay.inference.TestSettings;

/**
 * {@code compare}: whether models differ, by how much, and how small a difference could be seen.
 *
 * <p>Without {@code from} it looks at the models' answers to the same rows ({@link RowComparison}).
 * With {@code from = JOB} at the values that an earlier cross-validation measured on its splits,
 * with several such jobs at their means over data sets ({@link SplitComparison}).
 */
@AutoService(Job.class)
public final class Compare implements Job {
  /** The choice left to Assay. */
  static final String AUTO = "auto";

  /** Exchange of the models' answers row by row; the mean of something per row. */
  static final String SIGN_FLIP = "sign-flip";

  /** The same draws for both models; any metric. */
  static final String PAIRED_BOOTSTRAP = "paired-bootstrap";

  @Override
  public String kind() {
    return "compare";
  }

  /**
   * The job's own keys.
   *
   * @param tests by name; empty leaves the choice to Assay
   * @param control the model that all others are compared with; empty for all pairs
   * @param adjust how families are adjusted
   * @param jointly whether by max-t in place of that
   * @param replicates permutations and resamples
   * @param exactUpTo most permutations to enumerate
   * @param numbers level, power, margin and rope
   */
  record Settings(
      List<String> tests,
      String control,
      Adjustment adjust,
      boolean jointly,
      int replicates,
      long exactUpTo,
      TestSettings numbers) {

    boolean isAuto() {
      return tests.isEmpty();
    }

    /** A family's name: all p-values when Assay chose the tests, else those of one test. */
    String family(String test) {
      return isAuto() ? AUTO : test;
    }

    /** The numbers, with the control's place among these models. */
    TestSettings numbers(List<String> models) {
      return numbers.withControl(models.indexOf(control));
    }

    /** The pairs to compare, a before b; with a control each other model before it. */
    List<int[]> pairs(List<String> models) {
      List<int[]> pairs = new ArrayList<>();
      int fixed = models.indexOf(control);
      for (int a = 0; a < models.size(); a++) {
        for (int b = a + 1; b < models.size() && fixed < 0; b++) {
          pairs.add(new int[] {a, b});
        }
        if (fixed >= 0 && a != fixed) {
          pairs.add(new int[] {a, fixed});
        }
      }
      return pairs;
    }
  }

  @Override
  public Step read(RunConfig.JobConfig job, RunConfig config) {
    Section section = job.section();
    Settings settings = settings(section);
    if (section.has("from")) {
      List<RunConfig.JobConfig> sources = EarlierJobs.crossValidations(job, config);
      sources.forEach(source -> refuseBootstrap(section, source));
      if (settings.jointly()) {
        throw section.wrong(
            "adjust",
            "needs replicates that all p-values of a family share, which tests on splits and over data sets have not; take adjust = holm, or compare with data and models in place of from");
      }
      JobMetrics metrics = section.has("metrics") ? JobMetrics.read(job) : null;
      section.done();
      DataConfig data = config.dataOf(sources.get(0).section());
      return new SplitComparison(
          job.name(),
          data,
          sources.stream().map(RunConfig.JobConfig::name).toList(),
          section,
          metrics,
          settings);
    }
    DataConfig data = config.dataOf(section);
    List<ModelConfig> models = config.modelsOf(section);
    for (ModelConfig model : models) {
      if (model.isLearned()) {
        throw section.wrong(
            "models",
            "'"
                + model.name()
                + "' has yet to be fitted; compare models that answer already, or cross-validate them and compare with from = that job's name");
      }
    }
    List<String> names = models.stream().map(ModelConfig::name).toList();
    if (models.size() < 2 || models.size() > 63) {
      throw section.wrong("models", "must name 2 to 63 models, to be compared; found " + names);
    }
    if (!settings.control().isEmpty() && !names.contains(settings.control())) {
      throw section.wrong(
          "control",
          "is none of the job's models"
              + Suggestion.of(settings.control(), names)
              + "; they are "
              + String.join(", ", names));
    }
    JobMetrics metrics = JobMetrics.read(job);
    Memory memory = Memory.read(section);
    section.done();
    return new RowComparison(job.name(), data, models, section, metrics, settings, memory);
  }

  private static Settings settings(Section section) {
    List<String> known =
        Stream.concat(Stream.of(SIGN_FLIP, PAIRED_BOOTSTRAP), ComparisonTests.names().stream())
            .sorted()
            .toList();
    List<String> tests = section.strings("tests");
    if (section.has("tests") && tests.isEmpty()) {
      throw section.wrong(
          "tests",
          "names no test; leave it out for those that Assay chooses, or name some of "
              + String.join(", ", known));
    }
    if (tests.equals(List.of(AUTO))) {
      tests = List.of();
    }
    Set<String> seen = new LinkedHashSet<>();
    for (String test : tests) {
      if (test.equals(AUTO)) {
        throw section.wrong(
            "tests", "auto chooses the tests and stands alone; remove it or the others");
      }
      if (!known.contains(test)) {
        throw section.wrong(
            "tests",
            "no test '"
                + test
                + "'"
                + Suggestion.of(test, known)
                + "; known: auto, "
                + String.join(", ", known));
      }
      if (!seen.add(test)) {
        throw section.wrong("tests", "names " + test + " twice; name it once");
      }
    }
    String adjust = Findings.adjustment(section);
    boolean jointly = adjust.equals(Findings.MAX_T);
    if (jointly) {
      for (String test : tests) {
        if (!test.equals(SIGN_FLIP) && !test.equals(PAIRED_BOOTSTRAP)) {
          throw section.wrong(
              "adjust",
              "needs replicates that all p-values of a family share, which "
                  + test
                  + " has not; take tests = ["
                  + SIGN_FLIP
                  + "] or ["
                  + PAIRED_BOOTSTRAP
                  + "], or adjust = holm");
        }
      }
    }
    TestSettings numbers =
        TestSettings.DEFAULT
            .withLevel(section.number("level", 0.95, 0.5, 0.999999))
            .withPower(section.number("power", 0.8, 0.01, 0.999999))
            .withRope(section.number("rope", 0.01, 0, Double.MAX_VALUE));
    if (section.has("margin")) {
      double margin = section.number("margin", 0, Double.MAX_VALUE);
      if (margin == 0) {
        throw section.wrong("margin", "must be above 0, in the metric's unit");
      }
      numbers = numbers.withMargin(margin);
    }
    return new Settings(
        tests,
        section.string("control", ""),
        jointly ? Adjustment.NONE : Adjustment.named(adjust),
        jointly,
        (int) section.integer("replicates", 10_000, 100, 10_000_000),
        section.integer("exact-up-to", 100_000, 0, 1_000_000_000),
        numbers);
  }

  private static void refuseBootstrap(Section section, RunConfig.JobConfig source) {
    Section plan = source.section().section("plan");
    Section outer = plan.string("kind").equals("nested") ? plan.section("outer") : plan;
    if (outer.string("kind").equals("bootstrap")) {
      throw section.wrong(
          "from",
          "no test here is for values of bootstrap samples, which '"
              + source.name()
              + "' has; use k-fold or shuffle-split there");
    }
  }
}
