package org.assay.jobs.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.assay.UserException;
import org.assay.config.ModelConfig;
import org.assay.config.Section;
import org.assay.jobs.Progress;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Preparation;
import org.assay.jobs.model.Learners;

/**
 * The engines of a job, and the one place that chooses among them: by the learner, its parameters
 * and the size of the data, never by the cluster.
 */
public final class Engines implements Engine {

  /**
   * What a job allows.
   *
   * @param memory bytes that a task may hold
   * @param cut how the work of the engine batched is cut
   * @param fitsAtOnce fits of the engine cluster that run at once; 0 means by the cluster's size
   */
  public record Options(long memory, BatchPlan.Cut cut, int fitsAtOnce) {}

  private final SparkSession spark;
  private final Frame frame;
  private final Supplier<CellFiles> files;
  private final Options options;

  /** Engines over one frame that leave their predictions in {@code files}. */
  public Engines(SparkSession spark, Frame frame, Supplier<CellFiles> files, Options options) {
    this.spark = spark;
    this.frame = frame;
    this.files = files;
    this.options = options;
  }

  private BatchPlan.Bounds bounds() {
    return new BatchPlan.Bounds(options.memory(), options.cut());
  }

  /** Why an engine cannot fit a model, as a clause; empty if it can. */
  private Optional<String> refusal(ModelConfig.Engine engine, ModelConfig model) {
    return switch (engine) {
      case AUTO -> Optional.empty();
      case BATCHED -> BatchPlan.refusal(model, frame.schema(), bounds());
      case TASK -> TaskEngine.refusal(model, frame.schema(), options.memory());
      case CLUSTER ->
          model.kind() == ModelConfig.Kind.ESTIMATOR
              ? model.settings().stream()
                  .map(params -> Learners.of(model).clusterRefusal(frame.schema().task(), params))
                  .filter(Objects::nonNull)
                  .findFirst()
              : Optional.empty();
    };
  }

  /**
   * The engine of a model.
   *
   * @throws UserException if there is none, or the model names one that cannot fit it
   */
  private ModelConfig.Engine of(ModelConfig model) {
    List<ModelConfig.Engine> able =
        Stream.of(ModelConfig.Engine.BATCHED, ModelConfig.Engine.TASK, ModelConfig.Engine.CLUSTER)
            .filter(engine -> refusal(engine, model).isEmpty())
            .toList();
    Optional<String> refusal = refusal(model.engine(), model);
    if (refusal.isEmpty() && !able.isEmpty()) {
      return model.engine() == ModelConfig.Engine.AUTO ? able.get(0) : model.engine();
    }
    if (able.isEmpty()) {
      throw UserException.usage(
          "models."
              + model.name()
              + ".estimator = "
              + model.target()
              + ": "
              + refused(model)
              + "; change its params, raise memory, or use a sample of the rows by data."
              + frame.schema().data().name()
              + ".where");
    }
    throw UserException.usage(
        "models."
            + model.name()
            + ".engine = "
            + name(model.engine())
            + ": "
            + refusal.get()
            + "; use "
            + able.stream().map(Engines::name).collect(Collectors.joining(" or "))
            + ", or leave it out");
  }

  /** Why no engine can fit a model. */
  private String refused(ModelConfig model) {
    String task = refusal(ModelConfig.Engine.TASK, model).orElse("no engine can fit it");
    String cluster = refusal(ModelConfig.Engine.CLUSTER, model).orElse(task);
    return cluster.equals(task) ? task : task + "; by the cluster: " + cluster;
  }

  private static String name(ModelConfig.Engine engine) {
    return engine.name().toLowerCase(Locale.ROOT);
  }

  /** Refuses models that name an engine that cannot fit them. */
  public void check(List<ModelConfig> models) {
    models.forEach(this::of);
  }

  /**
   * Whether sums of squares over the rows held out are known of a model without a prediction: its
   * cells may then be of {@link Cell.Predicts#SQUARES}. With a design of folds.
   */
  public boolean knowsSquares(ModelConfig model) {
    return of(model) == ModelConfig.Engine.BATCHED
        && Learners.of(model).batched().orElseThrow().isOfMoments()
        && Preparation.isFixed(
            frame.schema(), Preparation.Options.of(frame.schema().data(), model));
  }

  /** Refuses models whose predictions for rows left out cannot follow from the fit to all rows. */
  public void checkJackknife(List<ModelConfig> models) {
    for (ModelConfig model : models) {
      Optional<String> refusal =
          of(model) == ModelConfig.Engine.BATCHED
              ? BatchPlan.leftOutRefusal(model, frame.schema(), bounds())
              : Optional.of("it is not fitted by the engine batched");
      if (refusal.isPresent()) {
        throw UserException.usage(
            "models."
                + model.name()
                + ": leave-one-out by = infinitesimal-jackknife is not for it: "
                + refusal.get()
                + "; use by = refits");
      }
    }
  }

  /**
   * How a model is fitted, for people.
   *
   * @param placements the designs, of which it is fitted in all replicates
   */
  public String describe(ModelConfig model, List<Placement> placements) {
    return switch (of(model)) {
      case AUTO -> throw new IllegalStateException("no engine");
      case BATCHED -> "batched: " + batched(model, placements);
      case TASK ->
          "task: each fit in a task that holds all rows; "
              + Section.bytes(TaskEngine.bytes(model, frame.schema()));
      case CLUSTER ->
          "cluster: each fit is its own Spark jobs over the blocks, "
              + fitsAtOnce()
              + " at once; "
              + (model.engine() == ModelConfig.Engine.CLUSTER ? "as asked" : why(model));
    };
  }

  private String batched(ModelConfig model, List<Placement> placements) {
    List<Batch.Unit> units = placements.stream().flatMap(p -> Batch.units(p).stream()).toList();
    int settings = model.settings().size();
    return Batch.byFolds(units).entrySet().stream()
        .map(
            alike ->
                BatchPlan.of(
                    model,
                    frame.schema(),
                    alike.getValue().size(),
                    alike.getKey(),
                    settings,
                    bounds()))
        .max(Comparator.comparingLong(BatchPlan::bytes))
        .orElseThrow()
        .describe((long) units.size() * settings);
  }

  /** Why a model is fitted by the cluster. */
  private String why(ModelConfig model) {
    boolean local =
        model.kind() == ModelConfig.Kind.ESTIMATOR && Learners.of(model).local().isPresent();
    return refusal(local ? ModelConfig.Engine.TASK : ModelConfig.Engine.BATCHED, model)
        .orElse("as asked");
  }

  private int fitsAtOnce() {
    return options.fitsAtOnce() > 0 ? options.fitsAtOnce() : ClusterEngine.fitsAtOnce(spark, frame);
  }

  @Override
  public List<Outcome> run(String job, List<Cell> cells, Progress progress) {
    Map<ModelConfig, ModelConfig.Engine> chosen = new HashMap<>();
    Map<ModelConfig.Engine, List<Integer>> split = new EnumMap<>(ModelConfig.Engine.class);
    for (int c = 0; c < cells.size(); c++) {
      ModelConfig.Engine engine = chosen.computeIfAbsent(cells.get(c).model(), this::of);
      split.computeIfAbsent(engine, e -> new ArrayList<>()).add(c);
    }
    Outcome[] outcomes = new Outcome[cells.size()];
    split.forEach(
        (kind, own) -> {
          Engine engine =
              switch (kind) {
                case BATCHED -> new BatchedEngine(spark, frame, files.get(), bounds());
                case TASK -> new TaskEngine(spark, frame, files.get());
                default -> new ClusterEngine(spark, frame, files.get(), fitsAtOnce());
              };
          List<Outcome> found = engine.run(job, own.stream().map(cells::get).toList(), progress);
          for (int k = 0; k < own.size(); k++) {
            outcomes[own.get(k)] = found.get(k);
          }
        });
    return Arrays.asList(outcomes);
  }
}
