package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.RunConfig;
import org.assay.config.Section;
import org.assay.config.Suggestion;
import org.assay.design.Plan;
import org.assay.importance.Scale;
import org.assay.inference.Adjustment;
import org.assay.jobs.engine.Engines;
import org.assay.jobs.engine.Explainer;
import org.assay.jobs.frame.Columns;

/**
 * {@code importance}: on which inputs models depend, and how much. This class reads the job; {@link
 * InputImportance} carries it out.
 */
@AutoService(Job.class)
public final class Importance implements Job {

  /** How alike columns are grouped. */
  enum Clusters {
    NONE,
    /** By the size of Spearman's correlation; texts by mutual information. */
    SPEARMAN,
    /** By mutual information. */
    MUTUAL_INFORMATION
  }

  /** The test of "greater than nothing". */
  enum Test {
    /** Of the influence of rows, with random signs. */
    SIGN_FLIP,
    /** Of the number of splits with an importance. */
    BINOMIAL
  }

  /**
   * How orders of inputs are compared.
   *
   * @param top how many inputs are looked at first; 0 to compare none
   * @param permutations drawn for a p-value
   */
  record Comparing(int top, int permutations) {}

  /**
   * How often rows are exchanged.
   *
   * @param fixed how often; 0 until the error of the draw is small
   * @param most how often at most
   */
  record RepeatRule(int fixed, int most) {
    /** Repeats to begin with when they are not fixed. */
    static final int FIRST = 5;

    /** The error of the draw that is small, as a share of the error that the rows leave. */
    static final double SHARE = 0.1;

    /** How many to add when there are so many; 0 for none. */
    int more(int done) {
      if (fixed > 0) {
        return fixed - done;
      }
      return Math.min(most - done, Math.max(FIRST, done));
    }

    String describe() {
      return fixed > 0
          ? fixed + (fixed == 1 ? " repeat" : " repeats")
          : "repeats until the error of the draw is a tenth of that of the rows, "
              + most
              + " at most";
    }
  }

  /**
   * The job's own keys.
   *
   * @param plan how models are fitted; empty to fit and to measure on all rows
   * @param inputs the columns to look at; empty for all features
   * @param groups columns to look at together, by name
   * @param evaluate further data sets, on whose rows the models of all rows are measured as well
   */
  record Settings(
      Section section,
      Optional<Plan> plan,
      List<DataConfig> evaluate,
      List<ImportanceMethod.Step> methods,
      JobMetrics metrics,
      RepeatRule repeats,
      List<String> inputs,
      Map<String, List<String>> groups,
      Clusters clusters,
      double clusterAt,
      Explainer.Within within,
      String column,
      Scale scale,
      Adjustment adjust,
      Test test,
      Comparing comparing,
      double level,
      int bins,
      Engines.Options engines) {

    /** Further columns: that of {@code within}. */
    Columns columns() {
      return within == Explainer.Within.COLUMN
          ? new Columns(Map.of(), Map.of(), Map.of(column, section.path("within")))
          : Columns.NONE;
    }

    /** How rows exchange values. */
    Explainer.Settings exchange(Explainer.Draw draw) {
      return new Explainer.Settings(within, column, bins, draw, engines.memory(), engines.cut());
    }
  }

  @Override
  public String kind() {
    return "importance";
  }

  @Override
  public InputImportance read(RunConfig.JobConfig job, RunConfig config) {
    Section section = job.section();
    // Fits as those of an earlier job are the same models: what they follow from is all the same.
    Section fitted = section;
    if (section.has("from")) {
      List<RunConfig.JobConfig> earlier = EarlierJobs.crossValidations(job, config);
      for (String key : List.of("plan", "bins")) {
        section.refuse(key, "stands beside from, which brings its own; remove one");
      }
      if (earlier.size() > 1) {
        throw section.wrong("from", "must be one job: its models are explained on its splits");
      }
      fitted = earlier.get(0).section();
    }
    DataConfig data = config.dataOf(fitted);
    List<ModelConfig> models = config.modelsOf(fitted);
    for (ModelConfig model : models) {
      if (model.isGiven()) {
        throw section.wrong(
            "models",
            "'"
                + model.name()
                + "' is known by its predictions alone, and importance asks a model anew; give an estimator, a pipeline or a saved model");
      }
      if (model.kind() == ModelConfig.Kind.ESTIMATOR) {
        CrossValidate.check(model, data);
      }
    }
    Optional<Plan> plan = Optional.empty();
    if (fitted.has("plan")) {
      Section keys = fitted.section("plan");
      plan = Optional.of(Plan.read(keys, data.group().isPresent()));
      CrossValidate.check(fitted, keys, plan.get(), data);
      if (plan.get().inner().isPresent()) {
        throw keys.wrong(
            "kind", "nested plans choose settings; explain a model of one setting by a plain plan");
      }
      if (plan.get().isByJackknife()) {
        throw keys.wrong(
            "by",
            "the infinitesimal jackknife fits no model without a row, and there is none to ask; remove it");
      }
      if (!plan.get().trainSizes().isEmpty()) {
        throw keys.wrong(
            "train-sizes", "are of learning curves; explain a model of all training rows");
      }
      if (models.stream().noneMatch(ModelConfig::isLearned)) {
        throw section.wrong(
            "plan",
            "is for models that are fitted, and all of these are fitted already; remove it");
      }
    }
    JobMetrics metrics = JobMetrics.read(job);
    Map<String, List<String>> groups = groups(section);
    String within = section.string("within", "all");
    Explainer.Within kind =
        switch (within) {
          case "all" -> Explainer.Within.ALL;
          case "block" -> Explainer.Within.BLOCK;
          case "stratum" -> Explainer.Within.STRATUM;
          default -> Explainer.Within.COLUMN;
        };
    List<ImportanceMethod.Step> methods =
        methods(section, new ImportanceMethod.Asked(section, data, models, plan, kind));
    String column = kind == Explainer.Within.COLUMN ? column(section, data, within) : "";
    Settings settings =
        new Settings(
            section,
            plan,
            evaluate(section, data, models, methods, config),
            methods,
            metrics,
            repeats(section),
            named(section, "inputs"),
            groups,
            section.choice("clusters", Clusters.class, Clusters.NONE),
            section.number("cluster-at", 0.7, 0, 1),
            kind,
            column,
            section.choice("value", Scale.class, Scale.DIFFERENCE),
            section.choice("adjust", Adjustment.class, Adjustment.BH),
            test(section, plan),
            comparing(section),
            section.number("level", 0.95, 0.5, 0.999999),
            CrossValidate.bins(fitted),
            CrossValidate.engines(section, Memory.read(section)));
    section.done();
    return new InputImportance(job.name(), data, models, settings);
  }

  private static List<DataConfig> evaluate(
      Section section,
      DataConfig data,
      List<ModelConfig> models,
      List<ImportanceMethod.Step> methods,
      RunConfig config) {
    List<DataConfig> further = new ArrayList<>();
    for (String name : named(section, "evaluate")) {
      DataConfig other = config.dataOf(section, "evaluate", name);
      if (other.name().equals(data.name())) {
        throw section.wrong(
            "evaluate",
            "names the data that models are explained on anyway; remove '" + name + "'");
      }
      other.check(models);
      further.add(other);
    }
    if (!further.isEmpty() && methods.stream().noneMatch(ImportanceMethod.Step::asksOfRows)) {
      throw section.wrong(
          "evaluate",
          "is for methods that ask fitted models of rows, such as permutation, and none is asked for; add one to method, or remove this");
    }
    return List.copyOf(further);
  }

  private static Test test(Section section, Optional<Plan> plan) {
    Test test = section.choice("test", Test.class, Test.SIGN_FLIP);
    if (test == Test.BINOMIAL && plan.isEmpty()) {
      throw section.wrong("test", "counts the splits of a plan; add plan { kind = k-fold }");
    }
    return test;
  }

  private static Comparing comparing(Section section) {
    if (!section.has("rankings")) {
      return new Comparing(0, 0);
    }
    Section keys = section.section("rankings");
    Comparing comparing =
        new Comparing(
            (int) keys.integer("top", 5, 1, 100_000),
            (int) keys.integer("permutations", 999, 19, 1_000_000));
    keys.done();
    return comparing;
  }

  private static RepeatRule repeats(Section section) {
    int most = (int) section.integer("max-repeats", 20, RepeatRule.FIRST, 100_000);
    if (!section.has("repeats") || section.string("repeats").equals("auto")) {
      return new RepeatRule(0, most);
    }
    if (section.has("max-repeats")) {
      throw section.wrong("max-repeats", "is for repeats = auto; remove it, or repeats");
    }
    return new RepeatRule((int) section.integer("repeats", 1, 100_000), most);
  }

  private static String column(Section section, DataConfig data, String within) {
    if (within.equals("group")) {
      return data.group()
          .orElseThrow(
              () ->
                  section.wrong(
                      "within", "needs data." + data.name() + ".group = COLUMN; name a column"));
    }
    if (data.id().filter(within::equals).isPresent()) {
      throw section.wrong(
          "within",
          "every row has an "
              + within
              + " of its own, so nothing could be exchanged; name a column that rows share");
    }
    return within;
  }

  /** All methods by name. */
  private static Map<String, ImportanceMethod> known() {
    Map<String, ImportanceMethod> all = new TreeMap<>();
    ServiceLoader.load(ImportanceMethod.class).forEach(method -> all.put(method.name(), method));
    return all;
  }

  private static List<ImportanceMethod.Step> methods(
      Section section, ImportanceMethod.Asked asked) {
    Map<String, ImportanceMethod> known = known();
    List<ImportanceMethod.Step> methods = new ArrayList<>();
    List<String> names = named(section, "method");
    for (String name : names.isEmpty() ? List.of("permutation") : names) {
      ImportanceMethod method = known.get(name);
      if (method == null) {
        throw section.wrong(
            "method",
            "no method '"
                + name
                + "'"
                + Suggestion.of(name, known.keySet())
                + "; known: "
                + String.join(", ", known.keySet()));
      }
      methods.add(method.read(section.sectionOrEmpty(name), asked));
    }
    for (String name : known.keySet()) {
      if (section.has(name) && !names.contains(name)) {
        throw section.wrong(
            name, "is of a method that is not asked for; add it to method, or remove this");
      }
    }
    return List.copyOf(methods);
  }

  /** A list of names, none twice. */
  private static List<String> named(Section section, String key) {
    List<String> names = section.strings(key);
    Set<String> seen = new LinkedHashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw section.wrong(key, "names " + name + " twice; name it once");
      }
    }
    return names;
  }

  private static Map<String, List<String>> groups(Section section) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    Section keys = section.sectionOrEmpty("groups");
    for (String name : keys.values().keySet()) {
      List<String> members = named(keys, name);
      if (members.isEmpty()) {
        throw keys.wrong(name, "is empty; name the columns of the group, or remove it");
      }
      groups.put(name, members);
    }
    return groups;
  }

  /** The error of a column that is no feature. */
  static UserException noFeature(Section section, String key, String name, List<String> features) {
    return section.wrong(
        key,
        "'"
            + name
            + "' is no feature"
            + Suggestion.of(name, features)
            + "; features are "
            + listed(features));
  }

  private static String listed(List<String> names) {
    int most = 20;
    return String.join(", ", names.subList(0, Math.min(most, names.size())))
        + (names.size() > most ? " and " + (names.size() - most) + " more" : "");
  }
}
