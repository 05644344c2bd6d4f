package org.assay.jobs.runner;

import static org.assay.flaky.Outcome.ERROR;
import static org.assay.flaky.Outcome.FAIL;
import static org.assay.flaky.Outcome.PASS;
import static org.assay.flaky.Outcome.SKIP;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assay.flaky.Outcome;

class JUnitRunnerTest extends RunnerContract {
  @Override
  String kinds(Path folder) {
    return Fixtures.junit("junit5-kinds", folder);
  }

  /** As the sources say it. */
  @Override
  Map<String, Outcome> truth() {
    Map<String, Outcome> truth = new LinkedHashMap<>();
    truth.put("acme.KindsTest#plain", PASS);
    truth.put("acme.KindsTest#parameterized(int)", FAIL);
    truth.put("acme.KindsTest#repeated", PASS);
    truth.put("acme.KindsTest#dynamic", PASS);
    truth.put("acme.KindsTest#assumes", SKIP);
    truth.put("acme.KindsTest#disabled", SKIP);
    truth.put("acme.KindsTest#breaks", ERROR);
    truth.put("acme.KindsTest$Inner#nested", PASS);
    truth.put("acme.OrderedTest#first", PASS);
    truth.put("acme.OrderedTest#second", PASS);
    truth.put("acme.BrokenSetUpTest#one", ERROR);
    truth.put("acme.BrokenSetUpTest#two", ERROR);
    truth.put("acme.BrokenTearDownTest#one", ERROR);
    truth.put("acme.BrokenTearDownTest#two", ERROR);
    truth.put("acme.OldTest#passes", PASS);
    truth.put("acme.OldTest#fails", FAIL);
    truth.put("acme.OldTest#ignored", SKIP);
    truth.put("acme.OldTest#assumes", SKIP);
    truth.put("acme.OldParametersTest#a[0]", PASS);
    truth.put("acme.OldParametersTest#b[0]", PASS);
    truth.put("acme.OldParametersTest#a[1]", PASS);
    truth.put("acme.OldParametersTest#b[1]", FAIL);
    truth.put("acme.OldestTest#testOne", PASS);
    truth.put("acme.OldestTest#testTwo", PASS);
    return truth;
  }

  @Override
  String rough(Path folder) {
    return Fixtures.junit("junit5-rough", folder);
  }

  @Override
  String rough(String test) {
    return "acme.RoughTest#" + test;
  }
}
