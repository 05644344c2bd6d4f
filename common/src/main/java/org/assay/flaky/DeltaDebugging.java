package org.assay.flaky;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Finds a smallest part of a sequence of tests that has an effect which the whole sequence has and
 * the empty one has not, many parts at a time. It runs nothing: {@link #next} names the parts to
 * try, {@link #accept} takes what came of them.
 *
 * <p>As long as one test may be enough, the sequence is cut into k + 1 parts for k workers, k of
 * which are tried: one has the effect, or else the last one is believed to have it. So a single
 * culprit among n is found in about log n / log (k + 1) batches. When a part that is believed to
 * have the effect turns out not to have it, more than one test is needed, and Zeller and
 * Hildebrandt's ddmin goes on with the smallest sequence that is known to have it: parts, then
 * complements of parts, then smaller parts.
 *
 * <p>The result is known to have the effect. It is 1-minimal: without any one of its tests it has
 * not, as far as outcomes do not change by chance. Parts keep the order of the sequence. What was
 * tried is not tried again. Not thread-safe.
 *
 * <p>Source: A. Zeller and R. Hildebrandt, "Simplifying and isolating failure-inducing input", IEEE
 * Transactions on Software Engineering 28, 2002, doi:10.1109/32.988498.
 */
public final class DeltaDebugging {
  private enum Phase {
    SINGLE,
    PARTS,
    COMPLEMENTS,
    DONE
  }

  private final int workers;
  private final Map<List<Integer>, Boolean> tried = new HashMap<>();
  private Phase phase;

  /** Known to have the effect. */
  private int[] known;

  /** Known, or believed, to have it. */
  private int[] believed;

  private int granularity;
  private List<int[]> asked = List.of();
  private int batches;

  /**
   * A search.
   *
   * @param sequence has the effect; not empty
   * @param workers parts that can be tried at once, at least 1
   */
  public DeltaDebugging(int[] sequence, int workers) {
    if (sequence.length == 0 || workers < 1) {
      throw new IllegalArgumentException(
          "a sequence of "
              + sequence.length
              + " tests and "
              + workers
              + " workers: must be positive");
    }
    this.workers = workers;
    this.known = sequence.clone();
    this.believed = known;
    this.phase = known.length == 1 ? Phase.DONE : Phase.SINGLE;
    this.tried.put(key(known), true);
    this.tried.put(List.of(), false);
  }

  /** Whether the result is there. */
  public boolean isDone() {
    return phase == Phase.DONE;
  }

  /** The smallest sequence that is known to have the effect so far. */
  public int[] result() {
    return known.clone();
  }

  /** How many batches were asked for. */
  public int batches() {
    return batches;
  }

  /**
   * The parts to try next, at once; none when done. Asked again before {@link #accept}, the same.
   */
  public List<int[]> next() {
    while (asked.isEmpty() && phase != Phase.DONE) {
      asked = wanted().stream().filter(part -> !tried.containsKey(key(part))).toList();
      if (asked.isEmpty()) {
        advance();
      } else {
        batches++;
      }
    }
    return asked;
  }

  /**
   * Takes the results of the last batch.
   *
   * @param effect for each part of {@link #next}, in its order, whether it has the effect
   */
  public void accept(boolean[] effect) {
    if (effect.length != asked.size()) {
      throw new IllegalArgumentException(
          effect.length + " results of " + asked.size() + " parts: must be as many");
    }
    for (int i = 0; i < effect.length; i++) {
      tried.put(key(asked.get(i)), effect[i]);
    }
    asked = List.of();
    advance();
    next();
  }

  private List<int[]> wanted() {
    List<int[]> wanted = new ArrayList<>();
    switch (phase) {
      case SINGLE -> {
        if (believed != known) {
          wanted.add(believed);
        }
        if (believed.length > 1) {
          List<int[]> parts = parts(believed, workers + 1);
          wanted.addAll(parts.subList(0, parts.size() - 1));
        }
      }
      case PARTS -> wanted.addAll(parts(known, granularity));
      case COMPLEMENTS ->
          parts(known, granularity).forEach(part -> wanted.add(without(known, part)));
      case DONE -> {}
    }
    return wanted;
  }

  /** What follows, once all that is wanted was tried. */
  private void advance() {
    switch (phase) {
      case SINGLE -> {
        List<int[]> parts = believed.length > 1 ? parts(believed, workers + 1) : List.<int[]>of();
        int[] found = null;
        for (int i = 0; i < parts.size() - 1 && found == null; i++) {
          found = has(parts.get(i)) ? parts.get(i) : null;
        }
        if (found != null) {
          known = found;
          believed = found;
        } else if (!has(believed)) {
          phase = Phase.PARTS;
          granularity = Math.min(known.length, workers + 1);
        } else {
          known = believed;
          if (!parts.isEmpty()) {
            believed = parts.get(parts.size() - 1);
          }
        }
        if (known.length == 1) {
          phase = Phase.DONE;
        }
      }
      case PARTS -> {
        for (int[] part : parts(known, granularity)) {
          if (has(part)) {
            smaller(part, workers + 1);
            return;
          }
        }
        phase = Phase.COMPLEMENTS;
      }
      case COMPLEMENTS -> {
        for (int[] part : parts(known, granularity)) {
          int[] complement = without(known, part);
          if (has(complement)) {
            smaller(complement, Math.max(granularity - 1, 2));
            return;
          }
        }
        if (granularity >= known.length) {
          phase = Phase.DONE;
        } else {
          granularity = Math.min(known.length, 2 * granularity);
          phase = Phase.PARTS;
        }
      }
      case DONE -> {}
    }
  }

  private void smaller(int[] sequence, int parts) {
    known = sequence;
    granularity = Math.min(known.length, Math.max(2, parts));
    phase = known.length == 1 ? Phase.DONE : Phase.PARTS;
  }

  private boolean has(int[] part) {
    return tried.getOrDefault(key(part), false);
  }

  /** A sequence cut into so many parts of nearly equal length, but no empty ones. */
  private static List<int[]> parts(int[] sequence, int parts) {
    int count = Math.min(sequence.length, parts);
    List<int[]> cut = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      cut.add(
          Arrays.copyOfRange(
              sequence,
              (int) ((long) sequence.length * i / count),
              (int) ((long) sequence.length * (i + 1) / count)));
    }
    return cut;
  }

  private static int[] without(int[] sequence, int[] part) {
    return IntStream.of(sequence).filter(x -> IntStream.of(part).noneMatch(y -> y == x)).toArray();
  }

  private static List<Integer> key(int[] part) {
    return IntStream.of(part).boxed().toList();
  }
}
