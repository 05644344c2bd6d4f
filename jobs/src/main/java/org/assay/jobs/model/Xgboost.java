package org.assay.jobs.model;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.Vector;
import org.assay.Task;
import org.assay.UserException;
import org.assay.config.Suggestion;
import org.assay.fit.Examples;
import org.assay.fit.Model;
import org.assay.importance.Forest;
import org.assay.importance.NativeImportance;
import org.assay.importance.SelfExplained;
import org.assay.importance.TreeEnsemble;
import org.assay.jobs.frame.Preparation;
import org.assay.jobs.frame.Schema;
import org.assay.metric.Target;
import org.assay.random.Keyed;

/**
 * Gradient boosted trees and random forests of XGBoost, with its own names of parameters. Texts
 * with {@code encode = index} are categories to it.
 *
 * <p>Besides its parameters: {@code num_round} (100), the number of boosting rounds; {@code
 * early_stopping_rounds}, after how many rounds without improvement of {@code eval_metric} on rows
 * set aside it stops, and then predicts with the best round's trees; {@code validation_fraction}
 * (0.1), the share of the training rows set aside, drawn by the run's seed.
 *
 * <p>By the engine task, one task per fit, with all of this; of rows too many for one task by the
 * engine cluster, whose tasks share the rows of a fit ({@link XgboostWorkers}), without stopping
 * early.
 *
 * <p>Source: Chen and Guestrin, "XGBoost: a scalable tree boosting system", KDD 2016,
 * doi:10.1145/2939672.2939785. Numbers are of single precision there.
 */
@AutoService(Learner.class)
public final class Xgboost implements Learner {
  private static final String ROUNDS = "num_round";
  private static final String STOPPING = "early_stopping_rounds";
  private static final String FRACTION = "validation_fraction";
  private static final String METRIC = "eval_metric";
  private static final Set<String> GROWING = Set.of("auc", "aucpr", "map", "ndcg", "pre");

  /** What a value must be. */
  private record Rule(String text, Class<?> type, DoublePredicate holds, Set<String> words) {
    static Rule number(String text, DoublePredicate holds) {
      return new Rule("must be a number " + text, Double.class, holds, Set.of());
    }

    static Rule whole(int least) {
      return new Rule(
          "must be a whole number from " + least + " on", Integer.class, x -> x >= least, Set.of());
    }

    static Rule oneOf(String... words) {
      return new Rule(
          "must be one of " + String.join(", ", words), String.class, x -> true, Set.of(words));
    }

    static Rule word() {
      return new Rule("must be a text", String.class, x -> true, Set.of());
    }

    boolean admits(Object value) {
      if (type == String.class) {
        return value instanceof String text && (words.isEmpty() || words.contains(text));
      }
      return value instanceof Number number
          && Double.isFinite(number.doubleValue())
          && (type != Integer.class || number.doubleValue() == number.intValue())
          && holds.test(number.doubleValue());
    }
  }

  private static final Map<Task, List<String>> OBJECTIVES =
      Map.of(
          Task.BINARY, List.of("binary:logistic"),
          Task.MULTICLASS, List.of("multi:softprob"),
          Task.REGRESSION,
              List.of(
                  "reg:squarederror",
                  "reg:absoluteerror",
                  "reg:pseudohubererror",
                  "reg:squaredlogerror",
                  "reg:gamma",
                  "reg:tweedie",
                  "count:poisson"));

  private static final Map<String, Rule> RULES = rules();

  private static Map<String, Rule> rules() {
    Map<String, Rule> rules = new TreeMap<>();
    Rule share = Rule.number("above 0 and at most 1", x -> x > 0 && x <= 1);
    Rule positive = Rule.number("of 0 or more", x -> x >= 0);
    Rule any = Rule.number("", x -> true);
    for (String name : List.of("eta", "learning_rate")) {
      rules.put(name, share);
    }
    for (String name :
        List.of("subsample", "colsample_bytree", "colsample_bylevel", "colsample_bynode")) {
      rules.put(name, share);
    }
    for (String name :
        List.of(
            "gamma",
            "min_split_loss",
            "lambda",
            "reg_lambda",
            "alpha",
            "reg_alpha",
            "min_child_weight",
            "max_delta_step")) {
      rules.put(name, positive);
    }
    rules.put("scale_pos_weight", Rule.number("above 0", x -> x > 0));
    rules.put("base_score", any);
    rules.put("tweedie_variance_power", Rule.number("above 1 and below 2", x -> x > 1 && x < 2));
    rules.put("huber_slope", Rule.number("above 0", x -> x > 0));
    for (String name : List.of("max_depth", "max_leaves", "seed")) {
      rules.put(name, Rule.whole(0));
    }
    for (String name : List.of(ROUNDS, STOPPING, "num_parallel_tree", "max_cat_to_onehot")) {
      rules.put(name, Rule.whole(1));
    }
    rules.put("max_bin", Rule.whole(2));
    rules.put(FRACTION, Rule.number("above 0 and below 1", x -> x > 0 && x < 1));
    rules.put("tree_method", Rule.oneOf("hist", "approx", "exact"));
    rules.put("grow_policy", Rule.oneOf("depthwise", "lossguide"));
    rules.put("monotone_constraints", Rule.word());
    rules.put("interaction_constraints", Rule.word());
    rules.put(
        METRIC,
        Rule.oneOf(
            "logloss",
            "mlogloss",
            "error",
            "merror",
            "auc",
            "aucpr",
            "rmse",
            "rmsle",
            "mae",
            "mape",
            "mphe",
            "poisson-nloglik",
            "gamma-nloglik",
            "gamma-deviance"));
    rules.put(
        "objective",
        Rule.oneOf(
            OBJECTIVES.values().stream().flatMap(List::stream).sorted().toArray(String[]::new)));
    return rules;
  }

  @Override
  public String name() {
    return "xgboost";
  }

  @Override
  public String refusal(Task task) {
    return null;
  }

  @Override
  public Target.Scores scores(Task task, Map<String, Object> params) {
    return task == Task.REGRESSION ? Target.Scores.NONE : Target.Scores.PROBABILITY;
  }

  @Override
  public void check(String where, Map<String, Object> params) {
    params.forEach(
        (name, value) -> {
          Rule rule = RULES.get(name);
          if (rule == null) {
            throw UserException.usage(
                where
                    + "."
                    + name
                    + ": no such parameter"
                    + Suggestion.of(name, RULES.keySet())
                    + "; known: "
                    + String.join(", ", RULES.keySet()));
          }
          if (!rule.admits(value)) {
            throw UserException.usage(where + "." + name + " = " + value + ": " + rule.text());
          }
        });
    for (String name : new TreeSet<>(List.of(FRACTION, METRIC))) {
      if (params.containsKey(name) && !params.containsKey(STOPPING)) {
        throw UserException.usage(
            where + "." + name + ": is for stopping early; set " + STOPPING + ", or remove it");
      }
    }
  }

  @Override
  public String clusterRefusal(Task task, Map<String, Object> params) {
    if (params.containsKey(STOPPING)) {
      return STOPPING + " sets rows aside in one task; set num_round, by a grid if need be";
    }
    if ("exact".equals(params.get("tree_method"))) {
      return "tree_method = exact takes all rows in one task; use hist or approx";
    }
    return objectiveRefusal(task, params);
  }

  private static String objectiveRefusal(Task task, Map<String, Object> params) {
    Object objective = params.get("objective");
    return objective == null || OBJECTIVES.get(task).contains(objective)
        ? null
        : "objective = "
            + objective
            + " is not for such a label; known: "
            + String.join(", ", OBJECTIVES.get(task));
  }

  /**
   * Opens a model that XGBoost saved, in JSON or UBJSON, to be asked of rows as they are.
   *
   * @param where where it is named
   * @param width numbers of a row
   * @throws UserException if it is none, or one of other rows or labels
   */
  static Scorer open(String where, byte[] file, Schema schema, int width) {
    XgboostTrees.About about;
    long features;
    try {
      Booster booster = XGBoost.loadModel(file);
      try {
        features = booster.getNumFeature();
        about = XgboostTrees.about(booster.toByteArray("json"));
      } finally {
        booster.dispose();
      }
    } catch (XGBoostError | IOException | IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw UserException.input(
          where + ": is no model of XGBoost's that can be read: " + reason, e);
    }
    String data = "data." + schema.data().name();
    Task task = schema.task();
    if (!OBJECTIVES.get(task).contains(about.objective())) {
      throw UserException.input(
          where
              + ": was fitted by "
              + about.objective()
              + ", and the label of "
              + data
              + (task == Task.REGRESSION
                  ? " is a number"
                  : " has " + schema.classCount() + " classes")
              + "; must be one of "
              + String.join(", ", OBJECTIVES.get(task)));
    }
    if (task == Task.MULTICLASS && about.classes() != schema.classCount()) {
      throw UserException.input(
          where
              + ": knows "
              + about.classes()
              + " classes, and the label of "
              + data
              + " has "
              + schema.classCount()
              + ": "
              + String.join(", ", schema.classes()));
    }
    List<String> texts = schema.quotedTexts();
    if (!texts.isEmpty()) {
      throw UserException.input(
          where
              + ": takes numbers, and of the features of "
              + data
              + " "
              + String.join(", ", texts)
              + (texts.size() == 1 ? " is a text" : " are texts")
              + "; derive the codes that it was fitted to by "
              + data
              + ".derive");
    }
    List<String> names = Preparation.asIs(schema).names();
    if (features != width || !about.names().isEmpty() && !about.names().equals(names)) {
      throw UserException.input(
          where
              + ": takes "
              + (about.names().isEmpty()
                  ? features + (features == 1 ? " number" : " numbers")
                  : String.join(", ", about.names()))
              + ", and rows of "
              + data
              + " are "
              + String.join(", ", names)
              + "; name the features that it was fitted to by "
              + data
              + ".features, in their order");
    }
    String[] types = new String[width];
    Arrays.setAll(
        types, j -> j < about.types().size() && about.types().get(j).equals("c") ? "c" : "q");
    return new Ensemble(
        new Trees(file, types, about.best(), Math.max(1, schema.classCount())), task);
  }

  private static Decision decide(Task task) {
    return task == Task.REGRESSION ? Decision.number() : Decision.greatest(null);
  }

  /** By many tasks together, for rows too many for one. */
  @Override
  public Scorer fit(Training training, Map<String, Object> params) {
    String[] types = new String[training.width()];
    Arrays.fill(types, "q");
    AttributeGroup group =
        AttributeGroup.fromStructField(training.rows().schema().apply("features"));
    if (group.attributes().isDefined()) {
      Attribute[] attributes = group.attributes().get();
      Arrays.setAll(types, j -> attributes[j].isNominal() ? "c" : "q");
    }
    Map<String, Object> own = own(params, training.task(), training.classes(), training.seed());
    byte[] booster = XgboostWorkers.train(training, types, own, rounds(params));
    return new Ensemble(
        new Trees(booster, types, 0, Math.max(1, training.classes())), training.task());
  }

  /** What was fitted by many tasks, or elsewhere. */
  private record Ensemble(Model model, Task task) implements Scorer {
    @Override
    public Target.Scores scores() {
      return task == Task.REGRESSION ? Target.Scores.NONE : Target.Scores.PROBABILITY;
    }

    @Override
    public Optional<Many> many() {
      return Optional.of(new Many(model, decide(task)));
    }

    @Override
    public double score(Vector features, double[] scores) {
      throw new IllegalStateException("asked for many rows at once");
    }
  }

  private static int rounds(Map<String, Object> params) {
    return ((Number) params.getOrDefault(ROUNDS, 100)).intValue();
  }

  /** XGBoost's own parameters, but for the number of threads. */
  private static Map<String, Object> own(
      Map<String, Object> params, Task task, int classes, long seed) {
    Map<String, Object> own = new HashMap<>(params);
    own.keySet().removeAll(Set.of(ROUNDS, STOPPING, FRACTION));
    own.putIfAbsent("objective", OBJECTIVES.get(task).get(0));
    own.putIfAbsent("seed", (int) (seed & 0x7FFFFFFF));
    own.put("verbosity", 0);
    if (task == Task.MULTICLASS) {
      own.put("num_class", classes);
    }
    return own;
  }

  @Override
  public Optional<Local> local() {
    return Optional.of(
        new Local() {
          @Override
          public String refusal(Task task, Map<String, Object> params) {
            return objectiveRefusal(task, params);
          }

          @Override
          public Model fit(Given given, Map<String, Object> params) {
            try {
              return train(given, params);
            } catch (XGBoostError | IOException e) {
              throw new IllegalArgumentException(e.getMessage(), e);
            }
          }

          @Override
          public Decision decision(Task task, Map<String, Object> params) {
            return decide(task);
          }
        });
  }

  private static Model train(Local.Given given, Map<String, Object> params)
      throws XGBoostError, IOException {
    int rounds = rounds(params);
    int patience = ((Number) params.getOrDefault(STOPPING, 0)).intValue();
    double fraction = ((Number) params.getOrDefault(FRACTION, 0.1)).doubleValue();
    Map<String, Object> own = own(params, given.task(), given.classes(), given.seed());
    own.put("nthread", given.threads());
    Keyed keyed = Keyed.of(given.seed(), "xgboost validation");
    int[] all = IntStream.range(0, given.rows().size()).toArray();
    int[] aside =
        patience == 0
            ? new int[0]
            : Arrays.stream(all).filter(i -> keyed.uniform(0, i) < fraction).toArray();
    int[] used =
        patience == 0
            ? all
            : Arrays.stream(all).filter(i -> keyed.uniform(0, i) >= fraction).toArray();
    if (patience > 0 && (aside.length == 0 || used.length == 0)) {
      throw new IllegalArgumentException(
          FRACTION
              + " = "
              + fraction
              + " leaves "
              + used.length
              + " of "
              + all.length
              + " rows to train on; both parts need some");
    }
    DMatrix train = matrix(given, used);
    DMatrix valid = patience == 0 ? null : matrix(given, aside);
    Booster booster = null;
    try {
      booster = XGBoost.train(train, own, 0, Map.of(), null, null);
      int best = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int round = 0; round < rounds && (patience == 0 || round - best <= patience); round++) {
        booster.update(train, round);
        if (valid != null) {
          float[] found = new float[1];
          String text =
              booster.evalSet(new DMatrix[] {valid}, new String[] {"valid"}, round, found);
          String metric = text.substring(text.lastIndexOf('-') + 1, text.lastIndexOf(':'));
          double value = GROWING.contains(metric) ? -found[0] : found[0];
          if (value < least) {
            least = value;
            best = round;
          }
        }
      }
      int classes = given.classes();
      int trees = patience == 0 ? 0 : best + 1;
      return new Trees(booster.toByteArray("ubj"), types(given), trees, Math.max(1, classes));
    } finally {
      train.dispose();
      if (valid != null) {
        valid.dispose();
      }
      if (booster != null) {
        booster.dispose();
      }
    }
  }

  private static String[] types(Local.Given given) {
    String[] types = new String[given.nominal().length];
    Arrays.setAll(types, j -> given.nominal()[j] ? "c" : "q");
    return types;
  }

  private static DMatrix matrix(Local.Given given, int[] rows) throws XGBoostError {
    Examples all = given.rows();
    DMatrix matrix = matrix(all, rows, types(given));
    float[] label = new float[rows.length];
    float[] weight = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      label[i] = (float) all.label()[rows[i]];
      weight[i] = (float) all.weight()[rows[i]];
    }
    matrix.setLabel(label);
    matrix.setWeight(weight);
    return matrix;
  }

  private static DMatrix matrix(Examples all, int[] rows, String[] types) throws XGBoostError {
    int width = all.width();
    float[] features = new float[Math.multiplyExact(rows.length, width)];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < width; j++) {
        features[i * width + j] = (float) all.features()[rows[i] * width + j];
      }
    }
    DMatrix matrix = new DMatrix(features, rows.length, width, Float.NaN);
    matrix.setFeatureTypes(types);
    return matrix;
  }

  /**
   * A fitted ensemble.
   *
   * @param booster in XGBoost's own format
   * @param rounds rounds that it predicts with; 0 for all
   */
  private record Trees(byte[] booster, String[] types, int rounds, int outputs)
      implements Model, TreeEnsemble, SelfExplained {
    private static final long serialVersionUID = 1L;

    @Override
    public Forest forest(int width) {
      return XgboostTrees.of(json(), rounds, width);
    }

    @Override
    public List<NativeImportance> importances(int width) {
      return XgboostTrees.importances(json(), rounds, width);
    }

    private byte[] json() {
      Booster model = null;
      try {
        model = XGBoost.loadModel(booster);
        return model.toByteArray("json");
      } catch (XGBoostError | IOException e) {
        throw new IllegalStateException(e.getMessage(), e);
      } finally {
        if (model != null) {
          model.dispose();
        }
      }
    }

    @Override
    public double[] predict(Examples rows) {
      double[] out = new double[rows.size() * outputs];
      if (rows.size() == 0) {
        return out;
      }
      DMatrix matrix = null;
      Booster model = null;
      try {
        matrix = matrix(rows, IntStream.range(0, rows.size()).toArray(), types);
        model = XGBoost.loadModel(booster);
        float[][] found = model.predict(matrix, false, rounds);
        for (int i = 0; i < found.length; i++) {
          if (found[i].length == outputs) {
            for (int c = 0; c < outputs; c++) {
              out[i * outputs + c] = found[i][c];
            }
          } else {
            out[i * 2 + 1] = found[i][0];
            out[i * 2] = 1 - out[i * 2 + 1];
          }
        }
        return out;
      } catch (XGBoostError | IOException e) {
        throw new IllegalStateException(e.getMessage(), e);
      } finally {
        if (matrix != null) {
          matrix.dispose();
        }
        if (model != null) {
          model.dispose();
        }
      }
    }
  }
}
