package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
 * @param held whether what is known of each fold is to be told too
 */
record Ask(List<Batch.Open> fits, boolean folds, boolean held) implements Serializable {

  /**
   * What a fit asked for.
   *
   * @param trained sums over its training rows
   * @param held the same over the rows held out; null where they were not asked for or are not
   *     known
   */
  record Answer(Sums trained, Sums held) {}

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
            boolean held = batch.units().get(own.get(0).unit()).predicts() == Cell.Predicts.SQUARES;
            asks.add(new Ask(own, true, held));
          } else {
            own.forEach(fit -> asks.add(new Ask(List.of(fit), false, false)));
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
        Map<Object, Divisions> folds = new LinkedHashMap<>();
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
              folds
                  .computeIfAbsent(
                      ask.kind(batch),
                      kind -> new Divisions(new ArrayList<>(), new ArrayList<>(), ask))
                  .add(ask.foldOf(batch, block), into);
            } else {
              weighted.addAll(into);
              counts.add(times.of(ask.unit()));
            }
          }
        }
        for (Divisions all : folds.values()) {
          pass.addByParts(
              own, all.fold(), all.sums(), () -> all.any().fits.get(0).group().fit().sums());
        }
        if (!weighted.isEmpty()) {
          pass.add(own, counts, weighted);
        }
      }
    }
    return sums;
  }

  /** Repeats whose fits sum up the same of their rows. */
  private record Divisions(List<int[]> fold, List<List<Sums>> sums, Ask any) {
    void add(int[] own, List<Sums> into) {
      fold.add(own);
      sums.add(into);
    }
  }

  /** Equal for asks for sums of one kind. */
  private Object kind(Batch batch) {
    return List.of(
        batch.units().get(unit()).settings(),
        Arrays.stream(fits.get(0).group().settings()).boxed().toList());
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
    Map<Integer, Integer> place = new HashMap<>(); // by replicate
    for (int f = 0; f < fits.size(); f++) {
      place.put(batch.units().get(fits.get(f).unit()).replicate(), f);
    }
    Batch.Unit any = batch.units().get(unit());
    int repeat = any.placement().design().split(any.replicate()).repeat();
    int[] holder = any.placement().holders(repeat, block);
    return Arrays.stream(holder).map(replicate -> place.getOrDefault(replicate, -1)).toArray();
  }

  /**
   * What each fit asked for, in the fits' order.
   *
   * @param totals sums over all blocks, in order of the asks
   */
  static List<Answer> answers(List<Batch.Open> fits, List<Ask> asks, List<Sums> totals) {
    Map<Batch.Open, Answer> answers = new LinkedHashMap<>();
    int at = 0;
    for (Ask ask : asks) {
      List<Sums> held = totals.subList(at, at += ask.fits.size());
      List<Sums> own = held;
      if (ask.folds) {
        own = Parts.complements(own, () -> ask.fits.get(0).group().fit().sums());
      }
      for (int k = 0; k < own.size(); k++) {
        answers.put(ask.fits.get(k), new Answer(own.get(k), ask.held ? held.get(k) : null));
      }
    }
    return fits.stream().map(answers::get).toList();
  }
}
