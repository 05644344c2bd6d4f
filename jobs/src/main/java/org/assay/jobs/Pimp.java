package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.assay.config.Section;
import org.assay.importance.NullImportance;
import org.assay.importance.Repeats;
import org.assay.inference.Interval;
import org.assay.jobs.engine.Explainer;
import org.assay.jobs.engine.InputSet;
import org.assay.jobs.engine.NativeImportances;
import org.assay.jobs.frame.Frame;
import org.assay.jobs.frame.Placement;
import org.assay.permutation.Strata;

/**
 * {@code pimp}: importances against those of models that are fitted anew to permuted labels, with a
 * p-value for each input, see {@link NullImportance}. Of all rows, not of slices.
 *
 * @param of what importance is
 * @param permutations of the labels
 * @param repeats of each permutation importance
 * @param p which p-value is reported
 */
record Pimp(Of of, int permutations, int repeats, Tail p) implements ImportanceMethod.Step {

  /** What is compared. */
  enum Of {
    PERMUTATION,
    NATIVE
  }

  /** The p-value. */
  enum Tail {
    EMPIRICAL,
    FITTED
  }

  /** Fits that are measured together. */
  private static final int TOGETHER = 200;

  /** Numbers that these leave, at most. */
  private static final long ANSWERS = 50_000_000;

  /** Reads it. */
  @AutoService(ImportanceMethod.class)
  public static final class Method implements ImportanceMethod {
    @Override
    public String name() {
      return "pimp";
    }

    @Override
    public Step read(Section keys, Asked asked) {
      asked.estimatorsOnly(name(), "fits models anew to permuted labels");
      if (asked.within() == Explainer.Within.STRATUM) {
        throw asked
            .section()
            .wrong("within", "strata are of labels, which method = pimp permutes; use all");
      }
      Pimp pimp =
          new Pimp(
              keys.choice("of", Of.class, Of.PERMUTATION),
              (int) keys.integer("permutations", 99, 19, 100_000),
              (int) keys.integer("repeats", 1, 1, 1000),
              keys.choice("p", Tail.class, Tail.EMPIRICAL));
      if (pimp.of() == Of.NATIVE && keys.has("repeats")) {
        throw keys.wrong("repeats", "is for of = permutation; remove it");
      }
      keys.done();
      return pimp;
    }
  }

  @Override
  public String name() {
    return "pimp";
  }

  /** Bytes of a row in tasks: its label, its place, its donor. */
  private static final long ROW = 24;

  private static void check(Explained all) {
    long bytes = ROW * all.frame().rows();
    if (bytes > all.settings().engines().memory()) {
      throw all.settings()
          .section()
          .wrong(
              "method",
              "pimp holds the labels of all rows in each task, "
                  + Section.bytes(bytes)
                  + "; raise memory to that, or use another method");
    }
  }

  @Override
  public List<String> explain(Explained all) {
    check(all);
    return List.of(
        "  method      pimp of "
            + (of == Of.NATIVE
                ? "native importances"
                : "permutation importances of " + repeats + (repeats == 1 ? " repeat" : " repeats"))
            + ", "
            + permutations
            + " permutations of the labels; "
            + all.fits() * permutations
            + " fits more, smallest p "
            + 1.0 / (permutations + 1));
  }

  @Override
  public boolean asksOfRows() {
    return false;
  }

  @Override
  public void run(Explained all) {
    check(all);
    for (int l = 0; l < all.lines().size(); l++) {
      run(all, l);
    }
  }

  private void run(Explained all, int l) {
    Explained.Line line = all.lines().get(l);
    List<Explainer.Member> members = all.members();
    List<Explainer.Member> own = all.of(l, members).stream().map(members::get).toList();
    if (own.isEmpty()) {
      return;
    }
    Set<String> found = new LinkedHashSet<>();
    double[][] observed = measured(all, List.of(own), found).get(0);
    double[][][] none = new double[permutations][][];
    Relabellings labels = labels(all, line);
    long each =
        Math.max(
            1, Math.min(TOGETHER, ANSWERS / Math.max(1, all.frame().rows())) / line.replicates());
    for (int from = 1; from <= permutations; from += (int) each) {
      int to = (int) Math.min(permutations + 1L, from + each);
      all.context().context().setJobDescription(all.name() + ": exchange labels");
      List<Placement> placements = labels.placements(from, to);
      List<List<Explainer.Member>> fitted =
          all.fitted(
              placements.stream().map(p -> new Explained.Fitting(l, p)).toList(),
              all.frame(),
              all.name() + ": pimp",
              ", labels permuted");
      List<Integer> whole = new ArrayList<>();
      List<List<Explainer.Member>> sets = new ArrayList<>();
      for (int k = 0; k < fitted.size(); k++) {
        if (fitted.get(k).size() == line.replicates()) {
          whole.add(from - 1 + k);
          sets.add(fitted.get(k));
        }
      }
      List<double[][]> values = sets.isEmpty() ? List.of() : measured(all, sets, found);
      for (int k = 0; k < whole.size(); k++) {
        none[whole.get(k)] = values.get(k);
      }
    }
    if (found.isEmpty()) {
      all.add(line, name(), Explained.NONE, Explained.NONE, Explained.NONE, silent(all));
    }
    int measure = 0;
    for (String name : found) {
      List<Explained.Found> lines = new ArrayList<>();
      for (int s = 0; s < all.sets().size(); s++) {
        int set = s;
        int number = measure;
        double[] drawn =
            Arrays.stream(none).mapToDouble(n -> n == null ? Double.NaN : n[number][set]).toArray();
        lines.add(found(all, line, all.sets().get(s), observed[measure][s], drawn));
      }
      boolean isMetric = of == Of.PERMUTATION;
      all.add(
          line,
          name(),
          Explained.NONE,
          isMetric ? name : Explained.NONE,
          isMetric ? all.settings().scale().label() : name,
          lines);
      measure++;
    }
  }

  private static List<Explained.Found> silent(Explained all) {
    return all.sets().stream().map(set -> Explained.Found.none(set, NativeMethod.SILENT)).toList();
  }

  private Explained.Found found(
      Explained all, Explained.Line line, InputSet set, double observed, double[] drawn) {
    double tested = Double.NaN;
    String test = p == Tail.EMPIRICAL ? "pimp" : "pimp-fitted";
    String reason;
    long missing = Arrays.stream(drawn).filter(x -> !Double.isFinite(x)).count();
    if (missing > 0) {
      reason = missing + " of " + drawn.length + " permutations of the labels gave no importance";
    } else {
      NullImportance tail = NullImportance.of(observed, drawn);
      tested = p == Tail.EMPIRICAL ? tail.empirical().p() : tail.fitted();
      double[] spread = Explained.meanAndSpread(drawn);
      reason =
          "with permuted labels "
              + TextTable.number(spread[0])
              + " on average, sd "
              + TextTable.number(spread[1])
              + (tail.family().equals("none")
                  ? ""
                  : "; p by a fitted "
                      + tail.family()
                      + " distribution "
                      + TextTable.number(tail.fitted()));
    }
    return new Explained.Found(
        set,
        of == Of.NATIVE ? 1 : repeats,
        Double.NaN,
        observed,
        Double.NaN,
        Interval.none(all.settings().level()),
        test,
        tested,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        new double[0],
        all.frame().rows(),
        of == Of.NATIVE ? 0 : all.frame().rows() * repeats * (permutations + 1L),
        Explained.reasons(all.constancy(set), reason, Explained.inSample(line)));
  }

  private static Relabellings labels(Explained all, Explained.Line line) {
    Frame frame = all.frame();
    all.context().context().setJobDescription(all.name() + ": gather the labels");
    double[] labels = frame.labels();
    return new Relabellings(
        frame,
        line.placement(),
        Relabellings.first(frame, all.seed(), "", Strata.one(labels.length), labels),
        (population, relabelling) ->
            new Placement(
                all.settings().plan().orElseThrow().bind(population, all.seed()),
                line.placement().needs(),
                line.placement().strata(),
                relabelling));
  }

  /**
   * Importances of fits.
   *
   * @param fits each a line's, in all replicates
   * @param measures receives the names of what is measured
   * @return for each by measure and set of inputs
   */
  private List<double[][]> measured(
      Explained all, List<List<Explainer.Member>> fits, Set<String> measures) {
    List<Explainer.Member> flat = new ArrayList<>();
    List<List<Integer>> places = new ArrayList<>();
    for (List<Explainer.Member> fit : fits) {
      List<Integer> own = new ArrayList<>();
      for (Explainer.Member member : fit) {
        own.add(flat.size());
        flat.add(member);
      }
      places.add(own);
    }
    return of == Of.NATIVE
        ? natives(all, flat, places, measures)
        : permuted(all, flat, places, measures);
  }

  private static List<double[][]> natives(
      Explained all,
      List<Explainer.Member> members,
      List<List<Integer>> places,
      Set<String> measures) {
    List<List<NativeImportances.Own>> said =
        new NativeImportances(all.context().spark(), all.frame(), all.files(), all.sets())
            .of(all.name() + ": pimp", members);
    List<String> scales = said.get(0).stream().map(NativeImportances.Own::scale).toList();
    measures.addAll(scales);
    List<double[][]> values = new ArrayList<>();
    for (List<Integer> own : places) {
      double[][] mean = new double[scales.size()][all.sets().size()];
      for (int m : own) {
        for (int k = 0; k < mean.length; k++) {
          for (int s = 0; s < mean[k].length; s++) {
            mean[k][s] += said.get(m).get(k).values()[s] / own.size();
          }
        }
      }
      values.add(mean);
    }
    return values;
  }

  private List<double[][]> permuted(
      Explained all,
      List<Explainer.Member> members,
      List<List<Integer>> places,
      Set<String> measures) {
    all.metrics().forEach(metric -> measures.add(metric.spec()));
    try (Explainer explainer = all.explainer(all.sets(), Explainer.Draw.PERMUTATION)) {
      ExchangeEvidence evidence =
          new ExchangeEvidence(
              all,
              all.sets(),
              ExchangeEvidence.Changed.DONATED,
              members,
              explainer.groups(members).count());
      evidence.add(
          explainer.measure(
              all.name() + ": pimp", members, null, 0, repeats, all.context().progress()),
          repeats);
      List<double[][]> values = new ArrayList<>();
      for (List<Integer> own : places) {
        double[][] each = new double[all.metrics().size()][all.sets().size()];
        for (int k = 0; k < each.length; k++) {
          for (int s = 0; s < each[k].length; s++) {
            each[k][s] = new Repeats(evidence.values(own, s, 0, k)).value();
          }
        }
        values.add(each);
      }
      return values;
    }
  }
}
