package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assay.config.Section;
import org.assay.inference.Interval;
import org.assay.inference.MeanInterval;
import org.assay.jobs.engine.Explainer;
import org.assay.jobs.engine.InputSet;
import org.assay.jobs.engine.Sensitivities;
import org.assay.jobs.frame.Feature;
import org.assay.report.CurveRow;
import org.assay.report.Tables;

/**
 * {@code sensitivity}: half of what predictions change by, in size and on average, when a column is
 * moved up and down by a step of standard deviations and all others stay, see {@link
 * org.assay.importance.Sensitivity}. All steps are points of a curve, the first is the importance.
 *
 * @param steps in standard deviations
 * @param rows of each model, at most
 */
record SensitivityMethod(List<Double> steps, int rows) implements ImportanceMethod.Step {

  /** Reads it. */
  @AutoService(ImportanceMethod.class)
  public static final class Method implements ImportanceMethod {
    @Override
    public String name() {
      return "sensitivity";
    }

    @Override
    public Step read(Section keys, Asked asked) {
      asked.estimatorsOnly(name(), "asks models for rows that are moved");
      List<Double> steps = new ArrayList<>();
      for (String text : keys.strings("steps")) {
        double step = number(text);
        if (!(step > 0 && step <= 100)) {
          throw keys.wrong("steps", "must be standard deviations, above 0 and at most 100");
        }
        steps.add(step);
      }
      int rows = (int) keys.integer("rows", 1000, 2, 1_000_000);
      keys.done();
      return new SensitivityMethod(steps.isEmpty() ? List.of(1.0, 0.5, 2.0) : steps, rows);
    }

    private static double number(String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        return Double.NaN;
      }
    }
  }

  @Override
  public String name() {
    return "sensitivity";
  }

  @Override
  public List<String> explain(Explained all) {
    return List.of(
        "  method      sensitivity, single columns moved by "
            + String.join(", ", steps.stream().map(s -> TextTable.number(s)).toList())
            + " standard deviations in "
            + rows
            + " rows at most");
  }

  @Override
  public void run(Explained all) {
    List<Explainer.Member> members = all.members();
    List<InputSet> singles =
        all.sets().stream().filter(set -> set.kind() == InputSet.Kind.SINGLE).toList();
    List<List<Sensitivities.Found>> found =
        Sensitivities.of(
            all.name() + ": sensitivity",
            all.context().context(),
            all.frame(),
            all.files(),
            members,
            steps.stream().mapToDouble(Double::doubleValue).toArray(),
            rows,
            all.seed(),
            all.context().progress());
    for (int l = 0; l < all.lines().size(); l++) {
      Explained.Line line = all.lines().get(l);
      List<Integer> own = all.of(l, members);
      List<Explained.Found> importances = new ArrayList<>();
      for (int s = 0; s < steps.size() && !own.isEmpty(); s++) {
        int step = s;
        List<Sensitivities.Found> each = own.stream().map(m -> found.get(m).get(step)).toList();
        for (InputSet set : singles) {
          add(all, line, set, steps.get(s), each, s == 0 ? importances : new ArrayList<>());
        }
      }
      if (!own.isEmpty()) {
        all.add(line, name(), Explained.NONE, Explained.NONE, "output", importances);
      }
    }
  }

  private void add(
      Explained all,
      Explained.Line line,
      InputSet set,
      double step,
      List<Sensitivities.Found> splits,
      List<Explained.Found> importances) {
    int f = set.features()[0];
    boolean isText = all.frame().schema().features().get(f).kind() == Feature.Kind.TEXT;
    double[] swings = splits.stream().mapToDouble(s -> s.swing()[f]).toArray();
    double slope = splits.stream().mapToDouble(s -> s.slope()[f]).average().orElse(Double.NaN);
    double squares = splits.stream().mapToDouble(s -> s.error()[f] * s.error()[f]).sum();
    long n = splits.stream().mapToLong(Sensitivities.Found::n).sum();
    double[] mean = Explained.meanAndSpread(swings);
    double error = Math.sqrt(squares) / swings.length;
    String reason = isText ? "a text has no direction to be moved in" : all.constancy(set);
    double value = isText ? Double.NaN : mean[0];
    double level = all.settings().level();
    all.context()
        .add(
            Tables.CURVES,
            new CurveRow(
                all.name(),
                all.data().name(),
                line.series().model().name(),
                line.series().params(),
                name(),
                "",
                "",
                "",
                set.name(),
                step,
                isText ? Double.NaN : slope,
                value,
                isText ? Double.NaN : error,
                Double.NaN,
                Double.NaN,
                n,
                reason));
    importances.add(
        new Explained.Found(
            set,
            1,
            Double.NaN,
            value,
            isText ? Double.NaN : error,
            isText
                ? Interval.none(level)
                : MeanInterval.studentT(n, value, error * Math.sqrt(n), level),
            "",
            Double.NaN,
            Double.NaN,
            isText ? Double.NaN : error,
            isText ? Double.NaN : mean[1],
            swings.length > 1 && Arrays.stream(swings).noneMatch(Double::isNaN)
                ? swings
                : new double[0],
            n,
            2 * n,
            Explained.reasons(
                reason,
                "moved by " + TextTable.number(step) + " standard deviations",
                Explained.inSample(line))));
  }
}
