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

  boolean isNew(int n) {
    return state[n] == NEW;
  }

  /** A failure of what stands around tests: of those that never began, else of the last. */
  void failedAround(List<Integer> those, Throwable failure) {
    around(those, "ERROR", "around the tests of the class: " + Events.text(failure));
  }

  /** An assumption of what stands around tests did not hold. */
  void skippedAround(List<Integer> those, String reason) {
    around(those, "SKIP", reason);
  }

  private void around(List<Integer> those, String result, String message) {
    boolean any = false;
    for (int n : those) {
      if (state[n] == NEW) {
        finished(n, result, message);
        any = true;
      }
    }
    if (!any && !those.isEmpty() && result.equals("ERROR")) {
      int last = those.get(those.size() - 1);
      if (!"FAIL".equals(outcome[last]) && !"ERROR".equals(outcome[last])) {
        finished(last, result, message);
      }
    }
  }

  void unasked(String what) {
    events.unasked(what);
  }
}
