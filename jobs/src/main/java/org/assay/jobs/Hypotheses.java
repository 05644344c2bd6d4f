package org.assay.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assay.inference.Interval;
import org.assay.inference.Subject;
import org.assay.inference.TestResult;
import org.assay.jobs.engine.Permuter;
import org.assay.permutation.JointStatistics;
import org.assay.permutation.MonteCarloP;
import org.assay.permutation.Statistics;

/** The hypotheses of a permutation test: all of them are one family, and are drawn at once. */
final class Hypotheses {
  private final String job;
  private final PermutationTest.Settings settings;
  private final List<Permuter.Part> parts = new ArrayList<>();
  private final List<List<Hypothesis>> hypotheses = new ArrayList<>();

  Hypotheses(String job, PermutationTest.Settings settings) {
    this.job = job;
    this.settings = settings;
  }

  /**
   * One hypothesis.
   *
   * @param statistic what was observed, in its own unit; NaN when undefined
   * @param sign -1 when the statistic is negated to be tested, else 1
   * @param n rows that it rests on
   * @param note why it is undefined, or what to heed
   */
  record Hypothesis(Findings.About about, double statistic, int sign, long n, String note) {}

  /** Adds hypotheses that share their permutations, in the order of the statistics'. */
  void add(Statistics statistics, double nanoseconds, List<Hypothesis> all) {
    parts.add(new Permuter.Part(statistics, nanoseconds));
    hypotheses.add(all);
  }

  /** Draws, adjusts and reports. */
  void report(RunContext context) {
    List<Permuter.Part> drawn = parts;
    List<List<Hypothesis>> asked = hypotheses;
    if (settings.isJoint() && parts.size() > 1) {
      drawn =
          List.of(
              new Permuter.Part(
                  new JointStatistics(parts.stream().map(Permuter.Part::statistics).toList()),
                  parts.stream().mapToDouble(Permuter.Part::nanoseconds).sum()));
      asked = List.of(hypotheses.stream().flatMap(List::stream).toList());
    }
    List<Permuter.Answer> answers =
        Permuter.run(context.context(), job, drawn, settings.question(), context.progress());
    Findings findings = new Findings(job, settings.adjust());
    for (int i = 0; i < asked.size(); i++) {
      for (int k = 0; k < asked.get(i).size(); k++) {
        Permuter.Answer answer = answers.get(i);
        findings.add(
            finding(
                asked.get(i).get(k),
                answer.p()[k],
                answer.center()[k],
                answer.adjusted() == null ? null : (Double) answer.adjusted()[k]));
      }
    }
    findings.report(context);
  }

  private Findings.Finding finding(
      Hypothesis hypothesis, MonteCarloP p, double center, Double adjusted) {
    boolean isDefined = !Double.isNaN(p.p());
    return new Findings.Finding(
        hypothesis.about(),
        new TestResult(
            settings.kind().label(),
            Subject.of(0),
            hypothesis.statistic(),
            Double.NaN,
            Double.NaN,
            hypothesis.statistic() - hypothesis.sign() * center,
            Interval.none(settings.level()),
            p.p(),
            hypothesis.n(),
            isDefined ? "" : hypothesis.note()),
        job,
        p,
        adjusted,
        isDefined ? note(hypothesis, p) : "");
  }

  private String note(Hypothesis hypothesis, MonteCarloP p) {
    double alpha = 1 - settings.level();
    return String.join(
        "; ",
        Stream.of(
                settings.side(),
                switch (p.method()) {
                  case "exact" ->
                      p.replicates() == 1
                          ? "nothing can be exchanged"
                          : "exact: all " + p.replicates() + " permutations";
                  case "sequential" -> "stopped after " + p.extreme() + " as extreme";
                  default ->
                      p.interval().low() < alpha && alpha < p.interval().high()
                          ? "more replicates could move p across " + Math.round(alpha * 1e9) / 1e9
                          : "";
                },
                hypothesis.note())
            .filter(text -> !text.isEmpty())
            .toList());
  }
}
