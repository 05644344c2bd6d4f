package org.assay.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.assay.UserException;
import org.assay.design.Design;
import org.assay.design.Nested;
import org.assay.design.Plan;
import org.assay.design.Population;
import org.assay.inference.Choice;
import org.assay.jobs.engine.Cell;
import org.assay.jobs.engine.CellFiles;
import org.assay.jobs.engine.Engine;
import org.assay.jobs.engine.Measurement;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Slicing;
import org.assay.metric.Metric;
import org.assay.report.Failure;
import org.assay.report.Selection;
import org.assay.report.Tables;

/**
 * What the inner plan of a nested one chooses: in each outer replicate, on its training rows alone,
 * one setting of each model that has several.
 *
 * @param job name of the job
 * @param data name of the data set
 * @param frame the data
 * @param inner the inner design of each outer replicate
 * @param outer the outer design
 * @param by the metric to choose by
 * @param rule how to choose
 */
record NestedChoice(
    String job,
    String data,
    Frame frame,
    List<Placement> inner,
    Placement outer,
    Metric<?> by,
    Choice.Rule rule) {

  /** A series in an outer replicate. */
  record Place(Series series, int replicate) {}

  /** An inner fit: one setting of a series in one replicate of the inner design. */
  private record Fit(
      Place place, int setting, int replicate, Cell cell, CellFiles.Place predictions) {}

  /** Refuses a metric to choose by that some series to choose for does not give. */
  static void check(String job, Metric<?> by, List<Series> series) {
    for (Series line : series) {
      String refusal = line.isChosen() ? by.refusal(line.target()) : null;
      if (refusal != null) {
        throw UserException.usage(
            "jobs."
                + job
                + ".select-by = "
                + by.spec()
                + ": "
                + refusal
                + ", which model '"
                + line.model().name()
                + "' does not give");
      }
    }
  }

  /** The inner designs over a frame, one per outer replicate. */
  static List<Placement> bind(
      RunContext context, String job, Frame frame, Plan plan, Placement outer) {
    context.context().setJobDescription(job + ": count the training rows of each outer replicate");
    List<Population> training = frame.training(outer);
    return IntStream.range(0, training.size())
        .mapToObj(
            r ->
                new Placement(
                    Nested.bind(plan, outer.design(), r, training.get(r), context.config().seed()),
                    outer.needs(),
                    outer.strata()))
        .toList();
  }

  /**
   * Fits and measures every setting and chooses; every setting is a row in {@code selections}.
   * Where all settings fail, there is a row in {@code failures} and no choice.
   */
  Map<Place, Map<String, Object>> of(RunContext context, List<Series> series, Engine engine) {
    List<Place> places = new ArrayList<>();
    for (Series line : series) {
      for (int r = 0; line.isChosen() && r < outer.design().replicates(); r++) {
        places.add(new Place(line, r));
      }
    }
    Map<Place, double[][]> values =
        measured(context, fitted(context, fits(places, context), engine));
    Map<Place, Map<String, Object>> chosen = new HashMap<>();
    for (Place place : places) {
      Choice choice = Choice.of(values.getOrDefault(place, nothing(place)), by.direction(), rule);
      report(context, place, choice);
      if (choice.isMade()) {
        chosen.put(place, place.series().model().settings().get(choice.chosen()));
      }
    }
    return chosen;
  }

  private List<Fit> fits(List<Place> places, RunContext context) {
    List<Fit> fits = new ArrayList<>();
    for (Place place : places) {
      List<Map<String, Object>> grid = place.series().model().settings();
      Placement placement = inner.get(place.replicate());
      for (int g = 0; g < grid.size(); g++) {
        for (int q = 0; q < placement.design().replicates(); q++) {
          Cell cell =
              new Cell(
                  frame.identity(),
                  place.series().model(),
                  grid.get(g),
                  placement,
                  q,
                  Cell.Predicts.TESTED,
                  context.config().seed());
          fits.add(new Fit(place, g, q, cell, null));
        }
      }
    }
    return fits;
  }

  /** Carries out the fits, and gives those that did not fail. */
  private List<Fit> fitted(RunContext context, List<Fit> fits, Engine engine) {
    List<Engine.Outcome> outcomes =
        engine.run(job + " (inner)", fits.stream().map(Fit::cell).toList(), context.progress());
    List<Fit> done = new ArrayList<>();
    for (int f = 0; f < fits.size(); f++) {
      Fit fit = fits.get(f);
      if (outcomes.get(f).place().isPresent()) {
        CellFiles.Place predictions = outcomes.get(f).place().get();
        done.add(new Fit(fit.place(), fit.setting(), fit.replicate(), fit.cell(), predictions));
        continue;
      }
      Design.Split split = outer.design().split(fit.place().replicate());
      context.add(
          Tables.FAILURES,
          new Failure(
              job,
              data,
              fit.cell().model().name(),
              "outer repeat "
                  + split.repeat()
                  + ", fold "
                  + split.fold()
                  + "; inner "
                  + fit.cell().label(),
              "fit",
              outcomes.get(f).reason()));
    }
    return done;
  }

  /** The metric by setting and inner replicate; NaN where a fit failed. */
  private Map<Place, double[][]> measured(RunContext context, List<Fit> fits) {
    Map<Place, double[][]> values = new HashMap<>();
    if (fits.isEmpty()) {
      return values;
    }
    List<Measurement.Member> members =
        fits.stream()
            .map(f -> Measurement.Member.of(f.place().series().target(), f.predictions()))
            .toList();
    context.context().setJobDescription(job + ": measure the inner fits");
    for (Measurement.Result result :
        Measurement.of(
                context.context(),
                frame,
                context.cells(),
                members,
                List.of(by),
                Slicing.all(frame.rows()))
            .members()) {
      Fit fit = fits.get(result.member());
      values.computeIfAbsent(fit.place(), this::nothing)[fit.setting()][fit.replicate()] =
          result.values().get(0).value();
    }
    return values;
  }

  private double[][] nothing(Place place) {
    int replicates = inner.get(place.replicate()).design().replicates();
    double[][] values = new double[place.series().model().settings().size()][replicates];
    for (double[] row : values) {
      Arrays.fill(row, Double.NaN);
    }
    return values;
  }

  private void report(RunContext context, Place place, Choice choice) {
    String model = place.series().model().name();
    Design.Split split = outer.design().split(place.replicate());
    if (!choice.isMade()) {
      context.add(
          Tables.FAILURES,
          new Failure(
              job,
              data,
              model,
              model + ", repeat " + split.repeat() + ", fold " + split.fold(),
              "selection",
              "no setting has a defined inner " + by.spec()));
    }
    for (int g : choice.order()) {
      Choice.Setting setting = choice.settings().get(g);
      context.add(
          Tables.SELECTIONS,
          new Selection(
              job,
              data,
              model,
              by.spec(),
              split.repeat(),
              split.fold(),
              Cell.text(place.series().model().settings().get(g)),
              setting.mean(),
              setting.error(),
              setting.rank(),
              g == choice.chosen(),
              rule.name().toLowerCase(Locale.ROOT).replace('_', '-')));
    }
  }
}
