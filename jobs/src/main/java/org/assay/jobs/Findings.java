package org.assay.jobs;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assay.config.Section;
import org.assay.config.Suggestion;
import org.assay.inference.Adjustment;
import org.assay.inference.Effect;
import org.assay.inference.Interval;
import org.assay.inference.TestResult;
import org.assay.permutation.MonteCarloP;
import org.assay.report.Comparison;
import org.assay.report.EffectRow;
import org.assay.report.Tables;

/** What a job of tests found, until all of a family is there and its p-values can be adjusted. */
final class Findings {
  /** What adjusted p-values are called that a test's joint replicates gave. */
  static final String MAX_T = "max-t";

  private static final List<String> NONE = List.of("", "none");

  private final String job;
  private final Adjustment adjustment;
  private final List<Finding> findings = new ArrayList<>();
  private final List<EffectRow> effects = new ArrayList<>();

  /** Findings of a job whose families are adjusted so. */
  Findings(String job, Adjustment adjustment) {
    this.job = job;
    this.adjustment = adjustment;
  }

  /**
   * How a job wants its p-values adjusted, by {@code adjust}: an {@link Adjustment}'s name, or
   * {@link #MAX_T}.
   */
  static String adjustment(Section section) {
    List<String> known = Stream.concat(Adjustment.labels().stream(), Stream.of(MAX_T)).toList();
    String adjust = section.string("adjust", Adjustment.HOLM.label());
    if (!known.contains(adjust)) {
      throw section.wrong(
          "adjust",
          "no adjustment '"
              + adjust
              + "'"
              + Suggestion.of(adjust, known)
              + "; known: "
              + String.join(", ", known));
    }
    return adjust;
  }

  /** What a finding is about; {@code b} is "*" for all models, "" for one. */
  record About(String data, String a, String b, String slice, String metric) {}

  /**
   * One finding.
   *
   * @param family the name of its family; empty for a p-value that needs no adjustment
   * @param drawn how p was drawn; null in closed form
   * @param adjusted the adjusted p-value where joint replicates gave it; null otherwise
   * @param why why this test was chosen; empty when it was asked for
   */
  record Finding(
      About about,
      TestResult result,
      String family,
      MonteCarloP drawn,
      Double adjusted,
      String why) {}

  void add(Finding finding) {
    findings.add(finding);
  }

  void add(About about, Effect effect) {
    Interval interval = effect.interval();
    boolean none = NONE.contains(interval.method());
    effects.add(
        new EffectRow(
            job,
            about.data(),
            about.a(),
            about.b(),
            about.slice(),
            about.metric(),
            effect.name(),
            effect.value(),
            none ? "" : interval.method(),
            none ? Double.NaN : interval.level(),
            interval.low(),
            interval.high(),
            effect.n(),
            effect.note()));
  }

  /** Adjusts every family and adds all rows to the report. */
  void report(RunContext context) {
    Map<String, List<Finding>> families = new LinkedHashMap<>();
    findings.forEach(f -> families.computeIfAbsent(f.family(), k -> new ArrayList<>()).add(f));
    IdentityHashMap<Finding, Double> adjusted = new IdentityHashMap<>();
    families.forEach(
        (family, members) -> {
          double[] p = members.stream().mapToDouble(f -> f.result().pValue()).toArray();
          double[] all = family.isEmpty() ? p : adjustment.adjust(p);
          for (int i = 0; i < p.length; i++) {
            Double joint = members.get(i).adjusted();
            adjusted.put(members.get(i), joint == null ? (Double) all[i] : joint);
          }
        });
    for (Finding finding : findings) {
      TestResult result = finding.result();
      MonteCarloP drawn = finding.drawn();
      Interval interval = result.interval();
      boolean none = NONE.contains(interval.method());
      String note =
          result.note().isEmpty() || finding.why().isEmpty()
              ? result.note() + finding.why()
              : result.note() + "; " + finding.why();
      context.add(
          Tables.COMPARISONS,
          new Comparison(
              job,
              finding.about().data(),
              finding.about().a(),
              finding.about().b(),
              finding.about().slice(),
              finding.about().metric(),
              result.test(),
              result.statistic(),
              result.df1(),
              result.df2(),
              result.effect(),
              none ? "" : interval.method(),
              none ? Double.NaN : interval.level(),
              interval.low(),
              interval.high(),
              result.pValue(),
              finding.adjusted() != null
                  ? MAX_T
                  : finding.family().isEmpty() ? "" : adjustment.label(),
              adjusted.get(finding),
              result.n(),
              drawn == null ? 0 : Math.toIntExact(drawn.replicates()),
              note,
              finding.family().isEmpty()
                  ? ""
                  : finding.family() + " of " + families.get(finding.family()).size(),
              drawn == null || Double.isNaN(drawn.smallest()) ? null : (Double) drawn.smallest(),
              drawn == null || !drawn.interval().isDefined()
                  ? null
                  : (Double) drawn.interval().low(),
              drawn == null || !drawn.interval().isDefined()
                  ? null
                  : (Double) drawn.interval().high()));
    }
    effects.forEach(row -> context.add(Tables.EFFECTS, row));
  }
}
