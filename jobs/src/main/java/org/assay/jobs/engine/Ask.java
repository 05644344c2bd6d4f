package org.assay.jobs.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assay.design.Design;
import org.assay.fit.Center;
import org.assay.fit.Examples;
import org.assay.fit.Parts;
import org.assay.fit.Pass;
import org.assay.fit.Sums;
import org.assay.jobs.frame.Block;
import org.assay.jobs.frame.Placement;
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
   * @param counted its counts
   */
  static List<Sums> over(Batch batch, List<Ask> asks, Examples rows, BlockCounts counted) {
    Block block = counted.block();
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
        Map<Kind, Map<Integer, Folds>> folds = new LinkedHashMap<>(); // by repeat
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
                  .computeIfAbsent(ask.kind(batch), kind -> new LinkedHashMap<>())
                  .put(ask.repeat(batch), new Folds(ask, into));
            } else {
              weighted.addAll(into);
              counts.add(counted.times(ask.unit()));
            }
          }
        }
        folds.values().forEach(repeats -> addFolds(pass, batch, repeats, block, own));
        if (!weighted.isEmpty()) {
          pass.add(own, counts, weighted);
        }
      }
    }
    return sums;
  }

  /** What the folds of a repeat are added to. */
  private record Folds(Ask ask, List<Sums> sums) {}

  /** Equal for asks for sums of one kind over repeats of one design. */
  private record Kind(String design, List<Map<String, Object>> settings, List<Integer> own) {}

  private Kind kind(Batch batch) {
    Batch.Unit unit = batch.units().get(unit());
    return new Kind(
        unit.design(),
        unit.settings(),
        Arrays.stream(fits.get(0).group().settings()).boxed().toList());
  }

  private int repeat(Batch batch) {
    Batch.Unit unit = batch.units().get(unit());
    return unit.placement().design().split(unit.replicate()).repeat();
  }

  /**
   * Adds a block to the folds of repeats of one design: some repeats together, always the same
   * ones, so that sums do not depend on what else is asked for.
   */
  private static void addFolds(
      Pass pass, Batch batch, Map<Integer, Folds> repeats, Block block, Examples rows) {
    Ask any = repeats.values().iterator().next().ask;
    Placement placement = batch.units().get(any.unit()).placement();
    int last = placement.design().replicates() - 1;
    int all = placement.design().split(last).repeat() + 1;
    int each = Pass.together(block.size(), folds(placement.design(), 0).size());
    Set<Integer> done = new HashSet<>();
    for (int repeat : repeats.keySet()) {
      int first = repeat / each * each;
      if (!done.add(first)) {
        continue;
      }
      int end = Math.min(all, first + each);
      if (end == first + 1) {
        Folds own = repeats.get(repeat);
        pass.addByPart(rows, foldOf(placement, repeat, block), own.sums);
        continue;
      }
      List<int[]> fold = new ArrayList<>();
      List<List<Sums>> sums = new ArrayList<>();
      int[] parts = new int[end - first];
      for (int r = first; r < end; r++) {
        parts[r - first] = folds(placement.design(), r).size();
        fold.add(foldOf(placement, r, block));
        sums.add(repeats.containsKey(r) ? repeats.get(r).sums : null);
      }
      pass.addByParts(rows, fold, parts, sums, () -> any.fits.get(0).group().fit().sums());
    }
  }

  private int unit() {
    return fits.get(0).unit();
  }

  private Center center() {
    return fits.get(0).group().fit().center();
  }

  /** Which fold of a repeat holds out each row of a block; -1 for rows that none uses. */
  private static int[] foldOf(Placement placement, int repeat, Block block) {
    Map<Integer, Integer> fold = folds(placement.design(), repeat);
    int[] holder = placement.holders(repeat, block);
    return Arrays.stream(holder).map(replicate -> fold.getOrDefault(replicate, -1)).toArray();
  }

  /** Numbers of a repeat's folds by replicate. */
  private static Map<Integer, Integer> folds(Design design, int repeat) {
    Map<Integer, Integer> fold = new HashMap<>();
    for (int r = 0; r < design.replicates(); r++) {
      if (design.split(r).repeat() == repeat) {
        fold.put(r, fold.size());
      }
    }
    return fold;
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
