package org.assay.jobs;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.assay.config.Section;
import org.assay.jobs.engine.Cell;
import org.assay.jobs.engine.CellFiles;
import org.assay.jobs.engine.Engine;
import org.assay.jobs.engine.Explainer;
import org.assay.jobs.engine.InputSet;
import org.assay.jobs.frame.Frame;

/** {@code drop-column}: how much worse metrics become when models are fitted without inputs. */
@AutoService(ImportanceMethod.class)
public final class DropColumn implements ImportanceMethod, ImportanceMethod.Step {

  @Override
  public String name() {
    return "drop-column";
  }

  @Override
  public Step read(Section keys, Asked asked) {
    ImportanceMethod.none(keys, asked);
    asked.estimatorsOnly(name(), "fits models anew");
    return this;
  }

  private void check(Explained all) {
    int features = all.frame().schema().features().size();
    for (InputSet set : all.sets()) {
      if (set.features().length == features) {
        throw all.settings()
            .section()
            .wrong(
                "method",
                "drop-column without '"
                    + set.name()
                    + "' leaves no feature to learn from; use another method");
      }
    }
  }

  @Override
  public List<String> explain(Explained all) {
    check(all);
    return List.of("  method      drop-column, " + all.fits() * all.sets().size() + " fits more");
  }

  @Override
  public boolean asksOfRows() {
    return false;
  }

  @Override
  public void run(Explained all) {
    check(all);
    List<Explainer.Member> members = all.members();
    try (Explainer explainer = all.explainer(all.sets(), Explainer.Draw.PERMUTATION)) {
      ExchangeEvidence evidence =
          new ExchangeEvidence(
              all,
              all.sets(),
              ExchangeEvidence.Changed.REFITTED,
              members,
              explainer.groups(members).count());
      evidence.add(refitted(all, members, explainer), 1);
      evidence.report(name(), set -> "");
    }
  }

  /** Fits every model without each set of inputs; a fit that fails is a row in {@code failures}. */
  private Explainer.Result refitted(
      Explained all, List<Explainer.Member> members, Explainer explainer) {
    List<List<CellFiles.Place>> places = new ArrayList<>();
    for (InputSet set : all.sets()) {
      Frame frame = all.frame().without(set.members());
      List<Cell> cells =
          members.stream()
              .map(
                  m ->
                      new Cell(
                          frame.identity(),
                          m.model(),
                          all.lines().get(m.line()).series().setting(),
                          m.placement(),
                          m.replicate(),
                          Cell.Predicts.TESTED,
                          all.seed()))
              .toList();
      List<CellFiles.Place> own = new ArrayList<>();
      String what = all.name() + " without " + set.name();
      for (Engine.Outcome outcome : all.engines(frame).run(what, cells, all.context().progress())) {
        own.add(outcome.place().orElse(null));
        if (outcome.place().isEmpty()) {
          all.failure(
              outcome.cell().model().name(),
              outcome.cell().label() + ", without " + set.name(),
              outcome.reason());
        }
      }
      places.add(own);
    }
    return explainer.refitted(
        all.name() + ": drop-column", members, places, all.context().progress());
  }
}
