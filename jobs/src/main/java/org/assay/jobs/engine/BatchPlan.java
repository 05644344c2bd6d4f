package org.assay.jobs.engine;

import java.util.Map;
import java.util.Optional;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.Section;
import org.assay.jobs.frame.Feature;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Preparation;
import org.assay.jobs.frame.Schema;
import org.assay.jobs.model.Batched;
import org.assay.jobs.model.Learner;
import org.assay.jobs.model.Learners;

/**
 * How the fits of a model are cut into batches, from the data and the configuration alone.
 *
 * @param cut by what
 * @param units replicates of a batch
 * @param bytes what a task holds besides its block: all rows, or the sums of all fits of a batch
 */
public record BatchPlan(Cut cut, int units, long bytes) {

  /** What the work is cut by. */
  public enum Cut {
    /** By replicates where all rows take no more than a sixteenth of the memory. */
    AUTO,
    /** All rows are sent to every task, and each has some replicates. */
    REPLICATES,
    /** Each task has a block, and adds to the sums of all replicates. */
    ROWS
  }

  /**
   * What a job may use.
   *
   * @param memory bytes that a task may hold
   * @param cut how work is to be cut
   */
  record Bounds(long memory, Cut cut) {}

  /** Multiplications of a task that is cut by replicates: some tenths of a second. */
  private static final double WORK = 5e8;

  /** How often rows count in replicates: numbers that a task holds. */
  private static final double COUNTS = 1 << 24;

  /** A task keeps the rows as they are stored, as they are learned from, and what it predicts. */
  private static final int COPIES = 4;

  /** Why a model cannot be fitted so, as a clause; empty if it can. */
  static Optional<String> refusal(ModelConfig model, Schema schema, Bounds bounds) {
    if (model.kind() != ModelConfig.Kind.ESTIMATOR) {
      return Optional.of("a saved pipeline is fitted by Spark");
    }
    Learner learner = Learners.of(model);
    if (learner.batched().isEmpty()) {
      return Optional.of(learner.name() + " is no sum over rows");
    }
    Batched batched = learner.batched().get();
    for (Map<String, Object> setting : model.settings()) {
      String refusal = batched.refusal(schema.task(), setting);
      if (refusal != null) {
        return Optional.of(refusal);
      }
    }
    int width = width(model, schema);
    long sums = batched.bytes(width, schema.classCount()) * model.settings().size();
    return sums > bounds.memory() / COPIES
        ? Optional.of(
            "the sums of one replicate of "
                + width
                + " columns take "
                + Section.bytes(sums)
                + ", more than a quarter of memory = "
                + Section.bytes(bounds.memory()))
        : Optional.empty();
  }

  /**
   * The plan of a model that is not refused.
   *
   * @param units number of replicates
   * @param folds replicates that belong together, for what one learns the others can use; or 1
   * @param settings settings of each
   */
  static BatchPlan of(
      ModelConfig model, Schema schema, int units, int folds, int settings, Bounds bounds) {
    int width = width(model, schema);
    Batched batched = Learners.of(model).batched().orElseThrow();
    long sums = batched.bytes(width, schema.classCount()) * settings;
    long rows = schema.rows() * (Frame.bytesPerRow(schema) + 8L * width);
    boolean whole =
        bounds.cut() == Cut.REPLICATES || bounds.cut() == Cut.AUTO && rows <= bounds.memory() / 16;
    double most =
        Math.min(
            (double) bounds.memory() / COPIES / Math.max(1, sums),
            COUNTS / Math.min(schema.rows(), Frame.MOST_ROWS));
    if (whole) {
      boolean fixed = Preparation.isFixed(schema, Preparation.Options.of(schema.data(), model));
      double each = batched.work(schema.rows(), width, schema.classCount(), settings, fixed);
      int least = batched.isOnePass() ? folds : 1; // folds of a repeat share their pass
      double work = fixed ? each / least : each;
      double taking = Math.min(most, Math.max(least, WORK / Math.max(1, work)));
      int taken = together(taking, units, folds);
      return new BatchPlan(Cut.REPLICATES, taken, rows * COPIES + taken * sums);
    }
    int taken = together(most, units, folds);
    return new BatchPlan(Cut.ROWS, taken, taken * sums);
  }

  /**
   * Why what a model says of rows left out one at a time cannot follow from its fit to all rows, as
   * a clause; empty if it can. All rows are to be at hand, as when work is cut by replicates.
   */
  static Optional<String> leftOutRefusal(ModelConfig model, Schema schema, Bounds bounds) {
    Optional<String> refusal = refusal(model, schema, bounds);
    if (refusal.isPresent()) {
      return refusal;
    }
    Preparation.Options options = Preparation.Options.of(schema.data(), model);
    if (!Preparation.isFixed(schema, options)) {
      return Optional.of(
          "scale = standard, texts and missing values make other columns of other training rows");
    }
    Batched batched = Learners.of(model).batched().orElseThrow();
    for (Map<String, Object> setting : model.settings()) {
      String clause = batched.leftOutRefusal(setting);
      if (clause != null) {
        return Optional.of(clause);
      }
    }
    BatchPlan plan = of(model, schema, 1, 1, model.settings().size(), bounds);
    return plan.cut() == Cut.REPLICATES
        ? Optional.empty()
        : Optional.of("it takes all rows in one task, and by cut and memory they are not");
  }

  /** So many units at most, but one at least, and whole repeats when there is room for one. */
  private static int together(double most, int units, int folds) {
    int each = (int) Math.max(1, Math.min(units, most));
    return each < folds ? each : each / folds * folds;
  }

  /** The most columns that any replicate learns from. */
  static int width(ModelConfig model, Schema schema) {
    boolean oneHot =
        Preparation.Options.of(schema.data(), model).encode() == DataConfig.Encode.ONE_HOT;
    long width = 0;
    for (Feature feature : schema.features()) {
      width +=
          feature.kind() != Feature.Kind.TEXT
              ? feature.width()
              : oneHot ? schema.dictionaries().get(feature.at()).length : 1;
    }
    return (int) Math.min(width, 1 << 24);
  }

  /** The plan as a person reads it. */
  String describe(long fits) {
    return cut == Cut.REPLICATES
        ? "by replicates, " + units + " in a task, over all rows; " + Section.bytes(bytes)
        : "by rows, "
            + fits
            + " fits share each pass over the blocks; "
            + Section.bytes(bytes)
            + " of sums in a task";
  }
}
