package org.assay.jobs.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assay.config.ModelConfig;

/** Which cells are asked for and what has become of them, while batches of them are carried out. */
final class Ledger {
  private final List<Cell> cells;
  private final CellFiles files;
  private final Engine.Outcome[] outcomes;

  Ledger(List<Cell> cells, CellFiles files) {
    this.cells = cells;
    this.files = files;
    this.outcomes = new Engine.Outcome[cells.size()];
  }

  /** The numbers of the cells by model, in order. */
  Map<ModelConfig, List<Integer>> byModel() {
    Map<ModelConfig, List<Integer>> models = new LinkedHashMap<>();
    for (int c = 0; c < cells.size(); c++) {
      models.computeIfAbsent(cells.get(c).model(), m -> new ArrayList<>()).add(c);
    }
    return models;
  }

  /** Those of some batches that are to be carried out; what is whole already is noted. */
  List<Batch> open(List<Batch> batches) {
    List<Batch> open = new ArrayList<>();
    for (Batch batch : batches) {
      Optional<List<CellFiles.Done>> before = files.done(batch.id());
      if (before.isEmpty()) {
        open.add(batch);
        continue;
      }
      int at = 0;
      int sets = 0;
      for (Batch.Unit unit : batch.units()) {
        for (int s = 0; s < unit.cells().size(); s++) {
          int cell = unit.cells().get(s);
          outcomes[cell] =
              Engine.Outcome.done(
                  cells.get(cell), unit.place(batch.id(), sets, s), before.get().get(at++));
        }
        sets += unit.sets();
      }
    }
    return open;
  }

  /** Notes what became of a batch. Its bundle is whole when no fit failed. */
  void settle(Batch batch, Batch.Report report) {
    double seconds = report.seconds() / batch.size();
    List<CellFiles.Done> all = new ArrayList<>();
    boolean whole = true;
    int sets = 0;
    for (int u = 0; u < batch.units().size(); u++) {
      Batch.Unit unit = batch.units().get(u);
      List<Integer> own = unit.cells();
      for (int s = 0; s < own.size(); s++) {
        Cell cell = cells.get(own.get(s));
        CellFiles.Done done =
            new CellFiles.Done(
                seconds,
                report.unseen()[u],
                report.squares()[u] == null ? null : report.squares()[u][s]);
        String reason = report.reason()[u][s];
        whole &= reason.isEmpty();
        outcomes[own.get(s)] =
            reason.isEmpty()
                ? Engine.Outcome.done(cell, unit.place(batch.id(), sets, s), done)
                : Engine.Outcome.failed(cell, reason);
        all.add(done);
      }
      sets += unit.sets();
    }
    if (whole) {
      files.finish(batch.id(), all);
    }
  }

  /** What became of each cell, in their order. */
  List<Engine.Outcome> outcomes() {
    return List.of(outcomes);
  }
}
