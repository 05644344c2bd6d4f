package org.assay.jobs.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.classification.ClassificationModel;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.assay.Task;
import org.assay.fit.Form;
import org.assay.importance.NativeImportance;
import org.assay.metric.Target;

/**
 * A learner around a Spark ML estimator: same parameters, same defaults, same meaning. {@code seed}
 * is derived from the run's seed and the fit's place in the design unless it is given.
 */
public abstract class SparkLearner implements Learner {
  private final String name;
  private final Set<Task> tasks;

  /**
   * For subclasses.
   *
   * @param tasks the kinds of label it learns
   */
  protected SparkLearner(String name, Set<Task> tasks) {
    this.name = name;
    this.tasks = Set.copyOf(tasks);
  }

  /** A new estimator with Spark's defaults for such labels. */
  protected abstract Predictor<Vector, ?, ?> estimator(Task task);

  /**
   * Parameters of its own besides the estimator's; taken out of {@code params} before those are
   * set.
   */
  protected Set<String> ownParameters() {
    return Set.of();
  }

  /** Finishes an estimator for the data at hand. */
  protected void complete(
      Predictor<Vector, ?, ?> estimator, Training training, Map<String, Object> params) {}

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String refusal(Task task) {
    if (tasks.contains(task)) {
      return null;
    }
    return tasks.contains(Task.REGRESSION)
        ? "learns numbers, not classes"
        : task == Task.REGRESSION
            ? "learns classes, not numbers"
            : "learns two classes only; put one-vs-rest around it";
  }

  @Override
  public Target.Scores scores(Task task, Map<String, Object> params) {
    return task == Task.REGRESSION ? Target.Scores.NONE : Target.Scores.PROBABILITY;
  }

  @Override
  public void check(String where, Map<String, Object> params) {
    for (Task task : tasks) {
      Parameters.set(where, estimator(task), spark(params), ownParameters());
    }
  }

  @Override
  public boolean heedsWeights(Map<String, Object> params) {
    return tasks.stream().allMatch(task -> estimator(task).hasParam("weightCol"));
  }

  private Map<String, Object> spark(Map<String, Object> params) {
    Map<String, Object> rest = new HashMap<>(params);
    rest.keySet().removeAll(ownParameters());
    return rest;
  }

  private record Asked(Task task, Map<String, Object> params) {}

  /**
   * Estimators that were asked for, which every fit asks again: making one takes 50 microseconds.
   */
  private final Map<Asked, Predictor<Vector, ?, ?>> asked = new ConcurrentHashMap<>();

  /** Settings of a grid that are kept. */
  private static final int KEPT = 10_000;

  /**
   * An estimator with these parameters, to read what they and the defaults are; not to be changed.
   */
  final Predictor<Vector, ?, ?> with(Task task, Map<String, Object> params) {
    Asked key = new Asked(task, Map.copyOf(params));
    Predictor<Vector, ?, ?> known = asked.get(key);
    if (known != null) {
      return known;
    }
    Predictor<Vector, ?, ?> estimator = estimator(task);
    Parameters.set("params", estimator, spark(params), ownParameters());
    if (asked.size() >= KEPT) {
      asked.clear();
    }
    asked.put(key, estimator);
    return estimator;
  }

  /** What Spark ML's switches ask for. */
  static Form form(boolean fitIntercept, boolean standardization) {
    return new Form(
        fitIntercept ? Form.Intercept.FITTED : Form.Intercept.NONE,
        standardization ? Form.Scale.STANDARDIZED : Form.Scale.ORIGINAL);
  }

  /** The thresholds of the classes; null without. */
  static double[] thresholds(Predictor<Vector, ?, ?> estimator) {
    Param<?> param = estimator.getParam("thresholds");
    return estimator.isDefined(param) ? (double[]) estimator.getOrDefault(param) : null;
  }

  /** Why fewer steps than Spark ML's default are not for fits that go to their optimum. */
  static String early(int maxIter, int least) {
    return maxIter >= least
        ? null
        : "maxIter = "
            + maxIter
            + " ends before the optimum that this engine goes to (from "
            + least
            + " on it can)";
  }

  /** The estimator, ready to fit. */
  protected final Predictor<Vector, ?, ?> configured(
      Training training, Map<String, Object> params) {
    Predictor<Vector, ?, ?> estimator = estimator(training.task());
    Parameters.set("params", estimator, spark(params), ownParameters());
    estimator.setFeaturesCol("features");
    estimator.setLabelCol("label");
    if (estimator.hasParam("seed") && !params.containsKey("seed")) {
      estimator.set(seed(estimator), training.seed());
    }
    if (training.weights() == Training.Weights.GIVEN) {
      setText(estimator, "weightCol", "weight");
    }
    complete(estimator, training, params);
    return estimator;
  }

  @SuppressWarnings("unchecked")
  private static Param<Object> seed(Predictor<Vector, ?, ?> estimator) {
    return (Param<Object>) (Param<?>) estimator.getParam("seed");
  }

  @SuppressWarnings("unchecked")
  private static void setText(Predictor<Vector, ?, ?> estimator, String param, String value) {
    estimator.set((Param<Object>) (Param<?>) estimator.getParam(param), value);
  }

  @Override
  public Scorer fit(Training training, Map<String, Object> params) {
    Object model = configured(training, params).fit(training.rows());
    return scorer(model, training.task());
  }

  /** A Spark ML model as a scorer. */
  @SuppressWarnings("unchecked")
  static Scorer scorer(Object model, Task task) {
    if (model instanceof ProbabilisticClassificationModel<?, ?> probabilistic) {
      return new Probabilistic((ProbabilisticClassificationModel<Vector, ?>) probabilistic, task);
    }
    if (model instanceof ClassificationModel<?, ?> ranking) {
      return new Ranking((ClassificationModel<Vector, ?>) ranking);
    }
    return new Number((PredictionModel<Vector, ?>) model);
  }

  private record Probabilistic(ProbabilisticClassificationModel<Vector, ?> model, Task task)
      implements Scorer {
    @Override
    public Target.Scores scores() {
      return Target.Scores.PROBABILITY;
    }

    @Override
    public Optional<Trees> trees(int width) {
      return SparkTrees.of(model, width);
    }

    @Override
    public List<NativeImportance> importances() {
      return SparkOwn.of(model);
    }

    @Override
    public double score(Vector features, double[] scores) {
      Vector probability = model.predictProbability(features);
      if (task == Task.BINARY) {
        scores[0] = probability.size() < 2 ? 0 : probability.apply(1);
      } else {
        for (int c = 0; c < scores.length; c++) {
          scores[c] = c < probability.size() ? probability.apply(c) : 0;
        }
      }
      return model.predict(features);
    }
  }

  private record Ranking(ClassificationModel<Vector, ?> model) implements Scorer {
    @Override
    public Target.Scores scores() {
      return Target.Scores.RANKING;
    }

    @Override
    public List<NativeImportance> importances() {
      return SparkOwn.of(model);
    }

    @Override
    public double score(Vector features, double[] scores) {
      scores[0] = model.predictRaw(features).apply(1);
      return model.predict(features);
    }
  }

  private record Number(PredictionModel<Vector, ?> model) implements Scorer {
    @Override
    public Target.Scores scores() {
      return Target.Scores.NONE;
    }

    @Override
    public Optional<Trees> trees(int width) {
      return SparkTrees.of(model, width);
    }

    @Override
    public List<NativeImportance> importances() {
      return SparkOwn.of(model);
    }

    @Override
    public double score(Vector features, double[] scores) {
      return model.predict(features);
    }
  }
}
