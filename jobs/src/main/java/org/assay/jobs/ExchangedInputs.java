package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.assay.config.Section;
import org.assay.jobs.engine.Explainer;
import org.assay.jobs.engine.FoldTally;

/**
 * How much worse metrics become when inputs are those of other rows: {@code permutation}, {@code
 * e-switch} and {@code conditional}.
 */
record ExchangedInputs(String name, Explainer.Draw draw, boolean conditional)
    implements ImportanceMethod.Step {

  /** The mean over all permutations, those that leave a row in its place included. */
  @AutoService(ImportanceMethod.class)
  public static final class Permutation implements ImportanceMethod {
    @Override
    public String name() {
      return "permutation";
    }

    @Override
    public Step read(Section keys, Asked asked) {
      ImportanceMethod.none(keys, asked);
      return new ExchangedInputs(name(), Explainer.Draw.PERMUTATION, false);
    }
  }

  /** No row keeps its own value. */
  @AutoService(ImportanceMethod.class)
  public static final class Switch implements ImportanceMethod {
    @Override
    public String name() {
      return "e-switch";
    }

    @Override
    public Step read(Section keys, Asked asked) {
      ImportanceMethod.none(keys, asked);
      return new ExchangedInputs(name(), Explainer.Draw.SWITCH, false);
    }
  }

  /** Exchanged among rows that are alike in other columns. */
  @AutoService(ImportanceMethod.class)
  public static final class Conditional implements ImportanceMethod {
    @Override
    public String name() {
      return "conditional";
    }

    @Override
    public Step read(Section keys, Asked asked) {
      ImportanceMethod.none(keys, asked);
      if (asked.within() != Explainer.Within.ALL) {
        throw asked
            .section()
            .wrong(
                "within",
                "is not for method = conditional, which makes strata of its own; remove it");
      }
      return new ExchangedInputs(name(), Explainer.Draw.PERMUTATION, true);
    }
  }

  @Override
  public List<String> explain(Explained all) {
    long rows = 0;
    for (Explained.Line line : all.lines()) {
      FoldTally tally = FoldTally.of(all.frame(), line.placement(), 0);
      for (int r = 0; r < line.replicates(); r++) {
        rows += tally.rows(r, line.isPlanned() ? 1 : 0);
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "  method      "
            + name
            + ", "
            + all.settings().repeats().describe()
            + "; "
            + Explainer.describe(all.frame().schema(), all.settings().exchange(draw)));
    lines.add(
        "  evaluations "
            + rows * all.sets().size()
            + " rows per repeat, and "
            + rows
            + " as they are");
    return lines;
  }

  @Override
  public void run(Explained all) {
    List<Explainer.Member> members = all.members();
    List<Explainer.Condition> conditions = conditional ? Conditions.of(all) : null;
    ExchangeEvidence.Changed changed =
        conditional ? ExchangeEvidence.Changed.DONATED_EACH : ExchangeEvidence.Changed.DONATED;
    List<Explainer.Condition> paired = null;
    if (conditions != null) {
      paired = new ArrayList<>(conditions);
      paired.addAll(conditions);
    }
    Importance.RepeatRule repeats = all.settings().repeats();
    try (Explainer explainer = all.explainer(ExchangeEvidence.paired(all.sets(), changed), draw)) {
      ExchangeEvidence evidence =
          new ExchangeEvidence(
              all, all.sets(), changed, members, explainer.groups(members).count());
      for (int more = repeats.more(0); more > 0; ) {
        evidence.add(
            explainer.measure(
                all.name() + ": " + name,
                members,
                paired,
                evidence.repeats(),
                more,
                all.context().progress()),
            more);
        more = evidence.isPrecise() ? 0 : repeats.more(evidence.repeats());
      }
      evidence.report(
          name,
          set -> conditions == null ? "" : Conditions.describe(all.frame(), conditions.get(set)));
    }
  }
}
