package org.assay.jobs.engine;

import java.util.List;
import java.util.Optional;
import org.assay.jobs.Progress;

/** Carries out cells: fits their models and leaves what these say of the rows held out. */
public interface Engine {

  /**
   * What became of a cell.
   *
   * @param place where its predictions are, if it is whole
   * @param done what else is known of it, if it is whole
   * @param reason why it failed; empty if it is whole
   */
  record Outcome(
      Cell cell, Optional<CellFiles.Place> place, Optional<CellFiles.Done> done, String reason) {

    static Outcome done(Cell cell, CellFiles.Place place, CellFiles.Done done) {
      return new Outcome(cell, Optional.of(place), Optional.of(done), "");
    }

    static Outcome failed(Cell cell, String reason) {
      return new Outcome(cell, Optional.empty(), Optional.empty(), reason);
    }
  }

  /**
   * Carries out the cells, those that are whole already excepted. Outcomes are in the order of the
   * cells.
   *
   * @param job the job, as a person reads it
   */
  List<Outcome> run(String job, List<Cell> cells, Progress progress);
}
