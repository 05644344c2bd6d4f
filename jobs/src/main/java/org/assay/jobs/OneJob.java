package org.assay.jobs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.assay.UserException;
import org.assay.config.RunConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * Commands that run one job from flags: {@code assay JOB --data PATH ...}, or {@code assay flaky
 * --project FOLDER ...}. Each flag stands for a key of the configuration, and stands once: the
 * commands differ by the groups of flags that they mix in.
 */
abstract class OneJob implements Callable<Integer> {
  @ParentCommand private Main main;
  @CommandLine.Spec private CommandLine.Model.CommandSpec command;
  @Mixin private Main.RunOptions options;

  @Option(names = "--seed", description = "of all randomness; 0 unless given")
  private Long seed;

  @Option(names = "--name", description = "the suite's name")
  private String name;

  @Option(
      names = "--output",
      paramLabel = "URI",
      description = "where the reports go; ./reports unless given")
  private String output;

  @Option(
      names = "--print-conf",
      description = "print the configuration these flags stand for, and run nothing")
  private boolean printConf;

  /** The job's keys besides its kind. */
  abstract Map<String, Object> job();

  /** The sections that the job works on. */
  abstract Map<String, Object> sections();

  @Override
  public Integer call() {
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("job", command.name());
    job.putAll(job());
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("name", name == null ? command.name() : name);
    all.put("seed", seed == null ? 0L : seed);
    all.put("output", output == null ? "reports" : output);
    all.putAll(sections());
    all.put("jobs", List.of(job));
    Config config = ConfigValueFactory.fromMap(all, "the command line").toConfig();
    if (printConf) {
      main.out()
          .print(
              config
                  .root()
                  .render(ConfigRenderOptions.defaults().setJson(false).setOriginComments(false)));
      Runner.of(RunConfig.read(config), List.of());
      return 0;
    }
    RunConfig run = RunConfig.read(config);
    return options.run(Runner.of(run, List.of()), main.out(), run.output());
  }

  private static void put(Map<String, Object> map, String key, Object value) {
    boolean empty =
        value == null
            || value instanceof List<?> list && list.isEmpty()
            || value instanceof Map<?, ?> m && m.isEmpty();
    if (!empty) {
      map.put(key, value);
    }
  }

  private static Object parsed(String value) {
    return RunConfig.override(ConfigFactory.empty(), List.of("v=" + value))
        .getValue("v")
        .unwrapped();
  }

  /** Flags each of which stands for the key of its name in one section. */
  abstract static class Flags {
    /** Names of keys, of flags that are not named like them. */
    private static final Map<String, String> KEYS =
        Map.of("data", "path", "option", "options", "orders", "kind");

    @CommandLine.Spec CommandLine.Model.CommandSpec flags;

    /** The keys of the flags that are given. */
    Map<String, Object> keys() {
      Map<String, Object> keys = new LinkedHashMap<>();
      for (CommandLine.Model.OptionSpec flag : flags.options()) {
        String name = flag.longestName().substring(2);
        put(keys, KEYS.getOrDefault(name, name), flag.getValue());
      }
      return keys;
    }
  }

  /** What a data set is: keys of {@code data.NAME}. */
  static final class DataFlags extends Flags {
    @Option(
        names = "--data",
        required = true,
        paramLabel = "PATH",
        description = "the data: a file, a folder or a glob")
    String path;

    @Option(names = "--format", description = "a Spark source; by the path's ending unless given")
    String format;

    @Option(
        names = "--option",
        paramLabel = "K=V",
        description = "an option of the source; may be repeated")
    Map<String, String> sourceOptions = new LinkedHashMap<>();

    @Option(names = "--where", paramLabel = "SQL", description = "a condition that rows must meet")
    String where;

    @Option(
        names = "--derive",
        paramLabel = "NAME=SQL",
        description = "a column made by an SQL expression; may be repeated")
    Map<String, String> derive = new LinkedHashMap<>();

    @Option(names = "--label", description = "the column to predict")
    String label;

    @Option(
        names = "--task",
        description = "classification or regression; inferred when it is clear")
    String task;

    @Option(names = "--positive", description = "the positive class of a binary label")
    String positive;

    @Option(names = "--id", description = "the column that names a row")
    String id;

    @Option(names = "--group", description = "the column whose equal values stay together")
    String group;

    @Option(names = "--time", description = "the column that orders rows in time")
    String time;

    @Option(names = "--weight", description = "the column of row weights")
    String weight;

    @Option(names = "--fold", description = "the column of predefined folds")
    String fold;

    @Option(
        names = "--features",
        split = ",",
        description = "columns to learn from; all without another role unless given")
    List<String> features = new ArrayList<>();

    @Option(names = "--exclude", split = ",", description = "columns not to learn from")
    List<String> exclude = new ArrayList<>();

    @Option(
        names = "--slices",
        paramLabel = "COLUMN[,...]",
        description =
            "columns whose values are reported apart; also [A,B] and {column=A,edges=[1,2]} as in a configuration")
    List<String> slices = new ArrayList<>();

    @Option(
        names = "--slice-min-count",
        paramLabel = "N",
        description = "report no slices of fewer rows")
    Integer sliceMinCount;

    @Option(
        names = "--slice-pool-rare",
        split = ",",
        paramLabel = "COLUMN",
        description = "columns of slices whose rare values count together as \"other\"")
    List<String> slicePoolRare = new ArrayList<>();

    @Option(names = "--nulls", split = ",", description = "texts that mean missing")
    List<String> nulls = new ArrayList<>();

    @Option(names = "--impute", description = "fail, median, mean or most-frequent")
    String impute;

    @Option(names = "--encode", description = "fail, one-hot or index")
    String encode;

    @Override
    Map<String, Object> keys() {
      Map<String, Object> keys = super.keys();
      if (!slices.isEmpty()) {
        keys.put("slices", parsed("[" + String.join(",", slices) + "]"));
      }
      return keys;
    }
  }

  /** Models that answer already: keys of {@code models.model}, or whole sections. */
  static final class AnswerFlags {
    @Option(
        names = "--model",
        paramLabel = "NAME={KEY=VALUE,...}",
        description =
            "a model by its keys, quoted from the shell, such as 'a={prediction=p,score=s}'; may be repeated, in place of the flags for one model")
    List<String> sections = new ArrayList<>();

    @Option(names = "--prediction", description = "column of predictions")
    String prediction;

    @Option(
        names = "--score",
        description = "column of scores: a probability, or a vector of one per class")
    String score;

    @Option(
        names = "--correct",
        description = "column that says whether a prediction is right; then no label is needed")
    String correct;

    @Option(
        names = "--predictions",
        paramLabel = "PATH",
        description =
            "a table of predictions, joined by id; or of a sealed run: {output=reports,job=cv,model=logit}")
    String predictions;

    @Option(
        names = "--on-missing",
        description = "fail, or drop: leave out items that lack a prediction")
    String onMissing;

    @Option(
        names = "--model-column",
        description = "for data with a row per item and model: the column that says which model")
    String modelColumn;

    @Option(
        names = "--models",
        split = ",",
        description = "with --model-column: the models to measure, as that column names them")
    List<String> names = new ArrayList<>();

    @Option(
        names = "--saved-model",
        paramLabel = "PATH",
        description = "a saved Spark ML PipelineModel")
    String saved;

    Map<String, Object> models() {
      Map<String, Object> model = new LinkedHashMap<>();
      put(model, "model", saved);
      put(
          model,
          "predictions",
          predictions != null && predictions.startsWith("{") ? parsed(predictions) : predictions);
      put(model, "prediction", prediction);
      put(model, "score", score);
      put(model, "correct", correct);
      put(model, "on-missing", onMissing);
      if (!sections.isEmpty()) {
        if (!model.isEmpty() || !names.isEmpty() || modelColumn != null) {
          throw UserException.usage(
              "--model: gives whole models, so flags for one model or for a model column cannot stand beside it; write their keys in --model NAME={...}");
        }
        return given();
      }
      if (names.isEmpty() != (modelColumn == null)) {
        throw UserException.usage(
            "--model-column and --models: give both, the column and the models to measure, or neither");
      }
      Map<String, Object> all = new LinkedHashMap<>();
      (names.isEmpty() ? List.of("model") : names).forEach(name -> all.put(name, model));
      return all;
    }

    private Map<String, Object> given() {
      Map<String, Object> all = new LinkedHashMap<>();
      for (String section : sections) {
        int equals = section.indexOf('=');
        if (equals < 1 || !section.startsWith("{", equals + 1)) {
          throw UserException.usage(
              "--model " + section + ": must be NAME={KEY=VALUE,...}, such as a={prediction=p}");
        }
        String name = section.substring(0, equals);
        if (all.put(name, parsed(section.substring(equals + 1))) != null) {
          throw UserException.usage(
              "--model " + section + ": the name '" + name + "' is taken; write another");
        }
      }
      return all;
    }

    Map<String, Object> data() {
      Map<String, Object> keys = new LinkedHashMap<>();
      put(keys, "model-column", modelColumn);
      return keys;
    }
  }

  /** A job on a data set. */
  abstract static class OfData extends OneJob {
    @Mixin private DataFlags data;

    /** The sections of {@code models}. */
    abstract Map<String, Object> models();

    /** Further keys of the data. */
    Map<String, Object> data() {
      return Map.of();
    }

    /** Paths of further data sets by name, none "data"; their other keys are those of the data. */
    Map<String, String> furtherData() {
      return Map.of();
    }

    /** The job's keys besides its kind and data. */
    abstract Map<String, Object> keys();

    @Override
    final Map<String, Object> job() {
      Map<String, Object> job = new LinkedHashMap<>();
      job.put("data", "data");
      job.putAll(keys());
      return job;
    }

    @Override
    final Map<String, Object> sections() {
      Map<String, Object> source = data.keys();
      source.putAll(data());
      Map<String, Object> sections = new LinkedHashMap<>();
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("data", source);
      furtherData()
          .forEach(
              (name, path) -> {
                Map<String, Object> further = new LinkedHashMap<>(source);
                further.put("path", path);
                all.put(name, further);
              });
      sections.put("data", all);
      sections.put("models", models());
      return sections;
    }
  }

  /** A job on models that answer already. */
  abstract static class OfAnswers extends OfData {
    @Mixin private AnswerFlags answers;

    @Override
    Map<String, Object> models() {
      return answers.models();
    }

    @Override
    Map<String, Object> data() {
      return answers.data();
    }
  }

  /** What to measure. */
  static class MetricFlags extends Flags {
    @Option(
        names = "--metrics",
        split = ",",
        description = "what to measure; the usual ones of the task unless given")
    List<String> metrics = new ArrayList<>();
  }

  /** What to measure, and what to keep of it. */
  static final class KeepFlags extends MetricFlags {
    @Option(names = "--keep", description = "predictions to keep: all, first-repeat or none")
    String keep;
  }

  /** What jobs share that draw replicates. */
  static class DrawFlags extends MetricFlags {
    @Option(names = "--replicates", description = "how many to draw")
    Long replicates;

    @Option(names = "--level", description = "of intervals and decisions; 0.95 unless given")
    Double level;

    @Option(
        names = "--memory",
        paramLabel = "SIZE",
        description =
            "what the rows may take on the driver and on each executor; 1GiB unless given")
    String memory;
  }

  /** What jobs share that make families of tests. */
  static class TestFlags extends DrawFlags {
    @Option(names = "--exact-up-to", description = "look at all exchanges when no more")
    Long exactUpTo;

    @Option(names = "--adjust", description = "holm unless given; also max-t, bh and others")
    String adjust;
  }

  /** {@code evaluate}. */
  @Command(
      name = "evaluate",
      mixinStandardHelpOptions = true,
      description =
          "Measures predictions that are there already, or a saved model, on all rows and by slice.")
  static final class Evaluate extends OfAnswers {
    @Mixin private KeepFlags flags;

    @Override
    Map<String, Object> keys() {
      return flags.keys();
    }
  }

  /** Keys of {@code bootstrap}. */
  static final class BootstrapFlags extends DrawFlags {
    @Option(
        names = "--interval",
        split = ",",
        description = "bca unless given; also percentile, studentized, wilson, delong and others")
    List<String> interval = new ArrayList<>();

    @Option(names = "--weights", description = "auto, multinomial or poisson")
    String weights;

    @Option(names = "--cut", description = "auto, replicates or rows")
    String cut;

    @Option(names = "--stratify", description = "draw within the classes, or bins of the label")
    Boolean stratify;

    @Option(names = "--bins", description = "strata of a regression; 10 unless given")
    Integer bins;

    @Option(names = "--keep-replicates", description = "write the values of every replicate")
    Boolean keepReplicates;
  }

  /** {@code bootstrap}. */
  @Command(
      name = "bootstrap",
      mixinStandardHelpOptions = true,
      description =
          "Measures predictions that are there already, and says how sure that is, by drawing the rows anew.")
  static final class Bootstrap extends OfAnswers {
    @Mixin private BootstrapFlags flags;

    @Override
    Map<String, Object> keys() {
      return flags.keys();
    }
  }

  /** Keys of {@code compare}. */
  static final class CompareFlags extends TestFlags {
    @Option(
        names = "--tests",
        split = ",",
        description = "by name, such as mcnemar-exact,sign-flip; chosen by metric unless given")
    List<String> tests = new ArrayList<>();

    @Option(names = "--control", description = "the model that all others are compared with")
    String control;

    @Option(names = "--margin", description = "the difference that does not matter")
    Double margin;

    @Option(names = "--power", description = "for the minimum detectable effect; 0.8 unless given")
    Double power;

    @Option(names = "--rope", description = "half the region of practical equivalence")
    Double rope;
  }

  /** {@code compare}. */
  @Command(
      name = "compare",
      mixinStandardHelpOptions = true,
      description =
          "Says whether models differ, and by how much, from their answers to the same rows.")
  static final class Compare extends OfAnswers {
    @Mixin private CompareFlags flags;

    @Override
    Map<String, Object> keys() {
      return flags.keys();
    }
  }

  /** Keys of {@code permutation-test}. */
  static final class PermutationFlags extends TestFlags {
    @Option(
        names = "--test",
        description = "label-permutation unless given, or two-sample, or independence")
    String test;

    @Option(
        names = "--values",
        split = ",",
        description = "two-sample and independence: columns of numbers")
    List<String> values = new ArrayList<>();

    @Option(names = "--between", description = "two-sample: the column that makes the samples")
    String between;

    @Option(names = "--samples", split = ",", description = "two-sample: two of its values")
    List<String> samples = new ArrayList<>();

    @Option(names = "--against", description = "independence: the other column of numbers")
    String against;

    @Option(
        names = "--statistics",
        split = ",",
        description = "mean-difference, energy-distance; spearman, distance-correlation")
    List<String> statistics = new ArrayList<>();

    @Option(
        names = "--alternative",
        description = "better, worse or two-sided; without labels greater, less or two-sided")
    String alternative;

    @Option(
        names = "--within",
        paramLabel = "COLUMN",
        description = "exchange only among rows of equal values of this column")
    String within;

    @Option(names = "--stop-after", description = "draw until so many are as extreme")
    Long stopAfter;

    @Option(
        names = "--plan",
        paramLabel = "PLAN",
        description =
            "{kind=k-fold,folds=5}: fit models, such as --model a={estimator=naive-bayes}, anew under each permutation")
    String plan;
  }

  /** {@code permutation-test}. */
  @Command(
      name = "permutation-test",
      mixinStandardHelpOptions = true,
      description =
          "Says whether predictions are better than chance, or whether columns differ or depend, by exchanging rows.")
  static final class PermutationTest extends OfAnswers {
    @Mixin private PermutationFlags flags;

    /** None where columns are tested. */
    @Override
    Map<String, Object> models() {
      return flags.test == null || flags.test.equals("label-permutation")
          ? super.models()
          : Map.of();
    }

    @Override
    Map<String, Object> keys() {
      Map<String, Object> keys = flags.keys();
      if (flags.plan != null) {
        keys.put("plan", parsed(flags.plan));
      }
      return keys;
    }
  }

  /** Models that are fitted: their learners and parameters. */
  static final class LearnerFlags {
    @Option(
        names = "--model",
        paramLabel = "[NAME=]ESTIMATOR",
        description = "a learner; may be repeated")
    List<String> models = new ArrayList<>();

    @Option(
        names = "--param",
        paramLabel = "[NAME.]PARAM=VALUE",
        description = "a learner's parameter, of all models or of one; may be repeated")
    List<String> params = new ArrayList<>();

    Map<String, Object> models() {
      Map<String, Object> all = new LinkedHashMap<>();
      for (String model : models) {
        int equals = model.indexOf('=');
        String estimator = model.substring(equals + 1);
        String name = equals < 0 ? estimator : model.substring(0, equals);
        Map<String, Object> values = new LinkedHashMap<>();
        for (String param : params) {
          int at = param.indexOf('=');
          if (at < 1) {
            throw UserException.usage(
                "--param " + param + ": must be PARAM=VALUE or NAME.PARAM=VALUE");
          }
          String key = param.substring(0, at);
          int dot = key.indexOf('.');
          if (dot < 0 || key.substring(0, dot).equals(name)) {
            values.put(key.substring(dot + 1), parsed(param.substring(at + 1)));
          }
        }
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("estimator", estimator);
        put(section, "params", values);
        if (all.put(name, section) != null) {
          throw UserException.usage(
              "--model " + model + ": the name '" + name + "' is taken; write NAME=" + estimator);
        }
      }
      return all;
    }
  }

  /** How models are fitted and held out rows made. */
  static final class PlanFlags {
    @Option(names = "--plan", description = "its kind, such as k-fold")
    String plan;

    @Option(names = "--folds", description = "number of folds")
    Integer folds;

    @Option(names = "--stratify", description = "balance the classes over the folds")
    boolean stratify;

    @Option(
        names = "--plan-key",
        paramLabel = "K=V",
        description = "any other key of the plan; may be repeated")
    Map<String, String> planKeys = new LinkedHashMap<>();

    /** The plan of a kind. */
    Map<String, Object> keys(String kind, Integer repeats) {
      Map<String, Object> keys = new LinkedHashMap<>();
      keys.put("kind", kind);
      put(keys, "folds", folds == null && kind.equals("k-fold") ? (Integer) 10 : folds);
      put(keys, "repeats", repeats);
      if (stratify) {
        keys.put("stratify", true);
      }
      planKeys.forEach((k, v) -> keys.put(k, parsed(v)));
      return keys;
    }
  }

  /** {@code cross-validate}. */
  @Command(
      name = "cross-validate",
      mixinStandardHelpOptions = true,
      description = "Fits models in every fold of a plan and measures them on the rows held out.")
  static final class CrossValidate extends OfData {
    @Mixin private KeepFlags flags;
    @Mixin private LearnerFlags learners;
    @Mixin private PlanFlags plan;

    @Option(names = "--repeats", description = "how often the plan is repeated")
    private Integer repeats;

    @Option(names = "--train-scores", description = "measure the training rows too")
    private boolean trainScores;

    @Override
    Map<String, Object> models() {
      if (learners.models.isEmpty()) {
        throw UserException.usage(
            "Missing required option: '--model=[NAME=]ESTIMATOR'; see assay cross-validate --help");
      }
      return learners.models();
    }

    @Override
    Map<String, Object> keys() {
      Map<String, Object> job = flags.keys();
      job.put("plan", plan.keys(plan.plan == null ? "k-fold" : plan.plan, repeats));
      if (trainScores) {
        job.put("train-scores", true);
      }
      return job;
    }
  }

  /** Keys of {@code importance}. */
  static final class ImportanceFlags extends MetricFlags {
    @Option(
        names = "--method",
        split = ",",
        description = "permutation unless given; also e-switch and others")
    List<String> method = new ArrayList<>();

    @Option(
        names = "--repeats",
        description = "how often each column is permuted: a number, or auto, as it is unless given")
    String repeats;

    @Option(names = "--max-repeats", description = "with repeats = auto, at most; 20 unless given")
    Integer maxRepeats;

    @Option(
        names = "--clusters",
        description = "groups of alike columns: none, spearman or mutual-information")
    String clusters;

    @Option(names = "--cluster-at", description = "how alike; 0.7 unless given")
    Double clusterAt;

    @Option(
        names = "--inputs",
        split = ",",
        description = "columns to look at; all features unless given")
    List<String> inputs = new ArrayList<>();

    @Option(
        names = "--within",
        paramLabel = "COLUMN",
        description =
            "permute only among rows of equal values of this column; also block, stratum, group")
    String within;

    @Option(names = "--value", description = "difference unless given, or ratio")
    String value;

    @Option(names = "--test", description = "sign-flip unless given, or binomial: over splits")
    String test;

    @Option(
        names = "--rankings",
        paramLabel = "{KEY=VALUE,...}",
        description = "compare the orders that are found, such as {top=5}")
    String rankings;

    @Option(names = "--adjust", description = "bh unless given; also holm and others")
    String adjust;

    @Option(names = "--level", description = "of intervals; 0.95 unless given")
    Double level;

    @Option(names = "--bins", description = "strata of a regression; 10 unless given")
    Integer bins;

    @Option(
        names = "--memory",
        paramLabel = "SIZE",
        description = "what a task may hold; 1GiB unless given")
    String memory;

    @Option(names = "--cut", description = "auto, replicates or rows")
    String cut;

    @Option(names = "--fits-at-once", description = "of the engine cluster")
    Integer fitsAtOnce;
  }

  /** {@code importance}. */
  @Command(
      name = "importance",
      mixinStandardHelpOptions = true,
      description = "Says on which columns models depend, and how much, by permuting them.")
  static final class Importance extends OfData {
    @Mixin private ImportanceFlags flags;
    @Mixin private LearnerFlags learners;
    @Mixin private PlanFlags plan;

    @Option(
        names = "--saved-model",
        paramLabel = "PATH",
        description = "a saved Spark ML PipelineModel, in place of learners")
    private String saved;

    @Option(
        names = "--evaluate",
        paramLabel = "NAME=PATH",
        description =
            "a further table with the same columns, on whose rows models are measured as well; may be repeated")
    private Map<String, String> evaluate = new LinkedHashMap<>();

    @Option(
        names = "--method-keys",
        paramLabel = "METHOD={KEY=VALUE,...}",
        description = "keys of a method, such as shapley={rows=50}; may be repeated")
    private Map<String, String> methodKeys = new LinkedHashMap<>();

    @Option(
        names = "--groups",
        paramLabel = "NAME=COLUMN,...",
        description = "columns to permute together; may be repeated")
    private Map<String, String> groups = new LinkedHashMap<>();

    @Override
    Map<String, String> furtherData() {
      if (evaluate.containsKey("data")) {
        throw UserException.usage(
            "--evaluate data="
                + evaluate.get("data")
                + ": the name 'data' is taken; write another");
      }
      return evaluate;
    }

    @Override
    Map<String, Object> models() {
      Map<String, Object> all = learners.models();
      if (saved != null) {
        all.put("model", Map.of("model", saved));
      }
      return all;
    }

    @Override
    Map<String, Object> keys() {
      Map<String, Object> job = flags.keys();
      Map<String, Object> together = new LinkedHashMap<>();
      groups.forEach((name, columns) -> together.put(name, List.of(columns.split(","))));
      put(job, "groups", together);
      put(job, "evaluate", List.copyOf(evaluate.keySet()));
      if (flags.rankings != null) {
        job.put("rankings", parsed(flags.rankings));
      }
      methodKeys.forEach((method, keys) -> job.put(method, parsed(keys)));
      if (plan.plan != null) {
        job.put("plan", plan.keys(plan.plan, null));
      }
      return job;
    }
  }

  /** What a test suite is: keys of {@code subjects.NAME}. */
  static final class SubjectFlags extends Flags {
    @Option(names = "--kind", description = "junit unless given, or pytest")
    String kind = "junit";

    @Option(names = "--project", paramLabel = "FOLDER", description = "the folder of the project")
    String project;

    @Option(
        names = "--class-path",
        split = ",",
        description = "junit: folders and jars of a compiled project; Maven is asked unless given")
    List<String> classPath = new ArrayList<>();

    @Option(
        names = "--test-classes",
        split = ",",
        description = "junit: folders of compiled tests; target/test-classes unless given")
    List<String> testClasses = new ArrayList<>();

    @Option(names = "--classes", split = ",", description = "junit: names of classes of tests")
    List<String> classes = new ArrayList<>();

    @Option(names = "--python", description = "pytest: the program; python3 unless given")
    String python;

    @Option(
        names = "--exclude",
        split = ",",
        paramLabel = "GLOB",
        description = "paths that are left out of the copies of the project")
    List<String> exclude = new ArrayList<>();

    @Option(names = "--seconds-per-test", description = "after which a test is killed")
    Double secondsPerTest;

    @Option(names = "--seconds-per-order", description = "after which an order is killed")
    Double secondsPerOrder;

    @Option(names = "--exclusive", description = "each order has its machine for itself")
    Boolean exclusive;
  }

  /** Where other orders come from: keys of {@code orders}. */
  static final class OrderFlags extends Flags {
    @Option(
        names = "--orders",
        paramLabel = "KIND",
        description = "pair-cover unless given; random, reverse, alphabetical")
    String orders;

    @Option(names = "--shuffle", description = "class-and-method unless given; class, method")
    String shuffle;

    @Option(names = "--budget-runs", description = "the most runs of other orders")
    Integer budgetRuns;
  }

  /** Keys of {@code flaky}. */
  static final class FlakyFlags extends Flags {
    @Option(names = "--same-order", description = "runs of the suite's own order; 10 unless given")
    Integer sameOrder;

    @Option(
        names = "--factors",
        paramLabel = "NAME=[LEVEL,...]",
        description =
            "what to vary: a variable of the environment, or cpu-load, processors, memory, network, clock; may be repeated")
    Map<String, String> factors = new LinkedHashMap<>();

    @Option(names = "--factor-runs", description = "runs with those varied; 24 unless given")
    Integer factorRuns;

    @Option(names = "--confirm", description = "runs of each suspicion; 5 unless given")
    Integer confirm;

    @Option(names = "--suspects", description = "tests tried as culprits of each test")
    Integer suspects;

    @Option(names = "--cleaners", description = "tests tried for cleaning up")
    Integer cleaners;

    @Option(names = "--level", description = "of intervals; 0.95 unless given")
    Double level;

    @Option(names = "--fdr", description = "accepted share of false causes; 0.05 unless given")
    Double fdr;

    @Option(names = "--minutes", description = "after which nothing is begun; 60 unless given")
    Double minutes;

    @Option(names = "--runs", description = "the most runs of all phases")
    Integer runs;
  }

  /** {@code flaky}. */
  @Command(
      name = "flaky",
      mixinStandardHelpOptions = true,
      description =
          "Says which tests of a suite cannot be trusted, and why, by running them in their order and in others.")
  static final class Flaky extends OneJob {
    @Mixin private SubjectFlags subject;
    @Mixin private OrderFlags orders;
    @Mixin private FlakyFlags flags;

    @Override
    Map<String, Object> sections() {
      return Map.of("subjects", Map.of("subject", subject.keys()));
    }

    @Override
    Map<String, Object> job() {
      Map<String, Object> job = flags.keys();
      Map<String, Object> factors = new LinkedHashMap<>();
      flags.factors.forEach((name, levels) -> factors.put(name, parsed(levels)));
      put(job, "factors", factors);
      put(job, "orders", orders.keys());
      return job;
    }
  }
}
