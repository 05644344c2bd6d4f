package org.assay.jobs.runner;

import static org.assay.flaky.Outcome.ERROR;
import static org.assay.flaky.Outcome.FAIL;
import static org.assay.flaky.Outcome.PASS;
import static org.assay.flaky.Outcome.SKIP;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.assay.flaky.Outcome;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/** Skipped, and shown as such, where there is no Python with pytest. */
class PytestRunnerTest extends RunnerContract {
  @BeforeAll
  static void hasPytest() {
    Assumptions.assumeTrue(Fixtures.hasPytest(), "there is no Python with pytest here");
  }

  @Override
  String kinds(Path folder) {
    return Fixtures.pytest("pytest-kinds", folder);
  }

  /** As the sources say it. */
  @Override
  Map<String, Outcome> truth() {
    Map<String, Outcome> truth = new LinkedHashMap<>();
    truth.put("tests/test_kinds.py#test_names[a b]", PASS);
    truth.put("tests/test_kinds.py#test_names[line\\nend]", FAIL);
    truth.put("tests/test_kinds.py#test_names[[x]::y]", PASS);
    truth.put("tests/test_kinds.py#test_names[\\xfc]", PASS);
    truth.put("tests/test_kinds.py::TestKinds#test_raises", ERROR);
    truth.put("tests/test_kinds.py::TestKinds#test_teardown", ERROR);
    truth.put("tests/test_kinds.py::TestKinds#test_setup", ERROR);
    truth.put("tests/test_kinds.py::TestKinds#test_skipped", SKIP);
    truth.put("tests/test_kinds.py::TestKinds#test_expected", SKIP);
    return truth;
  }

  @Override
  String rough(Path folder) {
    return Fixtures.pytest("pytest-rough", folder);
  }

  @Override
  String rough(String test) {
    return "tests/test_rough.py#test_" + test.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
