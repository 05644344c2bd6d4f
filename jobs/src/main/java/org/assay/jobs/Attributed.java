package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.assay.bootstrap.Means;
import org.assay.config.Section;
import org.assay.inference.CorrectedT;
import org.assay.inference.MeanInterval;
import org.assay.jobs.engine.Attributions;
import org.assay.jobs.engine.Explainer;
import org.assay.jobs.engine.InputSet;
import org.assay.metric.Metric;
import org.assay.metric.Target;

/**
 * Shapley values of some rows, and their means: {@code shapley}, of predictions, and {@code sage},
 * of what inputs take off a loss. Groups are one input each, beside the columns of no group;
 * columns that are not looked at keep a row's own values throughout.
 *
 * <p>The standard error over rows holds the error of the draw of orders as well, which is {@code
 * spread_shuffle} / sqrt(repeats) of it; the size of a contribution that is drawn is a little too
 * large on average, by less than its error. The background is taken as it is.
 */
record Attributed(String name, Attributions.Size size) implements ImportanceMethod.Step {

  /** The mean size of contributions to predictions. */
  @AutoService(ImportanceMethod.class)
  public static final class OfPredictions implements ImportanceMethod {
    @Override
    public String name() {
      return "shapley";
    }

    @Override
    public Step read(Section keys, Asked asked) {
      return Attributed.read(name(), keys);
    }
  }

  /** What inputs take off the loss. */
  @AutoService(ImportanceMethod.class)
  public static final class OfTheLoss implements ImportanceMethod {
    @Override
    public String name() {
      return "sage";
    }

    @Override
    public Step read(Section keys, Asked asked) {
      return Attributed.read(name(), keys);
    }
  }

  private static Attributed read(String name, Section keys) {
    Attributions.Size size =
        new Attributions.Size(
            (int) keys.integer("rows", 100, 2, 100_000),
            (int) keys.integer("background", 50, 1, 100_000),
            (int) keys.integer("pairs", 32, 2, 100_000));
    keys.done();
    return new Attributed(name, size);
  }

  private boolean isLoss() {
    return name.equals("sage");
  }

  @Override
  public List<String> explain(Explained all) {
    int players = all.disjoint(name).size();
    List<String> lines = new ArrayList<>();
    lines.add("  method      " + name + ", " + size.describe(players));
    double coalitions =
        size.isExact(players) ? Math.pow(2, players) : 2.0 * size.pairs() * (players - 1) + 2;
    long models = all.lines().stream().mapToLong(Explained.Line::replicates).sum();
    lines.add(
        "  evaluations "
            + (long) (coalitions * size.rows() * size.background() * models)
            + " rows at most"
            + (isLoss() ? " per metric" : ""));
    return lines;
  }

  @Override
  public void run(Explained all) {
    List<InputSet> players = all.disjoint(name);
    List<Explainer.Member> members = all.members();
    Attributions attributions =
        new Attributions(
            all.context().context(),
            all.frame(),
            all.files(),
            players,
            size,
            all.seed(),
            all.context().progress());
    for (int l = 0; l < all.lines().size(); l++) {
      List<Explainer.Member> own = all.of(l, members).stream().map(members::get).toList();
      if (own.isEmpty()) {
        continue;
      }
      Explained.Line line = all.lines().get(l);
      String what = all.name() + ": " + name + " of " + line.series().label();
      if (!isLoss()) {
        List<Explained.Found> found =
            found(all, line, players, attributions.shapley(what, own), Double.NaN);
        all.add(line, name, Explained.NONE, Explained.NONE, "output", found);
        continue;
      }
      for (Metric<?> metric : all.metrics()) {
        Target target = line.series().target();
        List<Explained.Found> found;
        String refusal = refusal(metric, target);
        if (refusal.isEmpty()) {
          boolean isLow = metric.direction() == Metric.Direction.LOWER_IS_BETTER;
          found =
              found(
                  all,
                  line,
                  players,
                  attributions.sage(
                      what + ", " + metric.spec(),
                      own,
                      target,
                      Means.loss(metric).orElseThrow(),
                      isLow ? 1 : -1),
                  isLow ? -1 : 1);
        } else {
          found = players.stream().map(set -> Explained.Found.none(set, refusal)).toList();
        }
        all.add(line, name, Explained.NONE, metric.spec(), "difference", found);
      }
    }
  }

  private static String refusal(Metric<?> metric, Target target) {
    if (!Means.isOne(metric)) {
      return "sage divides means over rows, such as log-loss, brier, accuracy, mse or mae";
    }
    return target.task().isClassification() && !target.hasProbabilities()
        ? "sage averages probabilities, and this model gives none"
        : "";
  }

  /**
   * What is known of the inputs.
   *
   * @param metric what the metric is of what all inputs are worth together; NaN for none
   */
  private List<Explained.Found> found(
      Explained all,
      Explained.Line line,
      List<InputSet> players,
      List<Attributions.ByRow> splits,
      double metric) {
    List<Explained.Found> found = new ArrayList<>();
    double level = all.settings().level();
    double train = all.trainingRows(line);
    long n = splits.stream().mapToLong(s -> s.weight().length).sum();
    long evaluations = splits.stream().mapToLong(Attributions.ByRow::evaluations).sum();
    int pairs = splits.get(0).pairs();
    double baseline = 0;
    for (Attributions.ByRow split : splits) {
      baseline += mean(split, split.all()) / splits.size();
    }
    for (int p = 0; p < players.size(); p++) {
      double[] values = new double[splits.size()];
      double drawn = 0;
      double rows = 0;
      for (int s = 0; s < values.length; s++) {
        Attributions.ByRow split = splits.get(s);
        values[s] = mean(split, column(split.value(), p));
        double[] errors = errors(split, p, values[s]);
        rows += errors[0] * errors[0];
        drawn += errors[1] * errors[1];
      }
      double[] mean = Explained.meanAndSpread(values);
      double rowError = Math.sqrt(rows) / values.length;
      boolean isPlanned = line.isPlanned() && values.length > 1;
      CorrectedT t =
          isPlanned ? CorrectedT.of(values, train, (double) n / values.length, level) : null;
      found.add(
          new Explained.Found(
              players.get(p),
              Math.max(1, pairs),
              metric * baseline,
              mean[0],
              t == null ? rowError : t.standardError(),
              t != null
                  ? t.interval()
                  : MeanInterval.studentT(n, mean[0], rowError * Math.sqrt(n), level),
              "",
              Double.NaN,
              pairs == 0 ? Double.NaN : Math.sqrt(drawn * pairs) / values.length,
              rowError,
              mean[1],
              isPlanned ? values : new double[0],
              n,
              evaluations,
              Explained.reasons(
                  all.constancy(players.get(p)),
                  (pairs == 0 ? "exact" : pairs + " pairs of orders")
                      + " for "
                      + n
                      + " rows, against "
                      + splits.get(0).background()
                      + " background rows",
                  Explained.inSample(line))));
    }
    return found;
  }

  private static double[] column(double[][] rows, int p) {
    double[] column = new double[rows.length];
    for (int i = 0; i < column.length; i++) {
      column[i] = rows[i][p];
    }
    return column;
  }

  private static double mean(Attributions.ByRow split, double[] each) {
    double sum = 0;
    double weight = 0;
    for (int i = 0; i < each.length; i++) {
      sum += split.weight()[i] * each[i];
      weight += split.weight()[i];
    }
    return sum / weight;
  }

  /** The standard error of the mean over rows, and what of it the draw of orders leaves. */
  private static double[] errors(Attributions.ByRow split, int p, double mean) {
    double weight = 0;
    double squares = 0;
    double drawn = 0;
    int n = split.weight().length;
    for (int i = 0; i < n; i++) {
      double w = split.weight()[i];
      double off = w * (split.value()[i][p] - mean);
      double error = w * split.error()[i][p];
      weight += w;
      squares += off * off;
      drawn += error * error;
    }
    return new double[] {
      n < 2 ? Double.NaN : Math.sqrt(squares * n / (n - 1)) / weight, Math.sqrt(drawn) / weight
    };
  }
}
