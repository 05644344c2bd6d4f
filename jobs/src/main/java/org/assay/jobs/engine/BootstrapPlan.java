package org.assay.jobs.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.assay.UserException;
import org.assay.bootstrap.Cut;
import org.assay.bootstrap.Form;
import org.assay.bootstrap.Jackknife;
import org.assay.bootstrap.Replication;
import org.assay.bootstrap.Scored;
import org.assay.config.Section;
import org.assay.metric.Metric;
import org.assay.metric.Target;
import org.assay.random.Lanes;

/**
 * How the rectangle of rows x replicates is cut, from the data and the configuration alone, so that
 * the report is the same on any cluster.
 *
 * <ul>
 *   <li>By replicates: the items are gathered and broadcast; each task measures some replicates
 *       over all of them. Taken when the items fit the memory allowed.
 *   <li>By rows: each task owns some rows, and counts and sums for all replicates of a pass; rows
 *       are sorted by score, once per model, for metrics that rank. Weights are functions of the
 *       row, so Poisson; strata and metrics that remember the items are refused.
 * </ul>
 *
 * @param cut how
 * @param weights how often replicates draw rows
 * @param slices slices of a pass
 * @param batches batches of eight replicates of a pass by rows
 * @param groups tasks of a pass by rows, at most
 * @param ranges ranges of the scores by which rows are sorted
 * @param taskBytes what a task holds besides the rows it is at
 * @param driverBytes what the driver holds
 * @param passes passes over the rows for the replicates
 * @param why the choice, as a clause
 */
public record BootstrapPlan(
    Cutting cut,
    Weights weights,
    int slices,
    int batches,
    int groups,
    int ranges,
    long taskBytes,
    long driverBytes,
    long passes,
    String why) {

  /** What the work is cut by. */
  public enum Cutting {
    /** As the memory allows. */
    AUTO,
    /** See {@link BootstrapPlan}. */
    REPLICATES,
    /** See {@link BootstrapPlan}. */
    ROWS
  }

  /** How often a replicate draws a row. */
  public enum Weights {
    /** Multinomial by replicates, Poisson by rows. */
    AUTO,
    /** Exactly multinomial: as many draws as rows. */
    MULTINOMIAL,
    /** Independent Poisson counts that follow the row's key from one data set to another. */
    POISSON
  }

  /** Tasks of a pass by rows: enough for hundreds of cores. */
  private static final int MOST_GROUPS = 256;

  /** And for tens of them, when their results would not fit the driver at once. */
  private static final int LEAST_GROUPS = 32;

  /** Rows of a range of the scores: a share that a task sorts in memory. */
  private static final long LEAST_RANGE = 1 << 18;

  private static final long MOST_RANGE = 1 << 20;

  /** Rows up to which twice the pairs of a positive and a negative fit a long. */
  private static final long MOST_RANKED = 4_000_000_000L;

  /** The most items that are gathered: see {@link org.assay.random.Multinomial#MOST}. */
  private static final long MOST_GATHERED = org.assay.random.Multinomial.MOST;

  /** Bytes of a state that is fed item by item. */
  private static final long STATE = 1024;

  /**
   * One model.
   *
   * @param target what its answers are
   * @param width scores per row
   */
  public record Model(Target target, int width) {}

  /**
   * What is asked for.
   *
   * @param rows number of rows
   * @param cuts ways of cutting the rows into slices, that of all rows included
   * @param slices number of slices
   * @param weighted whether rows have weights of their own
   * @param grouped whether groups of rows are drawn
   * @param stratified whether draws are within strata
   * @param memory bytes that the items, or the results of a pass, may take
   */
  public record Request(
      long rows,
      List<Model> models,
      List<? extends Metric<?>> metrics,
      int cuts,
      int slices,
      int replicates,
      boolean weighted,
      boolean grouped,
      boolean stratified,
      Cutting cut,
      Weights weights,
      long memory) {

    private Form form(Metric<?> metric, Model model) {
      return weighted
          ? Form.weighted(metric, model.target())
          : Form.unweighted(metric, model.target());
    }

    private boolean has(Form form) {
      return metrics.stream().anyMatch(j -> models.stream().anyMatch(m -> form(j, m) == form));
    }

    /**
     * Bytes of the items gathered, of the form in which replicates read them, and of one batch of
     * counts, estimated.
     */
    public long gathered() {
      long each = 8 + 8 + (weighted ? 8 : 0) + 4L * cuts + 8;
      each += (grouped ? 8 : 0) + (stratified ? 4 : 0) + (grouped || stratified ? 4 : 0);
      each += 4L * (cuts - 1);
      for (Model model : models) {
        each += 8 + 8L * model.width();
        Map<Object, Long> once = new TreeMap<>();
        for (Metric<?> metric : metrics) {
          switch (form(metric, model)) {
            case CELLS -> once.put("cells", 2L);
            case LOSSES ->
                once.put(String.valueOf(metric.stateKind(model.target())), 8L); // of each loss
            case ORDER ->
                once.put("order", 12L * cuts); // place, where it is copied from, label, turns
            case STATES -> {} // fed from the items
            case GROWING_STATES -> once.put(metric.spec(), 24L);
          }
        }
        each += once.values().stream().mapToLong(b -> b).sum();
      }
      return rows * each;
    }

    /** Bytes per item that a task holds. */
    private int counts() {
      return Replication.countBytes(rows, has(Form.ORDER));
    }

    /** Why items cannot be gathered whatever the memory; null when they can. */
    private String tooMany() {
      int width = models.stream().mapToInt(m -> Math.max(1, m.width())).max().orElse(1);
      return rows > MOST_GATHERED || rows * width > Integer.MAX_VALUE - 8
          ? rows + " rows of " + width + " scores are more than one array can hold"
          : null;
    }

    /** Why it cannot be cut by rows: the key at fault, the reason; null when it can. */
    private String[] noRows() {
      if (weights == Weights.MULTINOMIAL) {
        return new String[] {
          "weights",
          "multinomial counts depend on all rows together, and no task that owns some rows knows the"
              + " others; leave weights out, or set weights = poisson"
        };
      }
      if (stratified) {
        return new String[] {
          "stratify",
          "Poisson counts, which work cut by rows needs, cannot keep the size of a stratum; set"
              + " stratify = false"
        };
      }
      for (Metric<?> metric : metrics) {
        for (Model model : models) {
          if (form(metric, model) == Form.GROWING_STATES) {
            return new String[] {
              "metrics",
              metric.spec()
                  + (weighted ? " of weighted rows" : "")
                  + " has to remember the rows of every replicate, which work cut by rows has no room"
                  + " for; leave it out here, or measure it on a sample"
            };
          }
        }
      }
      return rows > MOST_RANKED && has(Form.ORDER)
          ? new String[] {
            "metrics",
            "the pairs of "
                + rows
                + " rows are too many to be counted for metrics that rank; leave these out"
          }
          : null;
    }
  }

  /**
   * The plan.
   *
   * @param wrong makes the error of a key and a reason
   * @throws UserException if the request cannot be met: which key, why, and the way out
   */
  public static BootstrapPlan of(Request asked, BiFunction<String, String, UserException> wrong) {
    if (asked.stratified() && asked.weights() == Weights.POISSON) {
      throw wrong.apply(
          "weights",
          "Poisson counts cannot keep the size of a stratum; leave weights out, or set stratify ="
              + " false");
    }
    long gathered = asked.gathered();
    String tooMany = asked.tooMany();
    String whether =
        tooMany != null
            ? tooMany
            : "cut by replicates it takes about "
                + Section.bytes(gathered)
                + " of memory = "
                + Section.bytes(asked.memory());
    boolean fits = tooMany == null && gathered <= asked.memory();
    String[] noRows = asked.noRows();
    if (asked.cut() == Cutting.ROWS && noRows != null) {
      throw wrong.apply(
          noRows[0], noRows[1] + (fits ? ", or set cut = replicates" : "; " + whether));
    }
    if (asked.cut() == Cutting.REPLICATES && !fits) {
      throw wrong.apply(
          "cut",
          whether
              + "; "
              + (tooMany == null ? "raise memory" : "")
              + (tooMany == null && noRows == null ? ", or " : "")
              + (noRows == null ? "set cut = rows" : tooMany == null ? "" : noRows[1]));
    }
    if (asked.cut() == Cutting.AUTO && !fits && noRows != null) {
      throw wrong.apply(
          noRows[0],
          whether
              + ", and cannot be cut by rows: "
              + noRows[1]
              + (tooMany == null ? ", or raise memory" : ""));
    }
    String why = asked.cut() == Cutting.AUTO ? whether : "as asked for";
    return asked.cut() == Cutting.ROWS || !fits
        ? byRows(asked, why)
        : byReplicates(asked, gathered, why);
  }

  /** Numbers that the driver holds of one slice: of replicates and of the jackknife. */
  private static long values(Request asked) {
    long series = (long) asked.models().size() * asked.metrics().size();
    return 8 * series * (asked.replicates() + Jackknife.MOST);
  }

  private static BootstrapPlan byReplicates(Request asked, long gathered, String why) {
    long each = values(asked);
    int slices = within(asked.memory() / 2 / each, 1, asked.slices());
    return new BootstrapPlan(
        Cutting.REPLICATES,
        asked.weights() == Weights.POISSON ? Weights.POISSON : Weights.MULTINOMIAL,
        slices,
        Lanes.batches(asked.replicates()),
        0,
        0,
        asked.counts() * asked.rows(),
        gathered + each * slices,
        passes(asked.slices(), slices),
        why);
  }

  private static BootstrapPlan byRows(Request asked, String why) {
    long rows = asked.rows();
    long range = Math.max(LEAST_RANGE, Math.min(MOST_RANGE, rows / MOST_GROUPS));
    long values = values(asked);
    long tallies = tallies(asked);
    int all = Lanes.batches(asked.replicates());
    int groups =
        within(asked.memory() / 2 / (tallies * all * asked.slices()), LEAST_GROUPS, MOST_GROUPS);
    long each = tallies * groups;
    int slices =
        within(Math.min(asked.memory() / 2 / each, asked.memory() / 2 / values), 1, asked.slices());
    int batches = within(asked.memory() / 2 / (each * slices), 1, all);
    return new BootstrapPlan(
        Cutting.ROWS,
        Weights.POISSON,
        slices,
        batches,
        groups,
        (int) Math.max(1, (rows + range - 1) / range),
        tallies * slices * batches,
        each * slices * batches + values * slices,
        passes(asked.slices(), slices) * passes(all, batches),
        why);
  }

  /** Bytes of what one slice holds in one batch, of all models and metrics. */
  private static long tallies(Request asked) {
    List<Scored> none = new ArrayList<>();
    for (Model model : asked.models()) {
      none.add(new Scored(model.target(), new double[0], model.width(), new double[0]));
    }
    return new Replication(
            new double[0],
            asked.weighted() ? new double[0] : null,
            none,
            asked.metrics(),
            List.of(Cut.ALL))
        .tallyBytes(STATE);
  }

  private static int within(long wanted, int least, int most) {
    return (int) Math.max(least, Math.min(wanted, most));
  }

  private static long passes(long all, long each) {
    return (all + each - 1) / each;
  }

  /** What it is, for {@code explain}. */
  public List<String> describe() {
    String size =
        passes
            + (passes == 1 ? " pass" : " passes")
            + " over the rows; about "
            + Section.bytes(driverBytes)
            + " on the driver";
    return cut == Cutting.REPLICATES
        ? List.of(
            "score, cut by replicates (" + why + ")",
            "items are broadcast, each task measures some replicates over all of them; " + size)
        : List.of(
            "score, cut by rows (" + why + ")",
            "each of up to "
                + groups
                + " tasks measures "
                + batches * Lanes.WIDTH
                + " replicates and "
                + slices
                + (slices == 1 ? " slice" : " slices")
                + " of its rows in a pass; rows are sorted by score, in "
                + ranges
                + (ranges == 1 ? " range" : " ranges")
                + ", for metrics that rank",
            size + ", " + Section.bytes(taskBytes) + " in a task besides its rows");
  }
}
