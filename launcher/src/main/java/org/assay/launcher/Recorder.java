package org.assay.launcher;

import java.util.List;

/** What became of the units of one request, told to the file of events as it becomes known. */
final class Recorder {
  private static final int NEW = 0;
  private static final int STARTED = 1;
  private static final int FINISHED = 2;

  private final Events events;
  private final List<Unit> units;
  private final int first;
  private final int[] state;
  private final long[] since;
  private final String[] outcome;
  private final long[] nanos;

  /**
   * @param first number of the first of these units in the whole order
   */
  Recorder(Events events, List<Unit> units, int first) {
    this.events = events;
    this.units = units;
    this.first = first;
    this.state = new int[units.size()];
    this.since = new long[units.size()];
    this.outcome = new String[units.size()];
    this.nanos = new long[units.size()];
  }

  int size() {
    return units.size();
  }

  Unit unit(int n) {
    return units.get(n);
  }

  void started(int n) {
    if (state[n] == NEW) {
      state[n] = STARTED;
      since[n] = System.nanoTime();
      events.started(first + n);
    }
  }

  void finished(int n, String result, String message) {
    started(n);
    if (state[n] == STARTED) {
      nanos[n] = System.nanoTime() - since[n];
    }
    state[n] = FINISHED;
    outcome[n] = result;
    events.finished(first + n, result, nanos[n], message);
  }

  /**
   * A failure of what stands around tests, before or after them: of all of them, so that it does
   * not depend on which of them came last.
   */
  void failedAround(List<Integer> those, Throwable failure) {
    String message = "around the tests of the class: " + Events.text(failure);
    for (int n : those) {
      if (!"FAIL".equals(outcome[n]) && !"ERROR".equals(outcome[n])) {
        finished(n, "ERROR", message);
      }
    }
  }

  /** An assumption of what stands around tests did not hold. */
  void skippedAround(List<Integer> those, String reason) {
    for (int n : those) {
      if (state[n] == NEW) {
        finished(n, "SKIP", reason);
      }
    }
  }

  void unasked(String what) {
    events.unasked(what);
  }
}
