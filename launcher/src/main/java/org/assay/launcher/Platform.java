package org.assay.launcher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Jupiter and other engines of the JUnit Platform, by unique ids. Vintage's tests go to JUnit 4.
 */
final class Platform {
  private final Launcher launcher = LauncherFactory.create();

  /** The tests of classes. */
  List<Unit> discover(List<String> classes) {
    List<DiscoverySelector> selectors = new ArrayList<>();
    for (String name : classes) {
      selectors.add(DiscoverySelectors.selectClass(name));
    }
    TestPlan plan = launcher.discover(request(selectors));
    List<Unit> units = new ArrayList<>();
    Map<String, Integer> names = new HashMap<>();
    for (TestIdentifier identifier : units(plan)) {
      Unit unit = unit(plan, identifier);
      if (names.put(unit.type + "#" + unit.name, units.size()) != null) {
        unit = new Unit(unit.engine, unit.type, unit.name + " " + unit.handle, unit.handle);
      }
      units.add(unit);
    }
    return units;
  }

  private static Unit unit(TestPlan plan, TestIdentifier identifier) {
    TestSource source = identifier.getSource().orElse(null);
    String type = "";
    for (TestIdentifier up = identifier; up != null; up = plan.getParent(up).orElse(null)) {
      if (type.isEmpty() && up.getSource().orElse(null) instanceof ClassSource) {
        type = ((ClassSource) up.getSource().get()).getClassName();
      }
    }
    String name = type.isEmpty() ? identifier.getUniqueId() : identifier.getDisplayName();
    if (source instanceof MethodSource) {
      MethodSource method = (MethodSource) source;
      String parameters = method.getMethodParameterTypes();
      type = type.isEmpty() ? method.getClassName() : type;
      name =
          method.getMethodName()
              + (parameters == null || parameters.isEmpty() ? "" : "(" + parameters + ")");
    }
    return new Unit(Unit.Engine.PLATFORM, type, name, identifier.getUniqueId());
  }

  /** Tests, and containers of methods whose tests are known only when they run. */
  private static List<TestIdentifier> units(TestPlan plan) {
    List<TestIdentifier> units = new ArrayList<>();
    for (TestIdentifier root : plan.getRoots()) {
      collect(plan, root, units);
    }
    return units;
  }

  private static void collect(TestPlan plan, TestIdentifier at, List<TestIdentifier> units) {
    if (at.isTest() || at.getSource().orElse(null) instanceof MethodSource) {
      units.add(at);
      return;
    }
    for (TestIdentifier child : plan.getChildren(at)) {
      collect(plan, child, units);
    }
  }

  private static LauncherDiscoveryRequest request(List<DiscoverySelector> selectors) {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(selectors)
        .filters(EngineFilter.excludeEngines("junit-vintage"))
        .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
        .build();
  }

  /** Runs tests of one class in their order. */
  void run(List<Unit> units, int first, Events events) {
    List<DiscoverySelector> selectors = new ArrayList<>();
    for (Unit unit : units) {
      selectors.add(DiscoverySelectors.selectUniqueId(unit.handle));
    }
    TestPlan plan = launcher.discover(request(selectors));
    if (units.size() > 1 && !keepsOrder(plan, units)) {
      // a MethodOrderer of the class's own: it has no say in requests of one test
      for (int n = 0; n < units.size(); n++) {
        run(units.subList(n, n + 1), first + n, events);
      }
      return;
    }
    launcher.execute(plan, new Listener(new Recorder(events, units, first)));
  }

  private static boolean keepsOrder(TestPlan plan, List<Unit> units) {
    List<TestIdentifier> found = units(plan);
    if (found.size() != units.size()) {
      return false;
    }
    for (int n = 0; n < units.size(); n++) {
      if (!units.get(n).handle.equals(found.get(n).getUniqueId())) {
        return false;
      }
    }
    return true;
  }

  private static final class Listener implements TestExecutionListener {
    private final Recorder recorder;
    private final Map<String, Integer> places = new HashMap<>();
    private final String[] outcomes;
    private final String[] messages;
    private TestPlan plan;

    Listener(Recorder recorder) {
      this.recorder = recorder;
      this.outcomes = new String[recorder.size()];
      this.messages = new String[recorder.size()];
      for (int n = 0; n < recorder.size(); n++) {
        places.put(recorder.unit(n).handle, n);
      }
    }

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
      plan = started;
    }

    /** The unit that something is part of; -1 when it is above or beside all units. */
    private int unitOf(TestIdentifier identifier) {
      for (TestIdentifier up = identifier; up != null; up = plan.getParent(up).orElse(null)) {
        Integer place = places.get(up.getUniqueId());
        if (place != null) {
          return place;
        }
      }
      return -1;
    }

    private boolean isUnit(TestIdentifier identifier) {
      return places.containsKey(identifier.getUniqueId());
    }

    private List<Integer> below(TestIdentifier container) {
      List<Integer> units = new ArrayList<>();
      for (int n = 0; n < recorder.size(); n++) {
        String id = recorder.unit(n).handle;
        for (TestIdentifier up = plan.getTestIdentifier(id);
            up != null;
            up = plan.getParent(up).orElse(null)) {
          if (up.getUniqueId().equals(container.getUniqueId())) {
            units.add(n);
            break;
          }
        }
      }
      return units;
    }

    @Override
    public void executionStarted(TestIdentifier identifier) {
      if (isUnit(identifier)) {
        recorder.started(places.get(identifier.getUniqueId()));
      } else if (identifier.isTest() && unitOf(identifier) < 0) {
        recorder.unasked(identifier.getUniqueId());
      }
    }

    @Override
    public void executionSkipped(TestIdentifier identifier, String reason) {
      if (isUnit(identifier)) {
        recorder.finished(places.get(identifier.getUniqueId()), "SKIP", String.valueOf(reason));
      } else if (unitOf(identifier) < 0) {
        recorder.skippedAround(below(identifier), String.valueOf(reason));
      }
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
      Throwable thrown = result.getThrowable().orElse(null);
      boolean failed = result.getStatus() == TestExecutionResult.Status.FAILED;
      boolean aborted = result.getStatus() == TestExecutionResult.Status.ABORTED;
      int unit = unitOf(identifier);
      if (unit < 0) {
        if (failed) {
          recorder.failedAround(below(identifier), thrown);
        } else if (aborted) {
          recorder.skippedAround(below(identifier), String.valueOf(thrown));
        }
        return;
      }
      if (isUnit(identifier)) {
        String outcome =
            failed
                ? Events.outcome(thrown)
                : aborted ? "SKIP" : identifier.isTest() ? "PASS" : null;
        String message = failed ? Events.text(thrown) : aborted ? String.valueOf(thrown) : "";
        boolean ofInvocation =
            outcomes[unit] != null && (outcome == null || !failed || isFailure(outcomes[unit]));
        recorder.finished(
            unit,
            ofInvocation ? outcomes[unit] : outcome == null ? "PASS" : outcome,
            ofInvocation ? messages[unit] : message);
        return;
      }
      if (failed && !isFailure(outcomes[unit])) {
        outcomes[unit] = Events.outcome(thrown);
        messages[unit] = identifier.getDisplayName() + ": " + Events.text(thrown);
      } else if (!failed && !aborted && !isFailure(outcomes[unit])) {
        outcomes[unit] = "PASS"; // one that ran counts for the unit, whatever was skipped
        messages[unit] = "";
      } else if (aborted && outcomes[unit] == null) {
        outcomes[unit] = "SKIP";
        messages[unit] = String.valueOf(thrown);
      }
    }

    private static boolean isFailure(String outcome) {
      return "FAIL".equals(outcome) || "ERROR".equals(outcome);
    }
  }
}
