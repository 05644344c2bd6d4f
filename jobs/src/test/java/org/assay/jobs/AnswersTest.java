package org.assay.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.functions;
import org.assay.config.RunConfig;
import org.assay.jobs.store.RunStore;
import org.assay.report.Estimate;
import org.assay.report.Manifest;
import org.assay.report.Prediction;
import org.assay.report.Tables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same predictions of two models, given in every form that is read: whatever the form, the
 * frame and so every estimate is the same to the bit; references are plain counts over the items.
 */
class AnswersTest {
  private static final List<String> CLASSES = List.of("bird", "cat", "dog");

  /** What two models said of an item; probabilities in the order of the classes. */
  private record Item(int id, String label, String land, List<Answer> answers) {}

  private record Answer(String prediction, double[] scores) {}

  @TempDir Path dir;

  private final List<Item> items = new ArrayList<>();

  @BeforeAll
  static void fewPartitions() {
    Shared.spark().conf().set("spark.sql.shuffle.partitions", "3");
  }

  @AfterAll
  static void restore() {
    Shared.spark().conf().unset("spark.sql.shuffle.partitions");
  }

  @BeforeEach
  void items() {
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      List<Answer> answers = new ArrayList<>();
      for (int m = 0; m < 2; m++) {
        int[] parts = {1 + random.nextInt(7), 1 + random.nextInt(7), 0};
        parts[2] = 16 - parts[0] - parts[1];
        double[] scores = {parts[0] / 16.0, parts[1] / 16.0, parts[2] / 16.0};
        answers.add(new Answer(CLASSES.get(random.nextInt(3)), scores));
      }
      items.add(
          new Item(
              i, CLASSES.get(random.nextInt(3)), random.nextInt(3) == 0 ? "NL" : "DE", answers));
    }
  }

  private Path write(String name, List<String> lines) throws IOException {
    return Files.write(dir.resolve(name), lines);
  }

  private static String scores(Answer answer) {
    return "[" + answer.scores()[0] + "," + answer.scores()[1] + "," + answer.scores()[2] + "]";
  }

  private String wide() throws IOException {
    return write(
            "wide.jsonl",
            items.stream()
                .map(
                    i ->
                        """
                        {"id":%d,"y":"%s","land":"%s","pa":"%s","sa":%s,"pb":"%s","sb":%s}"""
                            .formatted(
                                i.id(),
                                i.label(),
                                i.land(),
                                i.answers().get(0).prediction(),
                                scores(i.answers().get(0)),
                                i.answers().get(1).prediction(),
                                scores(i.answers().get(1))))
                .toList())
        .toString();
  }

  /** A row per item and model, in any order, with what differs between models besides. */
  private List<String> longRows() {
    List<String> lines = new ArrayList<>();
    for (Item i : items) {
      for (int m = 0; m < 2; m++) {
        lines.add(
            """
            {"id":%d,"y":"%s","land":"%s","system":"%s","seconds":%d,"p":"%s","s":%s}"""
                .formatted(
                    i.id(),
                    i.label(),
                    i.land(),
                    m == 0 ? "a" : "model B",
                    lines.size(),
                    i.answers().get(m).prediction(),
                    scores(i.answers().get(m))));
      }
    }
    Collections.shuffle(lines, new Random(5));
    return lines;
  }

  private RunContext run(String conf) {
    RunConfig config = RunConfig.read(ConfigFactory.parseString("output = unused\n" + conf));
    Runner runner = Runner.of(config, List.of());
    RunContext context =
        new RunContext(
            Shared.spark(),
            config,
            runner.steps(),
            Progress.silent(),
            null,
            new org.apache.hadoop.fs.Path(dir.toUri()));
    runner.steps().forEach(step -> step.run(context));
    context.close();
    return context;
  }

  private static final String JOB =
      "jobs = [ { job = evaluate, metrics = [accuracy, f1-macro, log-loss] } ]\n";

  private RunContext runWide() throws IOException {
    return run(
        JOB
            + """
              name = wide, data.d { path = "%s", id = id, label = y, slices = [land] }
              models { a { prediction = pa, score = sa }, b { prediction = pb, score = sb } }
              """
                .formatted(wide()));
  }

  private long right(int model, String land) {
    return items.stream()
        .filter(i -> land.isEmpty() || i.land().equals(land))
        .filter(i -> i.answers().get(model).prediction().equals(i.label()))
        .count();
  }

  private void checkAccuracy(RunContext context) {
    Map<String, Long> slices =
        items.stream()
            .collect(Collectors.groupingBy(Item::land, TreeMap::new, Collectors.counting()));
    slices.put("", (long) items.size());
    int compared = 0;
    for (Estimate e : context.rows(Tables.ESTIMATES)) {
      if (e.metric().equals("accuracy")) {
        String land = e.slice().replace("land=", "");
        assertThat(e.n()).isEqualTo(slices.get(land));
        assertThat(e.value())
            .isEqualTo(right(e.model().equals("a") ? 0 : 1, land) / (double) e.n());
        compared++;
      }
    }
    assertThat(compared).isEqualTo(6);
  }

  @Test
  void wideWithTextsAndVectors() throws IOException {
    RunContext context = runWide();
    checkAccuracy(context);
    double loss = 0;
    for (Item i : items) {
      loss -= Math.log(i.answers().get(0).scores()[CLASSES.indexOf(i.label())]) / items.size();
    }
    double expected = loss;
    assertThat(context.rows(Tables.ESTIMATES))
        .filteredOn(e -> e.metric().equals("log-loss") && e.model().equals("a"))
        .filteredOn(e -> e.slice().isEmpty())
        .singleElement()
        .satisfies(e -> assertThat(e.value()).isCloseTo(expected, within(1e-12)));
  }

  @Test
  void longIsTheSameAsWide() throws IOException {
    RunContext wide = runWide();
    RunContext context =
        run(
            JOB
                + """
                  name = long, data.d { path = "%s", id = id, label = y, model-column = system, slices = [land] }
                  models { a { prediction = p, score = s }, b = ${models.a} { model-value = "model B" } }
                  """
                    .formatted(write("long.jsonl", longRows())));
    assertThat(context.rows(Tables.ESTIMATES)).isEqualTo(wide.rows(Tables.ESTIMATES));
    assertThat(context.frames().get("d").fingerprint())
        .isEqualTo(wide.frames().get("d").fingerprint());
    assertThat(context.frames().get("d").notes()).isEmpty();
  }

  @Test
  void joinedIsTheSameAsWide() throws IOException {
    RunContext wide = runWide();
    RunContext context =
        run(
            JOB
                + """
                  name = joined, data.d { path = "%s", id = id, label = y, slices = [land] }
                  models {
                    a { predictions = "%s", where = "system = 'a'", prediction = p, score = s }
                    b = ${models.a} { where = "system like '%%B'" }
                  }
                  """
                    .formatted(wide(), write("long.jsonl", longRows())));
    assertThat(context.rows(Tables.ESTIMATES)).isEqualTo(wide.rows(Tables.ESTIMATES));
    assertThat(context.frames().get("d").fingerprint())
        .isEqualTo(wide.frames().get("d").fingerprint());
  }

  /** One probability of the positive class, long: items are named by texts, labels are too. */
  @Test
  void longWithOneProbability() throws IOException {
    List<String> lines = new ArrayList<>(List.of("item,label,system,p"));
    lines.addAll(List.of("x1,no,a,0.125", "x1,no,b,0.75", "x2,yes,a,0.5", "x2,yes,b,0.25"));
    lines.addAll(List.of("x3,yes,a,0.875", "x3,yes,b,1", "x4,no,a,0.25", "x4,no,b,0"));
    RunContext context =
        run(
            """
            name = long, data.d { path = "%s", id = item, label = label, model-column = system }
            models { a { score = p }, b = ${models.a} }
            jobs = [ { job = evaluate, metrics = [accuracy, brier] } ]
            """
                .formatted(write("long.csv", lines)));
    assertThat(context.rows(Tables.ESTIMATES))
        .extracting(e -> e.model() + " " + e.metric() + " " + e.value())
        .containsExactly(
            "a accuracy 1.0",
            // (0.125^2 + 0.5^2 + 0.125^2 + 0.25^2) / 4
            "a brier 0.0859375",
            "b accuracy 0.5",
            // (0.75^2 + 0.75^2 + 0 + 0) / 4
            "b brier 0.28125");
  }

  @Test
  void longDropsItemsThatAModelLacksAndSaysSo() throws IOException {
    List<String> lines = new ArrayList<>(longRows());
    lines.removeIf(l -> l.contains("\"id\":7,") && l.contains("\"a\""));
    lines.removeIf(l -> l.matches(".*\"id\":(9|10|11),.*") && l.contains("model B"));
    lines.add("{\"id\":1,\"y\":\"cat\",\"land\":\"NL\",\"system\":\"c\",\"p\":\"cat\"}");
    RunContext context =
        run(
            JOB
                + """
                  name = long, data.d { path = "%s", id = id, label = y, model-column = system }
                  models { a { prediction = p, score = s, on-missing = drop }, b = ${models.a} { model-value = "model B" } }
                  """
                    .formatted(write("long.jsonl", lines)));
    assertThat(context.frames().get("d").notes())
        .containsExactly(
            "models.a: 1 of 300 items of data.d have no row with system = a; left out",
            "models.b: 3 of 300 items of data.d have no row with system = model B; left out",
            "data.d: 1 rows of other models than a, model B left out");
    items.removeIf(i -> List.of(7, 9, 10, 11).contains(i.id()));
    assertThat(context.rows(Tables.ESTIMATES))
        .filteredOn(e -> e.metric().equals("accuracy"))
        .extracting(e -> e.n() + " " + e.value())
        .containsExactly("296 " + right(0, "") / 296.0, "296 " + right(1, "") / 296.0);
  }

  /** What was left out stands in the manifest, and whoever looks at the run is told. */
  @Test
  void joinedDropsAndTheReportSaysHowMany() throws IOException {
    List<String> table = new ArrayList<>(List.of("id,p"));
    items.stream().skip(5).forEach(i -> table.add(i.id() + "," + i.answers().get(0).prediction()));
    table.addAll(List.of("900,cat", "901,dog"));
    Path conf =
        write(
            "run.conf",
            List.of(
                """
                name = joined, output = "%s"
                data.d { path = "%s", id = id, label = y, slices = [land, [land, y]], slice-min-count = 80 }
                models.a { predictions = "%s", prediction = p, on-missing = drop }
                jobs = [ { job = evaluate, metrics = [accuracy] } ]
                """
                    .formatted(dir.resolve("out"), wide(), write("p.csv", table))));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(Main.run(new PrintStream(out, true, StandardCharsets.UTF_8), "run", conf.toString()))
        .isZero();
    RunStore store = RunStore.open(dir.resolve("out").toString(), new Configuration());
    Manifest run = store.sealedRuns().get(0);
    items.subList(0, 5).clear();
    long rare =
        items.stream()
            .collect(Collectors.groupingBy(i -> i.land() + i.label(), Collectors.counting()))
            .values()
            .stream()
            .filter(n -> n < 80)
            .count();
    assertThat(rare).isGreaterThan(1);
    assertThat(run.inputs().get("d").rows()).isEqualTo(295);
    assertThat(run.inputs().get("d").notes())
        .containsExactly(
            "models.a: 5 of 300 rows of data.d have no prediction; left out",
            "models.a: 2 ids are not in data.d; left out",
            "data.d.slices: " + rare + " slices of fewer than 80 rows left out");
    for (String note : run.inputs().get("d").notes()) {
      assertThat(out.toString(StandardCharsets.UTF_8)).contains("note: " + note + "\n");
    }
    assertThat(store.read(Tables.ESTIMATES, run.runId()))
        .filteredOn(e -> e.slice().isEmpty())
        .extracting(Estimate::value)
        .containsExactly(right(0, "") / 295.0);
  }

  @Test
  void onlyRightOrWrongNeedsNoLabel() throws IOException {
    List<String> lines = new ArrayList<>(List.of("id,land,right,ok"));
    for (Item i : items) {
      lines.add(
          i.id()
              + ","
              + i.land()
              + ","
              + (i.answers().get(0).prediction().equals(i.label()) ? 1 : 0)
              + ","
              + i.answers().get(1).prediction().equals(i.label()));
    }
    RunContext context =
        run(
            """
            name = right, data.d { path = "%s", id = id, slices = [land] }
            models { a { correct = right }, b { correct = ok } }
            jobs = [ { job = evaluate } ]
            """
                .formatted(write("right.csv", lines)));
    assertThat(context.rows(Tables.ESTIMATES))
        .extracting(Estimate::metric)
        .containsOnly("accuracy");
    checkAccuracy(context);
  }

  /** In long form, beside a model whose predictions are known, on data with a label. */
  @Test
  void rightOrWrongBesidePredictions() throws IOException {
    RunContext context =
        run(
            """
            name = right
            data.d {
              path = "%s", id = id, label = y, model-column = system, slices = [land]
              derive { right = "p = y" }
            }
            models { a { prediction = p }, b { correct = right, model-value = "model B" } }
            jobs = [ { job = evaluate } ]
            """
                .formatted(write("long.jsonl", longRows())));
    checkAccuracy(context);
    assertThat(context.rows(Tables.ESTIMATES))
        .extracting(Estimate::metric)
        .containsOnly("accuracy");
  }

  /** A wrong prediction of more than two classes is none that could be named. */
  @Test
  void keptPredictionsOfRightOrWrong() throws IOException {
    Path conf =
        write(
            "run.conf",
            List.of(
                """
                name = right, output = "%s"
                data.d { path = "%s", id = id, label = y, derive { ok = "pa = y" } }
                models.a { correct = ok }
                jobs = [ { job = evaluate, keep = all } ]
                """
                    .formatted(dir.resolve("out"), wide())));
    assertThat(Main.run(new PrintStream(new ByteArrayOutputStream()), "run", conf.toString()))
        .isZero();
    RunStore store = RunStore.open(dir.resolve("out").toString(), new Configuration());
    List<Prediction> kept = store.read(Tables.PREDICTIONS, store.sealedRuns().get(0).runId());
    assertThat(kept).hasSize(300);
    for (Prediction p : kept) {
      Item item = items.get(Integer.parseInt(p.rowKey()));
      boolean isRight = item.answers().get(0).prediction().equals(item.label());
      assertThat(p.label()).isEqualTo(item.label());
      assertThat(p.prediction()).isEqualTo(isRight ? item.label() : null);
    }
  }

  /** The held-out predictions of a cross-validation, measured again from its report. */
  @Test
  void sealedRunOfACrossValidation() throws IOException {
    String out = dir.resolve("out").toString();
    String data =
        "data.iris { path = \"%s\", id = id, label = species, task = classification }\n"
            .formatted(Shared.data("iris.csv"));
    Path conf =
        write(
            "cv.conf",
            List.of(
                """
                name = first, seed = 3, output = "%s"
                %s
                models.nb { estimator = naive-bayes, grid { modelType = [gaussian, multinomial] } }
                jobs = [ { job = cross-validate, name = cv, plan { kind = k-fold, folds = 3, repeats = 2 }, metrics = [accuracy, log-loss] } ]
                """
                    .formatted(out, data)));
    assertThat(
            Main.run(
                new PrintStream(new ByteArrayOutputStream()),
                "run",
                conf.toString(),
                "--run-id",
                "r1"))
        .isZero();
    RunStore store = RunStore.open(out, new Configuration());
    RunContext context =
        run(
            data
                + """
                  name = second
                  models {
                    again { predictions { output = "%s", model = nb, params = "modelType=gaussian", repeat = 1 } }
                    nb { predictions { output = "%s", suite = first, run-id = r1, job = cv, params = "modelType=multinomial" } }
                  }
                  jobs = [ { job = evaluate, metrics = [accuracy, log-loss] } ]
                  """
                    .formatted(out, out));
    Map<String, List<Prediction>> sealed =
        store.read(Tables.PREDICTIONS, "r1").stream()
            .collect(Collectors.groupingBy(p -> p.params() + " " + p.repeat()));
    for (Map.Entry<String, String> model :
        Map.of("again", "modelType=gaussian 1", "nb", "modelType=multinomial 0").entrySet()) {
      List<Prediction> predictions = sealed.get(model.getValue());
      assertThat(predictions).hasSize(150);
      double right = 0;
      double loss = 0;
      for (Prediction p : predictions) {
        right += p.prediction().equals(p.label()) ? 1 : 0;
        loss -= Math.log(p.scores()[Integer.parseInt(p.label())]);
      }
      double accuracy = right / 150;
      double logLoss = loss / 150;
      assertThat(context.rows(Tables.ESTIMATES))
          .filteredOn(e -> e.model().equals(model.getKey()))
          .satisfiesExactly(
              e -> assertThat(e.value()).isEqualTo(accuracy),
              // log-loss clips at 1e-15 and so, at most, moves the last digits
              e -> assertThat(e.value()).isCloseTo(logLoss, within(1e-9)));
    }
    assertThat(context.frames().get("iris").notes())
        .containsExactly(
            "models.again: predictions of run r1, job cv, model nb, modelType=gaussian, repeat 1",
            "models.nb: predictions of run r1, job cv, model nb, modelType=multinomial, repeat 0");
  }

  @Test
  void everyFormFromTheCommandLine() throws IOException {
    String[] common = {"--metrics", "accuracy", "--output", dir.resolve("out").toString()};
    String longRows = write("long.jsonl", longRows()).toString();
    String model =
        "--data %s --id id --label y --model-column system --models a --prediction p --score s --slices land,[land,{column=id,edges=[100]}] --slice-min-count 50 --slice-pool-rare land --run-id long"
            .formatted(longRows);
    List<String> table = new ArrayList<>(List.of("id,p", "900,cat"));
    items.stream()
        .limit(90)
        .forEach(i -> table.add(i.id() + "," + i.answers().get(0).prediction()));
    String joined =
        "--data %s --id id --label y --predictions %s --prediction p --on-missing drop --run-id joined"
            .formatted(wide(), write("p.csv", table));
    String right =
        "--data %s --id id --derive ok=pa=y --correct ok --run-id right".formatted(wide());
    String sealed =
        "--data %s --id id --label y --predictions {output=%s,run-id=kept,model=a} --run-id sealed"
            .formatted(wide(), dir.resolve("out"));
    String kept = model.replace("run-id long", "run-id kept --keep all");
    RunStore store = RunStore.open(dir.resolve("out").toString(), new Configuration());
    Map<String, Double> values = new TreeMap<>();
    for (String flags : List.of(model, joined, right, kept, sealed)) {
      List<String> args = new ArrayList<>(List.of("evaluate"));
      args.addAll(List.of(flags.split(" ")));
      args.addAll(List.of(common));
      assertThat(
              Main.run(new PrintStream(new ByteArrayOutputStream()), args.toArray(String[]::new)))
          .isZero();
      String run = args.get(args.indexOf("--run-id") + 1);
      for (Estimate e : store.read(Tables.ESTIMATES, run)) {
        values.put(run + " " + e.slice() + " " + e.n(), e.value());
      }
    }
    double all = right(0, "") / 300.0;
    assertThat(values)
        .containsEntry("long  300", all)
        .containsEntry("kept  300", all)
        .containsEntry("right  300", all)
        .containsEntry("sealed  300", all)
        .containsKey("joined  90");
    assertThat(values.keySet())
        .anyMatch(k -> k.startsWith("long land=DE,id=[100,inf) "))
        .noneMatch(k -> k.startsWith("long land=NL,id=(-inf,100) "));
  }

  /** From Parquet with Spark's vectors, which cannot be ordered. */
  @Test
  void longWithVectors() throws IOException {
    RunContext wide = runWide();
    Path json = write("long.jsonl", longRows());
    String parquet = dir.resolve("long.parquet").toString();
    Shared.spark()
        .read()
        .json(json.toString())
        .withColumn("s", org.apache.spark.ml.functions.array_to_vector(functions.col("s")))
        .write()
        .parquet(parquet);
    RunContext context =
        run(
            JOB
                + """
                  name = long, data.d { path = "%s", id = id, label = y, model-column = system, slices = [land] }
                  models { a { prediction = p, score = s }, b = ${models.a} { model-value = "model B" } }
                  """
                    .formatted(parquet));
    assertThat(context.rows(Tables.ESTIMATES)).isEqualTo(wide.rows(Tables.ESTIMATES));
  }
}
