package org.assay.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.config.Suggestion;
import org.assay.design.Plan;
import org.assay.design.Population;
import org.assay.design.Resubstitution;
import org.assay.importance.Clusters;
import org.assay.importance.Similarity;
import org.assay.importance.Variable;
import org.assay.jobs.engine.Engines;
import org.assay.jobs.engine.InputSet;
import org.assay.jobs.frame.Columns;
import org.assay.jobs.frame.Feature;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.jobs.frame.Schema;
import org.assay.jobs.frame.Strata;
import org.assay.metric.Metric;
import org.assay.report.Tables;

/** The steps of an {@link Importance} job: fit, exchange and measure, infer, report. */
record InputImportance(
    String name, DataConfig data, List<ModelConfig> models, Importance.Settings settings)
    implements Job.Step {

  @Override
  public Columns columns() {
    return settings.columns();
  }

  @Override
  public List<DataConfig> furtherData() {
    return settings.evaluate();
  }

  private Explained prepare(RunContext context) {
    Frame frame = context.frame(data);
    Schema schema = frame.schema();
    if (schema.features().isEmpty()) {
      throw UserException.input("data." + data.name() + ".features: there are none to look at");
    }
    Strata strata = frame.strata(settings.bins());
    context.context().setJobDescription(name + ": count rows");
    Plan.Needs needs = settings.plan().map(Plan::needs).orElse(Plan.Needs.NOTHING);
    Population population = frame.population(needs, strata).named(strata.names());
    context.context().setJobDescription(null);
    Placement everything = new Placement(Resubstitution.of(population), Plan.Needs.NOTHING, strata);
    Placement planned = everything;
    if (settings.plan().isPresent()) {
      Plan plan = settings.plan().get();
      try {
        planned =
            new Placement(plan.bind(population, context.config().seed()), plan.needs(), strata);
      } catch (UserException e) {
        throw e.at("job '" + name + "', plan, data." + data.name());
      }
    }
    List<Explained.Line> lines = new ArrayList<>();
    for (Series series : Series.of(models, schema, data)) {
      boolean isLearned = series.model().isLearned();
      lines.add(new Explained.Line(series, isLearned ? planned : everything, false));
    }
    List<Metric<?>> metrics =
        settings
            .metrics()
            .of(
                lines.stream().map(l -> l.series().model().name()).toList(),
                lines.stream().map(l -> l.series().target()).toList());
    return new Explained(context, this, frame, everything, lines, sets(frame), metrics);
  }

  /** The same on the rows of each further data set. */
  private List<Explained> further(RunContext context, Explained main) {
    List<Explained> all = new ArrayList<>();
    for (DataConfig other : settings.evaluate()) {
      Frame frame = alike(main.frame().schema(), context.frame(other));
      Strata strata = frame.strata(settings.bins());
      context.context().setJobDescription(name + ": count rows of data." + other.name());
      Population population = frame.population(Plan.Needs.NOTHING, strata).named(strata.names());
      context.context().setJobDescription(null);
      all.add(
          main.on(
              other,
              frame,
              new Placement(Resubstitution.of(population), Plan.Needs.NOTHING, strata)));
    }
    return all;
  }

  /**
   * A frame with the features of another.
   *
   * @throws UserException if it has not all of them, or its label is another
   */
  private Frame alike(Schema main, Frame other) {
    Schema schema = other.schema();
    String at = "data." + schema.data().name();
    String as = "data." + data.name();
    if (schema.task() != main.task() || !schema.classes().equals(main.classes())) {
      throw UserException.input(
          at
              + ".label: is "
              + labelled(schema)
              + ", and that of "
              + as
              + " is "
              + labelled(main)
              + "; models are measured by the same label");
    }
    for (Feature feature : main.features()) {
      Feature own = schema.feature(feature.name()).orElse(null);
      if (own == null) {
        List<String> names = schema.features().stream().map(Feature::name).toList();
        throw UserException.input(
            at
                + ".features: '"
                + feature.name()
                + "' of "
                + as
                + " is not among them"
                + Suggestion.of(feature.name(), names)
                + "; models need all of the features that they were fitted to");
      }
      if (own.kind() != feature.kind() || own.width() != feature.width()) {
        throw UserException.input(
            at
                + ".features: '"
                + feature.name()
                + "' is "
                + held(own)
                + ", and in "
                + as
                + " "
                + held(feature)
                + "; set "
                + at
                + ".schema, or derive it");
      }
      if (own.kind() != Feature.Kind.TEXT
          && own.missing() > 0
          && feature.missing() == 0
          && models.stream().anyMatch(m -> m.kind() == ModelConfig.Kind.ESTIMATOR)) {
        throw UserException.input(
            at
                + ".features: '"
                + feature.name()
                + "' is missing in "
                + own.missing()
                + (own.missing() == 1 ? " row" : " rows")
                + ", and in no row of "
                + as
                + ", so that models know of nothing to put there; leave these rows out by "
                + at
                + ".where, or derive it");
      }
    }
    return other.like(main);
  }

  private static String labelled(Schema schema) {
    return schema.task().isClassification()
        ? "one of " + String.join(", ", schema.classes())
        : "a number";
  }

  private static String held(Feature feature) {
    return switch (feature.kind()) {
      case NUMBER -> "a number";
      case VECTOR -> "a vector of " + feature.width();
      case TEXT -> "a text";
    };
  }

  /** Rows that clusters and conditions are found from, at most. */
  static final int SAMPLE = 20_000;

  private List<InputSet> sets(Frame frame) {
    Schema schema = frame.schema();
    List<String> names = schema.features().stream().map(Feature::name).toList();
    for (String feature : settings.inputs()) {
      if (!names.contains(feature)) {
        throw Importance.noFeature(settings.section(), "inputs", feature, names);
      }
    }
    List<InputSet> sets = new ArrayList<>();
    for (String feature : settings.inputs().isEmpty() ? names : settings.inputs()) {
      sets.add(
          new InputSet(
              feature, InputSet.Kind.SINGLE, List.of(feature), new int[] {names.indexOf(feature)}));
    }
    if (settings.clusters() != Importance.Clusters.NONE) {
      sets.addAll(clusters(frame, sets));
    }
    settings
        .groups()
        .forEach(
            (group, members) -> {
              if (sets.stream().anyMatch(set -> set.name().equals(group))) {
                throw settings
                    .section()
                    .section("groups")
                    .wrong(group, "the name is taken by an input; write another");
              }
              for (String member : members) {
                if (!names.contains(member)) {
                  throw Importance.noFeature(
                      settings.section().section("groups"), group, member, names);
                }
              }
              sets.add(
                  new InputSet(
                      group,
                      InputSet.Kind.GROUP,
                      members,
                      members.stream().mapToInt(names::indexOf).toArray()));
            });
    return sets;
  }

  /** Groups of columns that are alike. */
  private List<InputSet> clusters(Frame frame, List<InputSet> singles) {
    frame.blocks().context().setJobDescription(name + ": find alike columns");
    List<double[]> sample = frame.sample(SAMPLE);
    frame.blocks().context().setJobDescription(null);
    List<InputSet> members = new ArrayList<>();
    List<Variable> variables = new ArrayList<>();
    for (InputSet single : singles) {
      Feature feature = frame.schema().features().get(single.features()[0]);
      double[] values = sample.get(single.features()[0]);
      if (values != null) {
        members.add(single);
        variables.add(new Variable(feature.name(), values, feature.kind() == Feature.Kind.TEXT));
      }
    }
    double[][] alike =
        settings.clusters() == Importance.Clusters.SPEARMAN
            ? Similarity.of(variables)
            : Similarity.information(variables);
    List<InputSet> groups = new ArrayList<>();
    for (int[] cluster : Clusters.of(alike, Clusters.Linkage.AVERAGE).cut(settings.clusterAt())) {
      if (cluster.length > 1) {
        groups.add(
            new InputSet(
                "cluster-" + (groups.size() + 1),
                InputSet.Kind.GROUP,
                Arrays.stream(cluster).mapToObj(c -> members.get(c).name()).toList(),
                Arrays.stream(cluster).map(c -> members.get(c).features()[0]).toArray()));
      }
    }
    return groups;
  }

  @Override
  public List<String> explain(RunContext context) {
    Explained all = prepare(context);
    Frame frame = all.frame();
    Engines engines = all.engines(frame);
    List<String> lines = new ArrayList<>();
    lines.add(
        "importance '"
            + name
            + "' on data."
            + data.name()
            + ": "
            + frame.rows()
            + " rows, "
            + frame.schema().features().size()
            + " features, label "
            + Series.describe(frame.schema())
            + ", "
            + frame.blockCount()
            + (frame.blockCount() == 1 ? " block" : " blocks"));
    lines.add(
        "  plan        "
            + settings.plan().map(Plan::label).orElse("none: fitted and measured on all rows"));
    lines.add("  slices      " + frame.slicing().describe());
    lines.add(
        "  models      "
            + String.join(", ", all.lines().stream().map(l -> l.series().label()).toList()));
    for (ModelConfig model : models) {
      if (model.isLearned()) {
        Placement placement =
            all.lines().stream()
                .filter(l -> l.series().model().equals(model))
                .findFirst()
                .orElseThrow()
                .placement();
        lines.add(
            "  engine      " + model.name() + ": " + engines.describe(model, List.of(placement)));
      }
    }
    lines.add("  fits        " + all.fits());
    long singles = all.sets().stream().filter(s -> s.kind() == InputSet.Kind.SINGLE).count();
    lines.add(
        "  inputs      " + singles + " columns, " + (all.sets().size() - singles) + " groups");
    settings.methods().forEach(method -> lines.addAll(method.explain(all)));
    for (Explained further : further(context, all)) {
      lines.add(
          "  evaluate    data."
              + further.data().name()
              + ", "
              + further.frame().rows()
              + " rows, of models fitted to all rows of data."
              + data.name()
              + ": "
              + String.join(", ", ofRows().stream().map(ImportanceMethod.Step::name).toList()));
    }
    lines.add(
        "  metrics     " + String.join(", ", all.metrics().stream().map(Metric::spec).toList()));
    return lines;
  }

  @Override
  public void run(RunContext context) {
    Explained main = prepare(context);
    List<Explained> further = further(context, main);
    main.members();
    run(context, main, settings.methods());
    further.forEach(one -> run(context, one, ofRows()));
    context.context().setJobDescription(null);
  }

  /** The methods for rows of further data sets. */
  private List<ImportanceMethod.Step> ofRows() {
    return settings.methods().stream().filter(ImportanceMethod.Step::asksOfRows).toList();
  }

  private static void run(RunContext context, Explained all, List<ImportanceMethod.Step> methods) {
    for (ImportanceMethod.Step method : methods) {
      int before = all.rows().size();
      long start = System.nanoTime();
      method.run(all);
      double seconds = (System.nanoTime() - start) / 1e9;
      all.rows().subList(before, all.rows().size()).replaceAll(row -> row.in(seconds));
    }
    all.rows().forEach(row -> context.add(Tables.IMPORTANCES, row));
    Ordering.compare(all);
  }
}
