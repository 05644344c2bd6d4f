package org.assay.launcher;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.runner.Description;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.RunWith;
import org.junit.runner.Runner;
import org.junit.runner.manipulation.Filter;
import org.junit.runner.manipulation.Filterable;
import org.junit.runner.notification.Failure;
import org.junit.runner.notification.RunListener;

/** JUnit 3 and 4, by {@code JUnitCore} with a filter and a sort. */
final class JUnit4 {
  /** The name of a unit that is all tests of a class. */
  private static final String WHOLE_CLASS = "(all)";

  private JUnit4() {}

  /** Whether JUnit 4 would see tests in a class. */
  static boolean isTest(Class<?> type) {
    if (junit.framework.TestCase.class.isAssignableFrom(type)
        || type.isAnnotationPresent(RunWith.class)) {
      return true;
    }
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      for (java.lang.reflect.Method method : c.getDeclaredMethods()) {
        if (method.isAnnotationPresent(org.junit.Test.class)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The tests of a class. */
  static List<Unit> discover(Class<?> type) {
    List<Unit> units = new ArrayList<>();
    Runner runner = Request.aClass(type).getRunner();
    Description all = runner.getDescription();
    List<Description> leaves = new ArrayList<>();
    leaves(all, leaves);
    boolean isWhole = !(runner instanceof Filterable);
    for (Description leaf : leaves) {
      isWhole |= leaf.getMethodName() == null || !type.getName().equals(leaf.getClassName());
    }
    if (isWhole) {
      units.add(new Unit(Unit.Engine.JUNIT4, type.getName(), WHOLE_CLASS, ""));
      return units;
    }
    for (Description leaf : leaves) {
      String method = leaf.getMethodName();
      units.add(new Unit(Unit.Engine.JUNIT4, type.getName(), method, method));
    }
    return units;
  }

  private static void leaves(Description description, List<Description> into) {
    if (description.getChildren().isEmpty()) {
      into.add(description);
    }
    for (Description child : description.getChildren()) {
      leaves(child, into);
    }
  }

  /** Runs tests of one class in their order. */
  static void run(List<Unit> units, int first, Events events) throws ClassNotFoundException {
    Class<?> type = Class.forName(units.get(0).type);
    Request request = request(type, units);
    if (units.size() > 1 && !keepsOrder(request, units)) {
      for (int n = 0; n < units.size(); n++) {
        run(units.subList(n, n + 1), first + n, events);
      }
      return;
    }
    Recorder recorder = new Recorder(events, units, first);
    JUnitCore core = new JUnitCore();
    core.addListener(new Listener(recorder));
    core.run(request);
  }

  private static Request request(Class<?> type, List<Unit> units) {
    if (units.get(0).handle.isEmpty()) {
      return Request.aClass(type);
    }
    final Map<String, Integer> places = new HashMap<>();
    for (int n = 0; n < units.size(); n++) {
      places.put(units.get(n).handle, n);
    }
    return Request.aClass(type)
        .filterWith(
            new Filter() {
              @Override
              public boolean shouldRun(Description description) {
                return place(description, places) < Integer.MAX_VALUE;
              }

              @Override
              public String describe() {
                return "the tests of an order";
              }
            })
        .sortWith(
            new Comparator<Description>() {
              @Override
              public int compare(Description a, Description b) {
                return Integer.compare(place(a, places), place(b, places));
              }
            });
  }

  /** The first place of any test below; the greatest number when none is asked for. */
  private static int place(Description description, Map<String, Integer> places) {
    if (description.getChildren().isEmpty()) {
      Integer place = places.get(description.getMethodName());
      return place == null ? Integer.MAX_VALUE : place;
    }
    int least = Integer.MAX_VALUE;
    for (Description child : description.getChildren()) {
      least = Math.min(least, place(child, places));
    }
    return least;
  }

  private static boolean keepsOrder(Request request, List<Unit> units) {
    List<Description> leaves = new ArrayList<>();
    leaves(request.getRunner().getDescription(), leaves);
    if (leaves.size() != units.size()) {
      return false;
    }
    for (int n = 0; n < units.size(); n++) {
      if (!units.get(n).handle.equals(leaves.get(n).getMethodName())) {
        return false;
      }
    }
    return true;
  }

  private static final class Listener extends RunListener {
    private final Recorder recorder;
    private final Map<String, Integer> places = new HashMap<>();
    private final List<Integer> all = new ArrayList<>();
    private final boolean isWhole;
    private int current = -1;
    private String outcome;
    private String message;

    Listener(Recorder recorder) {
      this.recorder = recorder;
      this.isWhole = recorder.unit(0).handle.isEmpty();
      for (int n = 0; n < recorder.size(); n++) {
        places.put(recorder.unit(n).handle, n);
        all.add(n);
      }
    }

    private int place(Description description) {
      Integer place = places.get(description.getMethodName());
      return place == null ? -1 : place;
    }

    @Override
    public void testRunStarted(Description description) {
      if (isWhole) {
        begin(0);
      }
    }

    @Override
    public void testStarted(Description description) {
      if (isWhole) {
        return;
      }
      int place = place(description);
      if (place < 0) {
        recorder.unasked(description.getDisplayName());
      } else {
        begin(place);
      }
    }

    private void begin(int place) {
      current = place;
      outcome = "PASS";
      message = "";
      recorder.started(place);
    }

    @Override
    public void testFailure(Failure failure) {
      Throwable thrown = failure.getException();
      if (isWhole) {
        worse(
            Events.outcome(thrown),
            failure.getDescription().getDisplayName() + ": " + Events.text(thrown));
      } else if (current >= 0 && place(failure.getDescription()) == current) {
        worse(Events.outcome(thrown), Events.text(thrown));
      } else {
        recorder.failedAround(all, thrown);
      }
    }

    private void worse(String kind, String text) {
      if (outcome.equals("PASS") || outcome.equals("SKIP")) {
        outcome = kind;
        message = text;
      }
    }

    @Override
    public void testAssumptionFailure(Failure failure) {
      if (isWhole) {
        return;
      }
      if (current >= 0 && place(failure.getDescription()) == current) {
        if (outcome.equals("PASS")) {
          outcome = "SKIP";
          message = String.valueOf(failure.getMessage());
        }
      } else {
        recorder.skippedAround(all, String.valueOf(failure.getMessage()));
      }
    }

    @Override
    public void testIgnored(Description description) {
      if (isWhole) {
        outcome = "SKIP";
        return;
      }
      int place = place(description);
      if (place >= 0) {
        recorder.finished(place, "SKIP", "ignored");
      }
    }

    @Override
    public void testFinished(Description description) {
      if (!isWhole && current >= 0 && place(description) == current) {
        recorder.finished(current, outcome, message);
        current = -1;
      }
    }

    @Override
    public void testRunFinished(org.junit.runner.Result result) {
      if (isWhole) {
        recorder.finished(0, outcome, message);
      }
    }
  }
}
