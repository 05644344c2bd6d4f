package org.assay.flaky;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.assay.flaky.History.Build;
import org.assay.flaky.History.Conclusions;
import org.assay.flaky.JUnitXml.Attempt;
import org.assay.flaky.JUnitXml.Case;
import org.assay.inference.FisherExact;
import org.assay.order.TestId;
import org.assay.random.Keyed;
import org.junit.jupiter.api.Test;

class HistoryTest {

  private static Case test(String name, Outcome... attempts) {
    List<Attempt> all = new ArrayList<>();
    for (Outcome outcome : attempts) {
      all.add(new Attempt(outcome, 1, ""));
    }
    return new Case(new TestId("A", name), all);
  }

  private static Conclusions of(List<Build> builds) {
    History history = new History(.8);
    builds.forEach(history::add);
    return history.conclude(Verdicts.Settings.DEFAULT);
  }

  private static Verdict verdict(Conclusions conclusions, String name) {
    return conclusions.verdicts().get(conclusions.suite().tests().indexOf(new TestId("A", name)));
  }

  @Test
  void sameCommitDifferentOutcomesIsWhatCounts() {
    Outcome pass = Outcome.PASS;
    Outcome fail = Outcome.FAIL;
    Conclusions conclusions =
        of(
            List.of(
                new Build(
                    "1",
                    "a",
                    "h1",
                    List.of(
                        test("flaky", pass),
                        test("broken", pass),
                        test("ok", pass),
                        test("red", fail),
                        test("retried", fail, pass),
                        test("off", Outcome.SKIP))),
                new Build(
                    "2",
                    "a",
                    "h1",
                    List.of(
                        test("flaky", fail),
                        test("broken", pass),
                        test("ok", pass),
                        test("red", fail))),
                new Build(
                    "3",
                    "b",
                    "h1",
                    List.of(
                        test("flaky", pass),
                        test("broken", fail),
                        test("ok", pass),
                        test("red", fail))),
                new Build(
                    "4",
                    "b",
                    "h1",
                    List.of(test("flaky", pass), test("broken", fail), test("ok", pass)))));
    assertThat(conclusions.builds()).isEqualTo(4);
    Verdict flaky = verdict(conclusions, "flaky");
    assertThat(flaky.kind()).isEqualTo(VerdictKind.UNDECIDED);
    assertThat(flaky.evidence()).isEqualTo("on 1 of 2 commits it passed and failed");
    assertThat(new FailureRate(flaky.failures(), flaky.runs())).isEqualTo(new FailureRate(1, 4));
    Verdict broken = verdict(conclusions, "broken");
    assertThat(broken.kind()).isEqualTo(VerdictKind.UNDECIDED);
    assertThat(broken.evidence())
        .isEqualTo(
            "it failed 2 times, only on commits on which it never passed: broken there, or flaky and not run"
                + " again");
    assertThat(broken.failures()).isZero();
    assertThat(verdict(conclusions, "ok").kind()).isEqualTo(VerdictKind.STABLE_WITHIN);
    assertThat(verdict(conclusions, "ok").runs()).isEqualTo(4);
    assertThat(verdict(conclusions, "red").kind()).isEqualTo(VerdictKind.ALWAYS_FAILS);
    assertThat(verdict(conclusions, "off").kind()).isEqualTo(VerdictKind.NOT_RUN);
    assertThat(verdict(conclusions, "retried").evidence())
        .isEqualTo("on 1 of 1 commits it passed and failed");
    assertThat(History.limits()).hasSize(5);
  }

  @Test
  void buildsWithoutACommitAreNotCompared() {
    assertThat(
            verdict(
                    of(
                        List.of(
                            new Build("1", "", "", List.of(test("t", Outcome.PASS))),
                            new Build("2", "", "", List.of(test("t", Outcome.ERROR))))),
                    "t")
                .evidence())
        .startsWith("it failed 1 times, only on commits on which it never passed");
  }

  @Test
  void aTestThatGoesWithTheHostIsAMatterOfInfrastructureAndPartsMerge() {
    List<Build> builds = new ArrayList<>();
    Keyed draws = Keyed.of(4, "history");
    for (int i = 0; i < 60; i++) {
      String host = "h" + i % 2;
      List<Case> cases = new ArrayList<>();
      cases.add(test("host", host.equals("h1") ? Outcome.FAIL : Outcome.PASS));
      cases.add(test("nod", draws.uniform(i, 0) < .3 ? Outcome.FAIL : Outcome.PASS));
      for (int t = 0; t < 10; t++) {
        cases.add(test("ok" + t, Outcome.PASS));
      }
      builds.add(new Build("b" + i, "c" + i / 4, host, cases));
    }
    List<Case> down = new ArrayList<>();
    for (int t = 0; t < 10; t++) {
      down.add(test("ok" + t, Outcome.ERROR));
    }
    builds.add(new Build("down", "c3", "h1", down));
    Conclusions conclusions = of(builds);
    assertThat(conclusions.massFailures()).containsExactly("down");
    assertThat(verdict(conclusions, "ok3").kind()).isEqualTo(VerdictKind.STABLE_WITHIN);
    assertThat(verdict(conclusions, "nod").kind()).isEqualTo(VerdictKind.UNDECIDED);
    Verdict host = verdict(conclusions, "host");
    assertThat(host.kind()).isEqualTo(VerdictKind.INFRASTRUCTURE);
    // 15 commits, each with two failures of two on one host and none of two on the other.
    FisherExact test = new FisherExact();
    for (int i = 0; i < 15; i++) {
      test.add(2, 2, 0, 2);
    }
    assertThat(host.pValue()).isEqualTo(test.twoSided());

    History one = new History(.8);
    History other = new History(.8);
    for (int i = 0; i < builds.size(); i++) {
      (i % 3 == 0 ? one : other).add(builds.get(i));
    }
    other.merge(one);
    assertThat(other.conclude(Verdicts.Settings.DEFAULT)).isEqualTo(conclusions);
  }

  @Test
  void ofNothingNothingFollows() {
    assertThatThrownBy(() -> new History(.8).conclude(Verdicts.Settings.DEFAULT))
        .hasMessage("no test in 0 builds");
  }
}
