package org.assay.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assay.UserException;
import org.assay.config.DataConfig;
import org.assay.config.ModelConfig;
import org.assay.flaky.FailureRate;
import org.assay.flaky.History;
import org.assay.flaky.MassFailures;
import org.assay.flaky.Verdict;
import org.assay.flaky.Verdicts;
import org.assay.jobs.runner.PastBuilds;
import org.assay.report.Failure;
import org.assay.report.InputFingerprint;
import org.assay.report.Tables;
import org.assay.report.TestVerdict;

/**
 * What past builds say of tests; see {@link History} for what that is, and for what such evidence
 * cannot support.
 *
 * @param level of intervals
 * @param fdr the share of false causes among all causes named that is accepted
 */
record FlakyHistory(String name, PastBuilds builds, double level, double fdr) implements Job.Step {

  @Override
  public DataConfig data() {
    return null;
  }

  @Override
  public List<ModelConfig> models() {
    return List.of();
  }

  private PastBuilds.Read read(RunContext context) {
    return builds.read(context.context(), MassFailures.SHARE, context.progress());
  }

  private History.Conclusions conclude(PastBuilds.Read read) {
    try {
      return read.history()
          .conclude(
              new Verdicts.Settings(
                  level, fdr, FailureRate.Stopping.FIXED, MassFailures.SHARE, Map.of()));
    } catch (IllegalStateException e) {
      throw UserException.input(
          "subjects."
              + builds.name()
              + ": no tests found in "
              + read.files()
              + " reports"
              + (read.unreadable().isEmpty() ? "" : "; refused: " + read.unreadable().get(0))
              + "; name JUnit XML in reports");
    }
  }

  @Override
  public List<String> explain(RunContext context) {
    PastBuilds.Read read = read(context);
    History.Conclusions found = conclude(read);
    List<String> lines = new ArrayList<>();
    lines.add(
        "flaky '"
            + name
            + "' on subjects."
            + builds.name()
            + ": "
            + read.files()
            + " reports of "
            + found.builds()
            + " builds, "
            + found.suite().size()
            + " tests; nothing is run");
    notes(read, found).forEach(note -> lines.add("  note        " + note));
    return lines;
  }

  @Override
  public void run(RunContext context) {
    PastBuilds.Read read = read(context);
    History.Conclusions found = conclude(read);
    for (Verdict verdict : found.verdicts()) {
      context.add(
          Tables.VERDICTS,
          row(
              name,
              builds.name(),
              found.suite().test(verdict.test()).text(),
              verdict,
              verdict.evidence()));
    }
    for (String reason : read.unreadable()) {
      context.add(
          Tables.FAILURES, new Failure(name, builds.name(), "", "report", "unreadable", reason));
    }
    context.input(
        "subjects." + builds.name(),
        new InputFingerprint(
            found.suite().size(), "", read.files(), read.bytes(), null, notes(read, found)));
  }

  private static List<String> notes(PastBuilds.Read read, History.Conclusions found) {
    List<String> notes = new ArrayList<>(History.limits());
    if (read.left() > 0) {
      notes.add(read.left() + " files were left out: no .xml, or the path does not match pattern");
    }
    if (!found.massFailures().isEmpty()) {
      notes.add(
          found.massFailures().size()
              + " builds were mass failures and do not count, such as "
              + found.massFailures().get(0));
    }
    return notes;
  }

  /** A verdict as a row of the report. */
  static TestVerdict row(String job, String subject, String test, Verdict v, String evidence) {
    return new TestVerdict(
        job,
        subject,
        test,
        v.kind().name(),
        v.flapy().name(),
        v.runs(),
        v.failures(),
        v.rate(),
        v.interval().method(),
        v.interval().level(),
        v.interval().low(),
        v.interval().high(),
        v.shrunken(),
        v.pValue(),
        v.pAdjusted(),
        v.rerunsFor95(),
        evidence);
  }
}
