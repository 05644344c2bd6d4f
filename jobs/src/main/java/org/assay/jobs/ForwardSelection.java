package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assay.config.Section;
import org.assay.design.Design;
import org.assay.design.Plan;
import org.assay.inference.Choice;
import org.assay.jobs.engine.Cell;
import org.assay.jobs.engine.CellFiles;
import org.assay.jobs.engine.Engine;
import org.assay.jobs.engine.FoldTally;
import org.assay.jobs.engine.InputSet;
import org.assay.jobs.engine.Measurement;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Slicing;
import org.assay.metric.Metric;
import org.assay.metric.Value;
import org.assay.report.Score;
import org.assay.report.Selection;
import org.assay.report.Tables;

/**
 * {@code forward-selection}: inputs are added one after the other, each time the one with which an
 * inner plan over the training rows finds the best models, until that is no improvement. With a
 * plan this is done in each of its splits on the training rows alone, and what was chosen is
 * measured on the rows held out, in the table {@code scores}; what was tried is in {@code
 * selections}. The importance of an input is the share of splits that choose it.
 *
 * <p>The first input is always taken: without any there is nothing to fit. Groups are one input
 * each.
 *
 * @param inner plan
 * @param rule when it goes on: {@code strict}, when the mean over the inner splits becomes better
 *     at all; {@code one-standard-error}, when by more than the standard error of the better one
 * @param most inputs to choose
 */
record ForwardSelection(Plan inner, Rule rule, int most) implements ImportanceMethod.Step {

  /** When it goes on. */
  enum Rule {
    STRICT,
    ONE_STANDARD_ERROR;

    String label() {
      return this == STRICT ? "strict" : "one-standard-error";
    }
  }

  /** Reads it. */
  @AutoService(ImportanceMethod.class)
  public static final class Method implements ImportanceMethod {
    @Override
    public String name() {
      return "forward-selection";
    }

    @Override
    public Step read(Section keys, Asked asked) {
      asked.estimatorsOnly(name(), "fits models anew");
      if (!keys.has("inner")) {
        throw org.assay.UserException.usage(
            keys.path("inner")
                + ": is missing; write the plan to choose by, such as forward-selection { inner { kind = k-fold } }");
      }
      Section plan = keys.section("inner");
      Plan inner = Plan.read(plan, asked.data().group().isPresent());
      CrossValidate.check(keys, plan, inner, asked.data());
      if (inner.inner().isPresent()
          || inner.isBootstrap()
          || inner.isByJackknife()
          || !inner.trainSizes().isEmpty()) {
        throw plan.wrong("kind", "must be a flat plan, such as k-fold or shuffle-split");
      }
      ForwardSelection selection =
          new ForwardSelection(
              inner,
              keys.choice("rule", Rule.class, Rule.ONE_STANDARD_ERROR),
              (int) keys.integer("most", 20, 1, 10_000));
      keys.done();
      return selection;
    }
  }

  /** What has been chosen in a split so far. */
  private static final class Path {
    private final Explained.Line line;
    private final int number;
    private final int replicate;
    private final List<Integer> chosen = new ArrayList<>();
    private double[] values;
    private boolean isDone;

    Path(Explained.Line line, int number, int replicate) {
      this.line = line;
      this.number = number;
      this.replicate = replicate;
    }
  }

  @Override
  public String name() {
    return "forward-selection";
  }

  private static Metric<?> by(Explained all) {
    return all.metrics().get(0);
  }

  @Override
  public List<String> explain(Explained all) {
    int inputs = all.disjoint(name()).size();
    long steps = Math.min(most, inputs);
    long candidates = steps * inputs - steps * (steps - 1) / 2;
    return List.of(
        "  method      forward-selection by "
            + by(all).spec()
            + " on "
            + inner.label()
            + ", rule "
            + rule.label()
            + "; at most "
            + candidates
            + " sets of inputs in each of "
            + all.lines().stream().mapToLong(Explained.Line::replicates).sum()
            + " splits");
  }

  @Override
  public boolean asksOfRows() {
    return false;
  }

  @Override
  public void run(Explained all) {
    List<InputSet> inputs = all.disjoint(name());
    List<Path> paths = new ArrayList<>();
    Map<Placement, List<Placement>> inners = new HashMap<>();
    List<List<Placement>> byLine = new ArrayList<>();
    for (int l = 0; l < all.lines().size(); l++) {
      Explained.Line line = all.lines().get(l);
      byLine.add(
          inners.computeIfAbsent(
              line.placement(),
              p -> NestedChoice.bind(all.context(), all.name(), all.frame(), inner, p)));
      for (int r = 0; r < line.replicates(); r++) {
        paths.add(new Path(line, l, r));
      }
    }
    int steps = Math.min(most, inputs.size());
    for (int step = 0; step < steps && paths.stream().anyMatch(p -> !p.isDone); step++) {
      step(all, inputs, paths, byLine);
    }
    report(all, inputs, paths);
  }

  /** The names of all features that are in none of some inputs. */
  private static List<String> others(Explained all, List<InputSet> inputs, List<Integer> kept) {
    List<String> names = new ArrayList<>();
    all.frame().schema().features().forEach(f -> names.add(f.name()));
    kept.forEach(k -> names.removeAll(inputs.get(k).members()));
    return names;
  }

  private static String named(List<InputSet> inputs, List<Integer> chosen) {
    return "inputs=" + String.join(",", chosen.stream().map(c -> inputs.get(c).name()).toList());
  }

  /** Tries every further input in every path that goes on. */
  private void step(
      Explained all, List<InputSet> inputs, List<Path> paths, List<List<Placement>> inners) {
    Map<List<Integer>, List<Path>> tried = new LinkedHashMap<>(); // by set of inputs, sorted
    Map<Path, Map<Integer, double[]>> found = new HashMap<>();
    for (Path path : paths) {
      for (int c = 0; c < inputs.size() && !path.isDone; c++) {
        if (!path.chosen.contains(c)) {
          List<Integer> set = new ArrayList<>(path.chosen);
          set.add(c);
          set.sort(null);
          tried.computeIfAbsent(set, s -> new ArrayList<>()).add(path);
        }
      }
    }
    tried.forEach(
        (set, own) -> {
          Map<Path, double[]> values = measured(all, inputs, set, own, inners);
          for (Path path : own) {
            int added =
                set.stream().filter(c -> !path.chosen.contains(c)).findFirst().orElseThrow();
            found.computeIfAbsent(path, p -> new HashMap<>()).put(added, values.get(path));
          }
        });
    found.forEach((path, values) -> choose(all, inputs, path, values));
  }

  /** The metric on the inner splits of some paths, of models of a set of inputs alone. */
  private Map<Path, double[]> measured(
      Explained all,
      List<InputSet> inputs,
      List<Integer> set,
      List<Path> paths,
      List<List<Placement>> inners) {
    Frame frame = all.frame().without(others(all, inputs, set));
    List<Cell> cells = new ArrayList<>();
    Map<Path, double[]> values = new HashMap<>();
    List<Path> of = new ArrayList<>();
    List<Integer> at = new ArrayList<>();
    for (Path path : paths) {
      Placement placement = inners.get(path.number).get(path.replicate);
      int splits = placement.design().replicates();
      double[] none = new double[splits];
      Arrays.fill(none, Double.NaN);
      values.put(path, none);
      for (int q = 0; q < splits; q++) {
        cells.add(cell(all, frame, path, placement, q));
        of.add(path);
        at.add(q);
      }
    }
    List<Measurement.Member> members = new ArrayList<>();
    List<Integer> measured = new ArrayList<>();
    List<Engine.Outcome> outcomes = fit(all, frame, cells, named(inputs, set));
    for (int c = 0; c < cells.size(); c++) {
      if (outcomes.get(c).place().isPresent()) {
        members.add(
            Measurement.Member.of(of.get(c).line.series().target(), outcomes.get(c).place().get()));
        measured.add(c);
      }
    }
    for (Measurement.Result result : measure(all, frame, members, List.of(by(all)))) {
      int c = measured.get(result.member());
      values.get(of.get(c))[at.get(c)] = result.values().get(0).value();
    }
    return values;
  }

  private static Cell cell(
      Explained all, Frame frame, Path path, Placement placement, int replicate) {
    return new Cell(
        frame.identity(),
        path.line.series().model(),
        path.line.series().setting(),
        placement,
        replicate,
        Cell.Predicts.TESTED,
        all.seed());
  }

  /** Models are not kept: they are asked once. */
  private static CellFiles files(Explained all) {
    return all.context().cells();
  }

  private static List<Engine.Outcome> fit(
      Explained all, Frame frame, List<Cell> cells, String what) {
    List<Engine.Outcome> outcomes =
        all.engines(frame, () -> files(all))
            .run(all.name() + ", " + what, cells, all.context().progress());
    for (Engine.Outcome outcome : outcomes) {
      if (outcome.place().isEmpty()) {
        all.failure(
            outcome.cell().model().name(), outcome.cell().label() + ", " + what, outcome.reason());
      }
    }
    return outcomes;
  }

  private static List<Measurement.Result> measure(
      Explained all, Frame frame, List<Measurement.Member> members, List<Metric<?>> metrics) {
    if (members.isEmpty()) {
      return List.of();
    }
    return Measurement.of(
            all.context().context(), frame, files(all), members, metrics, Slicing.all(frame.rows()))
        .members();
  }

  private void choose(
      Explained all, List<InputSet> inputs, Path path, Map<Integer, double[]> values) {
    List<Integer> candidates = values.keySet().stream().sorted().toList();
    Metric.Direction direction = by(all).direction();
    double[][] each = candidates.stream().map(values::get).toArray(double[][]::new);
    Choice best = Choice.of(each, direction, Choice.Rule.BEST);
    boolean goesOn = best.isMade();
    if (goesOn && path.values != null) {
      Choice.Rule how = rule == Rule.STRICT ? Choice.Rule.BEST : Choice.Rule.ONE_STANDARD_ERROR;
      double[][] two = {path.values, each[best.chosen()]};
      goesOn = Choice.of(two, direction, how).chosen() == 1;
    }
    Design.Split split = path.line.placement().design().split(path.replicate);
    for (int k : best.order()) {
      List<Integer> set = new ArrayList<>(path.chosen);
      set.add(candidates.get(k));
      Choice.Setting setting = best.settings().get(k);
      all.context()
          .add(
              Tables.SELECTIONS,
              new Selection(
                  all.name(),
                  all.data().name(),
                  path.line.series().model().name(),
                  by(all).spec(),
                  split.repeat(),
                  split.fold(),
                  (path.line.series().params() + " " + named(inputs, set)).strip(),
                  setting.mean(),
                  setting.error(),
                  setting.rank(),
                  goesOn && k == best.chosen(),
                  rule.label()));
    }
    if (goesOn) {
      path.values = each[best.chosen()];
      path.chosen.add(candidates.get(best.chosen()));
    } else {
      path.isDone = true;
    }
  }

  private void report(Explained all, List<InputSet> inputs, List<Path> paths) {
    for (int l = 0; l < all.lines().size(); l++) {
      Explained.Line line = all.lines().get(l);
      int number = l;
      List<Path> own = paths.stream().filter(p -> p.number == number).toList();
      List<Explained.Found> found = new ArrayList<>();
      for (int s = 0; s < inputs.size(); s++) {
        int input = s;
        double[] bySplit =
            own.stream().mapToDouble(p -> p.chosen.contains(input) ? 1 : 0).toArray();
        double[] mean = Explained.meanAndSpread(bySplit);
        double place =
            own.stream()
                .filter(p -> p.chosen.contains(input))
                .mapToInt(p -> p.chosen.indexOf(input) + 1)
                .average()
                .orElse(Double.NaN);
        found.add(
            Explained.Found.of(
                inputs.get(s),
                mean[0],
                mean[1],
                own.size() > 1 ? bySplit : new double[0],
                all.frame().rows(),
                Explained.reasons(
                    all.constancy(inputs.get(s)),
                    Double.isNaN(place)
                        ? ""
                        : "chosen as number " + TextTable.number(place) + " on average")));
      }
      all.add(line, name(), Explained.NONE, by(all).spec(), "chosen", found);
      if (line.isPlanned()) {
        score(all, inputs, own);
      }
    }
  }

  /** What was chosen, on the rows held out. */
  private void score(Explained all, List<InputSet> inputs, List<Path> paths) {
    FoldTally tally = FoldTally.of(all.frame(), paths.get(0).line.placement(), 0);
    for (Path path : paths) {
      if (path.chosen.isEmpty()) {
        continue;
      }
      Frame frame = all.frame().without(others(all, inputs, path.chosen));
      Placement placement = path.line.placement();
      Cell cell = cell(all, frame, path, placement, path.replicate);
      Engine.Outcome outcome = fit(all, frame, List.of(cell), named(inputs, path.chosen)).get(0);
      if (outcome.place().isEmpty()) {
        continue;
      }
      List<Measurement.Member> members =
          List.of(Measurement.Member.of(path.line.series().target(), outcome.place().get()));
      Design.Split split = placement.design().split(path.replicate);
      for (Measurement.Result result : measure(all, frame, members, all.metrics())) {
        for (int m = 0; m < all.metrics().size(); m++) {
          Value value = result.values().get(m);
          all.context()
              .add(
                  Tables.SCORES,
                  new Score(
                      all.name(),
                      all.data().name(),
                      path.line.series().model().name(),
                      "",
                      all.metrics().get(m).spec(),
                      (path.line.series().params() + " " + named(inputs, path.chosen)).strip(),
                      all.settings().plan().orElseThrow().label(),
                      placement.design().fingerprint(),
                      split.repeat(),
                      split.fold(),
                      "test",
                      tally.rows(path.replicate, 0),
                      result.n(),
                      value.value(),
                      value.reason(),
                      outcome.done().map(CellFiles.Done::fitSeconds).orElse(null)));
        }
      }
    }
  }
}
