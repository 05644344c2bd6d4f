package org.assay.jobs.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assay.fit.GlmModel;
import org.assay.fit.LinearModel;
import org.assay.fit.LogisticModel;
import org.assay.importance.NativeImportance;
import org.assay.importance.SelfExplained;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.RawRows;
import org.assay.jobs.model.PipelineInputs;
import org.assay.jobs.model.SavedPipeline;
import org.assay.jobs.model.SparkOwn;

/**
 * What fitted models themselves say of the columns of the data: of what a column was encoded into,
 * the sum. Standard deviations are those of the rows that a model was fitted to, or of all rows for
 * a saved one, with their weights and n in the denominator.
 */
public final class NativeImportances {

  /**
   * What a model says.
   *
   * @param scale of {@link NativeImportance}
   * @param values by set; NaN where nothing can be said
   * @param reasons by set, why; empty where something is said
   */
  public record Own(String scale, double[] values, String[] reasons) {}

  private final SparkSession spark;
  private final JavaSparkContext context;
  private final Frame frame;
  private final CellFiles files;
  private final List<InputSet> sets;

  /** What models say of these sets of inputs. */
  public NativeImportances(SparkSession spark, Frame frame, CellFiles files, List<InputSet> sets) {
    this.spark = spark;
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.frame = frame;
    this.files = files;
    this.sets = sets;
  }

  /** What each member says, by scale; empty for one that says nothing. */
  public List<List<Own>> of(String what, List<Explainer.Member> members) {
    List<List<Own>> all = new ArrayList<>();
    List<FittedModel> fitted = new ArrayList<>();
    List<List<NativeImportance>> said = new ArrayList<>();
    for (Explainer.Member member : members) {
      FittedModel own = member.isPipeline() ? null : member.fitted(files, frame.schema());
      fitted.add(own);
      said.add(own == null ? List.of() : said(own));
    }
    context.setJobDescription(what + ": native, spread of what was learned from");
    double[][] deviations = deviations(members, fitted, said);
    for (int m = 0; m < members.size(); m++) {
      if (fitted.get(m) == null) {
        all.add(pipeline(members.get(m)));
        continue;
      }
      int[] starts = fitted.get(m).preparation().starts();
      double[] deviation = deviations[m];
      all.add(
          said.get(m).stream()
              .map(
                  own ->
                      new Own(
                          own.scale(),
                          sets.stream()
                              .mapToDouble(set -> own.of(columns(set, starts), deviation))
                              .toArray(),
                          nothing()))
              .toList());
    }
    context.setJobDescription(null);
    return all;
  }

  private String[] nothing() {
    String[] none = new String[sets.size()];
    Arrays.fill(none, "");
    return none;
  }

  private static int[] columns(InputSet set, int[] starts) {
    return Arrays.stream(set.features())
        .flatMap(f -> IntStream.range(starts[f], starts[f + 1]))
        .toArray();
  }

  private static List<NativeImportance> said(FittedModel fitted) {
    if (fitted.scorer() != null) {
      return fitted.scorer().importances();
    } else if (fitted.model() instanceof SelfExplained own) {
      return own.importances(fitted.preparation().width());
    } else if (fitted.model() instanceof LinearModel linear) {
      return List.of(NativeImportance.coefficients(new double[][] {linear.coefficients()}));
    } else if (fitted.model() instanceof LogisticModel logistic) {
      return List.of(NativeImportance.coefficients(logistic.coefficients()));
    } else if (fitted.model() instanceof GlmModel glm) {
      return List.of(NativeImportance.coefficients(new double[][] {glm.linear().coefficients()}));
    }
    return List.of();
  }

  private static boolean asksSpread(List<NativeImportance> said) {
    return said.stream().anyMatch(own -> own.unit() == NativeImportance.Unit.OF_FEATURE);
  }

  /** By member, the standard deviations of its features; null where they are not asked for. */
  private double[][] deviations(
      List<Explainer.Member> members, List<FittedModel> fitted, List<List<NativeImportance>> said) {
    double[][] all = new double[members.size()][];
    List<Integer> asking = new ArrayList<>();
    List<DrawnRows.From> from = new ArrayList<>();
    for (int m = 0; m < all.length; m++) {
      if (asksSpread(said.get(m))) {
        Explainer.Member member = members.get(m);
        asking.add(m);
        from.add(new DrawnRows.From(member.placement(), member.replicate(), fitted.get(m)));
      }
    }
    double[][] found = Spread.of(context, frame, from);
    for (int k = 0; k < asking.size(); k++) {
      all[asking.get(k)] = found[k];
    }
    return all;
  }

  private List<Own> pipeline(Explainer.Member member) {
    PipelineModel model = member.pipeline(files);
    List<Transformer> stages = PipelineInputs.flat(model);
    List<NativeImportance> said = List.of();
    Transformer speaker = null;
    for (Transformer stage : stages) {
      List<NativeImportance> own = SparkOwn.of(stage);
      said = own.isEmpty() ? said : own;
      speaker = own.isEmpty() ? speaker : stage;
    }
    if (speaker == null) {
      return List.of();
    }
    String features = String.valueOf(speaker.getOrDefault(speaker.getParam("featuresCol")));
    Dataset<Row> rows =
        SavedPipeline.answered(
            model,
            member.model(),
            frame.schema(),
            RawRows.of(spark, frame, member.placement(), member.replicate(), RawRows.Part.TRAIN));
    List<Set<String>> sources = PipelineInputs.of(model, rows.first(), features);
    double[] deviation = asksSpread(said) ? deviations(rows, features) : null;
    List<Own> all = new ArrayList<>();
    for (NativeImportance own : said) {
      double[] values = new double[sets.size()];
      String[] reasons = nothing();
      for (int s = 0; s < values.length; s++) {
        List<String> names = sets.get(s).members();
        boolean isKnown = own.sum().length == sources.size();
        boolean isMixed = false;
        List<Integer> slots = new ArrayList<>();
        for (int k = 0; isKnown && k < sources.size(); k++) {
          if (names.containsAll(sources.get(k))) {
            slots.add(k);
          } else {
            isMixed |= sources.get(k).stream().anyMatch(names::contains);
          }
        }
        reasons[s] =
            !isKnown
                ? "the pipeline does not say where its features come from"
                : isMixed ? "the pipeline mixes it with other columns before it learns" : "";
        values[s] =
            reasons[s].isEmpty()
                ? own.of(slots.stream().mapToInt(Integer::intValue).toArray(), deviation)
                : Double.NaN;
      }
      all.add(new Own(own.scale(), values, reasons));
    }
    return all;
  }

  private double[] deviations(Dataset<Row> rows, String features) {
    boolean weighted = frame.schema().data().weight().isPresent();
    JavaRDD<Row> chosen =
        (weighted
                ? rows.select(features, frame.schema().data().weight().get())
                : rows.select(features))
            .javaRDD();
    TreeMap<Integer, Spread> none = new TreeMap<>(); // by width: all rows have one
    TreeMap<Integer, Spread> spread =
        chosen.aggregate(
            none,
            (sum, row) -> {
              double[] values = ((Vector) row.get(0)).toArray();
              sum.computeIfAbsent(values.length, Spread::new)
                  .add(values, weighted ? row.getDouble(1) : 1);
              return sum;
            },
            (a, b) -> {
              b.forEach((width, other) -> a.merge(width, other, Spread::merge));
              return a;
            });
    return spread.firstEntry().getValue().deviations();
  }
}
