package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.assay.config.RunConfig;
import org.assay.jobs.model.Learners;
import org.assay.jobs.store.Claim;
import org.assay.jobs.store.Remains;
import org.assay.jobs.store.RunKey;
import org.assay.jobs.store.RunStore;
import org.assay.jobs.store.StagedRun;
import org.assay.metric.Metrics;
import org.assay.report.Tables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users get wrong, through the command line: each ends with its exit code and exactly its
 * message, which names the thing, the value, the rule and the way out, without a stack trace, and
 * leaves no table that a reader would see.
 */
class BadInputTest {
  private static final Pattern JAVA =
      Pattern.compile(
          "\\b[a-z]\\w*(\\.[a-z]\\w*)+\\.[A-Z]\\w+|Exception|^\\s+at ", Pattern.MULTILINE);

  private static final String DATA =
      """
      id,x,z,y
      1,0.5,1.5,0
      2,1.5,0.5,1
      3,2.5,1.0,0
      4,3.5,2.0,1
      5,4.5,0.1,0
      6,5.5,1.1,1
      7,6.5,2.2,0
      8,7.5,0.3,1
      9,8.5,1.3,0
      10,9.5,2.4,0
      """;

  private static final String CONF =
      """
      name = bad, seed = 1, output = "DIR/out"
      data.d { path = "DIR/d.csv", id = id, label = y }
      models.m { estimator = logistic-regression }
      jobs = [ { job = cross-validate, plan { kind = k-fold, folds = 2 } } ]
      """;

  private static final String REGRESSION = "data.d.task = regression\n";
  private static final String TABLE =
      "models = null, models.p { predictions = \"DIR/p.csv\", prediction = prediction, score = score }, jobs = [ { job = evaluate, metrics = [accuracy] } ]";
  private static final String BOOTSTRAP =
      "models = null, models.p { predictions = \"DIR/p.csv\", prediction = prediction, score = score }, jobs = [ { job = bootstrap, ";
  private static final String COLUMNS =
      "models = null, models.p { prediction = x, score = z }, jobs = [ { job = evaluate } ]";
  private static final String CORRECT =
      "data.d.label = null, models = null, models.p { correct = x }, jobs = [ { job = evaluate } ]";
  private static final String SEALED =
      "models = null, jobs = [ { job = evaluate } ], models.p.predictions = ";
  private static final String LONG =
      "data.d.model-column = system, models = null, models { a { prediction = p }, b { prediction = p } }, jobs = [ { job = evaluate } ]";
  private static final String[] LONG_ROWS = {
    "id,system,p,y", "1,a,0,0", "1,b,0,0", "2,a,1,1", "2,b,0,1"
  };
  private static final String PREDICTIONS =
      table(
          "id,prediction,score",
          "1,0,0.1",
          "2,1,0.9",
          "3,0,0.2",
          "4,1,0.8",
          "5,0,0.3",
          "6,1,0.7",
          "7,0,0.4",
          "8,1,0.6",
          "9,0,0.5",
          "10,0,0.1");

  private static final String CHANCE =
      "models = null, models.p { score = s }, data.d.derive.s = \"x / 10\", jobs = [ { job = permutation-test, ";

  private static final String PAIR =
      "models = null, models { a.prediction = p, b.prediction = q }, data.d.derive { p = y, q = \"1 - y\" }, jobs = [ { job = compare, ";

  private static final String SAMPLES = "jobs = [ { job = permutation-test, test = two-sample, ";

  /** Tests of {@code compare}, in the order of the alphabet. */
  private static final String TESTS =
      "bayesian-correlated-t, bonferroni-dunn, bouckaert-frank, cochran-q, corrected-resampled-t, delong, difference-of-proportions, f-test, five-by-two-f, five-by-two-t, friedman, holm, k-fold-t, mcnemar-corrected, mcnemar-exact, mcnemar-mid-p, mcnemar-uncorrected, nemenyi, non-inferiority, paired-bootstrap, resampled-t, sign-flip, tost, wilcoxon";

  @TempDir Path dir;

  /**
   * One wrong thing: files besides the configuration, lines laid over the configuration, arguments.
   */
  private record Bad(
      String name,
      int code,
      Map<String, String> files,
      String conf,
      List<String> args,
      String message) {
    @Override
    public String toString() {
      return name;
    }

    Bad file(String file, String text) {
      Map<String, String> all = new LinkedHashMap<>(files);
      all.put(file, text);
      return new Bad(name, code, all, conf, args, message);
    }

    /** Other rows than {@link #DATA}. */
    Bad data(String... lines) {
      return file("d.csv", table(lines));
    }

    Bad args(String... more) {
      return new Bad(name, code, files, conf, List.of(more), message);
    }
  }

  private static String table(String... lines) {
    return String.join("\n", lines) + "\n";
  }

  private static Bad bad(String name, int code, String conf, String message) {
    return new Bad(name, code, Map.of("d.csv", DATA), conf, List.of(), message);
  }

  /** A wrong command line or configuration. */
  private static Bad usage(String name, String conf, String message) {
    return bad(name, 2, conf, message);
  }

  /** Input that breaks its contract. */
  private static Bad input(String name, String conf, String message) {
    return bad(name, 3, conf, message);
  }

  private static String job(String plan) {
    return "jobs = [ { job = cross-validate, plan { " + plan + " } } ]";
  }

  private static String metrics(String metrics) {
    return "jobs = [ { job = cross-validate, plan { kind = k-fold, folds = 2 }, metrics = ["
        + metrics
        + "] } ]";
  }

  static Stream<Bad> configurations() {
    return Stream.of(
        usage(
            "unknown key",
            job("kind = k-fold, fold = 3"),
            "bad.conf:5: unknown key 'jobs[0].plan.fold' (did you mean 'folds'?); known here: assign, folds, group, kind, repeats, stratify, train-sizes"),
        usage(
            "misspelled job",
            "jobs = [ { job = cross-validat } ]",
            "bad.conf:5: jobs[0].job = \"cross-validat\": no such job (did you mean 'cross-validate'?); known: {jobs}"),
        usage(
            "inputs of models that are known by predictions alone",
            "models = null, models.p { score = s }, data.d.derive.s = \"x / 10\", jobs = [ { job = importance } ]",
            "jobs[0].models: 'p' is known by its predictions alone, and importance asks a model anew; give an estimator, a pipeline or a saved model"),
        usage(
            "unknown method of importance",
            "jobs = [ { job = importance, method = permutations } ]",
            "bad.conf:5: jobs[0].method = \"permutations\": no method 'permutations' (did you mean 'permutation'?); known: conditional, deletion, drop-column, e-switch, forward-selection, native, permutation, pimp, sage, sensitivity, shapley"),
        usage(
            "keys of a method that has none",
            "jobs = [ { job = importance, method = native, native { of = gain } } ]",
            "bad.conf:5: jobs[0].native = {\"of\":\"gain\"}: has no keys of its own; remove it"),
        usage(
            "keys of a method that is not asked for",
            "jobs = [ { job = importance, shapley { rows = 5 } } ]",
            "bad.conf:5: jobs[0].shapley = {\"rows\":5}: is of a method that is not asked for; add it to method, or remove this"),
        usage(
            "a misspelled key of a method",
            "jobs = [ { job = importance, method = shapley, shapley { row = 5 } } ]",
            "bad.conf:5: unknown key 'jobs[0].shapley.row' (did you mean 'rows'?); known here: background, pairs, rows"),
        usage(
            "sensitivity of a saved model",
            "models = null, models.s { model = \"DIR\" }, jobs = [ { job = importance, method = sensitivity } ]",
            "bad.conf:5: jobs[0].method = \"sensitivity\": sensitivity asks models for rows that are moved, and 's' is a saved one; name models with an estimator alone, or another method"),
        usage(
            "permuted labels within strata of labels",
            "jobs = [ { job = importance, method = pimp, within = stratum } ]",
            "bad.conf:5: jobs[0].within = \"stratum\": strata are of labels, which method = pimp permutes; use all"),
        usage(
            "too few permutations of labels",
            "jobs = [ { job = importance, method = pimp, pimp { permutations = 5 } } ]",
            "bad.conf:5: jobs[0].pimp.permutations = 5: must be a whole number between 19 and 100000"),
        usage(
            "repeats of native importances",
            "jobs = [ { job = importance, method = pimp, pimp { of = native, repeats = 2 } } ]",
            "bad.conf:5: jobs[0].pimp.repeats = 2: is for of = permutation; remove it"),
        usage(
            "deletion without an order",
            "jobs = [ { job = importance, method = deletion } ]",
            "bad.conf:5: jobs[0].method = \"deletion\": deletion follows the orders of the methods before it; write [permutation, deletion]"),
        usage(
            "steps of no size",
            "jobs = [ { job = importance, method = sensitivity, sensitivity { steps = [0] } } ]",
            "bad.conf:5: jobs[0].sensitivity.steps = [0]: must be standard deviations, above 0 and at most 100"),
        usage(
            "forward selection without a plan to choose by",
            "jobs = [ { job = importance, method = forward-selection } ]",
            "jobs[0].forward-selection.inner: is missing; write the plan to choose by, such as forward-selection { inner { kind = k-fold } }"),
        usage(
            "forward selection by a nested plan",
            "jobs = [ { job = importance, method = forward-selection, forward-selection { inner { kind = nested, outer { kind = k-fold }, inner { kind = k-fold } } } } ]",
            "bad.conf:5: jobs[0].forward-selection.inner.kind = \"nested\": must be a flat plan, such as k-fold or shuffle-split"),
        usage(
            "splits counted without a plan",
            "jobs = [ { job = importance, test = binomial } ]",
            "bad.conf:5: jobs[0].test = \"binomial\": counts the splits of a plan; add plan { kind = k-fold }"),
        usage(
            "orders compared by the first none",
            "jobs = [ { job = importance, rankings { top = 0 } } ]",
            "bad.conf:5: jobs[0].rankings.top = 0: must be a whole number between 1 and 100000"),
        usage(
            "importance of an earlier job that is not there",
            "jobs = [ { job = importance, from = cv } ]",
            "bad.conf:5: jobs[0].from = \"cv\": no earlier cross-validate job 'cv'; known: none"),
        usage(
            "a plan of models that are fitted already",
            "models = null, models.s { model = \"DIR\" }, jobs = [ { job = importance, plan { kind = k-fold } } ]",
            "bad.conf:5: jobs[0].plan = {\"kind\":\"k-fold\"}: is for models that are fitted, and all of these are fitted already; remove it"),
        usage(
            "a nested plan of importance",
            "jobs = [ { job = importance, plan { kind = nested, outer { kind = k-fold }, inner { kind = k-fold } } } ]",
            "bad.conf:5: jobs[0].plan.kind = \"nested\": nested plans choose settings; explain a model of one setting by a plain plan"),
        usage(
            "an empty group of inputs",
            "jobs = [ { job = importance, groups { size = [] } } ]",
            "bad.conf:5: jobs[0].groups.size = []: is empty; name the columns of the group, or remove it"),
        usage(
            "exchange within a group that data do not have",
            "jobs = [ { job = importance, within = group } ]",
            "bad.conf:5: jobs[0].within = \"group\": needs data.d.group = COLUMN; name a column"),
        usage(
            "exchange within rows",
            "jobs = [ { job = importance, within = id } ]",
            "bad.conf:5: jobs[0].within = \"id\": every row has an id of its own, so nothing could be exchanged; name a column that rows share"),
        usage(
            "an input twice",
            "jobs = [ { job = importance, inputs = [x, x] } ]",
            "bad.conf:5: jobs[0].inputs = [\"x\",\"x\"]: names x twice; name it once"),
        usage(
            "wrong type",
            job("kind = k-fold, folds = many"),
            "bad.conf:5: jobs[0].plan.folds = \"many\": must be a whole number between 2 and 1000000"),
        usage(
            "number out of range",
            job("kind = k-fold, folds = 1"),
            "bad.conf:5: jobs[0].plan.folds = 1: must be a whole number between 2 and 1000000"),
        usage(
            "neither true nor false",
            job("kind = k-fold, stratify = maybe"),
            "bad.conf:5: jobs[0].plan.stratify = \"maybe\": must be true or false"),
        usage(
            "no such choice",
            "data.d.impute = zero",
            "bad.conf:5: data.d.impute = \"zero\": must be one of fail, median, mean, most-frequent"),
        usage(
            "missing key",
            "data.d.label = null",
            "data.d.label: is missing, and model 'm' is measured by it; name the column to predict (only models given by correct need none)"),
        usage(
            "missing path", "data.d.path = null", "bad.conf:2: missing key 'data.d.path'; add it"),
        usage(
            "edges that do not rise",
            "data.d.slices = [{ column = x, edges = [3, 2] }]",
            "bad.conf:5: data.d.slices[0].edges = [3,2]: must be finite numbers, each above the one before"),
        usage(
            "edges that are no numbers",
            "data.d.slices = [y, [y, { column = x, edges = [low, high] }]]",
            "bad.conf:5: data.d.slices[1].edges = [\"low\",\"high\"]: must be finite numbers, each above the one before"),
        usage(
            "edges and quantiles",
            "data.d.slices = [{ column = x, edges = [3], quantiles = 4 }]",
            "bad.conf:5: data.d.slices[0].edges = [3]: quantiles is given too; a column is cut by one of them"),
        usage(
            "one quantile",
            "data.d.slices = [{ column = x, quantiles = 1 }]",
            "bad.conf:5: data.d.slices[0].quantiles = 1: must be a whole number between 2 and 1000"),
        usage(
            "unknown key of a slice",
            "data.d.slices = [{ column = x, edge = [3] }]",
            "bad.conf:5: unknown key 'data.d.slices[0].edge' (did you mean 'edges'?); known here: column, edges, quantiles"),
        usage(
            "slice twice",
            "data.d.slices = [x, [z, x], [z, x]]",
            "bad.conf:5: data.d.slices = [\"x\",[\"z\",\"x\"],[\"z\",\"x\"]]: names z with x twice; name it once"),
        usage(
            "column twice in a slice",
            "data.d.slices = [[x, { column = x, quantiles = 2 }]]",
            "bad.conf:5: data.d.slices = [[\"x\",{\"column\":\"x\",\"quantiles\":2}]]: names a column twice in one combination; name it once"),
        usage(
            "pooled column that is no slice",
            "data.d { slices = [{ column = x, quantiles = 2 }], slice-min-count = 5, slice-pool-rare = [x] }",
            "bad.conf:5: data.d.slice-pool-rare = [\"x\"]: slices names no column 'x' whose values are slices; name it there"),
        usage(
            "pooled without a least count",
            "data.d { slices = [x], slice-pool-rare = [x] }",
            "data.d.slice-pool-rare: pools values of fewer than slice-min-count rows, and that is 1; raise slice-min-count"),
        usage(
            "long data without an id",
            "data.d { id = null, model-column = z }",
            "bad.conf:5: data.d.model-column = \"z\": makes one item of rows with the same id; name their column in id"),
        usage(
            "fitting to long data",
            "data.d.model-column = z",
            "data.d.model-column: has a row per item and model, so model 'm' cannot learn or predict from it; use it on data with a row per item"),
        usage(
            "model value without a model column",
            COLUMNS + ", models.p.model-value = a",
            "models.p.model-value: data.d has no model-column; name the one that holds it"),
        usage(
            "correctness beside a prediction",
            COLUMNS + ", models.p.correct = y",
            "bad.conf:5: models.p.correct = \"y\": stands in place of prediction and score; remove it, or remove them"),
        usage(
            "task without a label",
            "data.d { label = null, task = regression }",
            "bad.conf:5: data.d.task = \"regression\": is about the label, and there is none; name it in label"),
        usage(
            "columns of a sealed run's predictions",
            "models = null, models.p { predictions { output = \"DIR/out\" }, score = p }",
            "bad.conf:5: models.p.score = \"p\": is known of predictions that a run sealed; remove it"),
        usage(
            "condition on columns of the data",
            COLUMNS + ", models.p.where = \"x > 1\"",
            "bad.conf:5: models.p.where = \"x > 1\": chooses rows of a table of predictions; for the data there is data.NAME.where"),
        usage(
            "permutation of labels that are yet to be predicted",
            "jobs = [ { job = permutation-test } ]",
            "jobs[0].models: 'm' has yet to be fitted; give a plan to fit it in under every permutation, or a model that answers already"),
        usage(
            "permutation of labels with a plan and a model that answers",
            CHANCE + "plan { kind = k-fold } } ]",
            "jobs[0].models: 'p' is fitted already, and this job has a plan to fit models in; test it in a job without plan"),
        usage(
            "early stop of a permutation test of learners",
            "jobs = [ { job = permutation-test, plan { kind = k-fold }, stop-after = 10 } ]",
            "bad.conf:5: jobs[0].stop-after = 10: is not for models that are fitted anew, all permutations together; remove it"),
        usage(
            "nested permutation test",
            "jobs = [ { job = permutation-test, plan { kind = nested, outer { kind = k-fold }, inner { kind = k-fold } } } ]",
            "bad.conf:5: jobs[0].plan.kind = \"nested\": is not for permutation tests; use k-fold, shuffle-split or another flat plan"),
        usage(
            "train scores of a bootstrap",
            "jobs = [ { job = cross-validate, plan { kind = bootstrap }, train-scores = true } ]",
            "bad.conf:5: jobs[0].train-scores = true: a bootstrap sample has rows several times; its plan reports the value of a fit on its own rows as apparent; remove this key"),
        usage(
            "permutation of correctness",
            CORRECT + ", jobs = [ { job = permutation-test } ]",
            "jobs[0].models: of 'p' is known only whether it is right, so its labels cannot be exchanged; give its predictions, or its correct column as values of another test"),
        usage(
            "permutation within rows",
            CHANCE + "within = id } ]",
            "bad.conf:5: jobs[0].within = \"id\": every row has an id of its own, so nothing could be exchanged; name a column that rows share"),
        usage(
            "permutation within labels",
            CHANCE + "within = y } ]",
            "bad.conf:5: jobs[0].within = \"y\": is the label, and equal labels exchanged change nothing; name another column"),
        usage(
            "greater than chance",
            CHANCE + "alternative = greater } ]",
            "bad.conf:5: jobs[0].alternative = \"greater\": must be one of better, worse, two-sided"),
        usage(
            "joint p-values stopped early",
            CHANCE + "adjust = max-t, stop-after = 10 } ]",
            "bad.conf:5: jobs[0].stop-after = 10: max-t needs all replicates of all p-values; set adjust = holm, or leave stop-after out"),
        usage(
            "adjustment that does not exist",
            CHANCE + "adjust = hom } ]",
            "bad.conf:5: jobs[0].adjust = \"hom\": no adjustment 'hom' (did you mean 'holm'?); known: none, bonferroni, holm, hochberg, bh, by, max-t"),
        usage(
            "too few permutations",
            CHANCE + "replicates = 10 } ]",
            "bad.conf:5: jobs[0].replicates = 10: must be a whole number between 19 and 1000000000"),
        usage(
            "samples without values",
            SAMPLES + "between = y } ]",
            "jobs[0].values: is missing; name a column of numbers, or a list of them"),
        usage(
            "values tested against themselves",
            "jobs = [ { job = permutation-test, test = independence, values = [x, z], against = z } ]",
            "bad.conf:5: jobs[0].values = [\"x\",\"z\"]: holds 'z', which it is tested against"),
        usage(
            "statistic of another test",
            SAMPLES + "values = x, between = y, statistics = spearman } ]",
            "bad.conf:5: jobs[0].statistics = \"spearman\": no statistic 'spearman' of test = two-sample; known: mean-difference, energy-distance"),
        usage(
            "small distances",
            SAMPLES
                + "values = x, between = y, statistics = energy-distance, alternative = less } ]",
            "bad.conf:5: jobs[0].alternative = \"less\": energy-distance has no sign, and only large ones speak against equal distributions; leave alternative out"),
        usage(
            "one sample",
            SAMPLES + "values = x, between = y, samples = [1] } ]",
            "bad.conf:5: jobs[0].samples = [1]: must be two different values of y"),
        usage(
            "no jobs",
            "jobs = []",
            "jobs: is empty; name at least one, such as { job = cross-validate, data = ..., models = [...] }"),
        usage(
            "two jobs of one name",
            "jobs = ${jobs} [ { job = cross-validate, plan { kind = k-fold } } ]",
            "jobs[1]: two jobs are named 'cross-validate'; give each a name of its own"),
        usage(
            "syntax error",
            "models { m = ",
            "DIR/bad.conf: 5: Expecting a value but got wrong token: end of file; the file must be HOCON: key = value, sections { ... }, lists [ ... ]"),
        usage(
            "unresolved reference",
            "seed = ${nowhere}",
            "DIR/bad.conf: 5: Could not resolve substitution to a value: ${nowhere}; define it in the file, by --set, or as an environment variable"),
        usage("--set without =", "", "--set seed: must be KEY=VALUE, such as --set seed=7")
            .args("--set", "seed"),
        usage("--set of a wrong value", "", "--set: seed = \"x\": must be a whole number")
            .args("--set", "seed=x"),
        usage(
                "--set of an unknown key",
                "",
                "--set: unknown key 'sede'; known here: data, jobs, models, name, output, seed, subjects")
            .args("--set", "sede=7"),
        usage(
                "--only of an unknown job",
                "",
                "--only cross-validat: no such job (did you mean 'cross-validate'?); the jobs are cross-validate")
            .args("--only", "cross-validat"),
        usage("unknown option", "", "Unknown option: '--frobnicate'; see assay run --help")
            .args("--frobnicate"),
        usage(
                "bad run id",
                "",
                "run id '../up': must be 1 to 100 of the characters A-Z a-z 0-9 . _ - and start with none of . _, since it names folders")
            .args("--run-id", "../up"),
        usage(
            "no such data set",
            "jobs = [ { job = cross-validate, data = dd, plan { kind = k-fold } } ]",
            "bad.conf:5: jobs[0].data = \"dd\": no such data set (did you mean 'd'?); known: d"),
        usage(
            "no such model",
            "jobs = [ { job = cross-validate, models = [mm], plan { kind = k-fold } } ]",
            "bad.conf:5: jobs[0].models = [\"mm\"]: no model 'mm' (did you mean 'm'?); known: m"),
        usage(
            "column named twice in the configuration",
            "data.d.features = [x, id]",
            "data.d.features: column 'id' is named twice, in id and in features; a column has one role; remove it from one"),
        usage(
            "feature named twice",
            "data.d.features = [x, z, x]",
            "data.d.features: column 'x' is named twice, in features and in features; a column has one role; remove it from one"),
        usage(
            "unknown plan",
            job("kind = kfold"),
            "bad.conf:5: jobs[0].plan.kind = \"kfold\": unknown plan (did you mean 'k-fold'?); must be one of bootstrap, five-by-two, holdout, k-fold, leave-one-group-out, leave-one-out, nested, predefined, shuffle-split, time-series"),
        usage(
            "no bootstrap samples",
            job("kind = bootstrap, replicates = 0"),
            "bad.conf:5: jobs[0].plan.replicates = 0: must be a whole number between 2 and 1000000"),
        usage(
            "unknown key of a bootstrap",
            job("kind = bootstrap, folds = 5"),
            "bad.conf:5: unknown key 'jobs[0].plan.folds'; known here: assign, group, kind, repeats, replicates, stratify, train-sizes"),
        usage(
            "bootstrap of groups that are not there",
            job("kind = bootstrap, group = true"),
            "bad.conf:5: jobs[0].plan.group = true: the data declare no group; add `group = COLUMN` to the data, or remove this key"),
        usage(
            "bootstrap of a time series",
            "data.d.time = x\n" + job("kind = bootstrap"),
            "bad.conf:6: jobs[0].plan.kind = \"bootstrap\": bootstrap samples are drawn as if the order of rows meant nothing, and data.d has time = x; use kind = time-series, or remove time from the data"),
        usage(
            "comparison over bootstrap samples",
            "jobs = [ { job = cross-validate, name = cv, plan { kind = bootstrap } }, { job = compare, from = cv } ]",
            "bad.conf:5: jobs[1].from = \"cv\": no test here is for values of bootstrap samples, which 'cv' has; use k-fold or shuffle-split there"),
        usage(
            "plan without its column",
            job("kind = time-series"),
            "bad.conf:5: jobs[0].plan = {\"kind\":\"time-series\"}: a time series needs data.d.time = COLUMN"),
        usage(
            "unknown estimator",
            "models.m.estimator = logistic-regresion",
            "bad.conf:5: models.m.estimator = logistic-regresion: no such estimator (did you mean 'logistic-regression'?); known: {estimators}"),
        usage(
            "estimator that ignores weights",
            "data.d.weight = z\nmodels.m.estimator = factorization-machines",
            "bad.conf:6: models.m.estimator = factorization-machines: cannot learn from weighted rows, and data.d has weight = z; use another estimator, or data without weight"),
        usage(
            "one-vs-rest around one that ignores weights",
            "data.d.weight = z\nmodels.m { estimator = one-vs-rest, params.classifier = factorization-machines }",
            "bad.conf:6: models.m.estimator = one-vs-rest: cannot learn from weighted rows, and data.d has weight = z; use another estimator, or data without weight"),
        usage(
            "format of a model that is no table",
            "models.m.format = csv",
            "bad.conf:5: models.m.format = \"csv\": is for a table of predictions; remove this key"),
        usage(
            "unknown estimator parameter",
            "models.m.params.regparam = 0.1",
            "models.m.params.regparam: no such parameter (did you mean 'regParam'?); known: aggregationDepth, elasticNetParam, family, fitIntercept, maxBlockSizeInMB, maxIter, regParam, standardization, threshold, thresholds, tol"),
        usage(
            "estimator parameter out of range",
            "models.m.params.regParam = -1",
            "models.m.params.regParam = -1: is out of range: regularization parameter (>= 0)"),
        usage(
            "estimator parameter of the wrong type",
            "models.m.params.maxIter = few",
            "models.m.params.maxIter = few: must be a whole number"),
        usage(
            "unknown metric",
            metrics("acuracy"),
            "bad.conf:5: jobs[0].metrics = [\"acuracy\"]: unknown metric 'acuracy' (did you mean 'accuracy'?); known: {metrics}"),
        usage(
            "metric twice",
            metrics("accuracy, accuracy"),
            "bad.conf:5: jobs[0].metrics = [\"accuracy\",\"accuracy\"]: names accuracy twice; name it once"),
        usage(
            "fitting in evaluate",
            "jobs = [ { job = evaluate } ]",
            "jobs[0].models: 'm' has yet to be fitted; use job = cross-validate for it"),
        usage(
            "output that is no URI",
            "output = \"nowhere://a b\"",
            "output nowhere://a b: No FileSystem for scheme \"nowhere\". Name another place with --output or in the key output, or add its file system to the class path"),
        usage(
            "output of an unknown file system",
            "output = \"nowhere://there/x\"",
            "output nowhere://there/x: No FileSystem for scheme \"nowhere\". Name another place with --output or in the key output, or add its file system to the class path"));
  }

  static Stream<Bad> data() {
    return Stream.of(
        usage(
            "unknown feature in a group",
            "jobs = [ { job = importance, groups { both = [x, zz] } } ]",
            "bad.conf:5: jobs[0].groups.both = [\"x\",\"zz\"]: 'zz' is no feature (did you mean 'z'?); features are x, z"),
        usage(
            "unknown input",
            "jobs = [ { job = importance, inputs = [y] } ]",
            "bad.conf:5: jobs[0].inputs = [\"y\"]: 'y' is no feature; features are x, z"),
        input(
            "a saved model that is none, to explain",
            "models = null, models.s { model = \"DIR\" }, jobs = [ { job = importance } ]",
            "models.s.model = DIR: is no saved Spark ML pipeline; it has no folder 'metadata'"),
        input(
            "training sizes above the rows",
            job("kind = k-fold, folds = 2, train-sizes = [0.5, 6]"),
            "job 'cross-validate', plan, data.d: train-sizes: 6 is more than the 5 rows that repeat 0, fold 0 trains on; use a smaller number, or a share"),
        usage(
            "jackknife of a learner without one",
            "models.m.estimator = naive-bayes, "
                + job("kind = leave-one-out, by = infinitesimal-jackknife"),
            "models.m: leave-one-out by = infinitesimal-jackknife is not for it: there is no such approximation for it; use by = refits"),
        input(
            "missing data file",
            "data.d.path = \"DIR/nothing.csv\"",
            "data.d.path = DIR/nothing.csv: no such file or folder; give the path of data that are there"),
        input("empty table", "", "data.d.path = DIR/d.csv: has no rows; an evaluation needs some")
            .data("id,x,z,y"),
        input("empty file", "", "data.d.path = DIR/d.csv: is empty; it must have columns and rows")
            .file("d.csv", ""),
        input(
            "where that keeps nothing",
            "data.d.where = \"x > 100\"",
            "data.d.path = DIR/d.csv: has no rows that meet where = x > 100; loosen the condition"),
        usage(
            "bad SQL",
            "data.d.where = \"x >> > 1\"",
            "data.d.where = x >> > 1: must be Spark SQL over the data's columns: [PARSE_SYNTAX_ERROR] {spark}"),
        usage(
            "unknown column in SQL",
            "data.d.where = \"xx > 1\"",
            "data.d.where = xx > 1: must be Spark SQL over the data's columns: [UNRESOLVED_COLUMN.WITH_SUGGESTION] {spark}"),
        usage(
            "unknown format",
            "data.d.format = parket",
            "data.d.format = parket: Spark has no such source; known: csv, parquet, json, orc, and those on the class path"),
        usage(
            "bad schema",
            "data.d.schema = \"id BIGINTEGER\"",
            "data.d.schema = id BIGINTEGER: must be a Spark schema such as 'id BIGINT, label INT': [UNSUPPORTED_DATATYPE] {spark}"),
        input(
                "unreadable Parquet",
                "data.d.path = \"DIR/d.parquet\"",
                "data.d.path = DIR/d.parquet: cannot be read as parquet: file:DIR/d.parquet is not a Parquet file. Expected magic number at tail, but found [52, 44, 48, 10]; mend the data, or name their format")
            .file("d.parquet", DATA),
        input(
                "column twice in the header",
                "",
                "data.d: column 'x' stands twice in DIR/d.csv; column names must be unique; rename one")
            .data("id,x,x,y", "1,2,3,0", "2,3,4,1"),
        input(
            "label column missing",
            "data.d.label = Y",
            "data.d.label: no column 'Y' (did you mean 'y'?); the columns are id, x, z, y"),
        input(
            "no such feature",
            "data.d.features = [x, zz]",
            "data.d.features: no column 'zz' (did you mean 'z'?); the columns are id, x, z, y"),
        input(
                "label with one class",
                "",
                "data.d.label: column 'y' has one class only, '0'; a classification needs at least two; add rows of another class, or loosen where")
            .data("id,x,y", "1,2,0", "2,3,0"),
        input(
                "label with null",
                "",
                "data.d.label: 1 of 3 rows have no y (null or NaN); remove them, for example by where = \"y is not null\"")
            .data("id,x,y", "1,2,0", "2,3,", "3,4,1"),
        input(
                "label with NaN",
                REGRESSION,
                "data.d.label: 1 of 3 rows have no y (null or NaN); remove them, for example by where = \"y is not null\"")
            .data("id,x,y", "1,2,0.5", "2,3,NaN", "3,4,1.5"),
        input(
                "labels written as numbers that mean missing",
                "data.d.nulls = [\"-999\", \"none\"]",
                "data.d.label: 2 of 5 rows have no y (null or NaN); remove them, for example by where = \"y is not null\"")
            .data("id,x,y", "1,2,0", "2,3,-999", "3,4,1", "4,4,-999.0", "5,4,-998"),
        input(
                "answers written as numbers that mean missing",
                COLUMNS.replace(", score = z", "") + "\ndata.d.nulls = [\"0.5\"]",
                "models.p: 1 of 3 rows have no prediction or score (null or NaN); every row must have them; add them, or remove the rows by where")
            .data("id,x,y", "1,0,0", "2,0.5,1", "3,1,1"),
        input(
                "infinite label",
                REGRESSION,
                "data.d.label: 1 of 3 rows have an infinite y; a label must be finite; remove them")
            .data("id,x,y", "1,2,0.5", "2,3,Inf", "3,4,1.5"),
        input(
                "label of times",
                "",
                "data.d.label: column 'y' is timestamp; a label is a number, a truth value or a text; derive one, or name another column")
            .data("id,x,y", "1,2,2026-01-01 00:00:00", "2,3,2026-01-02 00:00:00"),
        usage(
                "ambiguous task",
                "",
                "data.d.task: label 'y' has 5 distinct whole numbers, which may be classes or quantities; set task = classification or task = regression")
            .data("id,x,y", "1,2,1", "2,3,2", "3,4,3", "4,5,4", "5,6,5"),
        usage(
                "regression of texts",
                REGRESSION,
                "data.d.task = regression: label 'y' is string; a regression needs a number; set task = classification, or name another label")
            .data("id,x,y", "1,2,no", "2,3,yes"),
        usage(
            "no such positive class",
            "data.d.positive = yes",
            "data.d.positive = yes: must be one of the two classes of a binary label; the classes are 0, 1"),
        input(
                "null ids",
                "",
                "data.d.id: 2 of 3 rows have no id; an id must be there and unique; remove them, for example by where = \"id is not null\", or remove id to key rows by their content")
            .data("id,x,y", "1,2,0", ",3,1", ",4,1"),
        input(
                "duplicate ids",
                "",
                "data.d.id: 4 of 9 rows repeat the id of another row, such as a, b, c; an id must be unique; remove the repeats, or name another id")
            .data(
                "id,x,y", "a,2,0", "a,3,1", "b,4,1", "b,4,0", "c,5,1", "c,6,0", "d,7,1", "d,8,0",
                "e,9,0"),
        input(
                "text feature without encoding",
                "",
                "data.d.encode = fail: 'city' is a text; set encode = one-hot or index, or exclude it")
            .data("id,x,city,y", "1,2,Bonn,0", "2,3,Ulm,1", "3,4,Ulm,1", "4,5,Bonn,0"),
        input(
                "text feature of too many values",
                "data.d { encode = one-hot, max-categories = 2 }",
                "data.d.features: text column 'city' has more than 2 distinct values; exclude it, or raise max-categories")
            .data("id,city,y", "1,Bonn,0", "2,Ulm,1", "3,Kiel,1"),
        input(
                "feature of times",
                "",
                "data.d.features: 'at' (timestamp): a feature is a number, a truth value, a text or a vector; name it in exclude, or derive a number from it")
            .data("id,x,at,y", "1,2,2026-01-01 00:00:00,0", "2,3,2026-01-02 00:00:00,1"),
        input(
            "no feature left",
            "data.d.exclude = [x, z]",
            "data.d.features: no column is left to learn from; name some in features, or exclude fewer"),
        input(
                "infinite feature",
                "",
                "data.d.features: column 'x' is infinite in 1 of 3 rows; features must be finite; exclude it, or derive a finite one")
            .data("id,x,y", "1,2,0", "2,Inf,1", "3,4,0"),
        input(
                "missing values",
                "",
                "data.d.impute = fail: values are missing in 'x' (1), 'z' (2); set impute = median, mean or most-frequent, or exclude the columns")
            .data("id,x,z,y", "1,2,,0", "2,,3,1", "3,4,,0"),
        input(
                "negative weight",
                "data.d.weight = w",
                "data.d.weight: 1 of 2 rows have a w that is not a finite number of at least 0; mend or remove them")
            .data("id,x,w,y", "1,2,1,0", "2,3,-1,1"),
        usage(
                "memory that is no size",
                BOOTSTRAP + "memory = lots } ]",
                "bad.conf:5: jobs[0].memory = \"lots\": must be a size between 16MiB and 1PiB, such as 2GiB")
            .file("p.csv", PREDICTIONS),
        usage(
                "memory for a mouse",
                BOOTSTRAP + "memory = 1MiB } ]",
                "bad.conf:5: jobs[0].memory = \"1MiB\": must be a size between 16MiB and 1PiB, such as 2GiB")
            .file("p.csv", PREDICTIONS),
        usage(
                "multinomial counts by rows",
                BOOTSTRAP + "cut = rows, weights = multinomial } ]",
                "bad.conf:5: jobs[0].weights = \"multinomial\": multinomial counts depend on all rows together, and no task that owns some rows knows the others; leave weights out, or set weights = poisson, or set cut = replicates")
            .file("p.csv", PREDICTIONS),
        usage(
                "strata of Poisson counts",
                BOOTSTRAP + "weights = poisson, stratify = true } ]",
                "bad.conf:5: jobs[0].weights = \"poisson\": Poisson counts cannot keep the size of a stratum; leave weights out, or set stratify = false")
            .file("p.csv", PREDICTIONS),
        input(
                "weights whose sums overflow",
                "data.d.weight = w",
                "data.d.weight: 2 of 3 rows have a w above 1.0E200, the sums of which would overflow; divide all weights by the same number")
            .data("id,x,w,y", "1,2,1e200,0", "2,3,1.1e200,1", "3,4,1e300,1"),
        input(
                "weights all zero",
                "data.d.weight = w",
                "data.d.weight: all weights are 0; at least one must be above 0")
            .data("id,x,w,y", "1,2,0,0", "2,3,0,1"),
        input(
                "weight of text",
                "data.d.weight = w",
                "data.d.weight: column 'w' is string; it must be a number; derive one, or name another column")
            .data("id,x,w,y", "1,2,heavy,0", "2,3,light,1"),
        input(
                "group with nulls",
                "data.d.group = g",
                "data.d.group: 1 of 3 rows have no g; every row must belong to a group; remove them, or derive a group of their own")
            .data("id,x,g,y", "1,2,a,0", "2,3,,1", "3,4,b,0"),
        input(
                "time of text",
                "data.d.time = at",
                "data.d.time: column 'at' is string; it must be a timestamp, a date or a whole number; derive one, or name another column")
            .data("id,x,at,y", "1,2,soon,0", "2,3,late,1"),
        input(
                "fold with nulls",
                "data.d.fold = f\n" + job("kind = predefined"),
                "data.d.fold: 1 of 3 rows have no f; every row must have a fold; remove them")
            .data("id,x,f,y", "1,2,a,0", "2,3,,1", "3,4,b,0"),
        input(
            "more folds than rows",
            job("kind = k-fold, folds = 11"),
            "job 'cross-validate', plan, data.d: 11 folds need at least 11 rows, and there are 10; use at most 10 folds"),
        input(
                "more folds than groups",
                "data.d.group = g\n" + job("kind = k-fold, folds = 3"),
                "job 'cross-validate', plan, data.d: 3 folds need at least 3 groups, and there are 2; use at most 2 folds")
            .data("id,x,g,y", "1,2,a,0", "2,3,a,1", "3,4,b,0"),
        input(
            "more folds than members of a class",
            job("kind = k-fold, folds = 5, stratify = true"),
            "job 'cross-validate', plan, data.d: class '1' has 4 rows, and 5 stratified folds need at least 5 of every class; use at most 4 folds, or remove stratify"),
        usage(
            "metric that the model cannot give",
            "models.m.estimator = linear-svc\n" + metrics("log-loss"),
            "bad.conf:6: jobs[0].metrics = [\"log-loss\"]: log-loss needs class labels with probabilities, which model 'm' does not give; name other metrics, or put the model in a job of its own"),
        usage(
            "interval that is not made",
            "models = null, models.a { prediction = x }, jobs = [ { job = bootstrap, interval = jeffreys } ]",
            "bad.conf:5: jobs[0].interval = \"jeffreys\": no interval method 'jeffreys'; known: percentile, basic, normal, student-t, bca, studentized, clopper-pearson, wald, wilson, delong"),
        usage(
            "interval of independent rows for rows of unequal weight",
            "data.d.weight = w, models = null, models.a { prediction = x }, jobs = [ { job = bootstrap, interval = wilson } ]",
            "bad.conf:5: jobs[0].interval = \"wilson\": the formula of wilson is for independent rows that all count the same, and data.d.weight gives them weights; take bca"),
        usage(
                "interval that fits no metric",
                BOOTSTRAP + "metrics = [accuracy], interval = [bca, delong] } ]",
                "bad.conf:5: jobs[0].interval = [\"bca\",\"delong\"]: delong is for roc-auc; take bca")
            .file("p.csv", PREDICTIONS),
        usage(
                "metric without an interval",
                BOOTSTRAP + "metrics = [accuracy, f1], interval = wilson } ]",
                "bad.conf:5: jobs[0].interval = \"wilson\": none of these is for f1; add one that is, such as bca, or leave the metric to another job")
            .file("p.csv", PREDICTIONS),
        usage(
            "margin of nothing",
            "models = null, models.a { prediction = x }, models.b { prediction = z }, jobs = [ { job = compare, margin = 0 } ]",
            "bad.conf:5: jobs[0].margin = 0: must be above 0, in the metric's unit"),
        usage(
            "test of a comparison twice",
            "models = null, models.a { prediction = x }, models.b { prediction = z }, jobs = [ { job = compare, tests = [sign-flip, sign-flip] } ]",
            "bad.conf:5: jobs[0].tests = [\"sign-flip\",\"sign-flip\"]: names sign-flip twice; name it once"),
        usage(
            "comparison by no test",
            "models = null, models.a { prediction = x }, models.b { prediction = z }, jobs = [ { job = compare, tests = [] } ]",
            "bad.conf:5: jobs[0].tests = []: names no test; leave it out for those that Assay chooses, or name some of {tests}"),
        usage(
            "auto beside other tests",
            "models = null, models.a { prediction = x }, models.b { prediction = z }, jobs = [ { job = compare, tests = [auto, sign-flip] } ]",
            "bad.conf:5: jobs[0].tests = [\"auto\",\"sign-flip\"]: auto chooses the tests and stands alone; remove it or the others"),
        usage(
            "control that is no model",
            "models = null, models.a { prediction = x }, models.b { prediction = z }, jobs = [ { job = compare, control = zzzzzz } ]",
            "bad.conf:5: jobs[0].control = \"zzzzzz\": is none of the job's models; they are a, b"),
        usage(
            "max-t with a test without replicates",
            "models = null, models.a { prediction = x }, models.b { prediction = z }, jobs = [ { job = compare, tests = [mcnemar-exact], adjust = max-t } ]",
            "bad.conf:5: jobs[0].adjust = \"max-t\": needs replicates that all p-values of a family share, which mcnemar-exact has not; take tests = [sign-flip] or [paired-bootstrap], or adjust = holm"),
        usage(
            "from a job that is not there",
            "jobs = [ { job = compare, from = zzzzzz } ]",
            "bad.conf:5: jobs[0].from = \"zzzzzz\": no earlier cross-validate job 'zzzzzz'; known: none"),
        usage(
            "from a later job",
            "jobs = [ { job = compare, from = cv }, { job = cross-validate, name = cv, plan { kind = k-fold } } ]",
            "bad.conf:5: jobs[0].from = \"cv\": no earlier cross-validate job 'cv'; known: none"),
        usage(
            "from the same job twice",
            "jobs = [ { job = cross-validate, name = cv, plan { kind = k-fold } }, { job = compare, from = [cv, cv] } ]",
            "bad.conf:5: jobs[1].from = [\"cv\",\"cv\"]: names 'cv' twice; name it once"),
        usage(
            "from beside models",
            "jobs = [ { job = cross-validate, name = cv, plan { kind = k-fold } }, { job = compare, from = cv, models = m } ]",
            "bad.conf:5: jobs[1].models = \"m\": stands beside from, which brings its own; remove one"),
        usage(
            "max-t without joint replicates",
            "jobs = [ { job = cross-validate, name = cv, plan { kind = k-fold } }, { job = compare, from = cv, adjust = max-t } ]",
            "bad.conf:5: jobs[1].adjust = \"max-t\": needs replicates that all p-values of a family share, which tests on splits and over data sets have not; take adjust = holm, or compare with data and models in place of from"),
        usage(
            "more exchanges than a report can count",
            "models = null, models.a { prediction = x }, models.b { prediction = z }, jobs = [ { job = compare, exact-up-to = 2147483648 } ]",
            "bad.conf:5: jobs[0].exact-up-to = 2147483648: must be a whole number between 0 and 1000000000"),
        usage(
            "regression metric of a classification",
            metrics("rmse"),
            "bad.conf:5: jobs[0].metrics = [\"rmse\"]: rmse needs numbers as labels (task = regression), which model 'm' does not give; name other metrics, or put the model in a job of its own"),
        usage(
            "regression estimator on a classification",
            "models.m.estimator = linear-regression",
            "bad.conf:5: models.m.estimator = linear-regression: learns numbers, not classes, and the label 'y' of data.d is one of 2 classes; use another estimator, or check data.d.task"),
        usage(
            "classification estimator on a regression",
            REGRESSION + "models.m.estimator = naive-bayes",
            "bad.conf:6: models.m.estimator = naive-bayes: learns classes, not numbers, and the label 'y' of data.d is a number; use another estimator, or check data.d.task"),
        input(
                "predictions missing",
                TABLE,
                "models.p.predictions = DIR/p.csv: 2 rows of data.d have no prediction, such as 2, 5; add them, or set on-missing = drop")
            .file("p.csv", PREDICTIONS.replace("2,1,0.9\n", "").replace("5,0,0.3\n", "")),
        input(
                "predictions of other rows",
                TABLE,
                "models.p.predictions = DIR/p.csv: 2 ids are not in data.d, such as 11, 12; remove them, or set on-missing = drop")
            .file("p.csv", PREDICTIONS + "11,1,0.5\n12,1,0.5\n"),
        input(
                "predictions twice",
                TABLE,
                "models.p.predictions = DIR/p.csv: ids must be unique and not null, but 2 are repeated or null, such as 2, 4; keep one row of each")
            .file("p.csv", PREDICTIONS + "2,1,0.5\n4,1,0.5\n"),
        input(
                "predictions without their column",
                TABLE,
                "models.p.score: no column 'score'; the columns are id, prediction, p")
            .file("p.csv", PREDICTIONS.replace("score", "p")),
        input(
            "predictions without a file",
            TABLE,
            "models.p.predictions = DIR/p.csv: no such file or folder; give the path of data that are there"),
        input(
                "predictions of no class",
                TABLE,
                "models.p.prediction: predicts '2', which is no class of the label; the classes are 0, 1; mend it, or name the column that holds class names")
            .file("p.csv", PREDICTIONS.replace("2,1,0.9", "2,2,0.9")),
        input(
                "null predictions",
                TABLE,
                "models.p: 1 of 10 rows have no prediction or score (null or NaN); every row must have them; add them, or remove the rows by where")
            .file("p.csv", PREDICTIONS.replace("2,1,0.9", "2,,0.9")),
        input(
                "scores outside [0, 1]",
                TABLE,
                "models.p.score: 2 scores of 10 rows are not probabilities in [0, 1]; set score-kind = ranking if they only rank")
            .file(
                "p.csv", PREDICTIONS.replace("2,1,0.9", "2,1,1.9").replace("3,0,0.2", "3,0,-0.2")),
        input(
                "probabilities that do not sum to 1",
                "data.d.path = \"DIR/d.json\"\n" + COLUMNS.replace("prediction = x, ", ""),
                "models.p.score: the probabilities of 2 of 4 rows do not sum to 1 within 1.0E-5; mend them, or set score-kind = ranking if they only rank")
            .file(
                "d.json",
                table(
                    "{\"id\": 1, \"z\": [0.2, 0.3, 0.5], \"y\": \"a\"}",
                    "{\"id\": 2, \"z\": [0.2, 0.3, 0.50002], \"y\": \"b\"}",
                    "{\"id\": 3, \"z\": [0.2, 0.3, 0.500009], \"y\": \"c\"}",
                    "{\"id\": 4, \"z\": [0.2, 0.3, 0.4], \"y\": \"a\"}")),
        input(
                "scores of text",
                TABLE,
                "models.p.score: column 'score' is string; a score is a number, or a vector of one per class; name such a column")
            .file("p.csv", PREDICTIONS.replace("2,1,0.9", "2,1,high")),
        input(
                "predictions that are no numbers",
                REGRESSION + TABLE.replace(", score = score", "").replace("accuracy", "rmse"),
                "models.p.prediction: 1 of 10 rows of 'prediction' hold no finite number, which a regression needs; mend or remove them")
            .file("p.csv", PREDICTIONS.replace("2,1,0.9", "2,much,0.9")),
        usage(
            "scores of a regression",
            REGRESSION + COLUMNS,
            "models.p.score: a regression has no score; remove it, and name the column of the predicted values in prediction"),
        input(
            "no such slice",
            "data.d.slices = [land]",
            "data.d.slices: no column 'land'; the columns are id, x, z, y"),
        input(
            "edges of texts",
            "data.d { derive { t = \"concat('t', x)\" }, exclude = [t], slices = [{ column = t, edges = [1] }] }",
            "data.d.slices: column 't' is string; edges and quantiles cut numbers; derive one, or slice by its values"),
        input(
                "slices of too many combinations",
                COLUMNS
                    + ", models.p.score = null, data.d { slices = [[a, b, c, d, e]], derive {"
                    + " p = y, a = \"explode(sequence(1, 7000))\", b = \"a + 0\", c = \"a + 1\", d = \"a + 2\", e = \"a + 3\" }, id = null }, models.p.prediction = p",
                "data.d.slices: a, b, c, d, e have too many combinations of values to be counted; slice by fewer columns at a time")
            .data("id,x,z,y", "1,2,3,0", "2,3,4,1"),
        input(
                "two slices of one name",
                COLUMNS
                    + ", models.p.score = null, models.p.prediction = y, data.d.slices = [[x, z]]",
                "data.d.slices: two different slices would be named x=a,z=b,z=c; derive a column with other values, and slice by it")
            .data("id,x,z,y", "1,\"a,z=b\",c,0", "2,a,\"b,z=c\",1", "3,a,\"b,z=c\",1"),
        input(
                "no row of a model",
                LONG + ", models.c.prediction = p",
                "models.c.model-value = c: no row of data.d has it in system; it holds a, b")
            .data(LONG_ROWS),
        input(
                "misspelled model",
                LONG + ", models.a.model-value = A",
                "models.a.model-value = A: no row of data.d has it in system (did you mean 'a'?); it holds a, b")
            .data(LONG_ROWS),
        input(
                "items that a model lacks",
                LONG,
                "models.b: 2 of 4 items of data.d have no row with system = b, such as 2, 4; add them, or set on-missing = drop")
            .data(
                "id,system,p,y", "1,a,0,0", "1,b,0,0", "2,a,1,1", "3,b,1,0", "3,a,1,0", "4,a,0,1"),
        input(
                "items that a model has twice",
                LONG,
                "models.a: 1 of 2 items of data.d have several rows with system = a, such as 2; keep one row of each")
            .data("id,system,p,y", "1,a,0,0", "1,b,0,0", "2,a,1,1", "2,b,0,1", "2,a,1,1"),
        input(
                "labels that differ between models",
                LONG,
                "data.d.label: 2 of 3 items have rows that differ in y, such as 1, 3; the rows of an item must agree on it; mend them")
            .data("id,system,p,y", "1,a,0,0", "1,b,0,1", "2,a,1,1", "2,b,0,1", "3,a,1,", "3,b,1,0"),
        input(
                "slices that differ between models",
                LONG + ", data.d.slices = [{ column = z, quantiles = 2 }]",
                "data.d.slices: 1 of 2 items have rows that differ in z, such as 2; the rows of an item must agree on it; mend them")
            .data("id,system,p,y,z", "1,a,0,0,5", "1,b,0,0,5", "2,a,1,1,5", "2,b,0,1,6"),
        input(
                "long rows without an id",
                LONG,
                "data.d.id: 2 of 5 rows have no id; an id must be there in every row; remove them, for example by where = \"id is not null\"")
            .data("id,system,p,y", "1,a,0,0", "1,b,0,0", ",a,1,1", ",b,0,1", "2,a,1,1"),
        input(
            "long data without the column",
            LONG,
            "data.d.model-column: no column 'system'; the columns are id, x, z, y"),
        input(
                "correctness that is neither",
                CORRECT,
                "models.p.correct: 2 of 4 rows of 'x' are neither 1 or true, for a right prediction, nor 0 or false; mend them, or derive such a column")
            .data("id,x", "1,1", "2,yes", "3,0.5", "4,true"),
        input(
                "correctness that is missing",
                CORRECT,
                "models.p: 1 of 3 rows have no prediction or score (null or NaN); every row must have them; add them, or remove the rows by where")
            .data("id,x", "1,1", "2,", "3,0"),
        usage(
                "metric of more than correctness",
                CORRECT + ", jobs = [ { job = evaluate, metrics = [accuracy, f1] } ]",
                "bad.conf:5: jobs[0].metrics = [\"accuracy\",\"f1\"]: f1 needs the predicted classes, not only whether they are right, which model 'p' does not give; name other metrics, or put the model in a job of its own")
            .data("id,x", "1,1", "2,0"),
        usage(
            "correctness of a regression",
            CORRECT + ", data.d { label = x, task = regression }, models.p.correct = y",
            "models.p.correct: predictions of a number are not right or wrong; remove the label, or name the column of predictions"),
        usage(
                "bad SQL of a table",
                TABLE + ", models.p.where = \"score >> > 1\"",
                "models.p.where = score >> > 1: must be Spark SQL over the data's columns: [PARSE_SYNTAX_ERROR] {spark}")
            .file("p.csv", PREDICTIONS),
        input(
            "latest run of none",
            SEALED + "{ output = \"DIR/none\" }",
            "models.p.predictions.run-id = latest: no sealed run in file:DIR/none; name the output that it was sealed in"),
        usage(
            "sealed run that is not there",
            SEALED + "{ output = \"DIR/none\", run-id = r9 }",
            "models.p.predictions.run-id: no sealed run 'r9' in file:DIR/none; there is no sealed run at all"),
        usage(
            "weighted samples",
            "data.d.weight = z, " + SAMPLES + "values = x, between = y } ]",
            "bad.conf:5: jobs[0].test = \"two-sample\": takes no weights, and data.d.weight = z; name the same rows in a data set without weight"),
        input(
            "no such strata",
            CHANCE + "within = ward } ]",
            "jobs[0].within: no column 'ward'; the columns are id, x, z, y, s"),
        input(
            "values of text",
            "data.d.derive.t = \"concat('t', x)\", " + SAMPLES + "values = t, between = y } ]",
            "jobs[0].values: column 't' is string; it must be a number; derive one, or name another column"),
        input(
            "several samples",
            SAMPLES + "values = x, between = z } ]",
            "jobs[0].between = z: has 10 distinct values, 0.1, 0.3, 0.5, 1.0, 1.1, 1.3, 1.5, 2.0, 2.2, 2.4; name the two to compare in samples"),
        input(
            "no such sample",
            SAMPLES + "values = x, between = y, samples = [0, 2] } ]",
            "jobs[0].samples: column y has no value '2'; known: 0, 1"),
        input(
            "infinite values",
            "data.d.derive.t = \"if(x < 2, cast('inf' as double), x)\", "
                + SAMPLES
                + "values = t, between = y } ]",
            "jobs[0].values: 2 of 10 rows have an infinite t; means and distances need finite numbers; remove them, for example by data.d.where"),
        usage(
            "memory of the permutation test by its former name",
            CHANCE + "broadcast-mb = 64 } ]",
            "bad.conf:5: unknown key 'jobs[0].broadcast-mb'; known here: adjust, alternative, data, exact-up-to, job, level, memory, metrics, models, name, plan, replicates, stop-after, test, within"),
        usage(
            "more rows than are compared",
            "data.d { id = null, derive { a = \"explode(sequence(1, 40000))\", p = y } }, models = null, models { p.prediction = p, q.prediction = y }, "
                + "jobs = [ { job = compare, memory = 16MiB } ]",
            "bad.conf:5: jobs[0].memory = \"16MiB\": the 400000 rows of data.d take about 17MiB on the driver and on each executor, more than 16MiB; raise it, and give them three times that, or test a sample of the rows by data.d.where"),
        usage(
            "more rows than are sent",
            "data.d { id = null, derive.a = \"explode(sequence(1, 40000))\" }, "
                + CHANCE
                + "memory = 16MiB } ]",
            "bad.conf:5: jobs[0].memory = \"16MiB\": the 400000 rows of data.d take about 21MiB on the driver and on each executor, more than 16MiB; raise it, and give them three times that, or test a sample of the rows by data.d.where"),
        usage(
            "output that is a file",
            "output = \"DIR/d.csv\"",
            "output file:DIR/d.csv cannot be used: Parent path is not a directory: file:DIR/d.csv. Name a writable place with --output or in the key output"),
        usage(
            "output below a file",
            "output = \"DIR/d.csv/reports\"",
            "output file:DIR/d.csv/reports cannot be used: Parent path is not a directory: file:DIR/d.csv. Name a writable place with --output or in the key output"));
  }

  /** Of the jobs that draw or exchange rows. */
  static Stream<Bad> resampling() {
    return Stream.of(
        usage(
            "bootstrap of a model that is yet to be fitted",
            "jobs = [ { job = bootstrap } ]",
            "jobs[0].models: 'm' has yet to be fitted; bootstrap measures models that answer already, or with from = a cross-validate job's name what that predicted"),
        usage(
                "level of certainty",
                BOOTSTRAP + "level = 1 } ]",
                "bad.conf:5: jobs[0].level = 1: must be a number between 0.5 and 0.999999")
            .file("p.csv", PREDICTIONS),
        usage(
                "no replicates",
                BOOTSTRAP + "replicates = 0 } ]",
                "bad.conf:5: jobs[0].replicates = 0: must be a whole number between 2 and 1000000")
            .file("p.csv", PREDICTIONS),
        usage(
                "more replicates than an int",
                BOOTSTRAP + "replicates = 2147483648 } ]",
                "bad.conf:5: jobs[0].replicates = 2147483648: must be a whole number between 2 and 1000000")
            .file("p.csv", PREDICTIONS),
        usage(
                "half a replicate",
                BOOTSTRAP + "replicates = 100.5 } ]",
                "bad.conf:5: jobs[0].replicates = 100.5: must be a whole number between 2 and 1000000")
            .file("p.csv", PREDICTIONS),
        usage(
                "no interval",
                BOOTSTRAP + "interval = [] } ]",
                "bad.conf:5: jobs[0].interval = []: must name at least one method, and each once")
            .file("p.csv", PREDICTIONS),
        usage(
                "studentized interval of groups",
                "data.d.group = z, " + BOOTSTRAP + "interval = studentized } ]",
                "bad.conf:5: jobs[0].interval = \"studentized\": the formula of studentized is for independent rows that all count the same, and data.d.group draws whole groups of them; take bca")
            .file("p.csv", PREDICTIONS),
        usage(
                "placements cut by rows",
                BOOTSTRAP + "metrics = [roc-auc], interval = delong, cut = rows } ]",
                "bad.conf:5: jobs[0].interval = \"delong\": delong needs all rows in one place, and they are cut by rows; raise memory, set cut = replicates, or leave it out")
            .file("p.csv", PREDICTIONS),
        usage(
            "median cut by rows",
            REGRESSION
                + "models = null, models.p.prediction = x, jobs = [ { job = bootstrap, metrics = [median-absolute-error], cut = rows } ]",
            "bad.conf:6: jobs[0].metrics = [\"median-absolute-error\"]: median-absolute-error has to remember the rows of every replicate, which work cut by rows has no room for; leave it out here, or measure it on a sample, or set cut = replicates"),
        input(
            "bootstrap of one class",
            "models = null, models.p.score = s, data.d { derive.s = \"x / 10\", where = \"y = 0\" }, jobs = [ { job = bootstrap, metrics = [roc-auc] } ]",
            "data.d.label: column 'y' has one class only, '0'; a classification needs at least two; add rows of another class, or loosen where"),
        input(
            "bootstrap of no rows",
            "models = null, models.p.score = s, data.d { derive.s = \"x / 10\", where = \"x > 100\" }, jobs = [ { job = bootstrap, metrics = [roc-auc] } ]",
            "data.d.path = DIR/d.csv: has no rows that meet where = x > 100; loosen the condition"),
        input(
                "bootstrap of scores that are no numbers",
                BOOTSTRAP + "} ]",
                "models.p: 1 of 10 rows have no prediction or score (null or NaN); every row must have them; add them, or remove the rows by where")
            .file("p.csv", PREDICTIONS.replace("2,1,0.9", "2,1,NaN")),
        input(
                "bootstrap of rows that are there twice",
                BOOTSTRAP + "} ]",
                "data.d.id: 1 of 11 rows repeat the id of another row, such as 3; an id must be unique; remove the repeats, or name another id")
            .file("p.csv", PREDICTIONS)
            .file("d.csv", DATA + "3,1,1,1\n"),
        input(
                "bootstrap of groups that are not known",
                "data.d.group = g, " + BOOTSTRAP + "} ]",
                "data.d.group: 4 of 10 rows have no g; every row must belong to a group; remove them, or derive a group of their own")
            .file("p.csv", PREDICTIONS)
            .file(
                "d.csv",
                DATA.replace("y\n", "y,g\n").replace("0\n", "0,a\n").replace("1\n", "1,\n")),
        usage(
            "bootstrap from a job that is not there",
            "jobs = [ { job = bootstrap, from = cv } ]",
            "bad.conf:5: jobs[0].from = \"cv\": no earlier cross-validate job 'cv'; known: none"),
        usage(
            "bootstrap from two jobs",
            "jobs = [ { job = cross-validate, name = a, plan { kind = k-fold } }, { job = cross-validate, name = b, plan { kind = k-fold } }, { job = bootstrap, from = [a, b] } ]",
            "bad.conf:5: jobs[2].from = [\"a\",\"b\"]: must be one job; write a bootstrap for each"),
        usage(
            "bootstrap of models beside from",
            "jobs = [ { job = cross-validate, name = a, plan { kind = k-fold } }, { job = bootstrap, from = a, models = m } ]",
            "bad.conf:5: jobs[1].models = \"m\": stands beside from, which brings its own; remove one"),
        usage(
            "bootstrap from folds that hold out some rows",
            "jobs = [ { job = cross-validate, name = a, plan { kind = holdout, test = 3 } }, { job = bootstrap, from = a } ]",
            "bad.conf:5: jobs[1].from = \"a\": the plan of job 'a' (holdout, test 3 rows) holds out 3 of the 10 rows in its first repeat, and each must be predicted once; take one that holds out all of them, such as k-fold"),
        usage(
            "comparison of one model",
            "models = null, models.a.prediction = x, jobs = [ { job = compare } ]",
            "jobs[0].models: must name 2 to 63 models, to be compared; found [a]"),
        usage(
            "comparison of a model that is yet to be fitted",
            "models.b.prediction = x, jobs = [ { job = compare } ]",
            "jobs[0].models: 'm' has yet to be fitted; compare models that answer already, or cross-validate them and compare with from = that job's name"),
        usage(
            "unknown test of a comparison",
            PAIR + "tests = [mcnemar] } ]",
            "bad.conf:5: jobs[0].tests = [\"mcnemar\"]: no test 'mcnemar'; known: auto, {tests}"),
        usage(
            "equivalence without a margin",
            PAIR + "tests = [tost] } ]",
            "bad.conf:5: jobs[0].tests = [\"tost\"]: tost needs a margin, the difference that does not matter; set margin"),
        usage(
            "margin below nothing",
            PAIR + "margin = -0.1 } ]",
            "bad.conf:5: jobs[0].margin = -0.1: must be a number of at least 0"),
        usage(
            "certain comparison",
            PAIR + "level = 1 } ]",
            "bad.conf:5: jobs[0].level = 1: must be a number between 0.5 and 0.999999"),
        usage(
            "comparison by few replicates",
            PAIR + "replicates = 0 } ]",
            "bad.conf:5: jobs[0].replicates = 0: must be a whole number between 100 and 10000000"),
        usage(
            "comparison by more replicates than an int",
            PAIR + "replicates = 2147483648 } ]",
            "bad.conf:5: jobs[0].replicates = 2147483648: must be a whole number between 100 and 10000000"),
        usage(
            "areas of answers without scores",
            PAIR + "metrics = [roc-auc] } ]",
            "bad.conf:5: jobs[0].metrics = [\"roc-auc\"]: roc-auc needs a binary task with scores, which model 'a' does not give; name other metrics, or put the model in a job of its own"),
        usage(
            "test of right and wrong answers of a mean loss",
            PAIR + "tests = [mcnemar-exact], metrics = [f1] } ]",
            "bad.conf:5: jobs[0].tests = [\"mcnemar-exact\"]: mcnemar-exact compares accuracy, not f1; name that metric, or take paired-bootstrap"),
        usage(
            "signs of no mean",
            PAIR + "tests = [sign-flip], metrics = [f1] } ]",
            "bad.conf:5: jobs[0].tests = [\"sign-flip\"]: sign-flip needs a metric that is a mean over rows, and f1 is none; take paired-bootstrap"),
        usage(
            "independent rows of groups",
            "data.d.group = z, " + PAIR + "tests = [mcnemar-exact] } ]",
            "bad.conf:5: jobs[0].tests = [\"mcnemar-exact\"]: mcnemar-exact takes rows for independent and of equal weight, and data.d has a group; take sign-flip or paired-bootstrap"),
        usage(
            "test on splits of rows",
            PAIR + "tests = [corrected-resampled-t] } ]",
            "bad.conf:5: jobs[0].tests = [\"corrected-resampled-t\"]: corrected-resampled-t needs values of two models on the splits of one data set; compare with from = the name of a cross-validate job"),
        input(
                "comparison of models with other rows",
                "models = null, models { a { prediction = y }, p { predictions = \"DIR/p.csv\", prediction = prediction } }, jobs = [ { job = compare } ]",
                "models.p.predictions = DIR/p.csv: 2 rows of data.d have no prediction, such as 2, 5; add them, or set on-missing = drop")
            .file("p.csv", PREDICTIONS.replace("2,1,0.9\n", "").replace("5,0,0.3\n", "")),
        input(
            "comparison of no rows",
            PAIR + "} ], data.d.where = \"x > 100\"",
            "data.d.path = DIR/d.csv: has no rows that meet where = x > 100; loosen the condition"),
        usage(
            "permutation test from a cross-validation",
            "jobs = [ { job = cross-validate, name = a, plan { kind = k-fold } }, { job = permutation-test, from = a } ]",
            "bad.conf:5: jobs[1].from = \"a\": a cross-validation predicts each row by a model that has seen the labels of others, so these cannot be exchanged without fitting anew; test predictions of a model that was fitted on other rows"),
        usage(
            "certain permutation test",
            CHANCE + "level = 1 } ]",
            "bad.conf:5: jobs[0].level = 1: must be a number between 0.5 and 0.999999"),
        usage(
            "permutation test without replicates",
            CHANCE + "replicates = 0 } ]",
            "bad.conf:5: jobs[0].replicates = 0: must be a whole number between 19 and 1000000000"),
        usage(
            "permutation test of more replicates than are drawn",
            CHANCE + "replicates = 2147483648 } ]",
            "bad.conf:5: jobs[0].replicates = 2147483648: must be a whole number between 19 and 1000000000"),
        usage(
            "negative patience",
            CHANCE + "stop-after = -1 } ]",
            "bad.conf:5: jobs[0].stop-after = -1: must be a whole number between 0 and 1000000"),
        input(
            "permutation test of one class",
            CHANCE + "metrics = [roc-auc] } ], data.d.where = \"y = 0\"",
            "data.d.label: column 'y' has one class only, '0'; a classification needs at least two; add rows of another class, or loosen where"),
        input(
            "permutation test of scores that are no numbers",
            CHANCE + "} ], data.d.derive.s = \"if(x < 1, double('NaN'), x / 10)\"",
            "models.p: 1 of 10 rows have no prediction or score (null or NaN); every row must have them; add them, or remove the rows by where"),
        input(
            "permutation test of one sample",
            "data.d { label = null, where = \"y = 0\" }, "
                + SAMPLES
                + "values = x, between = y } ]",
            "jobs[0].between = y: has 1 distinct value, 0; two samples need two; add rows of another, or loosen where"),
        usage(
            "samples made by nothing",
            SAMPLES + "values = x } ]",
            "bad.conf:5: missing key 'jobs[0].between'; add it"),
        usage(
            "values twice",
            SAMPLES + "values = [x, x], between = y } ]",
            "bad.conf:5: jobs[0].values = [\"x\",\"x\"]: names x twice; name it once"),
        usage(
            "no statistic",
            SAMPLES + "values = x, between = y, statistics = [] } ]",
            "bad.conf:5: jobs[0].statistics = []: is empty; known: mean-difference, energy-distance"),
        usage(
            "unknown permutation test",
            "jobs = [ { job = permutation-test, test = two-samples, values = x, between = y } ]",
            "bad.conf:5: jobs[0].test = \"two-samples\": must be one of label-permutation, two-sample, independence"),
        usage(
            "small correlations of distances",
            "jobs = [ { job = permutation-test, test = independence, values = x, against = z, statistics = distance-correlation, alternative = less } ]",
            "bad.conf:5: jobs[0].alternative = \"less\": distance-correlation has no sign, and only large ones speak against independence; leave alternative out"),
        input(
            "distances of an infinite value",
            "data.d.derive.t = \"if(x < 2, cast('inf' as double), x)\", jobs = [ { job = permutation-test, test = independence, values = x, against = t, statistics = distance-correlation } ]",
            "jobs[0].against: 2 of 10 rows have an infinite t; means and distances need finite numbers; remove them, for example by data.d.where"),
        input(
            "independence of a column that is not there",
            "jobs = [ { job = permutation-test, test = independence, values = x, against = zz } ]",
            "jobs[0].against: no column 'zz' (did you mean 'z'?); the columns are id, x, z, y"),
        input(
            "bootstrap of one row",
            "models = null, models.p.score = s, data.d { derive.s = \"x / 10\", where = \"x < 1\" }, jobs = [ { job = bootstrap, metrics = [roc-auc] } ]",
            "data.d.label: column 'y' has one class only, '0'; a classification needs at least two; add rows of another class, or loosen where"));
  }

  @BeforeAll
  static void start() {
    Shared.spark().sparkContext().setLogLevel("ERROR");
    Shared.spark().conf().set("spark.sql.shuffle.partitions", "2");
  }

  @AfterAll
  static void restore() {
    Shared.spark().conf().unset("spark.sql.shuffle.partitions");
  }

  /** An exit code and standard error from the message on, with the test's folder as DIR. */
  private record Ended(int code, String message) {}

  private Ended run(String... args) {
    PrintStream err = System.err;
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int code;
    try (PrintStream caught = new PrintStream(text, true, StandardCharsets.UTF_8)) {
      System.setErr(caught);
      code = Main.run(new PrintStream(OutputStream.nullOutputStream()), args);
    } finally {
      System.setErr(err);
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
    String all = text.toString(StandardCharsets.UTF_8);
    int from = Math.max(0, all.indexOf("assay: "));
    return new Ended(code, all.substring(from).strip().replace(dir.toString(), "DIR"));
  }

  private Path conf(Bad bad) throws IOException {
    for (Map.Entry<String, String> file : bad.files().entrySet()) {
      Files.writeString(dir.resolve(file.getKey()), file.getValue());
    }
    return Files.writeString(
        dir.resolve("bad.conf"), (CONF + bad.conf()).replace("DIR", dir.toString()));
  }

  /** What a reader of the output sees: all but what begins with a point or an underscore. */
  private List<String> visible(Path output) throws IOException {
    if (!Files.isDirectory(output)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(output)) {
      return all.map(p -> output.relativize(p).toString())
          .filter(p -> !p.isEmpty() && !p.startsWith("_") && !p.startsWith("."))
          .sorted()
          .toList();
    }
  }

  private void check(Bad bad) throws IOException {
    List<String> args = new ArrayList<>(List.of("run", conf(bad).toString()));
    args.addAll(bad.args());
    Ended ended = run(args.toArray(String[]::new));
    TreeSet<String> jobs = new TreeSet<>();
    ServiceLoader.load(Job.class).forEach(j -> jobs.add(j.kind()));
    String expected =
        bad.message()
            .replace("{jobs}", String.join(", ", jobs))
            .replace("{estimators}", String.join(", ", new TreeSet<>(Learners.all().keySet())))
            .replace("{metrics}", String.join(", ", Metrics.names()))
            .replace("{tests}", TESTS);
    int words = expected.indexOf("{spark}");
    if (words < 0) {
      assertThat(ended).isEqualTo(new Ended(bad.code(), "assay: " + expected));
    } else { // what follows is Spark's own sentence, which differs between its versions
      assertThat(ended.code()).isEqualTo(bad.code());
      assertThat(ended.message())
          .startsWith("assay: " + expected.substring(0, words))
          .hasSizeGreaterThan("assay: ".length() + words + 10)
          .hasLineCount(1);
    }
    assertThat(ended.message()).doesNotContainPattern(JAVA);
    assertThat(visible(dir.resolve("out"))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource
  void configurations(Bad bad) throws IOException {
    check(bad);
    assertThat(dir.resolve("out"))
        .as("nothing is written before the configuration is right")
        .doesNotExist();
  }

  @ParameterizedTest
  @MethodSource
  void data(Bad bad) throws IOException {
    check(bad);
  }

  @ParameterizedTest
  @MethodSource
  void resampling(Bad bad) throws IOException {
    check(bad);
  }

  @Test
  void missingConfigurationFile() {
    assertThat(run("run", dir.resolve("none.conf").toString()))
        .isEqualTo(
            new Ended(
                2, "assay: no configuration file 'DIR/none.conf'; give the path of a HOCON file"));
  }

  @Test
  void unknownCommand() {
    assertThat(run("rnu"))
        .isEqualTo(new Ended(2, "assay: Unmatched argument at index 0: 'rnu'; see assay --help"));
  }

  /** One row shows no spread: nothing is made up, and every row of the report says why. */
  @Test
  void fewerRowsThanTwoGiveReasonsInPlaceOfNumbers() throws IOException {
    Bad one =
        bad(
            "one row",
            0,
            "data.d { task = regression, where = \"x < 1\" }, models = null, models { p.prediction = x, q.prediction = z }, "
                + "jobs = [ { job = bootstrap, metrics = [mae], interval = [bca, percentile, normal, student-t, studentized] }, "
                + "{ job = compare, metrics = [mae, rmse] }, { job = permutation-test, metrics = [mae] } ]",
            "");
    assertThat(run("run", conf(one).toString(), "--run-id", "r1").code()).isZero();
    RunStore store = RunStore.open(dir.resolve("out").toString(), new Configuration());
    assertThat(store.read(Tables.ESTIMATES, "r1"))
        .filteredOn(e -> e.estimator().equals("plug-in"))
        .hasSize(2 * 5)
        .allSatisfy(
            e -> {
              assertThat(e.n()).isEqualTo(1);
              assertThat(e.reason()).as(e.toString()).isNotEmpty();
            });
    assertThat(store.read(Tables.COMPARISONS, "r1"))
        .isNotEmpty()
        .allSatisfy(
            c -> assertThat(c.pValue() == 1 || !c.reason().isEmpty()).as(c.toString()).isTrue());
  }

  private static Bad good() {
    return bad(
        "good",
        0,
        "data.d.derive { p = y }, models = null, models.p { prediction = p }, jobs = [ { job = evaluate, metrics = [accuracy] } ]",
        "");
  }

  /** What can be wrong with a sealed run's predictions once the run is there. */
  @Test
  void predictionsOfASealedRun() throws IOException {
    String sealed =
        "data.d.derive { p = y, q = \"1 - y\" }, models = null, models { p { prediction = p }, q { prediction = q } }, ";
    Bad kept =
        bad(
            "kept",
            0,
            sealed
                + "jobs = [ { job = evaluate, name = one, keep = all }, { job = evaluate, name = two, keep = all, models = [p] } ]",
            "");
    assertThat(run("run", conf(kept).toString(), "--run-id", "r1").code()).isZero();
    Bad bare = bad("bare", 0, sealed + "jobs = [ { job = evaluate } ]", "");
    assertThat(
            run("run", conf(bare).toString(), "--run-id", "r2", "--output", dir + "/bare").code())
        .isZero();
    String from = "{ output = \"DIR/out\", run-id = r1";
    for (Bad bad :
        List.of(
            usage(
                "job of several",
                SEALED + from + " }",
                "models.p.predictions.job: run r1 has several, 'one', 'two'; name one"),
            input(
                "no such job",
                SEALED + from + ", job = ones }",
                "models.p.predictions.job = ones: run r1 has no predictions of it (did you mean 'one'?); it has 'one', 'two'"),
            input(
                "no such model",
                SEALED + from + ", job = two, model = q }",
                "models.p.predictions.model = q: run r1 has no predictions of it; it has 'p'"),
            input(
                "no such repeat",
                SEALED + from + ", job = two, repeat = 1 }",
                "models.p.predictions.repeat = 1: run r1 has no predictions of it; it has '0'"),
            input(
                "suite of no run",
                SEALED + "{ output = \"DIR/out\", suite = other }",
                "models.p.predictions.run-id = latest: no sealed run of suite other in file:DIR/out; name the output that it was sealed in"),
            input(
                "run without predictions",
                SEALED + "{ output = \"DIR/bare\" }",
                "models.p.predictions: run r2 kept no predictions; run it again with keep = all in its job"),
            input(
                    "other rows than the run's",
                    SEALED + from + ", job = two }",
                    "models.p.predictions, run r1, job two, model p, repeat 0: 1 rows of data.d have no prediction, such as 11; add them, or set on-missing = drop")
                .file("d.csv", DATA + "11,1,2,0\n"),
            input(
                    "other labels than the run's",
                    SEALED + from + ", job = two }",
                    "models.p.predictions: 2 of 10 rows had another label in that run than they have in 'y'; use the data that it was made of")
                .file("d.csv", DATA.replace("2.0,1", "2.0,0").replace("2.4,0", "2.4,1")))) {
      Ended ended = run("run", conf(bad).toString(), "--output", dir + "/later");
      assertThat(ended).as(bad.name()).isEqualTo(new Ended(bad.code(), "assay: " + bad.message()));
    }
  }

  @Test
  void modelsWithoutTheirColumn() {
    assertThat(run("evaluate", "--data", "d.csv", "--models", "a,b", "--prediction", "p"))
        .isEqualTo(
            new Ended(
                2,
                "assay: --model-column and --models: give both, the column and the models to measure, or neither"));
  }

  @Test
  void runIdOfOtherSettings() throws IOException {
    String conf = conf(good()).toString();
    assertThat(run("run", conf, "--run-id", "r1").code()).isZero();
    List<String> before = visible(dir.resolve("out"));
    assertThat(before).isNotEmpty();
    Ended again = run("run", conf, "--run-id", "r1", "--set", "seed=2");
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.message().replaceAll("[0-9a-f]{12}", "HASH"))
        .isEqualTo(
            "assay: run id 'r1': was sealed with other settings (hash HASH, now HASH). Use the same settings, or another --run-id");
    assertThat(visible(dir.resolve("out"))).isEqualTo(before);
  }

  @Test
  void runIdHeldByALiveProcess() throws IOException {
    Path conf = conf(good());
    Runner runner = Runner.of(RunConfig.load(conf.toFile(), List.of()), List.of());
    RunStore store = RunStore.open(dir.resolve("out").toString(), new Configuration());
    Claim claim = store.claim(new RunKey("bad", "r1", runner.configHash()), Remains.CLEAR);
    try (StagedRun held = ((Claim.Claimed) claim).run()) {
      Ended second = run("run", conf.toString(), "--run-id", held.key().runId());
      assertThat(second.code()).isEqualTo(2);
      assertThat(
              second
                  .message()
                  .replaceAll("process \\d+ on \\S+ has", "process PID on HOST has")
                  .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:]+Z", "TIME"))
          .isEqualTo(
              "assay: run id 'r1': process PID on HOST has been working on it since TIME, last sign of life TIME. Wait for it, use another --run-id, or stop it and start again 60 s later");
      assertThat(visible(dir.resolve("out"))).isEmpty();
    }
  }

  /**
   * A local file system on which a file can hold {@link #LIMIT} bytes: enough for a claim, not for
   * a table.
   */
  public static final class Full extends RawLocalFileSystem {
    static final int LIMIT = 600;

    @Override
    public URI getUri() {
      return URI.create("full:///");
    }

    @Override
    public String getScheme() {
      return "full";
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path file,
        boolean overwrite,
        int buffer,
        short replication,
        long block,
        Progressable progress)
        throws IOException {
      return limited(super.create(file, overwrite, buffer, replication, block, progress));
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path file,
        FsPermission permission,
        boolean overwrite,
        int buffer,
        short replication,
        long block,
        Progressable progress)
        throws IOException {
      return limited(
          super.create(file, permission, overwrite, buffer, replication, block, progress));
    }

    private static FSDataOutputStream limited(FSDataOutputStream out) throws IOException {
      OutputStream limited =
          new OutputStream() {
            private long left = LIMIT;

            @Override
            public void write(int b) throws IOException {
              write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
              left -= length;
              if (left < 0) {
                throw new IOException("No space left on device");
              }
              out.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
              out.close();
            }
          };
      return new FSDataOutputStream(limited, null);
    }
  }

  @Test
  void diskFull() throws IOException {
    String key = "spark.hadoop.fs.full.impl";
    System.setProperty(key, Full.class.getName());
    Shared.spark().sparkContext().hadoopConfiguration().set("fs.full.impl", Full.class.getName());
    try {
      for (Bad job : List.of(good(), bad("fits", 1, "", ""))) {
        Ended ended =
            run(
                "run",
                conf(job).toString(),
                "--run-id",
                "r1-" + job.name(),
                "--output",
                "full://" + dir.resolve("out"));
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.message())
            .isEqualTo(
                "assay: cannot write full:DIR/out/_staging/r1-"
                    + job.name()
                    + "/tables-1/"
                    + (job.name().equals("fits") ? "predictions" : "estimates/part-00000.parquet")
                    + ": No space left on device. No part of this run is visible to readers; when the cause is mended, start it again, with --resume to keep what is done");
        assertThat(visible(dir.resolve("out"))).isEmpty();
      }
    } finally {
      System.clearProperty(key);
    }
  }
}
