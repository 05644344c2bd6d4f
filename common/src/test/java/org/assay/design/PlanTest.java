package org.assay.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assay.UserException;
import org.junit.jupiter.api.Test;

class PlanTest {

  @Test
  void labelsSayWhatIsDone() {
    assertThat(Sample.plan("kind = k-fold").label()).isEqualTo("5-fold");
    assertThat(Sample.plan("kind = k-fold, folds = 10, repeats = 5, stratify = true").label())
        .isEqualTo("5 x 10-fold, stratified");
    assertThat(Sample.groupedPlan("kind = k-fold, assign = stable").label())
        .isEqualTo("5-fold, grouped, stable");
    assertThat(Sample.plan("kind = five-by-two").label()).isEqualTo("5 x 2-fold");
    assertThat(Sample.plan("kind = holdout").label()).isEqualTo("holdout, test 0.2");
    assertThat(Sample.plan("kind = holdout, repeats = 3, test = 20").label())
        .isEqualTo("3 x holdout, test 20 rows");
    assertThat(Sample.plan("kind = shuffle-split, splits = 100, train = 0.5").label())
        .isEqualTo("100 splits, test 0.2, train 0.5");
    assertThat(Sample.plan("kind = leave-one-out").label()).isEqualTo("leave-one-out");
    assertThat(Sample.groupedPlan("kind = leave-one-group-out").label())
        .isEqualTo("leave-one-group-out");
    assertThat(Sample.plan("kind = predefined").label()).isEqualTo("predefined folds");
    assertThat(
            Sample.plan(
                    "kind = time-series, horizon = 7d, gap = 12h, window = sliding, train = 1000")
                .label())
        .isEqualTo("time-series, 5 folds of 7d, sliding window of 1000 rows, gap 12h");
    assertThat(
            Sample.plan(
                    "kind = nested, outer { kind = k-fold }, inner { kind = k-fold, folds = 3 }")
                .label())
        .isEqualTo("nested: 5-fold; inner 3-fold");
  }

  @Test
  void needsFollowFromSchemeAndOptions() {
    assertThat(Sample.plan("kind = k-fold").needs()).isEqualTo(Plan.Needs.NOTHING);
    assertThat(Sample.groupedPlan("kind = k-fold, stratify = true").needs())
        .isEqualTo(new Plan.Needs(true, true, false, false));
    assertThat(Sample.plan("kind = time-series").needs())
        .isEqualTo(new Plan.Needs(false, false, true, false));
    assertThat(
            Sample.plan(
                    "kind = nested, outer { kind = predefined }, inner { kind = k-fold, stratify = true }")
                .needs())
        .isEqualTo(new Plan.Needs(true, false, false, true));
  }

  @Test
  void refusesUnknownKindsAndKeys() {
    assertUsage(
        "kind = kfold",
        "plan.kind = \"kfold\": unknown plan (did you mean 'k-fold'?); must be one of bootstrap, five-by-two, holdout, k-fold,"
            + " leave-one-group-out, leave-one-out, nested, predefined, shuffle-split, time-series");
    assertUsage(
        "kind = k-fold, splits = 3",
        "unknown key 'plan.splits'; known here: assign, folds, group, kind, repeats, stratify, train-sizes");
    assertUsage("folds = 3", "missing key 'plan.kind'; add it");
    assertUsage("kind = nested, inner { kind = k-fold }", "missing key 'plan.outer'; add it");
    assertUsage(
        "kind = nested, outer { kind = nested }, inner { kind = k-fold }",
        "plan.outer.kind = \"nested\": plans nest once; use any other kind");
    assertUsage(
        "kind = nested, outer { kind = k-fold }, inner { kind = k-fold }, repeats = 3",
        "unknown key 'plan.repeats'; known here: inner, kind, outer");
  }

  @Test
  void refusesWhatMeansNothing() {
    assertUsage(
        "kind = k-fold, folds = 1", "plan.folds = 1: must be a whole number between 2 and 1000000");
    assertUsage(
        "kind = k-fold, folds = 1000000, repeats = 1000000",
        "plan.repeats = 1000000: with 1000000 folds makes more than 2147483647 replicates; use fewer");
    assertUsage(
        "kind = leave-one-out, repeats = 2",
        "plan.repeats = 2: leave-one-out draws nothing at random, so a repeat would be identical; remove this key");
    assertUsage(
        "kind = predefined, repeats = 2",
        "plan.repeats = 2: predefined folds are not drawn at random, so a repeat would be identical; remove this key");
    assertUsage(
        "kind = time-series, repeats = 2",
        "plan.repeats = 2: time-series draws nothing at random, so a repeat would be identical; remove this key");
    assertUsage(
        "kind = shuffle-split, repeats = 2",
        "plan.repeats = 2: every one of the splits is a new draw already; use splits; remove this key");
    assertUsage(
        "kind = five-by-two, repeats = 10",
        "plan.repeats = 10: five-by-two has 5 repeats by definition; remove this key, or use k-fold with 2 folds");
    assertUsage(
        "kind = leave-one-out, stratify = true",
        "plan.stratify = true: one row at a time cannot be balanced; remove this key");
    assertUsage(
        "kind = time-series, stratify = true",
        "plan.stratify = true: windows are cut at times, so their classes cannot be balanced; remove this key");
    assertUsage(
        "kind = predefined, stratify = true",
        "plan.stratify = true: predefined folds are given, so their classes cannot be balanced; remove this key");
    assertUsage(
        "kind = time-series, assign = stable",
        "plan.assign = \"stable\": time-series assigns nothing at random; remove this key");
    assertUsage(
        "kind = k-fold, assign = sticky",
        "plan.assign = \"sticky\": must be one of balanced, stable");
    assertUsage(
        "kind = k-fold, assign = stable, stratify = true",
        "plan.stratify = true: a stable part is a hash of the row's key alone, so it cannot balance classes; remove this key, or use"
            + " assign = balanced");
    assertUsage(
        "kind = holdout, assign = stable, test = 100",
        "plan.test = 100: a stable part has no fixed number of rows; use a fraction, or assign = balanced");
    assertUsage(
        "kind = holdout, test = 1.5",
        "plan.test = 1.5: must be a fraction between 0 and 1, or a whole number of rows");
    assertUsage(
        "kind = holdout, test = 0",
        "plan.test = 0: must be a fraction between 0 and 1, or a whole number of rows");
    assertUsage(
        "kind = holdout, test = 0.5, train = 0.6",
        "plan.train = 0.6: with test = 0.5 is more than all rows; make one of them smaller");
    assertUsage(
        "kind = time-series, gap = -1",
        "plan.gap = -1: must be a number of rows, or a time such as 7d, 12h, 30m or 90s");
    assertUsage(
        "kind = time-series, horizon = 2w",
        "plan.horizon = \"2w\": must be a number of rows, or a time such as 7d, 12h, 30m or 90s, of at least 1");
    assertUsage(
        "kind = time-series, gap = 40000d",
        "plan.gap = \"40000d\": must be a time of at most 100 years");
    assertUsage(
        "kind = time-series, window = sliding",
        "plan.train: is the length of a sliding window and has no default; add it, such as train = 1000 or 90d");
    assertUsage(
        "kind = time-series, train = 5",
        "plan.train = 5: is the length of a sliding window; add window = sliding, or remove this key");
  }

  @Test
  void refusesToSplitGroups() {
    assertThatThrownBy(() -> Sample.groupedPlan("kind = k-fold, group = false"))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith(
            "plan.group = false: rows of a group never split, and the data declare a group; remove this key, or the group from the"
                + " data");
    assertThatThrownBy(() -> Sample.groupedPlan("kind = leave-one-out"))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith(
            "plan.kind = \"leave-one-out\": would split groups, and the data declare a group; use leave-one-group-out, or remove the"
                + " group from the data");
    assertUsage(
        "kind = k-fold, group = true",
        "plan.group = true: the data declare no group; add `group = COLUMN` to the data, or remove this key");
    assertUsage(
        "kind = leave-one-group-out",
        "plan.kind = \"leave-one-group-out\": needs groups, and the data declare none; add `group = COLUMN` to the data, or use"
            + " leave-one-out or k-fold");
  }

  @Test
  void fingerprintsTellPlansSeedsAndPopulationsApart() {
    Population population = Sample.random(1).population();
    String k5 = Sample.plan("kind = k-fold").bind(population, 1).fingerprint();
    assertThat(Sample.plan("kind = k-fold, folds = 6").bind(population, 1).fingerprint())
        .isNotEqualTo(k5);
    assertThat(Sample.plan("kind = k-fold, repeats = 2").bind(population, 1).fingerprint())
        .isNotEqualTo(k5);
    assertThat(Sample.plan("kind = k-fold").bind(Sample.random(2).population(), 1).fingerprint())
        .isNotEqualTo(k5);
    assertThat(Sample.plan("kind = k-fold").bind(population, 2).fingerprint()).isNotEqualTo(k5);
    // Stable for ever: reports of earlier versions carry it.
    assertThat(Sample.plan("kind = k-fold").bind(Sample.plain(100).population(), 42).fingerprint())
        .isEqualTo("9d280c008c92019d");
  }

  private static void assertUsage(String plan, String message) {
    assertThatThrownBy(() -> Sample.plan(plan))
        .isInstanceOfSatisfying(
            UserException.class, e -> assertThat(e.kind()).isEqualTo(UserException.Kind.USAGE))
        .hasMessageEndingWith(message);
  }
}
