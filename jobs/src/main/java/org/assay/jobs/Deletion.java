package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.assay.config.Section;
import org.assay.importance.MaskingCurve;
import org.assay.importance.Repeats;
import org.assay.jobs.engine.Explainer;
import org.assay.jobs.engine.InputSet;
import org.assay.metric.Metric;
import org.assay.report.CurveRow;
import org.assay.report.Tables;

/**
 * {@code deletion}: what becomes of metrics while inputs are taken from a model in the order that
 * each method before it found, the most important first, by giving each row those of another row,
 * all of the same one; see {@link MaskingCurve}. A metric's own order where the method has one by
 * metric. Of single columns, and of all rows.
 *
 * @param repeats donors of each row
 */
record Deletion(int repeats) implements ImportanceMethod.Step {

  /** Reads it. */
  @AutoService(ImportanceMethod.class)
  public static final class Method implements ImportanceMethod {
    @Override
    public String name() {
      return "deletion";
    }

    @Override
    public Step read(Section keys, Asked asked) {
      List<String> methods = asked.section().strings("method");
      if (methods.indexOf(name()) == 0) {
        throw asked
            .section()
            .wrong(
                "method",
                "deletion follows the orders of the methods before it; write [permutation, deletion]");
      }
      Deletion deletion = new Deletion((int) keys.integer("repeats", 5, 1, 1000));
      keys.done();
      return deletion;
    }
  }

  @Override
  public String name() {
    return "deletion";
  }

  @Override
  public List<String> explain(Explained all) {
    return List.of(
        "  method      deletion in the orders of the methods before, "
            + repeats
            + (repeats == 1 ? " repeat" : " repeats"));
  }

  @Override
  public void run(Explained all) {
    List<Ordering> orders =
        all.orders().stream().filter(o -> o.slice().isEmpty() && o.names().size() > 0).toList();
    for (Ordering order : orders) {
      run(all, order);
    }
  }

  private void run(Explained all, Ordering order) {
    int l = all.lines().indexOf(order.line());
    List<Explainer.Member> members =
        all.of(l, all.members()).stream().map(all.members()::get).toList();
    List<Metric<?>> metrics =
        all.metrics().stream()
            .filter(m -> order.metric().isEmpty() || m.spec().equals(order.metric()))
            .toList();
    if (members.isEmpty() || metrics.isEmpty()) {
      return;
    }
    List<Integer> places =
        IntStream.range(0, order.names().size())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -order.values()[i]))
            .toList();
    List<InputSet> sets = nested(all, places.stream().map(order.names()::get).toList());
    try (Explainer explainer = all.explainer(sets, Explainer.Draw.PERMUTATION)) {
      ExchangeEvidence evidence =
          new ExchangeEvidence(
              all,
              sets,
              ExchangeEvidence.Changed.DONATED,
              members,
              explainer.groups(members).count());
      evidence.add(
          explainer.measure(
              all.name() + ": deletion by " + order.method(),
              members,
              null,
              0,
              repeats,
              all.context().progress()),
          repeats);
      List<Integer> own = IntStream.range(0, members.size()).boxed().toList();
      for (Metric<?> metric : metrics) {
        curve(all, order, sets, metric, evidence, own);
      }
    }
  }

  /** The first input, the first two, .. all. */
  private static List<InputSet> nested(Explained all, List<String> order) {
    List<InputSet> sets = new ArrayList<>();
    List<String> names = new ArrayList<>();
    int[] features = {};
    for (String name : order) {
      InputSet single =
          all.sets().stream()
              .filter(s -> s.kind() == InputSet.Kind.SINGLE && s.name().equals(name))
              .findFirst()
              .orElseThrow();
      names.add(name);
      features = Arrays.copyOf(features, features.length + 1);
      features[features.length - 1] = single.features()[0];
      sets.add(new InputSet(name, InputSet.Kind.GROUP, List.copyOf(names), features.clone()));
    }
    return sets;
  }

  private void curve(
      Explained all,
      Ordering order,
      List<InputSet> sets,
      Metric<?> metric,
      ExchangeEvidence evidence,
      List<Integer> own) {
    int number = all.metrics().indexOf(metric);
    double[] values = new double[sets.size() + 1];
    double[] errors = new double[values.length];
    for (int at = 0; at < values.length; at++) {
      Repeats each = new Repeats(metrics(evidence, own, at - 1, number));
      values[at] = each.value();
      errors[at] = at == 0 ? 0 : each.shuffleError();
    }
    boolean isDefined = Arrays.stream(values).noneMatch(Double::isNaN);
    MaskingCurve curve = isDefined ? MaskingCurve.of(values) : null;
    for (int at = 0; at < values.length; at++) {
      all.context()
          .add(
              Tables.CURVES,
              new CurveRow(
                  all.name(),
                  all.data().name(),
                  order.line().series().model().name(),
                  order.line().series().params(),
                  name(),
                  order.method(),
                  order.metric(),
                  metric.spec(),
                  at == 0 ? "" : sets.get(at - 1).name(),
                  at,
                  values[at],
                  Double.NaN,
                  errors[at],
                  curve == null ? Double.NaN : curve.area(),
                  curve == null ? Double.NaN : curve.fall(),
                  all.frame().rows(),
                  Explained.reasons(
                      isDefined ? "" : "the metric is undefined at some point of the curve",
                      Explained.inSample(order.line()))));
    }
  }

  /** A metric by split and repeat. */
  private double[][] metrics(ExchangeEvidence evidence, List<Integer> own, int set, int metric) {
    double[][] values = new double[own.size()][repeats];
    for (int split = 0; split < values.length; split++) {
      for (int r = 0; r < repeats; r++) {
        values[split][r] = evidence.value(own.get(split), set, set < 0 ? 0 : r, 0, metric).value();
      }
    }
    return values;
  }
}
