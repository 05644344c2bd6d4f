package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assay.fit.Center;
import org.assay.fit.Examples;
import org.assay.fit.Parts;
import org.assay.fit.Pass;
import org.assay.fit.Sums;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Relabelling;

/**
 * What some fits ask of a pass.
 *
 * <p>Most ask for sums over their training rows. But the first sums of fits to all rows but those
 * of a fold are had from the sums of each fold, which costs one walk over the rows for all folds of
 * a repeat.
 *
 * @param fits the fits
 * @param folds whether they are those of all folds of a repeat
 */
record Ask(List<Batch.Open> fits, boolean folds) implements Serializable {

  /** What fits of a batch ask for, in order of the fits; those of a repeat stand together. */
  static List<Ask> of(Batch batch, List<Batch.Open> fits) {
    record Repeat(
        String design, int repeat, List<Map<String, Object>> settings, List<Integer> own) {}
    Map<Object, List<Batch.Open>> together = new LinkedHashMap<>();
    for (Batch.Open fit : fits) {
      if (fit.unit() == Batch.ALL) {
        together.put(fit, new ArrayList<>(List.of(fit)));
        continue;
      }
      Batch.Unit unit = batch.units().get(fit.unit());
      boolean parts =
          batch.isFixed() && fit.group().fit().isFirst() && unit.placement().design().isPartition();
      Object key =
          parts
              ? new Repeat(
                  unit.design(),
                  unit.placement().design().split(unit.replicate()).repeat(),
                  unit.settings(),
                  Arrays.stream(fit.group().settings()).boxed().toList())
              : fit;
      together.computeIfAbsent(key, k -> new ArrayList<>()).add(fit);
    }
    List<Ask> asks = new ArrayList<>();
    together.forEach(
        (key, own) -> {
          if (key instanceof Repeat repeat
              && own.size() == batch.units().get(own.get(0).unit()).folds(repeat.repeat())) {
            asks.add(new Ask(own, true));
          } else {
            own.forEach(fit -> asks.add(new Ask(List.of(fit), false)));
          }
        });
    return asks;
  }

  /**
   * Sums over a block, as asked for: one per fit, in order of the asks.
   *
   * @param rows the block as it is learned from, with its own labels
   */
  static List<Sums> over(Batch batch, List<Ask> asks, Block block, Examples rows, Times times) {
    List<Sums> sums = new ArrayList<>();
    asks.forEach(ask -> ask.fits.forEach(fit -> sums.add(fit.group().fit().sums())));
    boolean[] done = new boolean[asks.size()];
    for (int first = 0; first < done.length; first++) {
      if (!done[first]) {
        Center center = asks.get(first).center();
        int any = asks.get(first).unit();
        Relabelling labels = batch.relabelling(any);
        Examples own = batch.labelled(any, rows, block);
        Pass pass = new Pass(center);
        List<Sums> weighted = new ArrayList<>();
        List<double[]> counts = new ArrayList<>();
        int at = 0;
        for (int k = 0; k < done.length; k++) {
          Ask ask = asks.get(k);
          List<Sums> into = sums.subList(at, at += ask.fits.size());
          if (!done[k]
              && Objects.equals(batch.relabelling(ask.unit()), labels)
              && Arrays.equals(center.features(), ask.center().features())) {
            done[k] = true;
            if (ask.folds) {
              pass.addByPart(own, ask.foldOf(batch, block), into);
            } else {
              weighted.addAll(into);
              counts.add(times.of(ask.unit()));
            }
          }
        }
        if (!weighted.isEmpty()) {
          pass.add(own, counts, weighted);
        }
      }
    }
    return sums;
  }

  /** How often the rows of a block count in a unit. */
  interface Times {
    double[] of(int unit);
  }

  private int unit() {
    return fits.get(0).unit();
  }

  private Center center() {
    return fits.get(0).group().fit().center();
  }

  /** Which of the folds holds out each row of a block; -1 for rows that none uses. */
  private int[] foldOf(Batch batch, Block block) {
    int[] fold = new int[block.size()];
    Arrays.fill(fold, -1);
    for (int f = 0; f < fits.size(); f++) {
      for (int row : batch.units().get(fits.get(f).unit()).held(block)) {
        fold[row] = f;
      }
    }
    return fold;
  }

  /**
   * What each fit asked for, in the fits' order.
   *
   * @param totals sums over all blocks, in order of the asks
   */
  static List<Sums> answers(List<Batch.Open> fits, List<Ask> asks, List<Sums> totals) {
    Map<Batch.Open, Sums> answers = new LinkedHashMap<>();
    int at = 0;
    for (Ask ask : asks) {
      List<Sums> own = totals.subList(at, at += ask.fits.size());
      if (ask.folds) {
        own = Parts.complements(own, () -> ask.fits.get(0).group().fit().sums());
      }
      for (int k = 0; k < own.size(); k++) {
        answers.put(ask.fits.get(k), own.get(k));
      }
    }
    return fits.stream().map(answers::get).toList();
  }
}
