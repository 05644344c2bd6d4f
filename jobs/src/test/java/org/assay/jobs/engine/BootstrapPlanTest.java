package org.assay.jobs.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.assay.Task;
import org.assay.UserException;
import org.assay.jobs.engine.BootstrapPlan.Cutting;
import org.assay.jobs.engine.BootstrapPlan.Weights;
import org.assay.metric.Metrics;
import org.assay.metric.Target;
import org.junit.jupiter.api.Test;

/** Which cut is taken, how large its passes are, and what is refused. */
class BootstrapPlanTest {
  private static final long GIB = 1L << 30;

  /** Two scored models, three metrics, all rows in one slice; what tests change is set apart. */
  private static final class Asked {
    private long rows = 100_000;
    private Target target = new Target(Task.BINARY, 2, Target.Scores.PROBABILITY);
    private int width = 1;
    private String[] metrics = {"accuracy", "log-loss", "roc-auc"};
    private int cuts = 1;
    private int slices = 1;
    private int replicates = 1000;
    private boolean weighted;
    private boolean stratified;
    private Cutting cut = Cutting.AUTO;
    private Weights weights = Weights.AUTO;
    private long memory = GIB;

    Asked(long rows) {
      this.rows = rows;
    }

    BootstrapPlan plan() {
      return BootstrapPlan.of(
          new BootstrapPlan.Request(
              rows,
              Collections.nCopies(2, new BootstrapPlan.Model(target, width)),
              Arrays.stream(metrics).map(Metrics::named).toList(),
              cuts,
              slices,
              replicates,
              weighted,
              /* grouped= */ false,
              stratified,
              cut,
              weights,
              memory),
          (key, reason) -> UserException.usage(key + ": " + reason));
    }

    void isRefused(String... parts) {
      assertThatThrownBy(this::plan)
          .isInstanceOf(UserException.class)
          .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    }
  }

  @Test
  void rowsThatFitTheMemoryAreCutByReplicatesWithExactCounts() {
    for (long rows : new long[] {1, 100_000, 10_000_000}) {
      BootstrapPlan plan = new Asked(rows).plan();
      assertThat(plan.cut()).isEqualTo(Cutting.REPLICATES);
      assertThat(plan.weights()).isEqualTo(Weights.MULTINOMIAL);
      assertThat(plan.passes()).isEqualTo(1);
      assertThat(plan.driverBytes()).isLessThan(GIB + (64 << 10));
    }
    Asked poisson = new Asked(1000);
    poisson.weights = Weights.POISSON;
    assertThat(poisson.plan().cut()).isEqualTo(Cutting.REPLICATES);
    assertThat(poisson.plan().weights()).isEqualTo(Weights.POISSON);
  }

  @Test
  void moreRowsAreCutByRowsWithPoissonCounts() {
    for (long rows : new long[] {20_000_000, 300_000_000, 3_000_000_000L}) {
      BootstrapPlan plan = new Asked(rows).plan();
      assertThat(plan.cut()).isEqualTo(Cutting.ROWS);
      assertThat(plan.weights()).isEqualTo(Weights.POISSON);
      assertThat(rows / plan.ranges()).isBetween(1L << 17, 1L << 20);
      assertThat(plan.driverBytes()).isLessThanOrEqualTo(GIB);
      assertThat(plan.taskBytes()).isLessThan(GIB / 32);
      assertThat(plan.passes()).isEqualTo(1);
    }
  }

  /** Both parts of a pass stay within the memory, however much is asked for. */
  @Test
  void passesAreAsLargeAsTheMemory() {
    for (Cutting cut : List.of(Cutting.REPLICATES, Cutting.ROWS)) {
      Asked asked = new Asked(50_000);
      asked.slices = 5000;
      asked.cuts = 3;
      asked.replicates = 10_000;
      asked.memory = GIB / 4;
      asked.cut = cut;
      BootstrapPlan plan = asked.plan();
      assertThat(plan.slices()).isBetween(1, 500);
      assertThat(plan.driverBytes()).isBetween(GIB / 16, GIB / 4);
      assertThat(plan.passes()).isGreaterThan(10);
      assertThat(String.join("\n", plan.describe()))
          .contains("as asked for", plan.passes() + " passes");
    }
  }

  @Test
  void theChoiceIsExplained() {
    assertThat(String.join("\n", new Asked(10_000_000).plan().describe()))
        .contains("cut by replicates", "takes about 992MiB of memory = 1GiB", "1 pass over");
    assertThat(String.join("\n", new Asked(300_000_000).plan().describe()))
        .contains(
            "cut by rows",
            "cut by replicates it takes about 29GiB of memory = 1GiB",
            "each of up to 256 tasks measures 1000 replicates and 1 slice of its rows in a pass",
            "in a task besides its rows");
  }

  @Test
  void whatTakesAllRowsTogetherIsRefusedByRows() {
    Asked multinomial = new Asked(1000);
    multinomial.cut = Cutting.ROWS;
    multinomial.weights = Weights.MULTINOMIAL;
    multinomial.isRefused(
        "weights: multinomial counts depend on all rows",
        "leave weights out, or set weights = poisson, or set cut = replicates");
    Asked stratified = new Asked(1000);
    stratified.cut = Cutting.ROWS;
    stratified.stratified = true;
    stratified.isRefused(
        "stratify: Poisson counts", "set stratify = false, or set cut = replicates");
    Asked weighted = new Asked(1000);
    weighted.cut = Cutting.ROWS;
    weighted.weighted = true;
    weighted.isRefused("metrics: roc-auc of weighted rows has to remember the rows");
    for (String metric : List.of("roc-auc-ovr-macro", "roc-auc-ovo-weighted")) {
      Asked ranked = new Asked(1000);
      ranked.cut = Cutting.ROWS;
      ranked.target = new Target(Task.MULTICLASS, 3, Target.Scores.PROBABILITY);
      ranked.width = 3;
      ranked.metrics = new String[] {"accuracy", metric};
      ranked.isRefused("metrics: " + metric + " has to remember the rows");
    }
    Asked median = new Asked(1000);
    median.cut = Cutting.ROWS;
    median.target = new Target(Task.REGRESSION, 0, Target.Scores.NONE);
    median.width = 0;
    median.metrics = new String[] {"mae", "median-absolute-error"};
    median.isRefused("metrics: median-absolute-error has to remember the rows of every replicate");
    median.metrics = new String[] {"mae", "rmse", "r2", "explained-variance", "pinball", "mape"};
    assertThat(median.plan().cut()).isEqualTo(Cutting.ROWS);
  }

  @Test
  void poissonCountsHaveNoStrata() {
    Asked asked = new Asked(1000);
    asked.weights = Weights.POISSON;
    asked.stratified = true;
    asked.isRefused("weights: Poisson counts cannot keep the size of a stratum");
  }

  @Test
  void whatFitsNeitherWayNamesTheWaysOut() {
    Asked stratified = new Asked(100_000_000);
    stratified.stratified = true;
    stratified.isRefused(
        "stratify: cut by replicates it takes about 10GiB of memory = 1GiB, and cannot be cut by rows",
        "set stratify = false, or raise memory");
    Asked asked = new Asked(100_000_000);
    asked.cut = Cutting.REPLICATES;
    asked.isRefused("cut: cut by replicates it takes about", "raise memory, or set cut = rows");
  }

  /** Rows beyond the largest int and array, whatever the memory. */
  @Test
  void noNumberOfRowsOverflows() {
    Asked asked = new Asked(4_000_000_000L);
    asked.memory = 1L << 50;
    assertThat(asked.plan().cut()).isEqualTo(Cutting.ROWS);
    asked.cut = Cutting.REPLICATES;
    asked.isRefused("cut: 4000000000 rows of 1 scores are more than one array can hold");
    Asked ranked = new Asked(5_000_000_000L);
    ranked.isRefused("metrics: ", "the pairs of 5000000000 rows are too many");
    ranked.metrics = new String[] {"accuracy", "log-loss"};
    assertThat(ranked.plan().cut()).isEqualTo(Cutting.ROWS);
    Asked wide = new Asked(300_000_000);
    wide.target = new Target(Task.MULTICLASS, 10, Target.Scores.PROBABILITY);
    wide.width = 10;
    wide.metrics = new String[] {"log-loss"};
    wide.memory = 1L << 50;
    assertThat(wide.plan().cut()).isEqualTo(Cutting.ROWS);
  }
}
