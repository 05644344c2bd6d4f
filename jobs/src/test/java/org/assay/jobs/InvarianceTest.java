package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.assay.config.RunConfig;
import org.assay.jobs.store.RunStore;
import org.assay.report.InputFingerprint;
import org.assay.report.Manifest;
import org.assay.report.Prediction;
import org.assay.report.Tables;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same data, configuration and seed give the same report to the bit, however the rows are
 * ordered, spread over files and formats, and whatever works on them; of MLlib's fits, the same
 * folds and scores that agree to 6 digits.
 */
class InvarianceTest {
  @TempDir Path folder;

  /**
   * A cross-validation with repeats, strata, groups and slices; one of rows without id, some of
   * which are equal; an evaluation.
   */
  private static final String EXACT =
      """
      name = exact, seed = 11, output = "%s"
      data.adult { path = "%s", id = id, label = income, group = fnlwgt, nulls = ["?"], impute = median, encode = one-hot, slices = [sex, [sex, race]] }
      data.nameless { path = "%s", label = income, exclude = [id], weight = hours_per_week, nulls = ["?"], impute = most-frequent, encode = index, slices = [sex] }
      data.scored { path = "%s", id = id, label = income, slices = [sex, race, education] }
      data.young { path = "%s", id = id, label = income, group = fnlwgt, nulls = ["?"], impute = median, encode = one-hot, where = "age < 30" }
      models.base { estimator = baseline }
      models.majority { estimator = baseline, params { strategy = majority } }
      models.learned { estimator = logistic-regression, grid { regParam = [0.1, 0.01] } }
      models.trees { estimator = xgboost, encode = index, params { num_round = 5, subsample = 0.7 } }
      models.logit { prediction = logit_prediction, score = logit_score }
      models.forest { prediction = forest_prediction, score = forest_score }
      jobs = [
        { job = cross-validate, name = cv, data = adult, models = [base, majority], plan { kind = k-fold, folds = 3, repeats = 2, stratify = true } }
        { job = cross-validate, name = nameless, data = nameless, models = [base], plan { kind = k-fold, folds = 2, repeats = 2, stratify = true } }
        { job = cross-validate, name = refits, data = adult, models = [base, majority], keep = none, plan { kind = bootstrap, replicates = 12 } }
        { job = cross-validate, name = nameless-refits, data = nameless, models = [base], keep = none, plan { kind = bootstrap, replicates = 12, stratify = true } }
        { job = cross-validate, name = together, data = adult, models = [learned, trees], keep = none, plan { kind = k-fold, folds = 2, repeats = 2 } }
        { job = cross-validate, name = passes, data = adult, models = [learned], keep = none, cut = rows, plan { kind = k-fold, folds = 2, repeats = 2 } }
        { job = cross-validate, name = curve, data = adult, models = [learned, trees], keep = none, train-scores = true, plan { kind = k-fold, folds = 2, stratify = true, train-sizes = [0.1, 2000, 1.0] } }
        { job = permutation-test, name = learns, data = adult, models = [base, majority], replicates = 19, within = sex, plan { kind = k-fold, folds = 2, stratify = true } }
        { job = evaluate, data = scored, models = [logit, forest], keep = all }
        { job = permutation-test, data = scored, models = [logit, forest], metrics = [roc-auc, log-loss, f1, average-precision], replicates = 199, within = sex }
        { job = permutation-test, name = joint, data = scored, models = [logit, forest], metrics = [roc-auc, accuracy], replicates = 999, adjust = max-t }
        { job = permutation-test, name = samples, data = adult, test = two-sample, values = [age, hours_per_week], between = sex, statistics = [mean-difference, energy-distance], stop-after = 20, replicates = 1999 }
        { job = permutation-test, name = dependence, data = adult, test = independence, values = age, against = education_num, replicates = 99 }
        { job = bootstrap, name = by-rows, data = scored, models = [logit, forest], cut = rows, metrics = [accuracy, log-loss, roc-auc, average-precision], replicates = 40, interval = [bca, studentized, wilson] }
        { job = bootstrap, name = by-replicates, data = scored, models = [logit, forest], cut = replicates, metrics = [accuracy, log-loss, roc-auc], replicates = 40, interval = [bca, studentized, wilson, delong] }
        { job = compare, data = scored, models = [logit, forest], metrics = [accuracy, roc-auc, log-loss, f1], replicates = 200 }
        { job = importance, data = adult, models = [learned, trees], metrics = [accuracy, roc-auc, log-loss], repeats = 2, groups { money = [capital_gain, capital_loss] }, inputs = [age, education, capital_gain], plan { kind = k-fold, folds = 2 } }
        { job = importance, name = shuffled, data = nameless, models = [learned], metrics = [accuracy, log-loss], method = [permutation, e-switch], repeats = 2, cut = rows, within = sex }
        { job = importance, name = ways, data = adult, models = [learned, trees], metrics = [log-loss], inputs = [age, education, capital_gain], method = [native, shapley, sage, pimp, sensitivity, deletion, forward-selection], plan { kind = k-fold, folds = 2 }, rankings { top = 2, permutations = 99 }, shapley { rows = 20, background = 10 }, sage { rows = 20, background = 10 }, pimp { permutations = 19 }, sensitivity { rows = 50 }, deletion { repeats = 1 }, forward-selection { inner { kind = k-fold, folds = 2 } } }
        { job = importance, name = in-blocks, data = adult, evaluate = [young], models = [learned], metrics = [f1], repeats = 2, within = block }
      ]
      """;

  /** MLlib's own fits beside ours. */
  private static final String FITTED =
      """
      name = fitted, seed = 11, output = "%s"
      data.adult {
        path = "%s", id = id, label = income, group = fnlwgt, slices = [sex]
        features = [age, education_num, hours_per_week, capital_loss, sex], encode = one-hot
      }
      models.base { estimator = baseline }
      models.logistic { estimator = logistic-regression, params { regParam = 0.01, tol = 1e-10, maxIter = 25 } }
      jobs = [ { job = cross-validate, name = cv, plan { kind = k-fold, folds = 2, stratify = true }, metrics = [roc-auc, log-loss] } ]
      """;

  /** Rows of the census that are enough for two blocks. */
  private static final int ROWS = 17_000;

  private static Path census(Path folder) throws IOException {
    List<String> lines = Files.readAllLines(Shared.data("adult.csv"));
    return Files.write(folder.resolve("adult.csv"), lines.subList(0, 1 + ROWS));
  }

  /** The three inputs in one arrangement. */
  private record Arrangement(Path adult, Path scored) {}

  /**
   * The lines of a file with a header in another order, in some files of a new folder that each
   * have the header.
   */
  private static Path shuffled(Path csv, Path to, int files, long seed) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(csv));
    String header = lines.remove(0);
    Collections.shuffle(lines, new Random(seed));
    Files.createDirectories(to);
    for (int f = 0; f < files; f++) {
      List<String> part =
          new ArrayList<>(
              lines.subList(
                  (int) ((long) lines.size() * f / files),
                  (int) ((long) lines.size() * (f + 1) / files)));
      part.add(0, header);
      Files.write(to.resolve("part-" + f + ".csv"), part);
    }
    return to;
  }

  private Arrangement csv(String name, int files, long seed) throws IOException {
    return new Arrangement(
        shuffled(census(folder), folder.resolve(name + "/adult.csv"), files, seed),
        shuffled(
            Shared.data("adult_predictions.csv"),
            folder.resolve(name + "/scored.csv"),
            files,
            seed + 1));
  }

  private Arrangement parquet(String name, Arrangement csv, int files) {
    return new Arrangement(
        parquet(csv.adult(), folder.resolve(name + "/adult.parquet"), files),
        parquet(csv.scored(), folder.resolve(name + "/scored.parquet"), files));
  }

  private static Path parquet(Path csv, Path to, int files) {
    Dataset<Row> rows =
        Shared.spark()
            .read()
            .option("header", "true")
            .option("inferSchema", "true")
            .csv(csv.toString());
    (files == 1 ? rows.coalesce(1) : rows.repartition(files)).write().parquet(to.toString());
    assertThat(to.toFile().list((d, file) -> file.endsWith(".parquet"))).hasSize(files);
    return to;
  }

  /** What a run of both configurations left. */
  private record Reports(
      Manifest exact,
      Map<String, List<Prediction>> exactly,
      Manifest fitted,
      Map<String, List<Prediction>> fits) {

    static Reports in(Path output) {
      RunStore store = RunStore.open(output.toString(), new Configuration());
      Manifest exact = store.sealedRun("exact");
      Manifest fitted = store.sealedRun("fitted");
      return new Reports(
          exact,
          byModel(store.read(Tables.PREDICTIONS, "exact")),
          fitted,
          byModel(store.read(Tables.PREDICTIONS, "fitted")));
    }

    private static Map<String, List<Prediction>> byModel(List<Prediction> predictions) {
      Map<String, List<Prediction>> all = new TreeMap<>();
      predictions.forEach(
          p -> all.computeIfAbsent(p.job() + "/" + p.model(), k -> new ArrayList<>()).add(p));
      return all;
    }
  }

  /** How often each row is in each repeat and fold. */
  private static Map<String, Integer> folds(List<Prediction> predictions) {
    Map<String, Integer> folds = new HashMap<>();
    predictions.forEach(
        p -> folds.merge(p.rowKey() + " " + p.repeat() + "/" + p.fold(), 1, Integer::sum));
    return folds;
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency for one test
  private Path write(String name, String id, String conf, Object... paths) throws IOException {
    Path file = folder.resolve(name + "/" + id + ".conf");
    Files.createDirectories(file.getParent());
    return Files.writeString(file, conf.formatted(paths));
  }

  private Child start(String name, String master, Map<String, String> settings, Path... confs) {
    Map<String, String> properties = new LinkedHashMap<>(settings);
    properties.put("spark.master", master);
    properties.put("spark.executor.extraClassPath", Child.classPath());
    return Child.start(
        SubmittedRuns.class,
        folder.resolve(name),
        properties,
        Stream.of(confs).map(Path::toString).toArray(String[]::new));
  }

  private List<Path> configurations(String name, Arrangement input) throws IOException {
    Path output = folder.resolve(name + "/reports");
    return List.of(
        write(
            name,
            "exact",
            EXACT,
            output,
            input.adult(),
            input.adult(),
            input.scored(),
            input.adult()),
        write(name, "fitted", FITTED, output, input.adult()));
  }

  /** Both configurations in a process of their own. */
  private Reports run(String name, String master, Arrangement input)
      throws IOException, InterruptedException {
    Path[] confs = configurations(name, input).toArray(Path[]::new);
    try (Child child = start(name, master, Map.of(), confs)) {
      assertThat(child.exitCode()).as(child.text()).isZero();
    }
    return Reports.in(folder.resolve(name + "/reports"));
  }

  /** Both configurations in this process and its session on two threads. */
  private Reports run(String name, Arrangement input) throws IOException {
    Shared.spark();
    for (Path conf : configurations(name, input)) {
      String id = conf.getFileName().toString().replace(".conf", "");
      Runner.of(RunConfig.load(conf.toFile(), List.of()), List.of())
          .run(id, false, Progress.silent());
    }
    return Reports.in(folder.resolve(name + "/reports"));
  }

  @Test
  @Tag("slow")
  void theReportIsTheSameOnAnyCluster() throws IOException, InterruptedException {
    Arrangement source = new Arrangement(census(folder), Shared.data("adult_predictions.csv"));
    Arrangement many = csv("csv37", 37, 1);
    Arrangement manyParquet = parquet("parquet37", many, 37);
    Arrangement oneParquet = parquet("parquet1", csv("csv1", 1, 2), 1);

    Map<String, Reports> all = new LinkedHashMap<>();
    all.put("2 threads, 37 shuffled files", run("a", many));
    all.put("2 threads, 1 shuffled Parquet file", run("b", oneParquet));
    Shared.spark().stop();
    all.put("1 thread, the source", run("c", "local[1]", source));
    all.put(
        "2 executors, 37 shuffled Parquet files", run("d", "local-cluster[2,1,1024]", manyParquet));

    Reports first = all.values().iterator().next();
    assertThat(first.exact().tables())
        .containsEntry("predictions", ROWS * (2 * 2 + 2L) + 10854 * 2)
        .containsEntry("failures", 0L);
    assertThat(first.exact().reportHash()).matches("[0-9a-f]{64}");
    Map<String, Prediction> scores = new HashMap<>();
    first.fits().get("cv/logistic").forEach(p -> scores.put(p.rowKey(), p));
    assertThat(scores).hasSize(ROWS);
    Map<String, Integer> grouped = folds(first.exactly().get("cv/base"));
    Map<String, Integer> folds = folds(first.fits().get("cv/base"));
    Map<String, Integer> nameless = folds(first.exactly().get("nameless/base"));
    assertThat(nameless).as("some rows without id are equal").hasSizeLessThan(2 * ROWS);
    all.forEach(
        (where, reports) -> {
          assertThat(reports.exact().inputs().get("adult").hash())
              .as(where)
              .isEqualTo(first.exact().inputs().get("adult").hash());
          assertThat(reports.exact().inputs().get("nameless").hash())
              .as(where)
              .isEqualTo(first.exact().inputs().get("nameless").hash());
          for (String model : List.of("cv/base", "cv/majority")) {
            assertThat(folds(reports.exactly().get(model)).equals(grouped))
                .as(where + ": folds of " + model)
                .isTrue();
          }
          assertThat(folds(reports.exactly().get("nameless/base")).equals(nameless))
              .as(where + ": folds without id")
              .isTrue();
          for (String model : List.of("cv/base", "cv/logistic")) {
            assertThat(folds(reports.fits().get(model)).equals(folds))
                .as(where + ": folds of " + model + " beside a fit")
                .isTrue();
          }
          assertThat(reports.exact().reportHash()).as(where).isEqualTo(first.exact().reportHash());
          double apart = 0;
          for (Prediction p : reports.fits().get("cv/logistic")) {
            apart = Math.max(apart, Math.abs(p.score() - scores.get(p.rowKey()).score()));
          }
          assertThat(apart).as(where + ": scores of MLlib's fits").isCloseTo(0, within(1e-6));
        });
  }

  /**
   * A suite whose tests depend on their order, not on chance: which orders ran, what each test did
   * at each place, verdicts, rates, culprits and clusters of failures are the same. Where it ran is
   * evidence, and so are the p-values that heed it.
   */
  @Test
  @Tag("slow")
  void whatIsSaidOfATestSuiteIsTheSameOnAnyCluster() throws IOException, InterruptedException {
    String conf =
        """
        name = suite, seed = 2, output = "%s"
        subjects.demo { kind = command, project = "%s", command = [sh, run-tests.sh, "{tests-file}", "{report}", "{executed-file}"] }
        jobs = [ { job = flaky, same-order = 3, orders = [ { kind = pair-cover, shuffle = method, budget-runs = 6 }, { kind = random, budget-runs = 4 } ],
                   confirm = 3, factors { TZ = [UTC, Asia/Tokyo], LC_ALL = [C, C.UTF-8] }, factor-runs = 4 } ]
        """;
    Path suite = Path.of("../conf/demo/suite").toAbsolutePath().normalize();
    List<List<Object>> all = new ArrayList<>();
    for (String master : List.of("local[1]", "local[3]", "local-cluster[2,1,1024]")) {
      String place = "on-" + all.size();
      Path reports = folder.resolve(place + "/reports");
      try (Child child = start(place, master, Map.of(), write(place, "r", conf, reports, suite))) {
        assertThat(child.exitCode()).as(child.text()).isZero();
      }
      RunStore store = RunStore.open(reports.toString(), new Configuration());
      List<Object> said = new ArrayList<>(store.read(Tables.ORDERS, "r"));
      store.read(Tables.TEST_RUNS, "r").stream()
          .map(
              r ->
                  List.of(
                      r.orderId(),
                      r.round(),
                      r.attempt(),
                      r.position(),
                      r.testId(),
                      r.outcome(),
                      r.fingerprint(),
                      r.factors()))
          .forEach(said::add);
      store.read(Tables.VERDICTS, "r").stream()
          .map(
              v ->
                  List.of(
                      v.testId(),
                      v.verdict(),
                      v.runs(),
                      v.failures(),
                      v.ciLow(),
                      v.ciHigh(),
                      v.shrunken(),
                      v.rerunsFor95(),
                      v.evidence()))
          .forEach(said::add);
      store.read(Tables.DEPENDENCIES, "r").stream()
          .map(
              d ->
                  List.of(
                      d.testId(),
                      d.role(),
                      d.others(),
                      d.confirmed(),
                      d.of(),
                      d.ciLow(),
                      d.ciHigh(),
                      d.pValue()))
          .forEach(said::add);
      store.read(Tables.FAILURE_CLUSTERS, "r").stream()
          .map(c -> List.of(c.fingerprint(), c.failures(), c.runs(), c.testIds()))
          .forEach(said::add);
      all.add(said);
    }
    assertThat(all.get(0).toString()).contains("OD_VICTIM", "OD_BRITTLE", "POLLUTER", "CLEANER");
    assertThat(all.get(1)).isEqualTo(all.get(0));
    assertThat(all.get(2)).isEqualTo(all.get(0));
  }

  /**
   * In the middle of every job one of two executors is lost; another takes its place, and blocks,
   * files and broadcasts that it held are made again.
   */
  @Test
  @Tag("slow")
  void theReportIsTheSameWhenExecutorsAreLost() throws IOException, InterruptedException {
    String conf =
        """
        name = lost, seed = 2, output = "%s"
        data.adult { path = "%s", id = id, label = income, nulls = ["?"], impute = median, encode = one-hot, slices = [sex] }
        data.scored { path = "%s", id = id, label = y }
        models.base { estimator = baseline, engine = cluster }
        models.learned { estimator = logistic-regression, params { regParam = 0.1 } }
        models.a { score = a }
        models.b { score = b }
        jobs = [
          { job = cross-validate, name = cv, data = adult, models = [base], plan { kind = k-fold, folds = 3, repeats = 2, stratify = true } }
          { job = cross-validate, name = passes, data = adult, models = [learned], keep = none, cut = rows, plan { kind = k-fold, folds = 3, stratify = true } }
          { job = bootstrap, name = by-replicates, data = scored, models = [a, b], cut = replicates, metrics = [accuracy, brier, roc-auc], replicates = 400 }
          { job = bootstrap, name = by-rows, data = scored, models = [a], cut = rows, metrics = [accuracy, brier, roc-auc], replicates = 40 }
          { job = compare, name = flips, data = scored, models = [a, b], tests = [sign-flip], metrics = [brier], replicates = 10000 }
          { job = compare, name = draws, data = scored, models = [a, b], tests = [paired-bootstrap], metrics = [f1], replicates = 400 }
          { job = permutation-test, data = scored, models = [a, b], metrics = [roc-auc, brier], replicates = 9999, adjust = max-t }
        ]
        """;
    List<String> moments =
        List.of(
            "cv: fit and score base.*repeat 1, fold 1",
            "passes: fit and score learned .pass 2, 3 fits.",
            "by-replicates: replicates",
            "by-rows: replicates",
            "by-rows: replicates, model 1 by score",
            "flips: exchange signs: 10000 replicates",
            "draws: replicates",
            "permutation-test: 9999 replicates");
    Path adult = census(folder);
    Path scored = scored(folder.resolve("scored.csv"), 280_000);
    Path whole = folder.resolve("whole/reports");
    try (Child child =
        start("whole", "local[1]", Map.of(), write("whole", "r", conf, whole, adult, scored))) {
      assertThat(child.exitCode()).as(child.text()).isZero();
    }
    Path lost = folder.resolve("lost/reports");
    Map<String, String> plugin =
        Map.of(
            "spark.plugins",
            LostExecutors.class.getName(),
            LostExecutors.DURING,
            "^(" + String.join("|", moments) + ")$");
    List<String> said;
    try (Child child =
        start(
            "lost",
            "local-cluster[2,1,1024]",
            plugin,
            write("lost", "r", conf, lost, adult, scored))) {
      assertThat(child.exitCode()).as(child.text()).isZero();
      said = child.text().lines().toList();
    }
    for (String moment : moments) {
      List<String> executors =
          said.stream()
              .map(Pattern.compile("lost executor (\\d+) during " + moment)::matcher)
              .filter(Matcher::matches)
              .map(line -> line.group(1))
              .toList();
      assertThat(executors).as(moment).isNotEmpty();
      executors.forEach(id -> assertThat(said).as(moment).contains("removed executor " + id));
      assertThat(said)
          .as(moment)
          .filteredOn(line -> line.matches("ran again: " + moment))
          .hasSameSizeAs(executors);
    }
    Manifest sealed = RunStore.open(lost.toString(), new Configuration()).sealedRun("r");
    Manifest one = RunStore.open(whole.toString(), new Configuration()).sealedRun("r");
    assertThat(sealed.tables())
        .isEqualTo(one.tables())
        .containsEntry("predictions", 2L * ROWS)
        .containsEntry("failures", 0L);
    assertThat(sealed.reportHash()).isEqualTo(one.reportHash());
  }

  /** Labels and two models' scores of them, of which the first is the better. */
  private static Path scored(Path to, int rows) throws IOException {
    Random random = new Random(3);
    StringBuilder lines = new StringBuilder("id,y,a,b\n");
    for (int i = 0; i < rows; i++) {
      int y = random.nextInt(10) < 3 ? 1 : 0;
      lines.append(i).append(',').append(y);
      for (int spread = 2; spread <= 3; spread++) {
        lines
            .append(',')
            .append(Math.floorDiv(y * 1000 + random.nextInt(spread * 1000), spread + 1) / 1e3);
      }
      lines.append('\n');
    }
    return Files.writeString(to, lines);
  }

  /** The cheap part of the above: one session, small data, rows shuffled and spread over files. */
  @Test
  void theReportIsTheSameWhateverTheOrderAndTheFiles() throws IOException {
    Shared.spark();
    String conf =
        """
        name = small, seed = 5, output = "%s"
        data.wisconsin { path = "%s", id = id, label = benign, derive { ward = "id %% 57", size = "worst_radius > 16" }, group = ward, slices = [size] }
        data.nameless { path = "%s", label = species, task = classification, exclude = [] }
        models.base { estimator = baseline }
        models.texture { score = by_texture }
        data.wisconsin.derive.by_texture = "1 / (1 + exp(0.2 * (mean_texture - 20.5)))"
        jobs = [
          { job = cross-validate, name = cv, models = [base], data = wisconsin, plan { kind = k-fold, folds = 3, repeats = 2, stratify = true } }
          { job = cross-validate, name = nameless, models = [base], data = nameless, plan { kind = k-fold, folds = 2 } }
          { job = permutation-test, data = wisconsin, models = [texture], metrics = [roc-auc, brier, average-precision], replicates = 99, within = ward }
          { job = permutation-test, name = samples, data = nameless, test = two-sample, values = sepal_length_cm, between = species, samples = [0, 1], statistics = [mean-difference, energy-distance] }
        ]
        """;
    Path iris = withoutFirstColumn(Shared.data("iris.csv"), folder.resolve("iris.csv"));
    List<Manifest> runs = new ArrayList<>();
    List<Map<String, Integer>> folds = new ArrayList<>();
    for (int files : new int[] {0, 1, 7}) {
      Path wisconsin =
          files == 0
              ? Shared.data("breast_cancer.csv")
              : shuffled(
                  Shared.data("breast_cancer.csv"),
                  folder.resolve(files + "/wisconsin.csv"),
                  files,
                  files);
      Path nameless =
          files == 0 ? iris : shuffled(iris, folder.resolve(files + "/iris.csv"), files, files);
      Path output = folder.resolve(files + "/reports");
      RunConfig config =
          RunConfig.read(ConfigFactory.parseString(conf.formatted(output, wisconsin, nameless)));
      runs.add(Runner.of(config, List.of()).run("r", false, Progress.silent()).manifest());
      folds.add(
          folds(
              RunStore.open(output.toString(), new Configuration()).read(Tables.PREDICTIONS, "r")));
    }
    assertThat(runs.get(0).tables())
        .containsEntry("predictions", 569L * 2 + 150)
        .containsEntry("comparisons", 3L * 3 + 2)
        .containsEntry("failures", 0L);
    assertThat(folds).containsOnly(folds.get(0));
    assertThat(runs)
        .extracting(run -> run.inputs().get("wisconsin").files())
        .containsExactly(1L, 1L, 7L);
    InputFingerprint source = runs.get(0).inputs().get("wisconsin");
    assertThat(source.bytes()).isEqualTo(Files.size(Shared.data("breast_cancer.csv")));
    assertThat(source.modified())
        .isEqualTo(
            Files.getLastModifiedTime(Shared.data("breast_cancer.csv"))
                .toInstant()
                .truncatedTo(ChronoUnit.MILLIS));
    assertThat(runs).extracting(Manifest::reportHash).containsOnly(runs.get(0).reportHash());
  }

  /**
   * Two data sets of one run, with as many rows of each class, the same folds and the same model,
   * are two data sets.
   */
  @Test
  void dataSetsOfEqualCountsAreNotTakenForEachOther() throws IOException {
    Shared.spark();
    String conf =
        """
        name = twins, output = "%s"
        data.plain { path = "%s", id = id, label = benign }
        data.weighted { path = "%s", id = id, label = benign, weight = mean_radius }
        models.base { estimator = baseline }
        jobs = [
          { job = cross-validate, name = plain, data = plain, plan { kind = k-fold, folds = 2 } }
          { job = cross-validate, name = weighted, data = weighted, plan { kind = k-fold, folds = 2 } }
        ]
        """;
    Path output = folder.resolve("reports");
    Path data = Shared.data("breast_cancer.csv");
    Runner.of(
            RunConfig.read(ConfigFactory.parseString(conf.formatted(output, data, data))),
            List.of())
        .run("r", false, Progress.silent());
    Map<String, Double> shares = new HashMap<>();
    RunStore.open(output.toString(), new Configuration())
        .read(Tables.PREDICTIONS, "r")
        .forEach(p -> shares.put(p.job() + p.fold(), p.score()));
    assertThat(shares).hasSize(4);
    assertThat(shares.get("weighted0"))
        .as("benign tumours are small, so weights by radius lower their share")
        .isLessThan(shares.get("plain0") - 0.05);
  }

  private static Path withoutFirstColumn(Path csv, Path to) throws IOException {
    return Files.write(
        to,
        Files.readAllLines(csv).stream()
            .map(line -> line.substring(line.indexOf(',') + 1))
            .toList());
  }
}
