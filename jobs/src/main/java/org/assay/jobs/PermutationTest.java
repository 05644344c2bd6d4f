package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.RunConfig;
import org.assay.config.Section;
import org.assay.config.Suggestion;
import org.assay.inference.Adjustment;
import org.assay.jobs.engine.Permuter;
import org.assay.permutation.Alternative;

/**
 * {@code permutation-test}: whether models are better than chance, as they are ({@link LabelTest})
 * or, with a plan, fitted anew under each permutation ({@link LearnerTest}); whether columns differ
 * between two samples, or depend on another column ({@link ColumnTest}). Everything by slice, and
 * p-values from all permutations there are where these are few.
 */
@AutoService(Job.class)
public final class PermutationTest implements Job {

  /** Permutations of models that are fitted anew, unless said otherwise. */
  private static final long REFITS = 200;

  /** What is permuted. */
  enum Kind {
    /** The labels, against what models say. */
    LABEL_PERMUTATION,
    /** Which of two samples a row is in. */
    TWO_SAMPLE,
    /** One column against others. */
    INDEPENDENCE;

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Which side of chance speaks against it; higher or lower as the metric has it. */
  enum Side {
    BETTER(Alternative.GREATER, "one-sided: better than chance"),
    WORSE(Alternative.LESS, "one-sided: worse than chance"),
    TWO_SIDED(Alternative.TWO_SIDED, "");

    final Alternative alternative;
    final String note;

    Side(Alternative alternative, String note) {
      this.alternative = alternative;
      this.note = note;
    }
  }

  /** Statistics of a column, by kind of test, with a place for their names. */
  enum Statistic {
    /** Mean of the first sample less that of the second. */
    MEAN_DIFFERENCE(Kind.TWO_SAMPLE),
    /** Distance of the two samples' distributions. */
    ENERGY_DISTANCE(Kind.TWO_SAMPLE),
    /** Rank correlation. */
    SPEARMAN(Kind.INDEPENDENCE),
    /** Correlation of distances: any dependence. */
    DISTANCE_CORRELATION(Kind.INDEPENDENCE);

    final Kind kind;

    /** Whether it is 0 without and positive with an effect of any kind. */
    boolean isUnsigned() {
      return this == ENERGY_DISTANCE || this == DISTANCE_CORRELATION;
    }

    /** Whether it needs numbers that are finite. */
    boolean needsFinite() {
      return this != SPEARMAN;
    }

    Statistic(Kind kind) {
      this.kind = kind;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What all kinds share.
   *
   * @param within the column in whose equal values rows are exchanged; empty for all rows
   * @param question how much to draw, and for what alternative
   * @param exactUpTo most permutations to enumerate
   * @param adjust how the p-values of the job are adjusted
   * @param side what to say of a one-sided p-value
   * @param level 1 - level is what a p-value is held against
   * @param memory what the rows may take
   */
  record Settings(
      Section section,
      Kind kind,
      String within,
      Permuter.Question question,
      long exactUpTo,
      Adjustment adjust,
      String side,
      double level,
      Memory memory) {

    boolean isJoint() {
      return question.jointly() == Permuter.Jointly.MAX_T;
    }

    /** Permutations to enumerate of one of so many parts: joint replicates are drawn for all. */
    long exactUpTo(int parts) {
      return isJoint() && parts > 1 ? 0 : exactUpTo;
    }

    /** Further columns: that of {@code within}. */
    Map<String, String> keys() {
      Map<String, String> keys = new LinkedHashMap<>();
      if (!within.isEmpty()) {
        keys.put(within, section.path("within"));
      }
      return keys;
    }

    /**
     * How much is drawn, in words.
     *
     * @param parts of rows that are permuted apart
     */
    String describe(int parts) {
      return question.replicates()
          + " replicates"
          + (question.stopAfter() > 0
              ? " at most, stopped after " + question.stopAfter() + " as extreme"
              : "")
          + (within.isEmpty() ? "" : ", within equal " + within)
          + (exactUpTo(parts) == 0
              ? ""
              : "; all permutations where there are at most " + exactUpTo);
    }

    /** What to heed when rows belong together and are exchanged apart. */
    String heed(DataConfig data) {
      return data.group()
          .filter(group -> !group.equals(within))
          .map(group -> "rows of one " + group + " are exchanged as if they were independent")
          .orElse("");
    }

    String adjustment() {
      return isJoint() ? Findings.MAX_T : adjust.label();
    }
  }

  @Override
  public String kind() {
    return "permutation-test";
  }

  @Override
  public Step read(RunConfig.JobConfig job, RunConfig config) {
    Section section = job.section();
    section.refuse(
        "from",
        "a cross-validation predicts each row by a model that has seen the labels of others, so these cannot be exchanged without fitting anew; test predictions of a model that was fitted on other rows");
    DataConfig data = config.dataOf(section);
    Kind kind = section.choice("test", Kind.class, Kind.LABEL_PERMUTATION);
    if (kind == Kind.LABEL_PERMUTATION) {
      List<ModelConfig> models = config.modelsOf(section);
      Side side = section.choice("alternative", Side.class, Side.BETTER);
      if (section.has("plan")) {
        return learners(job, section, data, models, side);
      }
      for (ModelConfig model : models) {
        if (model.isLearned()) {
          throw section.wrong(
              "models",
              "'"
                  + model.name()
                  + "' has yet to be fitted; give a plan to fit it in under every permutation, or a model that answers already");
        }
        if (model.correct().isPresent()) {
          throw section.wrong(
              "models",
              "of '"
                  + model.name()
                  + "' is known only whether it is right, so its labels cannot be exchanged; give its predictions, or its correct column as values of another test");
        }
      }
      JobMetrics metrics = JobMetrics.read(job);
      Settings settings = settings(section, kind, data, side.alternative, side.note);
      section.done();
      return new LabelTest(job.name(), data, models, metrics, settings);
    }
    Alternative alternative =
        section.choice("alternative", Alternative.class, Alternative.TWO_SIDED);
    String note =
        switch (alternative) {
          case GREATER -> "one-sided: greater";
          case LESS -> "one-sided: less";
          case TWO_SIDED -> "";
        };
    ColumnTest.Columns columns = columns(section, kind);
    for (Statistic statistic : columns.statistics()) {
      if (alternative == Alternative.LESS && statistic.isUnsigned()) {
        throw section.wrong(
            "alternative",
            statistic.label()
                + " has no sign, and only large ones speak against "
                + (kind == Kind.TWO_SAMPLE ? "equal distributions" : "independence")
                + "; leave alternative out");
      }
    }
    Settings settings = settings(section, kind, data, alternative, note);
    section.done();
    return new ColumnTest(job.name(), data, columns, settings);
  }

  private static LearnerTest learners(
      RunConfig.JobConfig job,
      Section section,
      DataConfig data,
      List<ModelConfig> models,
      Side side) {
    for (ModelConfig model : models) {
      if (!model.isLearned()) {
        throw section.wrong(
            "models",
            "'"
                + model.name()
                + "' is fitted already, and this job has a plan to fit models in; test it in a job without plan");
      }
      CrossValidate.check(model, data);
    }
    section.refuse(
        "stop-after",
        "is not for models that are fitted anew, all permutations together; remove it");
    section.refuse(
        "exact-up-to", "is not for models that are fitted anew; permutations are drawn; remove it");
    JobMetrics metrics = JobMetrics.read(job);
    Kind kind = Kind.LABEL_PERMUTATION;
    long replicates = section.integer("replicates", REFITS, 19, 1_000_000);
    Settings settings =
        settings(section, kind, data, replicates, 0, 0, side.alternative, side.note);
    LearnerTest.Fitting fitting = LearnerTest.Fitting.read(section, data, settings.memory());
    section.done();
    return new LearnerTest(job.name(), data, models, metrics, fitting, settings);
  }

  private static ColumnTest.Columns columns(Section section, Kind kind) {
    List<String> values = section.strings("values");
    if (values.isEmpty()) {
      throw UserException.usage(
          section.path("values") + ": is missing; name a column of numbers, or a list of them");
    }
    unique(section, "values", values);
    String by = kind == Kind.TWO_SAMPLE ? section.string("between") : section.string("against");
    if (values.contains(by)) {
      throw section.wrong("values", "holds '" + by + "', which it is tested against");
    }
    List<String> samples = kind == Kind.TWO_SAMPLE ? section.strings("samples") : List.of();
    if (!samples.isEmpty() && (samples.size() != 2 || samples.get(0).equals(samples.get(1)))) {
      throw section.wrong("samples", "must be two different values of " + by);
    }
    List<Statistic> known = Arrays.stream(Statistic.values()).filter(s -> s.kind == kind).toList();
    List<String> names = known.stream().map(Statistic::label).toList();
    List<String> asked =
        section.has("statistics") ? section.strings("statistics") : List.of(names.get(0));
    for (String name : asked) {
      if (!names.contains(name)) {
        throw section.wrong(
            "statistics",
            "no statistic '"
                + name
                + "' of test = "
                + kind.label()
                + Suggestion.of(name, names)
                + "; known: "
                + String.join(", ", names));
      }
    }
    if (asked.isEmpty()) {
      throw section.wrong("statistics", "is empty; known: " + String.join(", ", names));
    }
    unique(section, "statistics", asked);
    return new ColumnTest.Columns(
        values, by, samples, asked.stream().map(name -> known.get(names.indexOf(name))).toList());
  }

  private static void unique(Section section, String key, List<String> names) {
    Set<String> seen = new LinkedHashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw section.wrong(key, "names " + name + " twice; name it once");
      }
    }
  }

  private static Settings settings(
      Section section, Kind kind, DataConfig data, Alternative alternative, String side) {
    return settings(
        section,
        kind,
        data,
        section.integer("replicates", 10_000, 19, 1_000_000_000),
        (int) section.integer("stop-after", 0, 0, 1_000_000),
        section.integer("exact-up-to", 100_000, 0, 1_000_000_000),
        alternative,
        side);
  }

  private static Settings settings(
      Section section,
      Kind kind,
      DataConfig data,
      long replicates,
      int stopAfter,
      long exactUpTo,
      Alternative alternative,
      String side) {
    String within = section.string("within", "");
    if (data.id().filter(within::equals).isPresent()) {
      throw section.wrong(
          "within",
          "every row has an "
              + within
              + " of its own, so nothing could be exchanged; name a column that rows share");
    }
    if (kind == Kind.LABEL_PERMUTATION && data.label().filter(within::equals).isPresent()) {
      throw section.wrong(
          "within", "is the label, and equal labels exchanged change nothing; name another column");
    }
    String adjust = Findings.adjustment(section);
    boolean jointly = adjust.equals(Findings.MAX_T);
    if (stopAfter > 0 && jointly) {
      throw section.wrong(
          "stop-after",
          "max-t needs all replicates of all p-values; set adjust = holm, or leave stop-after out");
    }
    return new Settings(
        section,
        kind,
        within,
        new Permuter.Question(
            alternative,
            replicates,
            stopAfter,
            jointly ? Permuter.Jointly.MAX_T : Permuter.Jointly.NO),
        exactUpTo,
        jointly ? Adjustment.NONE : Adjustment.named(adjust),
        side,
        section.number("level", 0.95, 0.5, 0.999999),
        Memory.read(section));
  }
}
